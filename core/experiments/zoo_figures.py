"""The figures of the zoo's table, from answers: on all images, and on resampled ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..inference.samples import Floats
from ..uncertainty import (
    apply_temperature,
    aurc,
    auroc,
    expected_calibration_error,
    fit_temperature,
    threshold_at_coverage,
)
from .default_policy import DEFAULT_COVERAGE
from .reference_data import ROTATED_SETS
from .zoo_answers import ZooAnswers
from .zoo_sets import ZooSets

ON_TEST = ("accuracy", "nll", "nll_scaled", "ece", "ece_scaled", "aurc")

# A float32 softmax underflows to 0 where its logarithm is still finite.
_SMALLEST = float(np.finfo(np.float32).tiny)

Column = npt.NDArray[Any]


@dataclass(frozen=True, eq=False)
class Part:
    """What figures need of some images, a row of each column an image.

    Attributes:
        columns: each of shape (N, ...).
        statistic: from the columns, of all images or of some, to the figures.
    """

    columns: Sequence[Column]
    statistic: Callable[..., Sequence[float]]

    def values(self) -> Sequence[float]:
        """Return the figures on all images."""
        return self.statistic(*self.columns)


@dataclass(frozen=True, eq=False)
class Parts:
    """What the figures of one way of asking need, by the images that are drawn together.

    Attributes:
        test: of the test images: `ON_TEST`, or the last of it alone.
        strangers: of the test images and behind them the strangers: "auroc".
        turned: of the turned images, all angles of one together: "false_accepts".
    """

    test: Part
    strangers: Part
    turned: Part

    def values(self) -> dict[str, float]:
        """Return each of `ZOO_FIGURES` on all images."""
        every = (*self.test.values(), *self.strangers.values(), *self.turned.values())
        return dict(zip((*ON_TEST, "auroc", "false_accepts"), every, strict=True))


def parts_of_answers(answers: ZooAnswers, sets: ZooSets) -> Parts:
    """Return what all figures of a network need; one temperature is fitted on validation."""
    labels = sets.labels("test")
    probs = answers.probs["test"]
    temperature = fit_temperature(answers.probs["validation"], sets.labels("validation"))
    columns: list[Column] = [answers.predicted["test"] == labels, answers.entropy["test"]]
    for each in (probs, apply_temperature(probs, temperature)):
        of_truth = each[np.arange(len(labels)), labels]
        # Rounding in sums of passes can put the largest entry a hair above 1.
        columns += [-np.log(np.clip(of_truth, _SMALLEST, 1.0)), np.minimum(each.max(axis=1), 1.0)]
    return Parts(
        Part(columns, _on_test),
        _strangers(answers.strangeness, sets),
        _turned(answers.entropy, answers, sets),
    )


def parts_of_score(scores: Mapping[str, Floats], answers: ZooAnswers, sets: ZooSets) -> Parts:
    """Return what the figures of one score of one pass need.

    Args:
        scores: by set, shape (N,), higher is less certain.
        answers: of the pass, which are right or wrong whatever its score is.
        sets: that were asked.
    """
    wrong = answers.predicted["test"] != sets.labels("test")
    return Parts(
        Part([scores["test"], wrong], lambda ranked, is_wrong: [aurc(ranked, is_wrong)]),
        _strangers(scores, sets),
        _turned(scores, answers, sets),
    )


def _on_test(
    right: Column,
    entropy: Column,
    loss: Column,
    confidence: Column,
    loss_scaled: Column,
    confidence_scaled: Column,
) -> list[float]:
    return [
        float(right.mean()),
        float(loss.mean()),
        float(loss_scaled.mean()),
        expected_calibration_error(confidence, right),
        expected_calibration_error(confidence_scaled, right),
        aurc(entropy, ~right),
    ]


def _strangers(values: Mapping[str, Floats], sets: ZooSets) -> Part:
    num_known = sets.sizes["test"]
    # Strata keep their sizes and their order: known images first.
    return Part(
        [np.concatenate([values["test"], values["kmnist"]])],
        lambda drawn: [auroc(drawn[:num_known], drawn[num_known:])],
    )


def _turned(values: Mapping[str, Floats], answers: ZooAnswers, sets: ZooSets) -> Part:
    """Return false accepts, shape (N, angles), at the threshold that accepts 95% of validation."""
    limit = threshold_at_coverage(values["validation"], DEFAULT_COVERAGE)
    false = [
        (values[name] <= limit) & (answers.predicted[name] != sets.labels(name))
        for name in ROTATED_SETS
    ]
    return Part([np.stack(false, axis=1)], lambda drawn: [float(drawn.mean())])
