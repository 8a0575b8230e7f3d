"""A sampler's plan as a person reads it: what is drawn, what runs once, what runs in every pass."""

from __future__ import annotations

import html
from collections.abc import Iterable
from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from core.inference import Plan


def show_plan(plan: Plan) -> None:
    """Show how the passes of a network are computed."""
    drawn = [
        f"{spec.name}: {spec.rate:.0%} of {spec.num_units:,}"
        f" {'feature maps' if spec.kind.startswith('Spatial') else 'units'}"
        for spec in plan.stochastic
    ]
    st.html(
        '<div class="lb-plan"><p>A pass drops units at random. What no dropout reaches is computed'
        " once for an image, the rest in every pass; the names are the network’s layers.</p>"
        f"<p><b>Dropped anew in every pass</b><br>{_joined(drawn, '; ')}.</p>"
        f"<p><b>Computed once for an image</b><br>{_joined(plan.once, ', ') or 'nothing'}.</p>"
        f"<p><b>Computed in every pass</b><br>{_joined(plan.every_pass, ', ')}.</p>"
        f"<p><b>Why</b></p><ul><li>{_joined(plan.notes, '</li><li>')}</li></ul></div>"
    )


def _joined(texts: Iterable[str], between: str) -> str:
    return between.join(html.escape(text) for text in texts)
