"""Files for a batch: dropped, prepared for the network, or a hundred digits to try."""

from __future__ import annotations

import math
from dataclasses import dataclass

import streamlit as st

from core.errors import InvalidInputError
from core.figures import numbers
from core.images import BatchFile, Preparation
from core.images.batch_examples import NUM_EXAMPLES, example_zip
from core.uncertainty.classes import DIGITS

from .gallery import test_digits
from .networks import NetworkFacts, facts_of
from .settings import Settings

_PICTURES = ("png", "jpg", "jpeg", "webp", "bmp", "gif", "tif", "tiff")
_MOST_MEGABYTES = 100  # of one file
_CENTRED, _WHOLE = "Ink centred", "As a whole"


@dataclass(frozen=True)
class Asked:
    """What somebody wants to have answered.

    Attributes:
        files: that they brought; None for the example.
        preparation: for the network of the settings.
    """

    files: tuple[BatchFile, ...] | None
    preparation: Preparation


def show_files(settings: Settings, *, is_busy: bool) -> Asked | None:
    """Show where files go in; return what is asked for now, None if nothing is.

    Args:
        settings: whose network is asked.
        is_busy: whether a batch runs, so that another one has to wait.

    Raises:
        LabradorError: the network is not there, or takes no images and no rows of a known length.
    """
    facts = facts_of(settings.network)
    with st.container(key="batch-files"):
        files = st.file_uploader(
            "Pictures, ZIPs of them, or pixels as .npz or .csv",
            type=[*_PICTURES, "zip", "npz", "csv"],
            accept_multiple_files=True,
            key="batch.files",
            max_upload_size=_MOST_MEGABYTES,
        )
        with st.container(key="batch-run", horizontal=True, vertical_alignment="bottom"):
            centred = _show_centring(facts)
            preparation = preparation_of(facts, centred=centred)
            run = st.button(
                "Run",
                type="primary",
                icon=":material/play_arrow:",
                disabled=not files or is_busy,
                key="batch.run",
            )
            knows_digits = facts.classes == DIGITS
            example = knows_digits and st.button(
                f"Try it with {NUM_EXAMPLES} {'test' if test_digits() else 'built-in'} digits",
                disabled=is_busy,
                key="batch.example",
            )
            if knows_digits:
                st.download_button(
                    "A ZIP to try",
                    _example_zip,
                    "labrador-digits.zip",
                    "application/zip",
                    key="batch.sample",
                    type="tertiary",
                    icon=":material/download:",
                    on_click="ignore",
                    help="30 digits in folders by what they are, and one broken picture.",
                )
            with st.popover("What can be in it", type="tertiary", icon=":material/help:"):
                _explain(preparation)
        st.caption("Files stay in this session, and are not kept.")
    if run and files:
        brought = tuple(BatchFile(file.name, file.getvalue()) for file in files)
        return Asked(brought, preparation)
    return Asked(None, preparation) if example else None


def preparation_of(facts: NetworkFacts, *, centred: bool) -> Preparation:
    """Return how images are prepared for a network.

    Raises:
        InvalidInputError: it takes rows whose length is not known.
    """
    num_inputs = 0
    if facts.frame is None:
        sides = () if facts.own is None else facts.own.model.input_shape[1:]
        if not sides or None in sides:
            raise InvalidInputError(
                "network",
                expected="one that takes images, or rows of a known length",
                received=sides,
            )
        num_inputs = math.prod(sides)
    return Preparation(facts.frame, num_inputs, centred, facts.classes)


def _show_centring(facts: NetworkFacts) -> bool:
    """Show how pictures come into the frame, where there is a choice; return whether centred."""
    if facts.frame is None or not facts.frame.is_small_grey:
        return False
    # One choice for the shipped networks and one for each own: they were trained in other ways.
    way = st.segmented_control(
        "Pictures",
        [_CENTRED, _WHOLE],
        default=_CENTRED if facts.own is None else _WHOLE,
        required=True,
        key=f"batch.way.{facts.name}",
        help="Centred: the ink is found, scaled and centred as MNIST’s digits were. As a whole: the"
        " picture is resized to what the network takes. Pixels in tables stay as they are.",
    )
    return way == _CENTRED


def _example_zip() -> bytes:
    return example_zip(test_digits())


def _explain(preparation: Preparation) -> None:
    pixels = numbers.count(math.prod(preparation.shape))
    st.html(
        '<div class="lb-plan"><ul>'
        "<li><b>Pictures</b>: any number of them, or a ZIP. Labels are the names of their folders,"
        " or a <code>labels.csv</code> of names and labels among them.</li>"
        f"<li><b>.csv</b>: {pixels} columns of numbers, a row each, with a header or without; a"
        " column of labels first, last, or called <code>label</code>.</li>"
        "<li><b>.npz</b>: an array <code>x</code> or <code>images</code>, and labels"
        " <code>y</code>.</li></ul><p>What cannot be read is a row that says why.</p></div>"
    )
