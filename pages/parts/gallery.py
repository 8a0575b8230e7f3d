"""Picking an image: from the test digits or the built-in handwriting, or what was drawn."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import streamlit as st

from core.errors import InvalidInputError, LabradorError
from core.figures import data_uri
from core.images import (
    MNIST_FRAME,
    NUM_VARIANTS,
    Frame,
    MnistTest,
    ResolvedImage,
    download_mnist,
    in_frame,
    load_mnist_test,
    parse_reference,
    reference_from_ink,
    resolve,
)
from core.uncertainty.classes import DIGITS

from .canvas import canvas_state
from .component import component
from .networks import NetworkFacts
from .pictures import is_own_picture, kept_picture, kept_pictures, upload_picture

SHOWN = 24  # thumbnails at a time


@st.cache_resource(show_spinner=False)
def test_digits() -> MnistTest | None:
    """Return MNIST's test set, once for all visitors; None where it is not on this machine."""
    return load_mnist_test()


def resolved(text: str) -> ResolvedImage:
    """Return the image that a reference names.

    Raises:
        LabradorError: a damaged reference, MNIST is not there, or another session's picture.
    """
    return kept_picture(text) or _resolved(text)


@st.cache_data(max_entries=2048, show_spinner=False)
def _resolved(text: str) -> ResolvedImage:
    return resolve(parse_reference(text), test_digits())


def framed(text: str, facts: NetworkFacts) -> ResolvedImage:
    """Return the image that a reference names as a network sees it.

    The digit that it shows is a label only to a network that tells digits apart.

    Raises:
        LabradorError: as `resolved`, or the network takes no images.
    """
    if facts.frame is None:
        raise InvalidInputError(
            "network",
            expected="one that takes images",
            received=f"{facts.title}, which takes rows of numbers",
            advice="Batch and Thresholds work with rows.",
        )
    image = resolved(text)
    label = image.label if facts.classes == DIGITS else None
    return replace(image, image=in_frame(image.image, facts.frame), label=label)


def disputed_image() -> str:
    """Return the reference of an image that passes disagree about, to look at their reasons.

    What none doubts has little inside to look at, and looks the same to every network.
    """
    return "mnist:18" if test_digits() else "hand:7-11"


def default_image(digit: int) -> str:
    """Return the reference of the post's image of a digit, 4 or 1, or of a built-in one."""
    return {4: "mnist:4", 1: "mnist:5"}[digit] if test_digits() else f"hand:{digit}-0"


def pick_image(key: str, label: str, default: str, facts: NetworkFacts) -> ResolvedImage:
    """Show which image is picked, with a gallery to pick another.

    Args:
        key: session key that keeps the reference.
        label: what the image is for; no "Digit" to a network that tells other things apart.
        default: reference to start with.
        facts: of the network that will see it.

    Raises:
        LabradorError: the network takes no images.
    """
    if facts.own is not None and facts.frame is not None:
        # What a network of one's own knows is rather in a picture that one brought.
        default = next(iter(kept_pictures(facts.frame)), default)
    image = framed(_kept_reference(key, default), facts)
    if facts.classes != DIGITS:
        label = label.replace("Digit", "Image")
    with st.container(key=f"{key}-pick", horizontal=True, vertical_alignment="center", gap="small"):
        st.html(f'<img class="lb-chosen" alt="" src="{picture(image.image)}">', width="content")
        with st.popover(f"{label}: {image.title}"):
            _show_gallery(key, facts)
    return image


def drawn_reference() -> str | None:
    """Return the reference of what was drawn or uploaded on the Draw page, None if nothing was."""
    if upload := st.session_state.get("draw.upload"):
        return str(upload)
    ink = canvas_state("draw").ink
    return None if ink.is_empty else str(reference_from_ink(ink))


def picture(image: np.ndarray[Any, Any]) -> str:
    """Return an image of shape (H, W, channels) as a data URI that an <img> shows."""
    return data_uri(image)


def _kept_reference(key: str, default: str) -> str:
    """Return the reference that is picked; the default where its picture is no longer kept."""
    reference = str(st.session_state.setdefault(key, default))
    if is_own_picture(reference) and kept_picture(reference) is None:
        reference = st.session_state[key] = default
    return reference


def _show_gallery(key: str, facts: NetworkFacts) -> None:
    if facts.own is not None:
        _show_own_pictures(key, facts)
    digit = st.segmented_control(
        "Digit", ["Any", *map(str, range(10))], default="Any", required=True, key=f"{key}.digit"
    )
    turn = st.session_state.setdefault(f"{key}.turn", 0)
    references = _selection(digit, turn)
    picked = _thumbnails(f"{key}.gallery", references)
    if picked in references:
        _take(key, picked)
    with st.container(horizontal=True):
        if st.button("Show others", key=f"{key}.others", icon=":material/shuffle:"):
            st.session_state[f"{key}.turn"] = turn + 1
            st.rerun()
        may_draw = facts.frame is not None and facts.frame.is_small_grey
        if (
            may_draw
            and (drawn := drawn_reference())
            and st.button("Take my drawing", key=f"{key}.drawn", icon=":material/draw:")
        ):
            _take(key, drawn)
    if test_digits() is None:
        _offer_download(key)


def _show_own_pictures(key: str, facts: NetworkFacts) -> None:
    """Offer pictures of the visitor's own, which is what their own network knows."""
    assert facts.frame is not None
    if (taken := upload_picture(f"{key}.picture", facts)) is not None:
        _take(key, taken)
    if own := kept_pictures(facts.frame):
        picked = _thumbnails(f"{key}.own", own, facts.frame)
        if picked in own:
            _take(key, picked)
    st.caption("Or one of these, resized for your network:")


def _take(key: str, reference: str) -> None:
    if st.session_state.get(key) != reference:
        st.session_state[key] = reference
        st.rerun()


def _selection(digit: str | None, turn: int) -> list[str]:
    """Return references of a page of images: another `turn`, other images."""
    mnist = test_digits()
    rng = np.random.default_rng([turn, 10 if digit in (None, "Any") else int(str(digit))])
    if mnist is not None:
        fits = np.arange(len(mnist))
        if digit not in (None, "Any"):
            fits = np.flatnonzero(mnist.y == int(str(digit)))
        # The first page is the set's own beginning, the post's images among it.
        chosen = fits[:SHOWN] if turn == 0 else rng.choice(fits, SHOWN, replace=False)
        return [f"mnist:{index}" for index in chosen]
    digits = [k % 10 if digit in (None, "Any") else int(str(digit)) for k in range(SHOWN)]
    variants = rng.choice(NUM_VARIANTS, SHOWN, replace=False)
    return [f"hand:{d}-{variant}" for d, variant in zip(digits, variants, strict=True)]


def _offer_download(key: str) -> None:
    st.caption("These are built-in writings: MNIST’s test digits are not on this machine.")
    if not st.button("Download MNIST (11 MB)", key=f"{key}.download", icon=":material/download:"):
        return
    bar = st.progress(0.0, "Downloading MNIST")
    try:
        download_mnist(lambda done, total: _advance(bar, done, total))
    except (LabradorError, OSError) as error:
        bar.empty()
        st.info(str(error), icon=":material/cloud_off:")
        return
    test_digits.clear()
    st.rerun()


def _advance(bar: st.delta_generator.DeltaGenerator, done: int, total: int) -> None:
    bar.progress(min(done / max(total, 1), 1.0), "Downloading MNIST")


def _thumbnails(key: str, references: Sequence[str], frame: Frame = MNIST_FRAME) -> str | None:
    images = [resolved(reference) for reference in references]
    pixels = np.stack([image.image for image in images])
    result = component("gallery")(
        key=key,
        data={
            "names": list(references),
            "titles": [image.title for image in images],
            "frame": frame.shape,
            "pixels": base64.b64encode(np.rint(pixels * 255).astype(np.uint8).tobytes()).decode(),
        },
        on_picked_change=lambda: None,
    )
    picked: str | None = result.picked
    return picked


def image_of_link(key: str) -> Callable[[str], None]:
    """Return what takes an image reference of a link over into a session key."""

    def take(text: str) -> None:
        st.session_state[key] = str(resolved(text).reference)

    return take
