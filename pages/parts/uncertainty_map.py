"""Two limits at once: answers by the two parts of their entropy, and the images behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import streamlit as st

from core.errors import LabradorError
from core.experiments.reference_data import load_reference_data
from core.experiments.reference_scores import ReferenceScores
from core.experiments.set_scores import SetScores
from core.figures import numbers, themed
from core.figures.uncertainty_map import PARTS, MapGroup, uncertainty_map_figure
from core.images import reference_from_image
from core.uncertainty.measures import MEASURES
from core.uncertainty.policy import Policy

from .answer_told import answer_told, look_elsewhere, show_own_answer
from .gallery import picture, resolved
from .own_scores import Pictures
from .set_names import one_of, short_title

_MOST = 400  # points of a group; more hide each other
_PICKED, _PLOT, _LIST = "thresholds.picked", "thresholds.map", "thresholds.list"
_PICKED_OF = "thresholds.picked_of"  # which scores the answer is in that is looked at


def show_uncertainty_map(
    policy: Policy,
    whole: ReferenceScores,
    known_name: str,
    strange_name: str,
    pictures: Mapping[str, Pictures] | None = None,
) -> None:
    """Show the map, and the image of the answer that is looked at.

    Args:
        policy: whose limits are drawn.
        whole: the scores of the network.
        known_name: of the set that is meant to be answered.
        strange_name: of the one that is meant to be refused, if there is such a set.
        pictures: of somebody's own images, by set.
    """
    known, strangers = whole.sets[known_name], whole.sets.get(strange_name)
    if st.session_state.get(_PICKED_OF) != whole.checksum:  # of another network, or other images
        st.session_state.pop(_PICKED, None)
        st.session_state[_PICKED_OF] = whole.checksum
    sets = {each.name: each for each in (known, strangers) if each is not None}
    name, _, index = str(st.session_state.get(_PICKED, "")).partition("@")
    scores = sets.get(name)
    marked = None if scores is None else _parts_of(scores, int(index))
    accepted = policy.decide_values(known.measures)
    groups = [
        _group("right", "accepted_fill", "circle", known, known.right, accepted),
        _group("wrong", "wrong_fill", "x", known, ~known.right, accepted),
    ]
    lists = {
        "False accepts": _keys(known, accepted & ~known.right),
        "Right answers refused": _keys(known, ~accepted & known.right),
    }
    if strangers is not None:
        let_in = policy.decide_values(strangers.measures)
        everyone = np.ones(strangers.num_images, dtype=bool)
        title = short_title(strangers.name)
        groups.insert(0, _group(title, "stranger", "diamond", strangers, everyone, let_in))
        lists[f"{title} let in"] = _keys(strangers, let_in)
    figure = uncertainty_map_figure(
        groups, policy.limits, num_classes=whole.num_classes, marked=marked
    )
    left, right = st.columns([690, 380])
    with left:
        st.plotly_chart(
            themed(figure, dark=st.context.theme.type == "dark"),
            key=_PLOT,
            on_select=_pick_point,
            selection_mode="points",
            theme=None,
            config={"displayModeBar": False},
        )
        st.caption(_legend(policy, whole, pictures))
    with right:
        _show_lists(lists)
        if scores is not None:
            try:
                if whole.is_own:
                    found = None if pictures is None else pictures.get(name)
                    show_own_answer(whole, scores, int(index), policy, found)
                else:
                    _show_image(whole, scores, int(index), policy)
            except LabradorError as error:
                st.info(str(error), icon=":material/error:")


def _legend(policy: Policy, scores: ReferenceScores, pictures: object) -> str:
    text = f"Solid: accepted. Hollow: “I don’t know”. At most {_MOST} of each group are shown."
    text += f" Click a point to see its {'row' if scores.item == 'row' else 'image'}, or look"
    text += " through a list."
    if scores.is_own and not pictures and scores.item != "row":
        text += " These scores were brought as a file, which holds no pictures."
    others = [MEASURES[name].label.lower() for name in policy.limits if name not in PARTS]
    if others:
        limits = "limit" if len(others) == 1 else "limits"
        text += (
            f" The {limits} on {' and '.join(others)} cannot be drawn between these two axes; the"
            " points know of it."
        )
    return text


def _pick_point() -> None:
    points: list[Any] = st.session_state[_PLOT].selection.points
    if points and isinstance(points[0].get("customdata"), str):
        st.session_state[_PICKED] = points[0]["customdata"]


def _show_lists(lists: dict[str, list[str]]) -> None:
    """Offer to look through the answers of a kind, one after the other."""
    kept = st.session_state.get(_LIST)
    st.session_state[_LIST] = kept if kept in lists else next(iter(lists))
    chosen = st.selectbox(
        "Look through",
        list(lists),
        format_func=lambda name: f"{name} ({numbers.count(len(lists[name]))})",
        key=_LIST,
        help="The least uncertain first.",
    )
    keys = lists[chosen]
    at = keys.index(picked) if (picked := st.session_state.get(_PICKED)) in keys else -1
    with st.container(horizontal=True, vertical_alignment="center"):
        for label, icon, step in (("Previous", "chevron_left", -1), ("Next", "chevron_right", 1)):
            st.button(
                label,
                icon=f":material/{icon}:",
                disabled=not keys,
                on_click=_walk,
                args=(keys, step),
            )
        if at >= 0:
            st.caption(f"{numbers.count(at + 1)} of {numbers.count(len(keys))}", width="content")


def _walk(keys: Sequence[str], step: int) -> None:
    # From where the list stands at the click: quick clicks come before the page has followed.
    picked = st.session_state.get(_PICKED)
    at = (keys.index(picked) + step) % len(keys) if picked in keys else 0
    st.session_state[_PICKED] = keys[at]


def _keys(scores: SetScores, which: npt.NDArray[np.bool_]) -> list[str]:
    """Return what names the answers of a kind, the least uncertain first."""
    indices = np.flatnonzero(which)
    order = np.argsort(scores.measures["predictive_entropy"][indices], kind="stable")
    return [f"{scores.name}@{index}" for index in indices[order].tolist()]


def _parts_of(scores: SetScores, index: int) -> tuple[float, float] | None:
    if index >= scores.num_images:  # of another network's scores
        return None
    expected, mutual = (float(scores.measures[name][index]) for name in PARTS[:2])
    return expected, mutual


def _group(
    name: str,
    token: str,
    symbol: str,
    scores: SetScores,
    which: npt.NDArray[np.bool_],
    accepted: npt.NDArray[np.bool_],
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
        accepted[indices],
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


def _show_image(whole: ReferenceScores, scores: SetScores, index: int, policy: Policy) -> None:
    reference = _reference_of(scores.name, index, int(scores.positions[index]))
    image = resolved(reference)
    title = f"{one_of(scores.name)} {scores.positions[index]}"
    st.html(f'<img class="lb-picture" alt="" src="{picture(image.image)}">')
    st.markdown(f"**{title}.** {answer_told(whole, scores, index, policy)}")
    look_elsewhere(reference, "" if image.label is not None else title)
