"""What the experiment pages share: the sweep's figure, one step of it, and what came out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import streamlit as st

from core.experiments.sweep import SweepResult
from core.figures import sweep_spec
from core.uncertainty import predictive_entropy

from .answers import Answer
from .gallery import picture
from .live_figure import Selection, live_figure
from .panel import show_panel


def finding(result: SweepResult, places: str) -> str:
    """Return what came out of a sweep as a sentence of HTML.

    Args:
        result: of the sweep.
        places: what its steps are, as "angles".
    """
    entropy = predictive_entropy(result.summary)
    peak = int(entropy.argmax())
    if result.right is None:
        return (
            f"The entropy is lowest at {entropy.min():.2f} nats and highest at"
            f" {entropy[peak]:.2f}, of at most {np.log(result.num_classes):.2f}."
        )
    wrong, twin_right = ~result.right, result.twin_right
    if not wrong.any():
        return (
            f"The committee’s answer is right at all {result.num_steps} {places}."
            f" Its entropy rises to {entropy[peak]:.2f} nats."
        )
    text = (
        f"At <b>{wrong.sum()} of {result.num_steps}</b> {places} the committee’s answer is wrong;"
        f" there its mean entropy is <b>{entropy[wrong].mean():.2f} nats</b>"
    )
    if result.right.any():
        text += f", against <b>{entropy[result.right].mean():.2f}</b> where it is right"
    if twin_right is not None:
        sure = int((~twin_right & (result.twin.max(axis=1) > 0.5)).sum())
        text += f". The twin is wrong and more than 50% sure at {sure}"
    return f"{text}."


def show_sweep(
    result: SweepResult, key: str, step: int | None, on_select: Callable[[Selection], None]
) -> None:
    """Show a sweep's figure; a click in it picks a step."""
    live_figure(
        sweep_spec(result, selected=step),
        f"{key}.sweep",
        label="Mean softmax, predictive entropy and variance over the steps of the sweep.",
        hover=True,
        on_select=on_select,
        narrow=sweep_spec(result, selected=step, compact=True),
    )
    st.caption("Click or tap a step to see its passes below.")


def show_step(
    answer: Answer, image: np.ndarray, title: str, key: str, true_labels: Sequence[int], tag: str
) -> None:
    """Show one image of an experiment beside its live panel."""
    with st.container(key=f"{key}-step"):
        left, right = st.columns([232, 848])
    with left:
        st.html(
            f'<div class="lb-head"><b>{title}</b></div>'
            f'<img class="lb-picture" alt="{title}" src="{picture(image)}">'
        )
    with right:
        show_panel(answer, key, true_labels=true_labels, tag=tag)
