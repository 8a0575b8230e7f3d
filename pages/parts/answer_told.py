"""One answer among many scored ones: what it says of which image, and what becomes of it."""

from __future__ import annotations

import html

import numpy as np
import streamlit as st

from core.experiments.reference_data import NO_LABEL
from core.experiments.reference_scores import ReferenceScores
from core.experiments.set_scores import SetScores
from core.figures.pictures import picture_uri
from core.figures.uncertainty_map import PARTS
from core.images import reference_from_image
from core.images.frame import MNIST_FRAME
from core.uncertainty.measures import MEASURES
from core.uncertainty.policy import Policy

from .canvas import canvas_state
from .links import plain
from .own_scores import Pictures
from .policies import limit_text
from .set_names import one_of


def show_own_answer(
    whole: ReferenceScores,
    scores: SetScores,
    index: int,
    policy: Policy,
    pictures: Pictures | None,
) -> None:
    """Show an answer of somebody's own network, with its picture where that is kept.

    Args:
        whole: the scores of the network.
        scores: the set that the answer is in.
        index: of the answer there.
        policy: that accepts it or not.
        pictures: of the set; None where there are none.
    """
    place = int(scores.positions[index])
    name, pixels = ("", None) if pictures is None else pictures.find(place)
    if pixels is not None:
        # Of any shape: the class alone would stretch it into a square.
        st.html(
            '<img class="lb-picture" style="width: auto; max-width: 100%"'
            f' alt="{html.escape(name)}" src="{picture_uri(pixels)}">'
        )
    elif pictures is not None and pictures.pixels is not None:
        st.caption("There is no room for the pictures of all images, and this one is not kept.")
    if whole.item == "row":  # "row 7" of a table, at the beginning of a sentence
        name = f"{name[:1].upper()}{name[1:]}"
    title = plain(name) if name else f"{one_of(scores.name)} {place + 1}"
    st.markdown(f"**{title}.** {answer_told(whole, scores, index, policy)}")
    if pixels is not None and pixels.shape == MNIST_FRAME.shape:
        unit = pixels.astype(np.float32) / np.float32(255.0)
        # Not by its file's name: what shows a title elsewhere reads Markdown in it.
        look_elsewhere(str(reference_from_image(unit)), f"{one_of(scores.name)} {place + 1}")


def answer_told(whole: ReferenceScores, scores: SetScores, index: int, policy: Policy) -> str:
    """Say what becomes of an answer, what it is, and the measures that decide."""
    values = {name: float(column[index]) for name, column in scores.measures.items()}
    label, said = int(scores.labels[index]), int(scores.predicted[index])
    classes = whole.classes
    if label == NO_LABEL:
        truth = "no digit" if classes.noun == "digit" else "none of its classes"
    else:
        truth = plain(classes.one(label))
    answer = classes.names[said] if classes.noun == "digit" else classes.one(said)
    verdict = "Accepted" if policy.decide_values(values).all() else "“I don’t know”"
    names = [*dict.fromkeys((*PARTS[:2], *policy.limits))]
    measured = ", ".join(
        f"{MEASURES[name].label.lower()} {limit_text(name, values[name])}" for name in names
    )
    return f"It is {truth}. The committee says {plain(answer)}. {verdict}: {measured}."


def look_elsewhere(reference: str, title: str) -> None:
    """Offer to look at an image on other pages.

    Args:
        reference: of the image.
        title: what to call it there; "" where its reference says that.
    """
    with st.container(horizontal=True):
        if st.button("Open on Draw", icon=":material/draw:"):
            st.session_state["draw.upload"] = reference
            st.session_state["draw.upload_title"] = title
            st.session_state["draw.upload_over"] = canvas_state("draw").ink
            st.switch_page("pages/draw.py")
        if st.button("Turn it", icon=":material/rotate_left:"):
            st.session_state["rotate.image"] = reference
            st.switch_page("pages/rotate.py")
