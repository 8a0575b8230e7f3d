"""A sweep to take home: animations, a table, the samples, and the command that makes them."""

from __future__ import annotations

import re
import shlex
from functools import partial

import streamlit as st

from core.experiments.recipe import DEFAULT_RANGES
from core.experiments.sweep import SweepResult

from .engine import load_engine
from .settings import Settings

_MOST_SAMPLES = 64 * 2**20  # bytes that a page unpacks for somebody
_LONGEST_REFERENCE = 60  # characters; a drawing in a command is nothing to read


def show_take_home(page: str, result: SweepResult, settings: Settings) -> None:
    """Show what a sweep can be saved as, behind a button; a file is made when it is asked for."""
    with st.popover("Take home", icon=":material/download:"):
        if not result.is_complete:
            st.caption("When all steps are there.")
            return
        name = _file_name(result)
        for label, ending, mime, hint, make in (
            ("Animation, GIF", "gif", "image/gif", "As in the post; for slides.", _gif),
            ("Animation, web page", "html", "text/html", "Opens anywhere, no network.", _html),
            ("Table, CSV", "csv", "text/csv", "Every measure at every step.", _csv),
            ("Everything, NPZ", "npz", "application/octet-stream", "For NumPy.", _npz),
        ):
            st.download_button(
                label,
                partial(make, result, settings),
                f"{name}.{ending}",
                mime,
                key=f"{page}.save.{ending}",
                help=hint,
                on_click="ignore",
                width="stretch",
            )
        if command := _command(result):
            st.caption("All four from a terminal:")
            st.code(command, language="bash", wrap_lines=True)


def _gif(result: SweepResult, settings: Settings) -> bytes:
    from core.figures import post_gif

    content: bytes = post_gif(result)
    return content


def _html(result: SweepResult, settings: Settings) -> bytes:
    from core.figures import animation_html

    page: str = animation_html(result)
    return page.encode()


def _csv(result: SweepResult, settings: Settings) -> bytes:
    from core.experiments.sweep_table import sweep_csv

    return sweep_csv(result).encode()


def _npz(result: SweepResult, settings: Settings) -> bytes:
    from core.experiments.sweep_file import sweep_bytes

    size = 4 * result.num_samples * result.num_steps * result.num_classes
    if size > _MOST_SAMPLES:
        return sweep_bytes(result)
    sampler = load_engine(settings.network).sampler
    samples = sampler.sample(result.images, num_samples=result.num_samples, seed=result.seed)
    return sweep_bytes(result, samples)


def _file_name(result: SweepResult) -> str:
    short = [
        each if len(each) <= _LONGEST_REFERENCE else each.partition(":")[0]
        for each in result.recipe.references
    ]
    return "-".join(
        ["labrador", result.kind, *(re.sub(r"[^a-z0-9-]+", "-", each) for each in short)]
    )


def _command(result: SweepResult) -> str:
    """Return what makes the same files in a terminal, "" where an image is no short reference."""
    recipe = result.recipe
    if any(len(each) > _LONGEST_REFERENCE for each in recipe.references):
        return ""
    words = ["python", "-m", "core", "sweep", recipe.kind, "--image", recipe.references[0]]
    if len(recipe.references) == 2:
        words += ["--image2", recipe.references[1]]
    for option, value, usual in (
        ("--start", recipe.ends[0], DEFAULT_RANGES[recipe.kind][0]),
        ("--stop", recipe.ends[1], DEFAULT_RANGES[recipe.kind][1]),
        ("--steps", recipe.num_steps, 36),
        ("--num-samples", recipe.num_samples, 1000),
        ("--seed", recipe.seed, 0),
        ("--noise-seed", recipe.noise_seed, 0),
        ("--network", recipe.network, "mc"),
    ):
        if value != usual:
            words += [option, f"{value:g}" if isinstance(value, float) else str(value)]
    if result.plain is not None:
        words.append("--plain")
    outputs = [
        f"--{ending}={_file_name(result)}.{ending}" for ending in ("gif", "html", "csv", "npz")
    ]
    return shlex.join([*words, *outputs])
