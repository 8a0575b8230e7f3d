"""What the experiment pages share: controls, what came out, links."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from core.errors import InvalidInputError, LabradorError
from core.experiments.recipe import SweepRecipe
from core.figures import Overlay
from core.images import ResolvedImage

from .answers import engine_of
from .compare import show_compare
from .finding import compared, entropy_finding, finding
from .networks import NetworkFacts, brought_networks, facts_of
from .post import post_curve_of, post_overlay, show_as_in_the_post
from .settings import Settings
from .study import show_study
from .sweep_options import (
    DEFAULT_THRESHOLD,
    PLAIN,
    POST,
    SweepRange,
    number_of_link,
    range_of_link,
    show_range,
    show_shown,
    show_threshold,
    shown_of_link,
    threshold_of_link,
)
from .sweep_view import Experiment, View, show_error, show_view
from .sweeps import sweep, watch, with_plain
from .take_home import show_take_home
from .true_class import label_key, true_class


def parts_of_link(experiment: Experiment) -> Mapping[str, Callable[[str], None]]:
    """Return what takes over an experiment's part of a link, by name."""

    def take_value(text: str) -> None:
        low, high = (-360.0, 720.0) if experiment.kind == "rotation" else (0.0, 1.0)
        value = number_of_link(experiment.at, text, low, high)
        st.session_state[experiment.value_key] = value

    def take_label(number: int, text: str) -> None:
        longest = 3 if brought_networks() else 1
        if not (text.isascii() and text.isdecimal() and 1 <= len(text) <= longest):
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
    try:
        facts = facts_of(settings.network)
    except LabradorError as error:
        show_error(error)
        return
    # The post, the plain network and the study are about digits, as the shipped networks are.
    is_shipped = facts.own is None
    with row:
        labels = tuple(
            true_class(page, number, each, facts)
            for number, each in enumerate(shown_images, start=1)
        )
        if is_shipped:
            show_as_in_the_post(page, kind, list(images))
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
            # What somebody brought is known to others by its title only.
            network=settings.network if is_shipped else facts.title,
            classes=facts.classes,
        )
        curve = post_curve_of(recipe) if is_shipped else None
        with row:
            shown = show_shown(page, has_post=curve is not None, has_plain=is_shipped)
            threshold = show_threshold(page, has_plain=is_shipped)
        with head:
            result = sweep(recipe, settings)  # may say that the network is loading
        if PLAIN in shown:
            result = with_plain(result)
        with row:
            beside = show_compare(page, result, " + ".join(each.title for each in shown_images))
            show_take_home(page, result, settings)
        overlays: tuple[Overlay, ...] = ()
        engine = engine_of(settings)
        said = [
            finding(result, threshold, experiment.places, settings.policy),
            entropy_finding(result, engine.quantiles, settings.policy, engine.item),
        ]
        if beside is not None:
            overlays += (Overlay.of(beside.result, beside.name),)
            said.append(compared(result, beside.result, beside.name, experiment.places))
        if curve is not None and POST in shown:
            overlays += (post_overlay(curve),)
            said.append("Dotted: the post’s own curves, of another network and 100 passes a step.")
        with head:
            st.html(
                f'<p class="lb-finding">{" ".join(said)}</p>'
                '<p class="lb-note">Committee: all passes together, each with other units dropped.'
                " Twin: the same network, one pass, nothing dropped; what most people deploy.</p>"
            )
        link = _link(experiment, recipe, span, facts)
        view = View(recipe, threshold, overlays, shown, link)
        show_view(experiment, view, settings)
        watch(recipe, settings, result)
    except LabradorError as error:
        show_error(error)
    if is_shipped:
        show_study(page, kind, settings.network)


def _link(
    experiment: Experiment, recipe: SweepRecipe, span: SweepRange, facts: NetworkFacts
) -> dict[str, object]:
    """Return what a link says besides the settings; what is as usual is left out."""
    page = experiment.page
    link: dict[str, object] = {
        f"image{number if number > 1 else ''}": reference
        for number, reference in enumerate(recipe.references, start=1)
    }
    link[experiment.at] = ""
    for number, reference in enumerate(recipe.references, start=1):
        # What was said of a drawing; other images bring their label along.
        of, label = st.session_state.get(label_key(page, number, facts), ("", None))
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
