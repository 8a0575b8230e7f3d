"""Inside: what dropout does to one drawing, layer by layer, pass by pass, map by map."""

from __future__ import annotations

import streamlit as st

from core.errors import LabradorError
from core.experiments.inside import Inside

from .answers import engine_of
from .drawing import show_image, show_invitation
from .gallery import disputed_image
from .inside_answer import show_passes, show_twin
from .inside_asked import Asked
from .inside_bar import bar_in_link, picked_bar
from .inside_layers import show_layers
from .inside_maps import maps_section
from .inside_passes import passes_section
from .inside_rates import is_random, layer_rates, rates_in_link
from .inside_section import Section, show_section
from .links import plain, write_link
from .networks import NetworkFacts
from .pictures import kept_pictures
from .settings import Settings


@st.fragment
def show_inside(settings: Settings, facts: NetworkFacts) -> None:
    """Show the page below its title.

    Args:
        settings: with which the network is asked.
        facts: of the network, which takes images.
    """
    with st.container(key="inside-live"):
        left, right = st.columns([364, 716])
    with left:
        looked = show_image(facts, _example(facts))
    with right:
        if looked.image is None:
            show_invitation(facts)
            write_link(settings.in_link())
            return
        try:
            layers = layer_rates(settings.network, engine_of(settings).sampler)
            asked = Asked(looked, looked.image, settings, layers, picked_bar(len(facts.classes)))
            (show_passes if is_random(layers) else show_twin)(asked)
        except LabradorError as error:
            st.info(plain(str(error)), icon=":material/error:")
            return
    if is_random(layers):
        _show_sections(asked)
    if looked.reference:
        with left:
            write_link(
                settings.in_link(),
                image=looked.reference,
                **rates_in_link(layers),
                **bar_in_link(asked.picked),
            )


def _example(facts: NetworkFacts) -> str:
    """Return the reference of what is looked at while nothing is drawn."""
    assert facts.frame is not None
    own = kept_pictures(facts.frame) if facts.own is not None else ()
    return next(iter(own), disputed_image())


def _show_sections(asked: Asked) -> None:
    """Show what is found inside, once the pen rests."""
    engine = engine_of(asked.settings)
    plan, classes = engine.sampler.plan, engine.facts.classes

    def masked(inside: Inside) -> list[str]:
        return [plan.masked[each.position] for each in inside.dropped]

    def passes() -> Section:
        inside = asked.look.inside
        return passes_section(inside, asked.picked, masked(inside), classes)

    def maps() -> Section:
        inside = asked.look.inside
        return maps_section(inside, masked(inside), classes)

    show_section("passes", "The passes behind a bar", passes if asked.rests else None)
    show_layers(asked)
    show_section("maps", "What matters most for this image", maps if asked.rests else None)
