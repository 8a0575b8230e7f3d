"""The table of a batch: an image a row, the most uncertain first."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import streamlit as st

from core.experiments.batch_decisions import ACCEPTED, DONT_KNOW, NOT_READ, BatchDecisions
from core.experiments.batch_table import batch_columns
from core.figures import numbers
from core.figures.palette import PALETTE
from core.images import reference_from_image
from core.uncertainty.measures import MEASURES

from .batch_kept import KeptBatch
from .canvas import canvas_state

_MOST_ROWS = 2_000  # that a browser gets at a time
_HEIGHT = 520
_FEW = 12  # rows that need no room of their own to scroll in
_ROW = 40
_LONGEST_TITLE = 40


def show_rows(
    kept: KeptBatch, decisions: BatchDecisions, places: npt.NDArray[np.int64], measure: str
) -> None:
    """Show the table, and below it what can be done with a row that is chosen."""
    shown = places[:_MOST_ROWS]
    if len(shown) < len(places):
        st.caption(
            f"The first {numbers.count(len(shown))} of {numbers.count(len(places))} rows. All of"
            " them are in what you take home."
        )
    columns = _columns(kept, decisions, shown, measure)
    event: Any = st.dataframe(
        columns,
        hide_index=True,
        row_height=_ROW,
        height=_HEIGHT if len(shown) > _FEW else "content",
        placeholder="",
        column_config=_config(columns),
        on_select="rerun",
        selection_mode="single-row",
        key=f"batch.rows.{hash(shown.tobytes())}",
    )
    chosen = event.selection.rows
    if chosen and chosen[0] < len(shown):
        _show_chosen(kept, decisions, int(shown[chosen[0]]))


def _columns(
    kept: KeptBatch, decisions: BatchDecisions, places: npt.NDArray[np.int64], measure: str
) -> dict[str, list[Any]]:
    table = batch_columns(kept.result, decisions, places)
    columns: dict[str, list[Any]] = {}
    if kept.result.thumbnails is not None:
        columns[""] = [kept.picture(place) or None for place in places.tolist()]
    columns["Name"] = table["image"]
    columns["Answer"] = table["prediction"]
    if any(label is not None for label in table["label"]):
        columns["Label"] = table["label"]
        columns["Right"] = [{True: "✓", False: "✗", None: None}[each] for each in table["right"]]
    columns["Verdict"] = [[decisions.verdicts[place]] for place in places.tolist()]
    columns[MEASURES[measure].label] = table[measure]
    columns["Why"] = [
        reason or problem for reason, problem in zip(table["reason"], table["problem"], strict=True)
    ]
    columns["Runner-up"] = table["runner_up"]
    columns |= {each.label: table[name] for name, each in MEASURES.items() if name != measure}
    columns["Twin"] = table["twin_prediction"]
    columns["Twin’s confidence"] = table["twin_confidence"]
    # Of an image that has an answer: its label could not be used.
    notes = [
        problem if reason else None
        for reason, problem in zip(table["reason"], table["problem"], strict=True)
    ]
    if any(notes):
        columns["Note"] = notes
    return columns


def _config(columns: dict[str, list[Any]]) -> dict[str, Any]:
    decimals = {each.label: 4 if each.name == "variance" else 3 for each in MEASURES.values()}
    decimals["Twin’s confidence"] = 3
    config: dict[str, Any] = {
        name: st.column_config.NumberColumn(format=f"%.{decimals[name]}f")
        for name in columns
        if name in decimals
    }
    config[""] = st.column_config.ImageColumn(width=50)
    config["Name"] = st.column_config.TextColumn(width=200)
    config["Why"] = st.column_config.TextColumn(width=340)
    config["Verdict"] = st.column_config.MultiselectColumn(
        options=[ACCEPTED, DONT_KNOW, NOT_READ],
        color=[PALETTE["accepted_text"][0], PALETTE["dont_know_text"][0], PALETTE["ink2"][0]],
        width=130,
    )
    return config


def _show_chosen(kept: KeptBatch, decisions: BatchDecisions, place: int) -> None:
    pixels = kept.pixels(place)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text(f"{kept.result.names[place]}: {decisions.reasons[place]}", width="stretch")
        if pixels is not None and st.button("Open on Draw", icon=":material/draw:"):
            name = kept.result.names[place]
            st.session_state["draw.upload"] = str(reference_from_image(pixels))
            st.session_state["draw.upload_title"] = name[-_LONGEST_TITLE:]
            st.session_state["draw.upload_over"] = canvas_state("draw").ink
            st.switch_page("pages/draw.py")
