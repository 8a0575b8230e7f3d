"""Pictures of a visitor's own: kept in their session, in the frame of a network."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import streamlit as st

from core.errors import LabradorError
from core.images import (
    Frame,
    ImageReference,
    ResolvedImage,
    normalise,
    parse_reference,
    picture_in_frame,
    read_upload,
    reference_from_image,
)
from core.limits import MAX_UPLOAD_BYTES
from core.store import array_checksum
from core.uncertainty.classes import DIGITS

from .links import plain
from .networks import NetworkFacts

_KEPT = "pictures.kept"  # by reference, for this session
_MOST_KEPT = 48
_TYPES = ["png", "jpg", "jpeg", "webp", "bmp", "gif", "tif", "tiff"]


def kept_picture(reference: str) -> ResolvedImage | None:
    """Return a picture of this session by its reference; None if there is none."""
    kept: dict[str, ResolvedImage] = st.session_state.get(_KEPT, {})
    return kept.get(reference)


def kept_pictures(frame: Frame) -> list[str]:
    """Return the references of this session's pictures in a frame, the newest first."""
    kept: dict[str, ResolvedImage] = st.session_state.get(_KEPT, {})
    return [name for name, each in reversed(kept.items()) if each.image.shape == frame.shape]


def upload_picture(key: str, facts: NetworkFacts) -> str | None:
    """Offer to upload a picture for a network that takes images.

    Args:
        key: of the field.
        facts: of the network.

    Returns:
        The reference of a picture that has just been uploaded, once; else None.
    """
    assert facts.frame is not None
    digits = facts.classes == DIGITS
    centred = digits
    if facts.frame.is_small_grey and facts.own is not None:
        centred = st.toggle(
            "Find the ink and centre it",
            value=digits,
            key=f"{key}.centred:{facts.name}",
            help="As MNIST’s digits were: cropped to the ink, 20 of 28 pixels, bright on dark."
            " Off: the whole picture, resized.",
        )
    what = "one digit" if digits else "what the network knows"
    file = st.file_uploader(
        f"A photo or picture of {what}",
        type=_TYPES,
        key=f"{key}.file",
        max_upload_size=MAX_UPLOAD_BYTES // 2**20,
    )
    if file is None:
        return None
    seen, problem = f"{key}.file_seen", f"{key}.problem"
    taken = None
    # Another network, or another way to look at it, makes another image of the same file.
    this = (file.file_id, facts.frame.shape, centred)
    if st.session_state.get(seen) != this:
        st.session_state[seen] = this
        st.session_state[problem] = ""
        try:
            taken = _read(file.getvalue(), file.name, facts.frame, centred=centred)
        except LabradorError as error:
            st.session_state[problem] = str(error)
    if st.session_state[problem]:
        # Here, where the person is looking: the popover lies over the page.
        st.info(plain(st.session_state[problem]), icon=":material/image_not_supported:")
    return taken


def _read(data: bytes, name: str, frame: Frame, *, centred: bool) -> str:
    """Return the reference of a file's picture: one that holds it itself where that is possible."""
    if centred and frame.is_small_grey:
        return str(reference_from_image(normalise(read_upload(data, name))))
    image = picture_in_frame(data, name, frame, centred=False)
    if image.shape == (28, 28, 1):
        return str(reference_from_image(image))
    return _keep(image, name)


def _keep(image: npt.NDArray[np.float32], name: str) -> str:
    reference = ImageReference("own", array_checksum(image)[:16])
    kept: dict[str, ResolvedImage] = dict(st.session_state.get(_KEPT, {}))
    kept[str(reference)] = ResolvedImage(image, None, f"Your picture {name[:40]}", reference)
    for oldest in list(kept)[:-_MOST_KEPT]:
        del kept[oldest]
    st.session_state[_KEPT] = kept
    return str(reference)


def is_own_picture(text: str) -> bool:
    """Return whether a reference is to a picture that only its own session has."""
    return parse_reference(text).kind == "own"
