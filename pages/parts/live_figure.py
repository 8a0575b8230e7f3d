"""A Plotly figure that changes in place, while a hand draws or a slider moves.

    live_figure(class_histograms_spec(summary), "draw.histograms", label="...", tag=drawing.tag)

`st.plotly_chart` remounts at every change of its data: some 450 ms, with blank frames. This
component keeps the figure on the page and moves only what changed, fastest when the number and
types of traces, the axes and the numbers of annotations and shapes stay as they were. Colours are
tokens (`core.figures.palette.TOKENS`), looked up in the browser for the theme shown now.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import streamlit as st

from core.figures.palette import PALETTE

from .component import component
from .server import plotly_url

_DEFAULT_HEIGHT = 300
_PHONE = 480  # CSS pixels

Selection = dict[str, Any]
Place = tuple[float, float]
Bar = tuple[int, int]


class PlotlyFigure(Protocol):
    """The part of `plotly.graph_objects.Figure` that is used here."""

    def to_json(self) -> str:
        """Return the figure as JSON."""


def live_figure(
    figure: Mapping[str, Any] | PlotlyFigure,
    key: str,
    *,
    label: str,
    height: int | None = None,
    hover: bool = False,
    on_select: Callable[[Selection], None] | bool = False,
    on_place: Callable[[Place], None] | None = None,
    on_bar: Callable[[Bar], None] | None = None,
    tag: str = "",
    narrow: Mapping[str, Any] | None = None,
    narrow_below: int = _PHONE,
    settles: bool = False,
    at: float | None = None,
    at_text: str = "",
) -> Selection | None:
    """Show a figure and keep it up to date in place.

    Args:
        figure: a plain `{"data": [...], "layout": {...}}`, or a figure object, with tokens for
            colours. A plain one saves some 50 ms of validation a run.
        key: the component's key; a figure keeps its place on the page by it.
        label: what a person who cannot see the figure is told.
        height: CSS pixels; else the layout's own.
        hover: whether the traces' hover texts are shown.
        on_select: whether clicks and drags pick the nearest x of the first trace; a function is
            called with the selection before the run.
        on_place: called before the run with x and y of each click or tap on the figure's axes, in
            their units. By keyboard nobody can say a place: give fields beside the figure as well.
        on_bar: called before the run with the index of a trace of bars and of its bar, for each
            click or tap on the bar or over it; fields beside the figure as for `on_place`, and not
            both.
        tag: put on the figure's element as `data-tag` once it is shown, for who waits for it.
        narrow: another plain figure to show instead where there is no more room than on a phone.
        narrow_below: CSS pixels of width that are room enough for the first one.
        settles: whether the end of a click or a drag is told as well, by `settled` in a selection.
        at: the x picked now; with it the figure is a slider for the keyboard too, whose arrow keys
            walk along the first trace.
        at_text: `at` in words, for a person who cannot see the figure.

    Returns:
        The point picked just now as `trace`, `point`, `x`, `y`, `customdata`; None in all other
        runs.
    """
    plain = figure if isinstance(figure, Mapping) else json.loads(figure.to_json())
    layout = {name: value for name, value in plain.get("layout", {}).items() if name != "template"}
    result = component("live_figure", in_page=True)(
        key=key,
        data={
            "figure": {"data": plain["data"], "layout": layout},
            "palette": dict(PALETTE),
            "plotly": plotly_url(),
            "name": key,
            "label": label,
            "height": height or layout.get("height") or _DEFAULT_HEIGHT,
            "hover": hover,
            "selectable": bool(on_select),
            "places": "axes" if on_place else "bars" if on_bar else "",
            "settles": settles,
            "at": at,
            "at_text": at_text,
            "tag": tag,
            "narrow": None if narrow is None else dict(narrow),
            "narrow_below": narrow_below,
        },
        on_select_change=lambda: _selected(key, on_select),
        on_place_change=lambda: _placed(key, on_place, on_bar),
    )
    selection: Selection | None = result.select if on_select else None
    return selection


def load_plotly_early() -> None:
    """Have the browser load plotly.js before there is a figure; call it once a run of the app."""
    with st.container(key="early"):
        component("live_figure", in_page=True)(
            key="early-plotly", data={"figure": None, "plotly": plotly_url()}
        )


def _selected(key: str, on_select: Callable[[Selection], None] | bool) -> None:
    selection = st.session_state[key].get("select")
    if callable(on_select) and isinstance(selection, dict):
        on_select(selection)


def _placed(
    key: str,
    on_place: Callable[[Place], None] | None,
    on_bar: Callable[[Bar], None] | None,
) -> None:
    """Hand on the clicks that are new: each message carries the last ones, should one be lost."""
    message = st.session_state[key].get("place")
    if not isinstance(message, dict):
        return
    seen = f"{key}.placed"
    mount, last = st.session_state.get(seen, ("", 0))
    if message.get("mount") != mount:
        mount, last = str(message.get("mount"))[:16], 0
    for number, place in new_places(message.get("clicks"), last):
        last = number
        st.session_state[seen] = (mount, last)
        if on_place is not None:
            on_place(place)
        elif on_bar is not None:
            on_bar((int(place[0]), int(place[1])))


def new_places(clicks: object, last: int) -> list[tuple[int, Place]]:
    """Return the numbers and places of the clicks after a number.

    Args:
        clicks: `[[number, x, y], ...]`, numbers from 1 rising; anything, since it comes from
            outside. What is no click is left out.
        last: number of the last one that is known.
    """
    new: list[tuple[int, Place]] = []
    for click in clicks if isinstance(clicks, list) else []:
        if not (isinstance(click, list) and len(click) == 3 and type(click[0]) is int):
            continue
        number, *place = click
        if all(type(each) in (int, float) and math.isfinite(each) for each in place) and (
            number > (new[-1][0] if new else last)
        ):
            new.append((number, (float(place[0]), float(place[1]))))
    return new
