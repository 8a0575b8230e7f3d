"""A network that gives values: points that one clicks, the curve through them, and its band."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import streamlit as st
from cachetools import LRUCache

from core.errors import LabradorError
from core.experiments.regression import (
    FEWEST_POINTS,
    POINT_SETS,
    X_RANGE,
    Y_RANGE,
    CurveBand,
    CurvePoints,
    fit_band,
)
from core.figures import numbers
from core.figures.regression import curve_spec
from core.figures.regression_text import coverage_sentence, width_sentences
from core.limits import MAX_CURVE_POINTS

from .fields import following, number_field
from .jobs import Job, Progress, watch_job
from .links import plain
from .live_figure import Place, live_figure

if TYPE_CHECKING:
    from core.networks.regression import CurveNetwork

_STATE = "regression"
_FIRST = "Two clusters"
_RATES = {0.05: "5%", 0.1: "10%", 0.2: "20%"}
_RATE = 0.1
_KEPT = 64  # bands of all visitors
_LEAD = (
    "A network that gives a value has no softmax: its passes are curves, and the band between them"
    " is how unsure it is. Click or tap the picture to add a point."
)
_KEY = (
    "Solid: the mean of the passes. Dashed: the twin, one pass without dropout. Dark and pale:"
    " where 50% and 95% of the passes run. Grey ground: a point is near."
)
_WORTH = (
    "How wide the band is depends on the dropout rate, and on how fast the network’s curves can"
    " bend (its length scale), as much as on the points. By itself it is not calibrated: outside"
    " the points the truth may well leave it, and a new point does not always narrow it."
)

_Question = tuple[CurvePoints, float]
_bands: LRUCache[_Question, CurveBand] = LRUCache(_KEPT)
_bands_lock = threading.Lock()
_networks: dict[float, CurveNetwork] = {}
_networks_lock = threading.Lock()


@dataclass
class _State:
    """What the section remembers of a visitor, also while its page is not shown.

    Attributes:
        points: in the picture now.
        rate: of the dropout layers.
        band: the newest one, maybe of other points; `before` the one before it.
        job: that fits, and `asked` for what.
        problem: what could not be done, a sentence.
    """

    points: CurvePoints = field(default_factory=lambda: POINT_SETS[_FIRST]())
    rate: float = _RATE
    band: CurveBand | None = None
    before: CurveBand | None = None
    job: Job[CurveBand] | None = None
    asked: _Question | None = None
    problem: str = ""

    @property
    def is_fitted(self) -> bool:
        """Whether the band is what was asked for last."""
        band = self.band
        return band is not None and (band.points, band.rate) == (self.points, self.rate)


@st.fragment
def show_regression() -> None:
    """Show the section; it fits its network in a thread of its own."""
    state = _state()
    _take_over(state)
    if len(state.points) >= FEWEST_POINTS and not state.is_fitted:
        _ask(state)
    st.html(f'<h2 class="lb-section">Values instead of classes</h2><p class="lb-note">{_LEAD}</p>')
    with st.container(key="regression-said"):
        _say(state)
    waits = "" if state.is_fitted else ", not of these points yet"
    live_figure(
        curve_spec(state.points, state.band),
        "regression.figure",
        label=f"{len(state.points)} points and the band of the passes{waits}. Fields below the"
        " picture add points by their numbers.",
        on_place=_add,
        tag=f"{len(state.points)}:{'fitted' if state.is_fitted else 'waiting'}",
        narrow=curve_spec(state.points, state.band, narrow=True),
    )
    with st.container(key="regression-status"):
        _show_status(state)
    _show_controls(state)
    within = coverage_sentence(state.band) if state.is_fitted and state.band is not None else ""
    st.html(f'<p class="lb-note">{_KEY}</p><p class="lb-note">{within} {_WORTH}</p>')


def _state() -> _State:
    state: _State = st.session_state.setdefault(_STATE, _State())
    return state


def _take_over(state: _State) -> None:
    """Take the band of work that has ended."""
    job = state.job
    if job is None or job.is_running:
        return
    state.job = None
    if job.error is not None:
        # Of ours, the message is for people; any other would tell them nothing.
        known = isinstance(job.error, LabradorError)
        state.problem = str(job.error) if known else "The network could not be fitted."
    if job.result is not None:
        state.before, state.band = state.band, job.result


def _ask(state: _State) -> None:
    """Have a band fitted that nobody asked for yet; work on another one is given up."""
    question = (state.points, state.rate)
    if state.asked == question:
        return
    if state.job is not None:
        state.job.stop()
        state.job = None
    state.asked, state.problem = question, ""
    with _bands_lock:
        known = _bands.get(question)
    if known is not None:
        state.before, state.band = state.band, known
    else:
        state.job = Job(lambda note: _fit(question, note))


def _fit(question: _Question, note: Progress) -> CurveBand:
    """Fit a band, unless somebody has just had the same one fitted."""
    points, rate = question
    note(0, 0)  # ends at once what was stopped while it waited
    network = _network(rate)
    with network.lock:
        with _bands_lock:
            known = _bands.get(question)
        if known is not None:
            return known
        band = fit_band(network, points, note)
    with _bands_lock:
        _bands[question] = band
    return band


def _network(rate: float) -> CurveNetwork:
    """Return the network of a rate, one for all visitors: what it has compiled is kept."""
    from core.networks.regression import CurveNetwork  # loads TensorFlow: in the job's thread

    with _networks_lock:
        if rate not in _networks:
            _networks[rate] = CurveNetwork(rate)
        return _networks[rate]


def _say(state: _State) -> None:
    """Say what was measured on the band that is shown."""
    if state.problem:
        st.info(plain(state.problem), icon=":material/error:")
    if len(state.points) < FEWEST_POINTS:
        said = "A curve needs two points or more: click into the picture, or add them below."
    elif state.band is None:
        said = "The first band is on its way."
    else:
        said = width_sentences(state.band, state.before)
    older = " lb-older" if state.band is not None and not state.is_fitted else ""
    st.html(f'<p class="lb-finding{older}">{said}</p>')


def _show_status(state: _State) -> None:
    """Show how far the work is, or how long it took."""
    if state.job is not None:
        watch_job(state.job, "Fitting the network", "regression")
    elif state.is_fitted and state.band is not None:
        places = len(state.band.x)
        st.html(
            f'<p class="lb-note">Fitted from scratch, and'
            f" {numbers.passes(state.band.summary.num_samples)} at {places} places,"
            f" in {state.band.seconds:.1f} s.</p>"
        )
    elif len(state.points) >= FEWEST_POINTS:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.html('<p class="lb-note">Not fitted to these points.</p>')
            st.button("Fit", key="regression.fit", on_click=_ask_again)


def _show_controls(state: _State) -> None:
    """Show what else changes the points, and the rate."""
    with st.container(key="regression-sets", horizontal=True, vertical_alignment="center"):
        for name in POINT_SETS:
            st.button(name, key=f"regression.set.{name}", on_click=_take_set, args=(name,))
        nothing = not state.points
        st.button(
            "Remove last",
            key="regression.remove",
            icon=":material/undo:",
            on_click=_remove_last,
            disabled=nothing,
        )
        st.button(
            "Start again",
            key="regression.clear",
            icon=":material/delete:",
            on_click=_start_again,
            disabled=nothing,
        )
    with st.container(key="regression-add", horizontal=True, vertical_alignment="bottom"):
        x = number_field(
            st.container(width=120), "regression.x", "x",
            low=X_RANGE[0], high=X_RANGE[1], default=0.0, step=0.1,
        )  # fmt: skip
        y = number_field(
            st.container(width=120), "regression.y", "y",
            low=Y_RANGE[0], high=Y_RANGE[1], default=0.0, step=0.1,
        )  # fmt: skip
        st.button("Add point", key="regression.add", on_click=_add, args=((x, y),))
        st.selectbox(
            "Dropout rate",
            list(_RATES),
            format_func=_RATES.__getitem__,
            width=120,
            **following("regression.rate", state.rate, _take_rate),
        )


def _add(place: Place) -> None:
    state = _state()
    if len(state.points) >= MAX_CURVE_POINTS:
        state.problem = (
            f"The picture holds {MAX_CURVE_POINTS} points. Remove some of them, or start again."
        )
        return
    try:
        state.points = state.points.and_one(*place)
        state.problem = ""
    except LabradorError as error:
        state.problem = str(error)


def _take_set(name: str) -> None:
    _state().points = POINT_SETS[name]()


def _remove_last() -> None:
    state = _state()
    state.points, state.problem = state.points.but_last(), ""


def _start_again() -> None:
    state = _state()
    if state.job is not None:
        state.job.stop()
    rate = state.rate
    st.session_state[_STATE] = _State(CurvePoints(), rate)


def _take_rate(rate: float) -> None:
    if rate in _RATES:
        _state().rate = rate


def _ask_again() -> None:
    _state().asked = None
