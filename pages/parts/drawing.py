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
from .canvas import canvas, canvas_state, set_ink
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


@dataclass(frozen=True)
class Looked:
    """What the passes look at.

    Attributes:
        image: of the network's frame; None while there is nothing.
        reference: of the image, for a link; None while there is none to give, as while the pen is
            down.
        tag: tells this state of the drawing from all others.
        pen_down: whether more is to come at once.
        label: the digit that it shows, where that is known.
    """

    image: Image | None
    reference: str | None
    tag: str
    pen_down: bool
    label: int | None


@st.fragment
def show_draw(settings: Settings, facts: NetworkFacts) -> None:
    """Show what is drawn or brought, and the passes' answer beside it.

    Args:
        settings: with which it is asked.
        facts: of the network, which takes images.
    """
    with st.container(key="draw-live"):
        left, right = st.columns([364, 716])
    with left:
        looked = show_image(facts)
    with right:
        if looked.image is None:
            show_invitation(facts)
            write_link(settings.in_link())
            return
        try:
            said = answer(looked.image, settings)
            labels = () if looked.label is None else (looked.label,)
            show_panel(said, "draw", true_labels=labels, tag=looked.tag, under=_look_inside)
            show_settled(said, looked.image, settings, "draw", live=looked.pen_down)
        except LabradorError as error:
            st.info(plain(str(error)), icon=":material/error:")
    if looked.reference:
        with left:
            write_link(settings.in_link(), image=looked.reference)


def show_image(facts: NetworkFacts, example: str = "") -> Looked:
    """Show the canvas, or a picture in its place, and return what is to be looked at.

    What is drawn on one page is on all of them. Call it inside a fragment, once a run.

    Args:
        facts: of the network, which takes images.
        example: reference of an image that is looked at while nothing is drawn or brought.
    """
    assert facts.frame is not None
    if _UPLOAD in st.session_state and canvas_state("draw").ink != st.session_state[_UPLOAD_OVER]:
        del st.session_state[_UPLOAD]  # somebody draws again
    reference = st.session_state.get(_UPLOAD)
    shown = _shown_instead(reference, facts)
    is_example = bool(example) and shown is None and canvas_state("draw").ink.is_empty
    if is_example:
        reference, shown = example, framed(example, facts)
    if facts.frame.is_small_grey:
        reference, image, tag, pen_down = _drawn(reference, shown, facts, is_example=is_example)
    else:
        reference = reference if shown else None
        image, tag, pen_down = _picture(shown, facts)
    with st.container(key="photo", horizontal=True, vertical_alignment="center"):
        _upload(facts)
        st.caption("Drawings stay on this server and are not kept.")
    return Looked(image, reference, tag, pen_down, shown.label if shown else None)


def _look_inside() -> None:
    with st.container(key="draw-inside"):
        st.page_link("pages/inside.py", label="Look inside these passes", icon=":material/biotech:")


def show_invitation(facts: NetworkFacts) -> None:
    """Say that there is nothing to look at yet, and how to change that."""
    assert facts.frame is not None
    st.html(f'<div class="lb-empty">{_INVITATION[facts.frame.is_small_grey]}</div>')


def _shown_instead(reference: str | None, facts: NetworkFacts) -> ResolvedImage | None:
    """Return the picture that stands in for the drawing, if there is one that fits the network."""
    if not reference:
        return None
    try:
        return framed(reference, facts)
    except LabradorError:
        st.session_state.pop(_UPLOAD)
        return None


def _drawn(
    reference: str | None, shown: ResolvedImage | None, facts: NetworkFacts, *, is_example: bool
) -> tuple[str | None, Image | None, str, bool]:
    """Show the canvas; return the reference of what it shows, the image, its tag, and pen down."""
    title = st.session_state.get(_UPLOAD_TITLE) or (shown.title if shown else "")
    is_own = shown is None or (
        shown.reference.kind in ("img", "own") and _UPLOAD_TITLE not in st.session_state
    )
    instead_is = "" if is_own else f"{title}, as it is."
    drawing = canvas(
        "draw",
        write=_write if facts.classes == DIGITS else None,
        see=lambda ink: _as_seen(ink, facts),
        instead=None if shown is None else shown.image,
        instead_is=f"{title}: an example, until you draw something." if is_example else instead_is,
        hint="Draw a digit here" if facts.classes == DIGITS else "Draw here",
    )
    if is_example and shown is not None:
        return reference, shown.image, f"{drawing.tag}:{reference}", False
    if shown is not None and reference:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(title)}**", width="content")
            st.button("Back to the drawing", on_click=lambda: st.session_state.pop(_UPLOAD, None))
        return reference, shown.image, reference[:40], drawing.pen_down
    if drawing.image is not None and not drawing.pen_down:
        return str(reference_from_ink(drawing.ink)), drawing.image, drawing.tag, False
    return None, drawing.image, drawing.tag, drawing.pen_down


def _write() -> Ink:
    return write_digit(random.randrange(10), random.randrange(NUM_VARIANTS))


def _as_seen(ink: Ink, facts: NetworkFacts) -> Image:
    assert facts.frame is not None
    return in_frame(ink_image(ink), facts.frame)


def _picture(shown: ResolvedImage | None, facts: NetworkFacts) -> tuple[Image | None, str, bool]:
    """Show the picture that a network for larger or coloured images looks at."""
    if shown is None:
        return None, "", False
    st.html(f'<img class="lb-large-picture" alt="" src="{picture(shown.image)}">')
    st.markdown(f"**{plain(shown.title)}**, as the network sees it: {facts.frame}.")
    return shown.image, str(shown.reference)[:40], False
