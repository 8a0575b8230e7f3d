"""Every layer's share of the passes' disagreement: on alone, and left out."""

from __future__ import annotations

import html
from collections.abc import Sequence

import streamlit as st

from core.experiments.layer_shares import LayerShares
from core.figures import numbers
from core.figures.inside_shares import layer_shares_spec
from core.figures.inside_shares_text import shares_sentences

from .answers import engine_of
from .inside_asked import Asked
from .inside_section import Section, show_section

# Values computed, over all passes, that a page may take for this unasked: a second or so.
_UNASKED = 500_000_000
_WANTED = "inside.layers_wanted"
_FEWEST_PASSES = 30  # of fewer, standard errors say nothing
_NOTE = (
    "Mutual information of all passes, in nats: how much they disagree. Each layer once on alone,"
    " the others’ rates at 0, and once left out. Lines at the bars’ ends: two standard errors from"
    " so many passes to either side; ±: one."
)


def show_layers(asked: Asked) -> None:
    """Show the section; where it would take long, only once somebody wants it.

    Args:
        asked: with a rate above 0.
    """
    settings = 2 * len(asked.layers) + 1
    plan = engine_of(asked.settings).sampler.plan
    work = settings * asked.settings.num_samples * plan.floats_per_row
    words = [layer.words for layer in asked.layers]
    passes = asked.settings.num_samples
    is_long = work > _UNASKED
    is_wanted = not is_long or st.session_state.get(_WANTED) == asked.key

    def make() -> Section:
        if not is_wanted:
            said = f"This takes {settings} times as many passes as the histograms."
            return Section(f'<p class="lb-finding">{said}</p>')
        if is_long:
            with st.spinner("Measuring every layer’s share", show_time=True):
                return layers_section(asked.shares(), words, passes)
        return layers_section(asked.shares(), words, passes)

    show_section("layers", "Every layer’s share", make if asked.rests else None)
    if asked.rests and not is_wanted:
        st.button("Measure it", key="inside.measure", on_click=_want, args=(asked.key,))


def _want(key: tuple[object, ...]) -> None:
    st.session_state[_WANTED] = key


def _sentences(shares: LayerShares, words: Sequence[str], num_samples: int) -> tuple[str, ...]:
    if num_samples < _FEWEST_PASSES:
        return (f"{numbers.passes(num_samples)}: too few to tell the layers’ shares.",)
    return shares_sentences(shares, words)


def layers_section(shares: LayerShares, words: Sequence[str], num_samples: int) -> Section:
    """Return what each layer adds.

    Args:
        shares: of one image.
        words: what each layer drops.
        num_samples: T, passes of each estimate.
    """
    first, *others = _sentences(shares, words, num_samples)
    label = " ".join(
        f"{name}: {alone.value:.3f} nats alone, {without.value:.3f} without it."
        for name, alone, without in zip(words, shares.alone, shares.without, strict=True)
    )
    return Section(
        f'<p class="lb-finding">{html.escape(first)}</p>'
        + "".join(f"<p>{html.escape(each)}</p>" for each in others),
        layer_shares_spec(shares, words),
        f"Mutual information of all layers together: {shares.whole.value:.3f} nats. {label}",
        _NOTE,
    )
