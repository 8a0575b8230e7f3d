"""The document on the post's sweeps made again, all of it computed from them."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ..experiments.claims import TWIN_THRESHOLD
from ..experiments.comparison import BARS, Bar, Comparison, Figure, require_post_curve
from ..experiments.recipe import DEFAULT_NUM_STEPS, SweepKind
from ..figures import numbers
from ..uncertainty.measures import confidence, predictive_entropy, variance

if TYPE_CHECKING:
    from ..experiments.reproduction import Reproduction
    from ..experiments.sweep import SweepResult

POST = "Gábor Vecsei's post *Experiments with Monte-Carlo dropout for uncertainty estimation*"

# All that is known of the run with noise that the post's author left out: first and last step.
POST_NOISE = {"mean softmax": (0.95, 0.25), "predictive entropy": (0.3, 2.2)}

TITLES: dict[SweepKind, str] = {
    "rotation": "Rotation of test image 5, a 1",
    "blending": "Blending of test images 4, a 4, and 5, a 1",
}
COLUMNS: dict[Figure, str] = {
    "same_or_better": "same or better",
    "entropy": "entropy",
    "mean_softmax": "mean softmax",
    "variance": "variance",
}


def document(made: Reproduction, command: str, pictures: dict[SweepKind, str]) -> str:
    """Return the document as Markdown.

    Args:
        made: the sweeps.
        command: that makes it again.
        pictures: names of the files with the curves, beside the document.
    """
    parts = [
        _opening(made, command),
        *(
            f"## {TITLES[kind]}\n\n{_result(made.comparisons(kind))}\n\n"
            f"![{_alternative(kind, made)}]({pictures[kind]})"
            for kind in TITLES
        ),
        _claims(made),
        _noise(made.noise),
        _differences(made),
        *(
            f"## {TITLES[kind]}, step by step\n\n{_step_by_step(made.sweeps(kind)[0])}"
            for kind in TITLES
        ),
    ]
    return "\n\n".join(parts) + "\n"


def cells(comparison: Comparison) -> list[str]:
    """Return one seed's figures as they are read in a table."""
    return [
        str(comparison.seed),
        *(_figure(figure, getattr(comparison, figure), "z.3f") for figure in COLUMNS),
        numbers.some_of(comparison.equal, comparison.num_steps),
    ]


def bar_texts(kind: SweepKind, comparisons: Sequence[Comparison]) -> list[str]:
    """Say of each bar for a kind of sweep whether it is met with every seed."""
    return [
        f"{COLUMNS[bar.figure]} at least {_figure(bar.figure, bar.least, 'g')}:"
        f" {_verdict(bar, comparisons)}"
        for bar in BARS
        if bar.kind == kind
    ]


def _figure(figure: Figure, value: float, decimals: str) -> str:
    if figure == "same_or_better":
        return numbers.some_of(int(value), DEFAULT_NUM_STEPS)
    return "not defined" if math.isnan(value) else format(value, decimals)


def table(head: Sequence[str], rows: Iterable[Sequence[str]], align: str) -> str:
    """Return a Markdown table; `align` has a letter for each column, l or r."""
    rules = ["---:" if letter == "r" else "---" for letter in align]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, rules, *rows))


def _opening(made: Reproduction, command: str) -> str:
    curve = require_post_curve(made.rotations[0])
    return "\n\n".join(
        [
            "# The post's sweeps, made again",
            _paragraph(
                f"{POST} turns one test digit of MNIST all the way round and blends another with"
                f" it, and shows what {curve.num_samples} passes of a network say at each of"
                f" {curve.num_steps} steps. Here are the same images and steps with our network,"
                f" {numbers.passes(made.num_samples)} at each step, beside the post's numbers,"
                " which were read from the headers of its animations"
                " (`core/experiments/post_curves.json`)."
            ),
            f"    {command}",
            _paragraph(
                "computes all of it and writes this document and its pictures; nothing in it is"
                " written by hand. It needs MNIST (`python -m core data`). The network is"
                f" `{made.network}`, the checksum of its weights `{made.weights_checksum[:12]}…`."
            ),
            _paragraph(
                "*Same or better* counts the steps at which our answer is right or the post's is"
                " wrong; *equal*, those at which both are right or both are wrong. In a blending,"
                " either digit is right. *Entropy*, *mean softmax* and *variance* are Spearman's"
                " correlation of our curve with the post's over the steps. In the pictures, our"
                " images, answers and marks are those of the first seed."
            ),
        ]
    )


def _result(comparisons: Sequence[Comparison]) -> str:
    kind = comparisons[0].kind
    by_figure = {bar.figure: bar for bar in BARS if bar.kind == kind}
    bars = [
        _figure(figure, by_figure[figure].least, "g") if figure in by_figure else ""
        for figure in COLUMNS
    ]
    verdicts = [
        f"**{_verdict(by_figure[figure], comparisons)}**" if figure in by_figure else ""
        for figure in COLUMNS
    ]
    return table(
        ["seed", *COLUMNS.values(), "equal"],
        [
            *map(cells, comparisons),
            ["at least, with every seed", *bars, ""],
            ["", *verdicts, ""],
        ],
        "lrrrrr",
    )


def _verdict(bar: Bar, comparisons: Sequence[Comparison]) -> str:
    missed = [str(each.seed) for each in comparisons if not bar.is_met(each)]
    if not missed:
        return "met"
    return f"missed with seed{'s' if len(missed) > 1 else ''} {', '.join(missed)}"


def _alternative(kind: SweepKind, made: Reproduction) -> str:
    return (
        f"{TITLES[kind]}: mean softmax, predictive entropy and variance over the steps, with"
        f" {made.num_seeds} seed{'s' if made.num_seeds > 1 else ''} and in the post"
    )


def _claims(made: Reproduction) -> str:
    rows = [
        [claim.text, "**holds**" if claim.holds else "**does not hold**", claim.evidence]
        for claim in made.claims()
    ]
    text = _paragraph(
        "High, and flagged, mean here: above the median of the sweep's own steps. That limit is"
        " ours. A claim holds if it does with every seed. Steps are counted from 0."
    )
    claims = table(["claim", "here", "what was seen"], rows, "lll")
    return f"## The post's claims, put to this network\n\n{text}\n\n{claims}"


def _noise(noise: SweepResult) -> str:
    ours = {
        "mean softmax": confidence(noise.summary)[[0, -1]],
        "predictive entropy": predictive_entropy(noise.summary)[[0, -1]],
    }
    rows = [
        [name, *(f"{value:.2f}" for value in ours[name]), *(f"{value:g}" for value in post)]
        for name, post in POST_NOISE.items()
    ]
    head = ["", "ours, first step", "ours, last", "the post's author, first", "last"]
    text = _paragraph(
        "The post's author also buried a digit in salt-and-pepper noise, in"
        f" {noise.num_steps} steps, and left it out of the post; only the ends of two curves are"
        " known here. Ours is test image 5 with none to"
        f" {numbers.short_share(float(noise.values[-1]))} of its pixels replaced, seed"
        f" {noise.seed}; whether the author's run had the same image and as much noise is not"
        " known, so no bar is set."
    )
    return f"## Noise\n\n{text}\n\n{table(head, rows, 'lrrrr')}"


def _differences(made: Reproduction) -> str:
    rotation, blending = made.rotations[0], made.blendings[0]
    turned, blended = require_post_curve(rotation), require_post_curve(blending)
    upright = float(predictive_entropy(rotation.summary)[0])
    both = float(predictive_entropy(blending.summary)[-1])
    text = _paragraph(
        "The network is another one than the post's: its channels, dropout rates and training are"
        " ours. So the curves have other heights: with seed"
        f" {rotation.seed}, the entropy upright is {numbers.entropy(upright)} nats here and"
        f" {numbers.entropy(float(turned.entropy[0]))} in the post, and at the end of the blending"
        f" {numbers.entropy(both)} and {numbers.entropy(float(blended.entropy[-1]))}. Here are"
        f" {numbers.passes(made.num_samples)} a step instead of {turned.num_samples}. The post's"
        " numbers are rounded to two decimals, which makes ties of some. Neighbouring steps show"
        f" nearly the same image, so {turned.num_steps} steps are no {turned.num_steps}"
        " independent observations: a correlation describes two curves, and there is no p value"
        " beside it. Seeds differ in their dropout masks only; the network was trained once, and"
        " the images are the post's two."
    )
    return f"## What differs, and what this does not show\n\n{text}"


def _step_by_step(result: SweepResult) -> str:
    curve = require_post_curve(result)
    softmax, entropy = confidence(result.summary), predictive_entropy(result.summary)
    spread = variance(result.summary)
    sure = result.twin.max(axis=1)
    is_turn = result.kind == "rotation"
    rows = []
    for step, value in enumerate(result.values.tolist()):
        twin = int(result.twin_predicted[step])
        rows.append(
            [
                str(step),
                numbers.angle(value) if is_turn else f"{value:.2f}",
                _answer(int(result.predicted[step]), result.labels),
                _answer(int(curve.predicted[step]), result.labels),
                numbers.softmax(float(softmax[step])),
                numbers.softmax(float(curve.mean_softmax[step])),
                numbers.entropy(float(entropy[step])),
                numbers.entropy(float(curve.entropy[step])),
                numbers.variance(float(spread[step])),
                f"{curve.variance[step]:.2f}",
                f"{_answer(twin, result.labels)}, {numbers.softmax(float(sure[step]))}",
            ]
        )
    head = [
        *("step", "turned by" if is_turn else "α", "answer", "post"),
        *("mean softmax", "post", "entropy", "post", "variance", "post", "twin"),
    ]
    text = _paragraph(
        f"With seed {result.seed}. A wrong answer is **bold**. The twin is one pass with dropout"
        " off, beside its answer its softmax; it is believed where that is above"
        f" {TWIN_THRESHOLD:g}."
    )
    return f"{text}\n\n{table(head, rows, 'r' * len(head))}"


def _paragraph(text: str) -> str:
    return textwrap.fill(text, 100, break_long_words=False, break_on_hyphens=False)


def _answer(answer: int, labels: Sequence[int]) -> str:
    return str(answer) if answer in labels else f"**{answer}**"
