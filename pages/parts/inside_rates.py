"""The rates of dropout layers while sampling: a slider each, and a part of the link."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from core.errors import InvalidInputError
from core.figures.inside_words import layer_words

from .answers import Rates
from .links import plain
from .rate_sliders import RateSlider, SlidersState, rate_sliders, sliders_state

if TYPE_CHECKING:
    from core.inference import McSampler
    from core.inference.dropout import DropoutSpec

_CHANGED = "inside.rates"  # by layer, those that differ from training; one key a network
_OF_LINK = "inside.rates_of_link"  # one for each layer of a network that is not known yet
_PROBLEM = "inside.rates_problem"
_STEP = 20  # sliders go in twentieths
_HIGHEST = 19  # of them
_LONGEST = 4_000  # characters of a link's rates


@dataclass(frozen=True)
class LayerRate:
    """One dropout layer while sampling.

    Attributes:
        name: of the layer.
        words: what it drops.
        trained: its rate in training.
        rate: its rate now.
    """

    name: str
    words: str
    trained: float
    rate: float


def take_rates(text: str) -> None:
    """Take the rates of a link over: one for each dropout layer of its network.

    Raises:
        InvalidInputError: not numbers from 0 to below 1.
    """
    try:
        rates = [float(each) for each in text[:_LONGEST].split(",")]
    except ValueError:
        rates = [math.nan]
    if not all(0.0 <= rate < 1.0 for rate in rates):
        raise InvalidInputError(
            "rates",
            expected="a number from 0 to below 1 for each dropout layer, as 0.5,0.2,0.5",
            received=text,
        )
    st.session_state[_OF_LINK] = rates


def layer_rates(network: str, sampler: McSampler) -> list[LayerRate]:
    """Return a network's dropout layers with their rates now; a layer that is called twice once.

    Args:
        network: by its name.
        sampler: of the network.
    """
    plan = sampler.plan
    first: dict[str, tuple[DropoutSpec, str]] = {}
    for spec, masked in zip(plan.stochastic, plan.masked, strict=True):
        first.setdefault(spec.name, (spec, masked))
    _take_over(network, list(first))
    changed = _changed(network)
    return [
        LayerRate(
            name,
            layer_words(spec.noise_shape, spec.kind, masked),
            spec.rate,
            changed.get(name, spec.rate),
        )
        for name, (spec, masked) in first.items()
    ]


def asked_rates(layers: Sequence[LayerRate]) -> Rates:
    """Return the rates as a question about them: none where all are as in training."""
    if all(layer.rate == layer.trained for layer in layers):
        return ()
    return tuple((layer.name, layer.rate) for layer in layers)


def is_random(layers: Sequence[LayerRate]) -> bool:
    """Return whether any layer drops anything, so that passes differ at all."""
    return any(layer.rate > 0.0 for layer in layers)


def rates_in_link(layers: Sequence[LayerRate]) -> dict[str, object]:
    """Return the part of a link that reopens these rates."""
    rates = asked_rates(layers)
    return {"rates": ",".join(f"{rate:g}" for _, rate in rates)} if rates else {}


def show_rates(network: str, layers: Sequence[LayerRate], note: str) -> None:
    """Show a slider for each dropout layer.

    Args:
        network: by its name.
        layers: with their rates now.
        note: what to keep in mind of these rates, as HTML.
    """
    if problem := st.session_state.get(_PROBLEM):
        st.info(plain(problem), icon=":material/link_off:")
    with st.container(key="inside-rates-head", horizontal=True, vertical_alignment="center"):
        st.html(
            f'<div class="lb-rates"><b>Rates while sampling</b> <span>{note}</span></div>',
            width="stretch",
        )
        st.button(
            "Reset",
            key="inside.reset",
            help="All rates as in training",
            icon=":material/restart_alt:",
            disabled=not asked_rates(layers),
            on_click=_reset,
            args=(network,),
        )
    steps = {step / _STEP for step in range(_HIGHEST + 1)}
    rate_sliders(
        _sliders(network),
        [
            RateSlider(
                layer.words,
                f"trained with {layer.trained:g}",
                sorted(steps | {layer.trained, layer.rate}),
                layer.trained,
                layer.rate,
            )
            for layer in layers
        ],
        lambda rates: _set(network, [layer.name for layer in layers], rates),
    )


def rates_state(network: str) -> SlidersState:
    """Return how far a hand has moved the sliders of a network."""
    return sliders_state(_sliders(network))


def _sliders(network: str) -> str:
    return f"inside.sliders.{network}"


def _take_over(network: str, names: Sequence[str]) -> None:
    """Take the rates of a link over, now that it is known whose they are."""
    rates = st.session_state.pop(_OF_LINK, None)
    if rates is None:
        return
    if len(rates) == len(names):
        _set(network, names, rates)
        return
    wrong = InvalidInputError(
        "rates",
        expected=f"{len(names)}, one for each dropout layer of this network",
        received=f"{len(rates)} of them",
    )
    st.session_state[_PROBLEM] = (
        f"A part of the link could not be used and was left out. `rates`: {wrong}"
    )


def _changed(network: str) -> dict[str, float]:
    changed: dict[str, float] = st.session_state.get(f"{_CHANGED}.{network}", {})
    return changed


def _set(network: str, names: Sequence[str], rates: Sequence[float]) -> None:
    st.session_state[_PROBLEM] = ""
    st.session_state[f"{_CHANGED}.{network}"] = dict(zip(names, rates, strict=True))


def _reset(network: str) -> None:
    st.session_state[_PROBLEM] = ""
    st.session_state.pop(f"{_CHANGED}.{network}", None)
