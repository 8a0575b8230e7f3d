"""What the box under the pointer tells of a step of a sweep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..uncertainty.measures import confidence, mutual_information, predictive_entropy, variance
from . import numbers
from .sweep_axis import place

if TYPE_CHECKING:
    from ..experiments.sweep import SweepResult


def hover_texts(result: SweepResult, names: list[str]) -> list[str]:
    """Return what is told of each step, as HTML.

    Args:
        result: of the sweep.
        names: of the classes, escaped.
    """
    softmax, entropies = confidence(result.summary), predictive_entropy(result.summary)
    variances, informations = variance(result.summary), mutual_information(result.summary)
    right, predicted, twin_predicted = result.right, result.predicted, result.twin_predicted
    texts = []
    for step, value in enumerate(result.values.tolist()):
        answer = names[int(predicted[step])]
        verdict = "" if right is None else (", right" if right[step] else ", wrong")
        twin = int(twin_predicted[step])
        texts.append(
            f"<b>{place(result.kind, value)}: {answer}{verdict}</b>"
            f"<br>mean softmax {numbers.softmax(softmax[step])}"
            f"<br>entropy {numbers.entropy(entropies[step])} nats"
            f"<br>variance {numbers.variance(variances[step])}"
            f"<br>mutual information {numbers.entropy(informations[step])} nats"
            f"<br>twin: {names[twin]}, softmax {numbers.softmax(result.twin[step, twin])}"
            + _plain_text(result, step, names)
        )
    return texts


def _plain_text(result: SweepResult, step: int, names: list[str]) -> str:
    if result.plain is None:
        return ""
    answer = int(result.plain[step].argmax())
    softmax = numbers.softmax(result.plain[step, answer])
    return f"<br>plain network: {names[answer]}, softmax {softmax}"
