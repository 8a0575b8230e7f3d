"""A sweep to take home: animations, a table, the samples, and the command that makes them."""

from __future__ import annotations

import re
import shlex
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from core.experiments.recipe import DEFAULT_RANGES
from core.experiments.sweep import SweepResult

from .engine import load_engine
from .networks import brought_networks
from .settings import Settings

if TYPE_CHECKING:
    from core.networks.own_network import OwnNetwork

_MOST_SAMPLES = 64 * 2**20  # bytes that a page unpacks for somebody
_MOST_SUMS = 64 * 2**20  # bytes of a file that a page packs for somebody
_MODEL_FILE, _NAMES_FILE = "MODEL.keras", "NAMES.txt"
_LONGEST_NAMES = 200  # characters of class names that can be read in a command
_LONGEST_REFERENCE = 60  # characters; a drawing in a command is nothing to read


def show_take_home(page: str, result: SweepResult, settings: Settings) -> None:
    """Show what a sweep can be saved as, behind a button; a file is made when it is asked for."""
    with st.popover("Take home", icon=":material/download:"):
        if not result.is_complete:
            st.caption("When all steps are there.")
            return
        name, own = _file_name(result), brought_networks().get(settings.network)
        is_large = 8 * result.num_steps * result.num_classes**2 > _MOST_SUMS
        for label, ending, mime, hint, make in (
            ("Animation, GIF", "gif", "image/gif", "As in the post; for slides.", _gif),
            ("Animation, web page", "html", "text/html", "Opens anywhere, no network.", _html),
            ("Table, CSV", "csv", "text/csv", "Every measure at every step.", _csv),
            ("Everything, NPZ", "npz", "application/octet-stream", "For NumPy.", _npz),
        ):
            if is_large and ending == "npz":
                st.caption("Everything, NPZ, is too large to pack here: use a terminal.")
                continue
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
        if command := _command(result, own):
            st.caption(f"All four from a terminal{_to_fill_in(command)}:")
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


def _command(result: SweepResult, own: OwnNetwork | None = None) -> str:
    """Return what makes the same files in a terminal, "" where an image is no short reference.

    Args:
        result: of the sweep.
        own: the network that was asked, where it is the visitor's own.
    """
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
        ("--network", recipe.network if own is None else "mc", "mc"),
    ):
        if value != usual:
            words += [option, f"{value:g}" if isinstance(value, float) else str(value)]
    if own is not None:
        words += _own_words(own)
        # Of other classes than digits an image does not tell its own.
        for option, label in zip(("--label", "--label2"), recipe.labels, strict=False):
            words += [] if label is None else [option, str(label)]
    if result.plain is not None:
        words.append("--plain")
    outputs = [
        f"--{ending}={_file_name(result)}.{ending}" for ending in ("gif", "html", "csv", "npz")
    ]
    return shlex.join([*words, *outputs])


def _own_words(own: OwnNetwork) -> list[str]:
    """Return the options that name a network of one's own, as it was set up."""
    setup = own.setup
    words = ["--model", _MODEL_FILE, f"--input-range={setup.dark:g},{setup.bright:g}"]
    names = setup.classes.names
    if names == tuple(map(str, range(len(names)))):
        return words
    joined = ",".join(names)
    fits = len(joined) <= _LONGEST_NAMES and joined.count(",") == len(names) - 1
    return [*words, f"--class-names={joined if fits else _NAMES_FILE}"]


def _to_fill_in(command: str) -> str:
    """Say what stands in a command for somebody's own files."""
    named = " and a file with a class name on each line" if _NAMES_FILE in command else ""
    return f", with the path of your model{named}" if _MODEL_FILE in command else ""
