"""The Thresholds page of a visitor's own network: how it gets scores, and what follows."""

from __future__ import annotations

import re

import streamlit as st

from core.experiments.own_notes import notes_on
from core.figures import numbers
from core.networks.own_network import OwnNetwork

from .links import plain
from .networks import NetworkFacts
from .own_scores import OwnScored, forget_scored, scored_by
from .score_images import show_scoring
from .settings import Settings
from .thresholds import show_thresholds

_TOLD = 5  # of what was left out, by name


def show_own_thresholds(facts: NetworkFacts, network: OwnNetwork, settings: Settings) -> None:
    """Show the page below its title.

    Args:
        facts: of the network.
        network: the visitor's own.
        settings: the policy among them.
    """
    scored = scored_by(network)
    if scored is None:
        show_scoring(facts, network, settings)
        return
    show_thresholds(
        scored.scores, settings, pictures=scored.pictures, notes=_notes(scored, settings)
    )
    with st.expander("These scores", icon=":material/scoreboard:"):
        _show_scores(scored, network)


def _notes(scored: OwnScored, settings: Settings) -> list[str]:
    """Say what the scores are too few to tell, and where they are of other passes."""
    notes = notes_on(scored.scores)
    told = (scored.scores.num_samples, scored.scores.seed)
    if told != (settings.num_samples, settings.seed):
        notes.append(
            f"These scores are of {numbers.passes(told[0])}, seed {told[1]}, and not of those in"
            " the sidebar."
        )
    return notes


def _show_scores(scored: OwnScored, network: OwnNetwork) -> None:
    """Say what was scored and how, and let it be taken home or made anew."""
    scores = scored.scores
    halves = [scores.sets[name] for name in ("validation", "test")]
    fitted, reported = (f"{numbers.count(one.num_images)} {scores.item}s" for one in halves)
    test = scores.sets["test"]
    st.markdown(
        f"Limits are fitted on {fitted} and reported on {reported}. Of the latter the committee is"
        f" right on {numbers.share(float(test.right.mean()))}, its twin on"
        f" {numbers.share(float(test.twin_right.mean()))}. {numbers.passes(scores.num_samples)},"
        f" seed {scores.seed}."
    )
    for name, why in scored.left_out[:_TOLD]:
        st.caption(f"Left out: {plain(name)}. {plain(why)}")
    if len(scored.left_out) > _TOLD:
        st.caption(f"Left out: {len(scored.left_out) - _TOLD:,} more.")
    with st.container(horizontal=True):
        name = re.sub(r"[^a-z0-9]+", "-", network.title.lower()).strip("-") or "own"
        st.download_button(
            "Download scores",
            scored.file,
            f"{name}.scores.npz",
            "application/octet-stream",
            icon=":material/download:",
            on_click="ignore",
            help="To bring them back in another visit, or for `python -m core policy --scores`.",
        )
        st.button(
            "Score other images",
            icon=":material/restart_alt:",
            on_click=forget_scored,
            args=(network,),
        )
