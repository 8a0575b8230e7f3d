"""Two limits at once: answers by the two parts of their entropy; a click shows the image."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import streamlit as st

from core.errors import LabradorError
from core.experiments.reference_data import load_reference_data
from core.experiments.set_scores import SetScores
from core.figures import themed
from core.figures.uncertainty_map import MapGroup, uncertainty_map_figure
from core.images import reference_from_image
from core.uncertainty.policy import Policy

from .canvas import canvas_state
from .gallery import picture, resolved

_MOST = 400  # points of a group; more hide each other
_PICKED = "thresholds.picked"


def show_uncertainty_map(policy: Policy, known: SetScores, strangers: SetScores | None) -> None:
    """Show the map, and the image of the point that was clicked."""
    groups = [
        _group("right", "accepted_fill", "circle", known, known.right),
        _group("wrong", "wrong_fill", "x", known, ~known.right),
    ]
    if strangers is not None:
        everyone = np.ones(strangers.num_images, dtype=bool)
        groups.insert(0, _group("stranger", "stranger", "diamond", strangers, everyone))
    figure = uncertainty_map_figure(groups, policy.limits)
    event = st.plotly_chart(
        themed(figure, dark=st.context.theme.type == "dark"),
        key="thresholds.map",
        on_select="rerun",
        selection_mode="points",
        theme=None,
        config={"displayModeBar": False},
    )
    points: list[Any] = event.selection.points
    if not points or not isinstance(points[0].get("customdata"), str):
        st.caption(f"Click a point to see its image. At most {_MOST} of each group are shown.")
        return
    name, _, index = points[0]["customdata"].partition("@")
    try:
        _show_image(known if name == known.name else strangers, int(index))
    except LabradorError as error:
        st.info(str(error), icon=":material/error:")


def _group(
    name: str, token: str, symbol: str, scores: SetScores, which: npt.NDArray[np.bool_]
) -> MapGroup:
    indices = np.flatnonzero(which)
    if len(indices) > _MOST:
        indices = np.sort(np.random.default_rng(0).choice(indices, _MOST, replace=False))
    return MapGroup(
        name,
        token,
        symbol,
        scores.measures["expected_entropy"][indices].astype(np.float64),
        scores.measures["mutual_information"][indices].astype(np.float64),
        [f"{scores.name}@{index}" for index in indices],
    )


@st.cache_data(max_entries=256, show_spinner="Looking the image up …")
def _reference_of(name: str, index: int, position: int) -> str:
    """Return the reference of an image of a set, where the set is on this machine."""
    if name == "test":
        return f"mnist:{position}"
    data = load_reference_data(name)
    image = np.asarray(data.images[index], dtype=np.float32)
    if data.images.dtype == np.uint8:
        image /= np.float32(255.0)
    return str(reference_from_image(image.reshape(28, 28, 1)))


def _show_image(scores: SetScores | None, index: int) -> None:
    if scores is None:
        return
    reference = _reference_of(scores.name, index, int(scores.positions[index]))
    image = resolved(reference)
    label = int(scores.labels[index])
    truth = "no digit" if label < 0 else f"a {label}"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(f'<img class="lb-picture" alt="" src="{picture(image.image)}">', width="content")
        st.markdown(f"It is {truth}. The committee says {int(scores.predicted[index])}.")
        if st.button("Open on Draw", icon=":material/draw:"):
            st.session_state["draw.upload"] = reference
            st.session_state["draw.upload_over"] = canvas_state("draw").ink
            st.switch_page("pages/draw.py")
        if st.button("Turn it", icon=":material/rotate_left:"):
            st.session_state["rotate.image"] = reference
            st.switch_page("pages/rotate.py")
