"""The post on a page: its images at a click, its curves over ours, what it said at a step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import streamlit as st

from core.experiments.post import PostCurve, post_curve
from core.experiments.recipe import SweepKind, SweepRecipe
from core.figures import Overlay, numbers

from .gallery import test_digits
from .sweep_options import (
    POST,
    reset_range,
)


def show_as_in_the_post(page: str, kind: SweepKind, images: Sequence[str]) -> None:
    """Show a button that picks the post's images and range, and lays its curves over ours.

    Args:
        page: of the session's keys.
        kind: of the page's sweeps.
        images: session keys that keep the images' references.
    """
    curve = post_curve(kind)
    if curve is None or test_digits() is None:
        return
    wanted = dict(zip(images, curve.references, strict=True))
    shown = POST in st.session_state.get(f"{page}.shown", ())
    is_on = shown and all(st.session_state.get(key) == each for key, each in wanted.items())
    st.button(
        "Without the post" if is_on else "As in the post",
        icon=":material/article:",
        key=f"{page}.post",
        help="The post’s test images and steps, with its published curves laid over ours.",
        on_click=_without_the_post if is_on else _as_in_the_post,
        args=(page,) if is_on else (page, kind, wanted),
    )


def _as_in_the_post(page: str, kind: SweepKind, images: Mapping[str, str]) -> None:
    state = st.session_state
    state.update(images)
    reset_range(page, kind)
    state[f"{page}.shown"] = tuple(dict.fromkeys((*state.get(f"{page}.shown", ()), POST)))


def _without_the_post(page: str) -> None:
    key = f"{page}.shown"
    st.session_state[key] = tuple(name for name in st.session_state[key] if name != POST)


def post_curve_of(recipe: SweepRecipe) -> PostCurve | None:
    """Return the post's curve if it is of the same images and steps."""
    curve = post_curve(recipe.kind)
    if curve is None or recipe.references != curve.references:
        return None
    return curve if np.array_equal(recipe.values, curve.values) else None


def post_overlay(curve: PostCurve) -> Overlay:
    """Return the post's curves as they are laid over ours."""
    return Overlay(
        "the post",
        curve.values,
        curve.mean_softmax,
        curve.entropy,
        curve.variance,
        dotted=True,
    )


def post_said(recipe: SweepRecipe, step: int | None) -> str:
    """Return what the post's network said at a step of its own sweep, as HTML; else ""."""
    curve = post_curve_of(recipe)
    if curve is None or step is None:
        return ""
    return (
        f'<p class="lb-note">In the post: {curve.predicted[step]}, mean softmax'
        f" {numbers.softmax(curve.mean_softmax[step])}, entropy"
        f" {numbers.entropy(curve.entropy[step])}, variance {curve.variance[step]:.2f}.</p>"
    )
