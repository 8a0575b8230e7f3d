"""Draw's canvas, or a picture in its place, and what the passes say of it while it changes."""

from __future__ import annotations

import random
from dataclasses import dataclass

import streamlit as st

from core.errors import LabradorError
from core.images import (
    NUM_VARIANTS,
    Ink,
    ResolvedImage,
    decode_ink,
    in_frame,
    ink_image,
    parse_reference,
    reference_from_ink,
    write_digit,
)
from core.uncertainty.classes import DIGITS

from .answers import Image, answer
from .canvas import Drawing, canvas, canvas_state, set_ink
from .gallery import framed, picture, resolved
from .links import plain, rerun, write_link
from .networks import NetworkFacts
from .panel import show_panel
from .pictures import upload_picture
from .settings import Settings
from .settled import show_settled

_INVITATION = {
    True: "<b>Nothing drawn yet.</b><span>Draw, and the passes will show here while you do.</span>",
    False: "<b>Nothing to look at yet.</b>"
    "<span>This network wants pictures that one cannot draw: bring one with “Use a photo”.</span>",
}
_UPLOAD = "draw.upload"  # reference of the picture that stands in for the drawing
_UPLOAD_TITLE = "draw.upload_title"  # what it is, if it came from another page
_UPLOAD_OVER = "draw.upload_over"  # the ink that was on the canvas when it came


@dataclass(frozen=True, eq=False)
class Looked:
    """What is looked at now.

    Attributes:
        image: of the network's frame; None while there is nothing.
        reference: that a link holds; None while there is none, or the pen is down.
        tag: tells it from what was looked at before.
        pen_down: whether more is to come at once.
        label: the class it shows, where that is known.
    """

    image: Image | None = None
    reference: str | None = None
    tag: str = ""
    pen_down: bool = False
    label: int | None = None


def open_image(text: str) -> None:
    """Take the image of a link over: ink goes to the canvas, anything else stands in for it."""
    reference = parse_reference(text)
    if reference.kind == "ink":
        set_ink("draw", decode_ink(reference.payload))
    else:
        _show_instead(str(resolved(text).reference))


def _show_instead(reference: str) -> None:
    st.session_state[_UPLOAD] = reference
    st.session_state.pop(_UPLOAD_TITLE, None)
    st.session_state[_UPLOAD_OVER] = canvas_state("draw").ink


def _upload(facts: NetworkFacts) -> None:
    """Offer to look at a photo instead of a drawing."""
    with st.popover("Use a photo", icon=":material/add_a_photo:"):
        if (reference := upload_picture("draw", facts)) is not None:
            _show_instead(reference)
            rerun()  # the canvas and the panel were shown before the file came


@st.fragment
def show_draw(settings: Settings, facts: NetworkFacts) -> None:
    """Show what is drawn or brought, and the passes' answer beside it.

    Args:
        settings: with which it is asked.
        facts: of the network, which takes images.
    """
    assert facts.frame is not None
    with st.container(key="draw-live"):
        left, right = st.columns([364, 716])
    with left:
        looked = show_canvas(facts)
    image = looked.image
    with right:
        if image is None:
            st.html(f'<div class="lb-empty">{_INVITATION[facts.frame.is_small_grey]}</div>')
            write_link(settings.in_link())
            return
        try:
            said = answer(image, settings)
            true_labels = () if looked.label is None else (looked.label,)
            show_panel(said, "draw", true_labels=true_labels, tag=looked.tag)
            show_settled(said, image, settings, "draw", live=looked.pen_down)
        except LabradorError as error:
            st.info(plain(str(error)), icon=":material/error:")
    if looked.reference:
        with left:
            write_link(settings.in_link(), image=looked.reference)


def show_canvas(facts: NetworkFacts, example: str = "") -> Looked:
    """Show the canvas with what is drawn, or what was brought instead, and a way to bring it.

    All pages that show it share the ink. Call it inside a fragment.

    Args:
        facts: of the network that looks, which takes images.
        example: reference of an image to look at while there is neither.
    """
    assert facts.frame is not None
    ink = canvas_state("draw").ink
    if _UPLOAD in st.session_state and ink != st.session_state[_UPLOAD_OVER]:
        del st.session_state[_UPLOAD]  # somebody draws again
    reference = st.session_state.get(_UPLOAD)
    shown = _shown_instead(reference, facts)
    if shown is None and example and ink.is_empty:
        looked = _example(framed(example, facts), facts)
    elif facts.frame.is_small_grey:
        looked = _drawn(reference, shown, facts)
    else:
        looked = _picture(shown, reference, facts)
    with st.container(key="photo", horizontal=True, vertical_alignment="center"):
        _upload(facts)
        st.caption("Drawings stay on this server and are not kept.")
    return looked


def _shown_instead(reference: str | None, facts: NetworkFacts) -> ResolvedImage | None:
    """Return the picture that stands in for the drawing, if there is one that fits the network."""
    if not reference:
        return None
    try:
        return framed(reference, facts)
    except LabradorError:
        st.session_state.pop(_UPLOAD)
        return None


def _drawn(reference: str | None, shown: ResolvedImage | None, facts: NetworkFacts) -> Looked:
    """Show the canvas, and the picture that stands in for the drawing if there is one."""
    title = st.session_state.get(_UPLOAD_TITLE) or (shown.title if shown else "")
    is_own = shown is None or (
        shown.reference.kind in ("img", "own") and _UPLOAD_TITLE not in st.session_state
    )
    drawing = _canvas(facts, shown, "" if is_own else f"{title}, as it is.")
    if shown is not None and reference:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(title)}**", width="content")
            st.button("Back to the drawing", on_click=lambda: st.session_state.pop(_UPLOAD, None))
        return Looked(shown.image, reference, reference[:40], label=shown.label)
    rests = drawing.image is not None and not drawing.pen_down
    whole = str(reference_from_ink(drawing.ink)) if rests else None
    return Looked(drawing.image, whole, drawing.tag, drawing.pen_down)


def _example(shown: ResolvedImage, facts: NetworkFacts) -> Looked:
    """Show an empty canvas, and what is looked at until somebody draws on it."""
    drawing = _canvas(facts, shown, f"An example, until you draw: {shown.title}.")
    return Looked(shown.image, None, drawing.tag, label=shown.label)


def _canvas(facts: NetworkFacts, shown: ResolvedImage | None, shown_is: str) -> Drawing:
    return canvas(
        "draw",
        write=_write if facts.classes == DIGITS else None,
        see=lambda ink: _as_seen(ink, facts),
        instead=None if shown is None else shown.image,
        instead_is=shown_is,
        hint="Draw a digit here" if facts.classes == DIGITS else "Draw here",
    )


def _write() -> Ink:
    return write_digit(random.randrange(10), random.randrange(NUM_VARIANTS))


def _as_seen(ink: Ink, facts: NetworkFacts) -> Image:
    assert facts.frame is not None
    return in_frame(ink_image(ink), facts.frame)


def _picture(shown: ResolvedImage | None, reference: str | None, facts: NetworkFacts) -> Looked:
    """Show the picture that a network for larger or coloured images looks at."""
    if shown is None:
        return Looked()
    st.html(f'<img class="lb-large-picture" alt="" src="{picture(shown.image)}">')
    st.markdown(f"**{plain(shown.title)}**, as the network sees it: {facts.frame}.")
    return Looked(shown.image, reference, str(shown.reference)[:40], label=shown.label)
