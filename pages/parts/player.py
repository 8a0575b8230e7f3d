"""Buttons and keys that walk through a sweep, or play it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from .component import component

_SPEEDS = (1, 2, 5, 10)  # steps a second
_SPEED = 5  # the post's 200 ms a frame


def show_player(
    key: str,
    step: int,
    num_steps: int,
    on_step: Callable[[int], None],
    *,
    words: str,
    is_between: bool,
    figure: str,
    tag: str,
) -> None:
    """Show the player. Left and right arrow and space do what its buttons do.

    Args:
        key: of the component.
        step: that is shown.
        num_steps: after the last one comes the first.
        on_step: called with a step to show, before the run.
        words: which step that is, in words.
        is_between: whether it is none, but lies between two.
        figure: key of the live figure that a step is shown in, which is waited for.
        tag: that the figure has once this step is shown.
    """
    component("player")(
        key=key,
        data={
            "step": step,
            "steps": num_steps,
            "words": words,
            "between": is_between,
            "figure": figure,
            "tag": tag,
            # What is scrolled into sight when it plays; Streamlit names the class by the key.
            "stage": f"st-key-{figure.replace('.', '-')}",
            "speeds": list(_SPEEDS),
            "speed": _SPEED,
        },
        on_step_change=lambda: _walked(key, num_steps, on_step),
    )


def _walked(key: str, num_steps: int, on_step: Callable[[int], None]) -> None:
    step = st.session_state[key].get("step")
    if isinstance(step, (int, float)) and 0 <= int(step) < num_steps:
        on_step(int(step))
