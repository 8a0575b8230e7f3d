"""A sweep on a page: its figure, the player under it, and the step that is looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import streamlit as st

from core.errors import LabradorError
from core.experiments.recipe import WHOLE_TURN, SweepKind, SweepRecipe
from core.experiments.sweep import SweepResult
from core.figures import Overlay, sweep_spec
from core.figures.shown_classes import classes_of_sweep
from core.figures.thumbnails import PIXELS_SEEN
from core.uncertainty.policy import Policy

from .answers import answer, answer_at
from .gallery import picture
from .links import write_link
from .live_figure import Selection, live_figure
from .panel import show_panel
from .player import show_player
from .post import post_said
from .settings import Settings
from .sweep_options import PARTS, PLAIN, POST
from .sweeps import sweep, with_plain


@dataclass(frozen=True)
class Experiment:
    """One page of an experiment.

    Attributes:
        page: of the session's keys and the figures'.
        kind: of its sweeps.
        places: what the steps are, as "angles".
        at: name of the value that is looked at, in links.
        label: of the slider.
        words: from a value to what a person reads over its image.
        text: from a value to what stands at the slider.
    """

    page: str
    kind: SweepKind
    places: str
    at: str
    label: str
    words: Callable[[float], str]
    text: Callable[[float], str]

    @property
    def value_key(self) -> str:
        """Session key of the value that is looked at."""
        return f"{self.page}.value"


@dataclass(frozen=True, eq=False)
class View:
    """What is shown of a sweep, whichever step is looked at."""

    recipe: SweepRecipe
    threshold: float
    overlays: tuple[Overlay, ...]
    shown: frozenset[str]
    link: Mapping[str, object]


def step_at(recipe: SweepRecipe, value: float) -> int | None:
    """Return the step of a sweep that a value is, None where it lies between two."""
    distances = np.abs(recipe.values - value)
    nearest = int(distances.argmin())
    return nearest if distances[nearest] < 1e-6 else None


@st.fragment
def show_view(experiment: Experiment, view: View, settings: Settings) -> None:
    """Show what runs again at every step."""
    recipe = view.recipe
    try:
        result = sweep(recipe, settings)
        if PLAIN in view.shown:
            result = with_plain(result)
        figure, below = st.container(), st.container()
        with below:
            value = _show_steps(experiment, recipe, result)
            step = step_at(recipe, value)
            _show_answer(experiment, view, result, value, step, settings)
        with figure:
            _show_sweep(experiment, result, view, step, settings.policy)
    except LabradorError as error:
        show_error(error)
        return
    write_link(settings.in_link(), **{**view.link, experiment.at: f"{value:.6g}"})


def _show_steps(experiment: Experiment, recipe: SweepRecipe, result: SweepResult) -> float:
    """Show the player and the slider in a row; return the value that is looked at."""
    values, page = recipe.values, experiment.page

    def walk(wanted: int) -> None:
        st.session_state[experiment.value_key] = float(values[wanted])

    with st.container(key=f"{page}-steps", horizontal=True, vertical_alignment="bottom"):
        play, slide = st.container(width="content"), st.container()
        with slide:
            value = _show_slider(experiment, recipe)
        with play:
            nearest = int(np.abs(values - value).argmin())
            on_step = step_at(recipe, value) is not None
            show_player(
                f"{page}.player",
                nearest,
                result.num_steps,
                walk,
                words=f"Step {nearest + 1} of {len(values)}" if on_step else "Between two steps",
                is_between=not on_step,
                figure=f"{page}.histograms",
                tag=_tag(result, value),
            )
    return value


def _show_slider(experiment: Experiment, recipe: SweepRecipe) -> float:
    """Show the slider over the values of the sweep, or over every degree between them."""
    key, field = experiment.value_key, f"{experiment.value_key}.slider"
    values = recipe.values.tolist()
    value = float(st.session_state.setdefault(key, values[0]))
    whole = experiment.kind == "rotation" and all(each == round(each) for each in values)

    def keep() -> None:
        st.session_state[key] = float(st.session_state[field])

    if whole:
        low, high = recipe.ends
        last = round(high) - (1 if high - low == WHOLE_TURN else 0)
        degrees = st.session_state[field] = min(max(round(value), round(low)), last)
        st.slider(
            experiment.label,
            round(low),
            last,
            format="%d°",
            key=field,
            on_change=keep,
            label_visibility="collapsed",  # the axis of the figure right above says it
        )
        st.session_state[key] = float(degrees)
        return float(degrees)
    nearest = values[int(np.abs(recipe.values - value).argmin())]
    st.session_state[key] = st.session_state[field] = nearest
    st.select_slider(
        experiment.label,
        values,
        format_func=experiment.text,
        key=field,
        on_change=keep,
        label_visibility="collapsed",
    )
    return float(nearest)


def _show_sweep(
    experiment: Experiment,
    result: SweepResult,
    view: View,
    step: int | None,
    policy: Policy,
) -> None:
    values = view.recipe.values
    accepted = policy.decide(result.summary).accepted.tolist() if policy.limits else None

    def pick(selection: Selection) -> None:
        nearest = int(np.abs(values - float(selection["x"])).argmin())
        st.session_state[experiment.value_key] = float(values[nearest])

    wide, narrow = (
        sweep_spec(
            result,
            selected=step,
            accepted=accepted,
            limits=policy.limits,
            threshold=view.threshold,
            overlays=view.overlays,
            parts=PARTS in view.shown,
            compact=compact,
        )
        for compact in (False, True)
    )
    live_figure(
        wide,
        f"{experiment.page}.sweep",
        label="Mean softmax, predictive entropy, variance and what the policy limits at each step.",
        hover=True,
        on_select=pick,
        narrow=narrow,
    )


def _show_answer(
    experiment: Experiment,
    view: View,
    result: SweepResult,
    value: float,
    step: int | None,
    settings: Settings,
) -> None:
    """Show the passes of the step that is looked at, or of a value between two steps."""
    if step is not None and step < result.num_steps:
        image, said = result.images[step], answer_at(result, step, settings)
    else:
        image = view.recipe.image_at(value)
        said = answer(image, settings)
    page, title = experiment.page, experiment.words(value)
    with st.container(key=f"{page}-step"):
        left, right = st.columns([232, 848])
    said_by_the_post = post_said(view.recipe, step) if POST in view.shown else ""
    # Few pixels are to be seen as such, as the network sees them; many are a photo.
    look = " lb-photo" if max(image.shape) > PIXELS_SEEN else ""
    with left:
        st.html(
            f'<div class="lb-head"><b>{title}</b></div>'
            f'<img class="lb-picture{look}" alt="{title}" src="{picture(image)}">{said_by_the_post}'
        )
    with right:
        show_panel(
            said,
            page,
            true_labels=result.labels,
            tag=_tag(result, value),
            shown=classes_of_sweep(result.summary, result.labels),
        )


def _tag(result: SweepResult, value: float) -> str:
    """Return what tells one shown step from every other."""
    recipe = result.recipe
    return f"{result.weights_checksum[:8]}:{recipe.seed}:{recipe.noise_seed}@{value:.6g}"


def show_error(error: LabradorError) -> None:
    """Show what was wrong as a sentence; the rest of the page stays."""
    st.info(str(error), icon=":material/error:")
