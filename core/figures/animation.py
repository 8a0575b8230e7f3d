"""The animation of a sweep as one HTML file: histograms that follow a slider, or play."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..experiments.sweep_table import recipe_document
from ..uncertainty.measures import confidence, predictive_entropy, variance
from . import numbers
from .animation_page import animation_page
from .histograms import class_histograms_spec
from .palette import DARK, LIGHT, Palette
from .shown_classes import classes_of_sweep
from .step_words import change_words, verdict_words
from .thumbnails import PIXELS_SEEN, data_uri

if TYPE_CHECKING:
    from ..experiments.sweep import SweepResult

_FONT = '"Source Sans 3", "Source Sans", "Source Sans Pro", system-ui, sans-serif'


def animation_html(result: SweepResult, *, dark: bool = False) -> str:
    """Return a page that plays a sweep; it holds plotly.js and needs no network.

    Above the histograms, which are those of `class_histograms_spec`, stand the step's image, the
    answer, its mean softmax, the predictive entropy and the variance, and the twin's answer with
    its softmax; under them are a button that plays and pauses, and a slider over the steps. A last
    line says how all of it was computed, and the page's data hold the whole recipe.

    Args:
        result: a sweep, whole or as far as it has got.
        dark: whether to take the dark theme's colours.
    """
    palette = DARK if dark else LIGHT
    height, width = result.images.shape[1:3]
    # Few pixels are to be seen as such, as the network sees them; many are a photo.
    is_smooth = max(height, width) > PIXELS_SEEN
    return animation_page(animation_document(result, palette), palette, _FONT, is_smooth=is_smooth)


def animation_document(result: SweepResult, palette: Palette) -> dict[str, Any]:
    """Return what the page is made of, JSON-ready.

    Returns:
        `title`, and `how` it was computed, in words; the `recipe`; the Plotly `figure` of step 0;
        Plotly `frames`, one for each step, that hold what differs between steps; and the `steps`
        with what stands above the figure.
    """
    shown = classes_of_sweep(result.summary, result.labels)
    specs = [
        class_histograms_spec(
            result.summary[step],
            true_labels=result.labels,
            class_names=result.classes.names,
            palette=palette,
            shown=shown,
        )
        for step in range(result.num_steps)
    ]
    moving = [
        [key for key in trace if any(spec["data"][index][key] != trace[key] for spec in specs)]
        for index, trace in enumerate(specs[0]["data"])
    ]
    # Every trace is named: animating only some of them empties the cells of the others.
    traces = list(range(len(moving)))
    frames = [
        {
            "name": str(step),
            "traces": traces,
            "data": [
                {key: trace[key] for key in keys}
                for keys, trace in zip(moving, spec["data"], strict=True)
            ],
        }
        for step, spec in enumerate(specs)
    ]
    layout = {
        **specs[0]["layout"],
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "dragmode": False,
        "font": {"family": _FONT, "color": palette.ink2},
        "hoverlabel": {
            **specs[0]["layout"]["hoverlabel"],
            "font": {"family": _FONT, "color": palette.ink, "size": 13},
        },
    }
    return {
        "title": _title(result),
        "how": _how(result),
        "recipe": recipe_document(result.recipe),
        "weights_checksum": result.weights_checksum,
        "figure": {"data": specs[0]["data"], "layout": layout},
        "frames": frames,
        "steps": _steps(result),
    }


def _steps(result: SweepResult) -> list[dict[str, str]]:
    names = result.classes.names
    softmax, entropies = confidence(result.summary), predictive_entropy(result.summary)
    variances, right = variance(result.summary), result.right
    twin, twin_softmax = result.twin_predicted, result.twin.max(axis=1)
    return [
        {
            "change": change_words(result, step),
            "answer": names[int(result.predicted[step])],
            "verdict": verdict_words(result, step, names),
            "state": "" if right is None else "right" if right[step] else "wrong",
            "softmax": numbers.softmax(softmax[step]),
            "entropy": numbers.entropy(entropies[step]),
            "variance": numbers.variance(variances[step]),
            "twin": f"{names[int(twin[step])]}, {numbers.softmax(float(twin_softmax[step]))}",
            "image": data_uri(result.images[step]),
        }
        for step in range(result.num_steps)
    ]


def _title(result: SweepResult) -> str:
    named = [reference for reference in result.recipe.references if reference]
    if len(named) < len(result.recipe.images):
        named = ["an image" if result.kind != "blending" else "two images"]
    what = "Noise on" if result.kind == "noise" else f"{result.kind.capitalize()} of"
    return f"{what} {' and '.join(map(_short, named))}"


def _how(result: SweepResult) -> str:
    recipe = result.recipe
    start, stop = float(result.values[0]), float(result.values[-1])
    network = f" of the network {recipe.network}" if recipe.network else ""
    weights = f" (weights {result.weights_checksum[:12]})" if result.weights_checksum else ""
    images = ", ".join(
        (_short(reference) or "an image") + _true_words(result, label)
        for reference, label in zip(recipe.references, recipe.labels, strict=True)
    )
    span = {
        "rotation": f"turned from {numbers.angle(start)} to {numbers.angle(stop)}",
        "blending": f"blended with α from {numbers.weight(start)} to {numbers.weight(stop)}",
        "noise": (
            f"with noise on {numbers.share(start)} to {numbers.share(stop)} of the pixels,"
            f" noise seed {recipe.noise_seed}"
        ),
    }[result.kind]
    steps = f"{numbers.count(result.num_steps)} steps"
    if not result.is_complete:
        steps = f"the first {numbers.count(result.num_steps)} of {recipe.num_steps} steps"
    return (
        f"Computed by Labrador from {images}, {span}: {numbers.passes(result.num_samples)}"
        f"{network}{weights} at each of {steps}, seed {result.seed}. Entropy in nats, at most"
        f" ln {result.num_classes}. Twin: one pass with dropout off, and its softmax. A"
        " bar's height is a number of passes, from none to all."
    )


def _true_words(result: SweepResult, label: int | None) -> str:
    if label is None:
        return ""
    if result.classes.noun == "digit":
        return f", a true {label}"
    return f", true {result.classes.noun} {result.classes.one(label)}"


def _short(reference: str) -> str:
    # A drawing's reference has thousands of letters; the whole of it is in the recipe.
    return reference if len(reference) <= 40 else f"{reference[:39]}…"
