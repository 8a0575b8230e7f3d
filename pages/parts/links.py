"""Links: everything that determines a result stands in the address, and an address reopens it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NoReturn
from urllib.parse import urlencode

import streamlit as st

from core.errors import LabradorError
from core.limits import MAX_LINK_CHARACTERS

from .component import component

_SEEN = "link.seen"
_IGNORED = "link.ignored"


def open_link(parts: Mapping[str, Callable[[str], None]]) -> None:
    """Take over what the address says, if it is not what this session wrote there itself.

    Args:
        parts: for each name in an address, what takes its value over; it raises a
            `LabradorError` for a damaged one, which is then left out and said so.
    """
    address = st.query_params.to_dict()
    if address != st.session_state.get(_SEEN):
        st.session_state[_SEEN] = address
        damaged = []
        for name, take_over in parts.items():
            if name in address:
                try:
                    take_over(address[name])
                except LabradorError as error:
                    damaged.append(f"`{name}`: {plain(str(error))}")
        st.session_state[_IGNORED] = damaged
    if ignored := st.session_state.get(_IGNORED):
        st.info(
            "A part of the link could not be used and was left out. " + " ".join(ignored),
            icon=":material/link_off:",
        )


def forget_ignored() -> None:
    """Stop saying which part of a link was left out."""
    st.session_state.pop(_IGNORED, None)


def write_link(settings: Mapping[str, object], **result: object) -> None:
    """Put what determines this result into the address, or say that it is too long for one.

    Args:
        settings: what holds for every result.
        result: the rest: images by reference, and what was done to them.
    """
    address, whole = address_of(settings, result)
    if not whole:
        # "Copy link" looks for this class: it copies no address that opens something else.
        st.html(
            '<p class="lb-note lb-too-long">This drawing is too long for a link, so the address'
            " leaves it out.</p>"
        )
    if st.query_params.to_dict() != address:
        st.query_params.from_dict(address)
    st.session_state[_SEEN] = address


def address_of(
    settings: Mapping[str, object], result: Mapping[str, object]
) -> tuple[dict[str, str], bool]:
    """Return the parts of an address, and whether the result is among them.

    Chat programs and proxies cut long links. A shorter drawing with fewer points would be
    another image with other numbers, so a result is in its link exactly or not at all: an angle
    without its drawing would open as somebody else's.
    """
    always = {name: str(value) for name, value in settings.items()}
    address = {name: str(value) for name, value in result.items()} | always
    if len(urlencode(address)) > MAX_LINK_CHARACTERS:
        return always, False
    return address, True


def rerun() -> NoReturn:
    """Run the whole page again from inside a fragment, under the address that was written last.

    The fragment's own request may have waited while another run wrote a newer address. Under its
    older one, the page would take over once more a link that has long been replaced, and with it
    an image over what has been drawn since.
    """
    if _SEEN in st.session_state:
        st.query_params.from_dict(st.session_state[_SEEN])
    st.rerun()


def copy_link() -> None:
    """Show a button that copies the address."""
    with st.container(key="head-link", horizontal=True, horizontal_alignment="right"):
        component("copy_link", in_page=True)(key="copy-link", width="content")


def plain(text: str) -> str:
    """Escape what Markdown would read as its own, in a text that somebody else wrote."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]()<>#+!|~$:" else c for c in text)
