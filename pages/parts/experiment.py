"""What the experiment pages share: controls, the sweep's figure, the player, one step of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from core.errors import InvalidInputError, LabradorError
from core.experiments.post import PostCurve, post_curve
from core.experiments.recipe import WHOLE_TURN, SweepKind, SweepRecipe
from core.experiments.sweep import SweepResult
from core.figures import Overlay, numbers, sweep_spec
from core.images import ResolvedImage
from core.uncertainty.policy import Policy

from .answers import answer, answer_at, engine_of
from .compare import show_compare
from .finding import compared, finding, twin_finding
from .gallery import picture, test_digits
from .links import write_link
from .live_figure import Selection, live_figure
from .panel import show_panel
from .player import show_player
from .settings import Settings
from .study import show_study
from .sweep_options import (
    DEFAULT_THRESHOLD,
    PARTS,
    PLAIN,
    POST,
    SweepRange,
    number_of_link,
    range_of_link,
    reset_range,
    show_range,
    show_shown,
    show_threshold,
    shown_of_link,
    threshold_of_link,
)
from .sweeps import sweep, watch, with_plain
from .take_home import show_take_home


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


def parts_of_link(experiment: Experiment) -> Mapping[str, Callable[[str], None]]:
    """Return what takes over an experiment's part of a link, by name."""

    def take_value(text: str) -> None:
        low, high = (-360.0, 720.0) if experiment.kind == "rotation" else (0.0, 1.0)
        value = number_of_link(experiment.at, text, low, high)
        st.session_state[experiment.value_key] = value

    def take_label(number: int, text: str) -> None:
        if not (text.isascii() and text.isdecimal() and len(text) == 1):
            raise InvalidInputError("label", expected="a digit from 0 to 9", received=text)
        st.session_state[f"{experiment.page}.label{number}"] = ("", int(text))

    return {
        experiment.at: take_value,
        "label": lambda text: take_label(1, text),
        "label2": lambda text: take_label(2, text),
        "twin": threshold_of_link(experiment.page),
        "show": shown_of_link(experiment.page),
        **range_of_link(experiment.page, experiment.kind),
    }


def show_experiment(
    experiment: Experiment,
    images: Mapping[str, ResolvedImage],
    settings: Settings,
    places: tuple[st.delta_generator.DeltaGenerator, st.delta_generator.DeltaGenerator],
    *,
    noise_seed: int = 0,
) -> None:
    """Show the sweep of some images: its controls, what came out, the figure, one of its steps.

    Args:
        experiment: of the page.
        images: by the session key that keeps each one's reference.
        settings: whom to ask.
        places: where to put what came out, and the controls.
        noise_seed: of the order of pixels.
    """
    head, row = places
    page, kind = experiment.page, experiment.kind
    shown_images = list(images.values())
    with row:
        labels = tuple(
            _label(page, number, each) for number, each in enumerate(shown_images, start=1)
        )
        _show_as_in_the_post(experiment, list(images))
        span = show_range(page, kind)
    try:
        recipe = SweepRecipe(
            kind=kind,
            images=tuple(each.image for each in shown_images),
            labels=labels,
            references=tuple(str(each.reference) for each in shown_images),
            start=span.start,
            stop=span.stop,
            num_steps=span.num_steps,
            num_samples=settings.num_samples,
            seed=settings.seed,
            noise_seed=noise_seed,
            network=settings.network,
        )
        curve = _post_curve_of(recipe)
        with row:
            shown = show_shown(page, has_post=curve is not None)
            threshold = show_threshold(page)
        with head:
            result = sweep(recipe, settings)  # may say that the network is loading
        if PLAIN in shown:
            result = with_plain(result)
        with row:
            beside = show_compare(page, result, " + ".join(each.title for each in shown_images))
            show_take_home(page, result, settings)
        overlays: tuple[Overlay, ...] = (
            () if beside is None else (Overlay.of(beside.result, beside.name),)
        )
        said = [finding(result, experiment.places)]
        said.append(
            twin_finding(
                result,
                threshold,
                experiment.places,
                engine_of(settings).quantiles,
                settings.policy,
            )
        )
        if beside is not None:
            overlays += (Overlay.of(beside.result, beside.name),)
            said.append(compared(result, beside.result, beside.name, experiment.places))
        if curve is not None and POST in shown:
            overlays += (_overlay(curve),)
            said.append("Dotted: the post’s own curves, of another network and 100 passes a step.")
        with head:
            st.html(
                f'<p class="lb-finding">{" ".join(said)}</p>'
                '<p class="lb-note">Committee: all passes together, each with other units dropped.'
                " Twin: the same network, one pass, nothing dropped; what most people deploy.</p>"
            )
        view = _View(recipe, threshold, overlays, shown, _link(experiment, recipe, span))
        _show_live(experiment, view, settings)
        watch(recipe, settings, result)
    except LabradorError as error:
        show_error(error)
    show_study(page, kind, settings.network)


@dataclass(frozen=True, eq=False)
class _View:
    """What is shown of a sweep, whichever step is looked at."""

    recipe: SweepRecipe
    threshold: float
    overlays: tuple[Overlay, ...]
    shown: frozenset[str]
    link: Mapping[str, object]


@st.fragment
def _show_live(experiment: Experiment, view: _View, settings: Settings) -> None:
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


def _label(page: str, number: int, image: ResolvedImage) -> int | None:
    """Return the digit that an image shows; of a drawing that is asked."""
    if image.label is not None:
        return image.label
    reference = str(image.reference)
    key, field = f"{page}.label{number}", f"{page}.label{number}.field"
    of, known = st.session_state.get(key, ("", None))
    # A link names the digit of the image that it names; of another drawing nothing is known yet.
    st.session_state[field] = known if of in ("", reference) else None
    st.session_state[key] = (reference, st.session_state[field])

    def keep() -> None:
        st.session_state[key] = (reference, st.session_state[field])

    label: int | None = st.selectbox(
        "Which digit it is",
        list(range(10)),
        index=None,
        key=field,
        on_change=keep,
        placeholder="Which digit?",
        label_visibility="collapsed",
        width=150,
    )
    return label


def _link(experiment: Experiment, recipe: SweepRecipe, span: SweepRange) -> dict[str, object]:
    """Return what a link says besides the settings; what is as usual is left out."""
    page = experiment.page
    link: dict[str, object] = {
        f"image{number if number > 1 else ''}": reference
        for number, reference in enumerate(recipe.references, start=1)
    }
    link[experiment.at] = ""
    for number, reference in enumerate(recipe.references, start=1):
        # What was said of a drawing; other images bring their label along.
        of, label = st.session_state.get(f"{page}.label{number}", ("", None))
        if label is not None and of == reference:
            link[f"label{number if number > 1 else ''}"] = label
    if recipe.noise_seed:
        link["grains"] = recipe.noise_seed
    link |= span.in_link(recipe.kind)
    if (threshold := st.session_state[f"{page}.threshold"]) != DEFAULT_THRESHOLD:
        link["twin"] = f"{threshold:g}"
    if shown := st.session_state[f"{page}.shown"]:
        link["show"] = ",".join(shown)
    return link


def _show_as_in_the_post(experiment: Experiment, images: Sequence[str]) -> None:
    """Show a button that picks the post's images and range, and lays its curves over ours."""
    curve = post_curve(experiment.kind)
    if curve is None or test_digits() is None:
        return
    wanted = dict(zip(images, curve.references, strict=True))
    shown = POST in st.session_state.get(f"{experiment.page}.shown", ())
    is_on = shown and all(st.session_state.get(key) == each for key, each in wanted.items())
    st.button(
        "Without the post" if is_on else "As in the post",
        icon=":material/article:",
        key=f"{experiment.page}.post",
        help="The post’s test images and steps, with its published curves laid over ours.",
        on_click=_without_the_post if is_on else _as_in_the_post,
        args=(experiment,) if is_on else (experiment, wanted),
    )


def _as_in_the_post(experiment: Experiment, images: Mapping[str, str]) -> None:
    state, page = st.session_state, experiment.page
    state.update(images)
    reset_range(page, experiment.kind)
    state[f"{page}.shown"] = tuple(dict.fromkeys((*state.get(f"{page}.shown", ()), POST)))


def _without_the_post(experiment: Experiment) -> None:
    key = f"{experiment.page}.shown"
    st.session_state[key] = tuple(name for name in st.session_state[key] if name != POST)


def _post_curve_of(recipe: SweepRecipe) -> PostCurve | None:
    """Return the post's curve if it is of the same images and steps."""
    curve = post_curve(recipe.kind)
    if curve is None or recipe.references != curve.references:
        return None
    return curve if np.array_equal(recipe.values, curve.values) else None


def _overlay(curve: PostCurve) -> Overlay:
    return Overlay(
        "the post",
        curve.values,
        curve.mean_softmax,
        curve.entropy,
        curve.variance,
        dotted=True,
    )


def step_at(recipe: SweepRecipe, value: float) -> int | None:
    """Return the step of a sweep that a value is, None where it lies between two."""
    distances = np.abs(recipe.values - value)
    nearest = int(distances.argmin())
    return nearest if distances[nearest] < 1e-6 else None


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
    view: _View,
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
        label="Mean softmax, predictive entropy and variance over the steps of the sweep.",
        hover=True,
        on_select=pick,
        narrow=narrow,
    )


def _post_said(view: _View, step: int | None) -> str:
    """Return what the post's network said at a step, where its curves are shown."""
    curve = _post_curve_of(view.recipe)
    if curve is None or POST not in view.shown or step is None:
        return ""
    return (
        f'<p class="lb-note">In the post: {curve.predicted[step]}, mean softmax'
        f" {numbers.softmax(curve.mean_softmax[step])}, entropy"
        f" {numbers.entropy(curve.entropy[step])}, variance {curve.variance[step]:.2f}.</p>"
    )


def _show_answer(
    experiment: Experiment,
    view: _View,
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
    with left:
        st.html(
            f'<div class="lb-head"><b>{title}</b></div>'
            f'<img class="lb-picture" alt="{title}" src="{picture(image)}">{_post_said(view, step)}'
        )
    with right:
        show_panel(said, page, true_labels=result.labels, tag=_tag(result, value))


def _tag(result: SweepResult, value: float) -> str:
    """Return what tells one shown step from every other."""
    recipe = result.recipe
    return f"{result.weights_checksum[:8]}:{recipe.seed}:{recipe.noise_seed}@{value:.6g}"


def show_error(error: LabradorError) -> None:
    """Show what was wrong as a sentence; the rest of the page stays."""
    st.info(str(error), icon=":material/error:")
