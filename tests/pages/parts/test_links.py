"""Links: a result is in its address exactly, or not at all."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from core.images import Ink, ink_image, parse_reference, reference_from_ink, resolve
from core.limits import MAX_LINK_CHARACTERS, MAX_POINTS
from pages.parts.links import address_of

SETTINGS = {"passes": 1000, "seed": 0, "network": "mc"}


def scribble(num_points: int, seed: int) -> Ink:
    """A pen that wanders over the whole canvas."""
    rng = np.random.default_rng(seed)
    return Ink((tuple(map(tuple, rng.random((num_points, 2)))),))


@settings(max_examples=12)
@given(st.integers(1, MAX_POINTS), st.integers(0, 2**32 - 1))
def test_address_gives_the_same_image_back_or_leaves_it_out(num_points, seed):
    ink = scribble(num_points, seed)
    address, whole = address_of(SETTINGS, {"image": reference_from_ink(ink), "angle": 90})
    link = urlencode(address)
    assert len(link) <= MAX_LINK_CHARACTERS
    opened = dict(parse_qsl(link))
    if whole:
        image = resolve(parse_reference(opened["image"])).image
        np.testing.assert_array_equal(image, ink_image(ink))
        assert opened["angle"] == "90"
    else:
        assert opened == {"passes": "1000", "seed": "0", "network": "mc"}


def test_address_of_a_minute_of_drawing_is_left_out_and_of_a_digit_is_not():
    assert address_of(SETTINGS, {"image": reference_from_ink(scribble(300, 0))})[1]
    assert not address_of(SETTINGS, {"image": reference_from_ink(scribble(MAX_POINTS, 0))})[1]


def test_address_counts_what_a_browser_writes():
    # Each of these characters takes nine in an address.
    text = "’" * (MAX_LINK_CHARACTERS // 9)
    assert len(text) < MAX_LINK_CHARACTERS
    assert not address_of({}, {"image": text})[1]


def page_asked_for_under_an_older_address() -> None:
    """A page that has written another address since it was asked for, and runs again once."""
    import streamlit as st

    from pages.parts import links

    links.open_link({"image": lambda image: st.session_state.update(opened=image)})
    if "written" not in st.session_state:
        st.session_state.written = st.session_state["link.seen"] = {"image": "newer"}
        st.session_state.opened = "what was drawn since"
        links.rerun()


def test_rerun_opens_no_link_that_has_been_replaced():
    app = AppTest.from_function(page_asked_for_under_an_older_address)
    app.query_params["image"] = "older"
    app.run()
    assert not app.exception
    assert app.session_state.opened == "what was drawn since"
