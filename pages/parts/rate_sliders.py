"""Sliders for rates, which are heard while they move: Streamlit's own only where they rest."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import streamlit as st

from .component import component


@dataclass(frozen=True)
class RateSlider:
    """One slider.

    Attributes:
        label: what it is for.
        note: a few words under it.
        stops: rates that it can stand at, rising.
        trained: the rate that is marked.
        rate: where it stands.
    """

    label: str
    note: str
    stops: Sequence[float]
    trained: float
    rate: float


@dataclass
class SlidersState:
    """What is remembered of some sliders between runs.

    Attributes:
        rates: that both sides know.
        revision: counts the changes that did not come from the sliders.
        instance: which mount of them sent last, and `seq` its how manieth message.
        moving: whether a hand still moves one of them.
    """

    rates: list[float] = field(default_factory=list)
    revision: int = 0
    instance: str = ""
    seq: int = 0
    moving: bool = False

    @property
    def tag(self) -> str:
        """Ends the tag of the figure that shows what their last message led to."""
        return f"{self.instance}:{self.seq}"


def sliders_state(key: str) -> SlidersState:
    """Return what is remembered of sliders, made on first use."""
    state: SlidersState = st.session_state.setdefault(f"{key}.sliders", SlidersState())
    if key not in st.session_state:
        state.moving = False  # their page was left while a hand held one
    return state


def rate_sliders(
    key: str, sliders: Sequence[RateSlider], take: Callable[[Sequence[float]], None]
) -> None:
    """Show sliders. Call it inside a fragment: they send up to ten messages a second.

    Args:
        key: the component's key.
        sliders: from top to bottom.
        take: called before a run with all rates that a hand has made of them.
    """
    state = sliders_state(key)
    rates = [slider.rate for slider in sliders]
    if rates != state.rates:
        state.rates, state.revision = rates, state.revision + 1
    component("rate_sliders")(
        key=key,
        data={
            "sliders": [
                {
                    "label": slider.label,
                    "note": slider.note,
                    "stops": list(slider.stops),
                    "trained": slider.trained,
                    "rate": slider.rate,
                }
                for slider in sliders
            ],
            "revision": state.revision,
        },
        on_moved_change=lambda: receive(state, st.session_state[key].get("moved"), take),
    )


def receive(state: SlidersState, message: object, take: Callable[[Sequence[float]], None]) -> None:
    """Take over what the browser sent, if it is not older than what Python has put there.

    Args:
        state: changed in place.
        message: anything, since it comes from outside.
        take: gets the rates.
    """
    if not isinstance(message, dict):
        return
    instance, seq, revision = (message.get(name) for name in ("instance", "seq", "revision"))
    if type(seq) is not int or type(revision) is not int:
        return
    state.instance, state.seq = str(instance)[:16], seq
    state.moving = message.get("moving") is True
    rates = message.get("rates")
    if revision < state.revision or not isinstance(rates, list) or len(rates) != len(state.rates):
        return
    if all(type(rate) in (int, float) and math.isfinite(rate) and 0 <= rate < 1 for rate in rates):
        state.rates = [float(rate) for rate in rates]
        take(state.rates)
