"""Draw: a thousand versions of the network look at a digit while it is drawn."""

from __future__ import annotations

import random

import streamlit as st

from core.errors import LabradorError
from core.images import (
    NUM_VARIANTS,
    decode_ink,
    normalise,
    parse_reference,
    read_upload,
    reference_from_image,
    reference_from_ink,
    write_digit,
)
from core.limits import MAX_UPLOAD_BYTES
from pages.parts.answers import answer
from pages.parts.canvas import canvas, canvas_state, set_ink
from pages.parts.gallery import resolved
from pages.parts.head import show_head
from pages.parts.links import open_link, plain, rerun, write_link
from pages.parts.panel import show_panel
from pages.parts.settings import Settings, settings_of_link, show_settings
from pages.parts.settled import show_settled

_UPLOAD = "draw.upload"  # reference of the picture that stands in for the drawing
_UPLOAD_TITLE = "draw.upload_title"  # what it is, if it came from another page
_UPLOAD_OVER = "draw.upload_over"  # the ink that was on the canvas when it came


def _open_image(text: str) -> None:
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


def _upload() -> None:
    """Offer to look at a photo instead of a drawing."""
    with st.popover("Use a photo", icon=":material/add_a_photo:"):
        file = st.file_uploader(
            "A photo or picture of one digit",
            type=["png", "jpg", "jpeg", "webp", "bmp", "gif", "tif", "tiff"],
            key="draw.file",
            max_upload_size=MAX_UPLOAD_BYTES // 2**20,
        )
        if file is None:
            return
        if st.session_state.get("draw.file_seen") != file.file_id:
            st.session_state["draw.file_seen"] = file.file_id
            st.session_state["draw.problem"] = ""
            try:
                image = normalise(read_upload(file.getvalue(), file.name))
            except LabradorError as error:
                st.session_state["draw.problem"] = str(error)
            else:
                _show_instead(str(reference_from_image(image)))
                rerun()  # the canvas and the panel were shown before the file came
        if problem := st.session_state["draw.problem"]:
            # Here, where the person is looking: the popover lies over the page.
            st.info(problem, icon=":material/image_not_supported:")


@st.fragment
def _live(settings: Settings) -> None:
    with st.container(key="draw-live"):
        left, right = st.columns([364, 716])
    with left:
        if (
            _UPLOAD in st.session_state
            and canvas_state("draw").ink != st.session_state[_UPLOAD_OVER]
        ):
            del st.session_state[_UPLOAD]  # somebody draws again
        reference = st.session_state.get(_UPLOAD)
        shown = resolved(reference) if reference else None
        title = st.session_state.get(_UPLOAD_TITLE) or (shown.title if shown else "")
        is_own = shown is None or (shown.label is None and _UPLOAD_TITLE not in st.session_state)
        drawing = canvas(
            "draw",
            write=lambda: write_digit(random.randrange(10), random.randrange(NUM_VARIANTS)),
            instead=None if shown is None else shown.image,
            instead_is="" if is_own else f"{title}, as it is.",
        )
        image, tag, label = drawing.image, drawing.tag, None
        if reference and shown is not None:
            image, tag, label = shown.image, reference[:40], shown.label
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"**{plain(title)}**", width="content")
                st.button(
                    "Back to the drawing", on_click=lambda: st.session_state.pop(_UPLOAD, None)
                )
        elif image is not None and not drawing.pen_down:
            reference = str(reference_from_ink(drawing.ink))
        with st.container(key="photo", horizontal=True, vertical_alignment="center"):
            _upload()
            st.caption("Drawings stay on this server and are not kept.")
    with right:
        if image is None:
            st.html(
                '<div class="lb-empty"><b>Nothing drawn yet.</b>'
                "<span>Draw a digit, and its passes will show here while you do.</span></div>"
            )
            write_link(settings.in_link())
            return
        try:
            said = answer(image, settings)
            show_panel(said, "draw", true_labels=() if label is None else (label,), tag=tag)
            show_settled(said, image, settings, "draw", live=drawing.pen_down)
        except LabradorError as error:
            st.info(str(error), icon=":material/error:")
    if reference:
        with left:
            write_link(settings.in_link(), image=reference)


def main() -> None:
    """Show the page."""
    show_head(
        "Draw",
        "Draw a digit. A committee of random versions of the network looks at it while you do.",
    )
    open_link({"image": _open_image, **settings_of_link()})
    settings = show_settings()
    _live(settings)


main()
