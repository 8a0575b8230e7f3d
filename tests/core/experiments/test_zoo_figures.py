"""The zoo's figures and intervals, against those of the evaluation of a single network."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from core.experiments.calibrations import _probabilities
from core.experiments.comparisons import find
from core.experiments.evaluation import Evaluation
from core.experiments.rankings import MAIN_FOR_STRANGERS, MAIN_MEASURE
from core.experiments.reference_data import ReferenceData
from core.experiments.rule_outcomes import TURNED, TWIN_MEASURE
from core.experiments.zoo_answers import ZooAnswers
from core.experiments.zoo_figures import Parts, parts_of_answers, parts_of_score
from core.experiments.zoo_intervals import Compared, compare_with_first
from core.experiments.zoo_sets import ZOO_SETS, ZooSets
from core.uncertainty import aurc, auroc, threshold_at_coverage
from tests.core.experiments.evaluations import made_evaluation, made_scores

SCORES = made_scores()
SETS = ZooSets(
    {
        name: ReferenceData(
            name,
            np.zeros((one.num_images, 2, 2, 1), np.uint8),
            one.labels.astype(np.int64),
            np.arange(one.num_images),
            "sha",
        )
        for name, one in SCORES.sets.items()
        if name in ZOO_SETS
    }
)


def answers(who: Any) -> ZooAnswers:
    sets = {name: SCORES.sets[name] for name in ZOO_SETS}
    is_twin = who == "twin"

    def uncertainty(measure: str, of_twin: str) -> dict[str, Any]:
        return {
            name: one.twin_uncertainty(of_twin) if is_twin else one.uncertainty(measure)
            for name, one in sets.items()
        }

    return ZooAnswers(
        probs={name: _probabilities(sets[name], who) for name in ("validation", "test")},
        predicted={
            name: (one.twin_predicted if is_twin else one.predicted).astype(np.int64)
            for name, one in sets.items()
        },
        entropy=uncertainty(MAIN_MEASURE, TWIN_MEASURE),
        strangeness=uncertainty(MAIN_FOR_STRANGERS, TWIN_MEASURE),
    )


@pytest.fixture(scope="module")
def evaluation() -> Evaluation:
    return made_evaluation()


@pytest.fixture(scope="module")
def ways() -> dict[str, Parts]:
    return {who: parts_of_answers(answers(who), SETS) for who in ("committee", "twin")}


@pytest.fixture(scope="module")
def compared(ways: dict[str, Parts]) -> dict[str, Compared]:
    is_stranger = np.repeat([False, True], [SETS.sizes["test"], SETS.sizes["kmnist"]])
    return compare_with_first(ways, is_stranger, num_resamples=20)


@pytest.mark.parametrize("who", ["committee", "twin"])
def test_figures_are_those_of_the_evaluation(
    evaluation: Evaluation, compared: dict[str, Compared], who: str
) -> None:
    figures = compared[who].figures
    raw, scaled = (each for each in evaluation.calibrations if each.who == who)
    rows = {
        "accuracy": find(evaluation.accuracies, "accuracy", "test"),
        "nll": find(evaluation.calibration_differences, "nll", "test"),
        "nll_scaled": find(evaluation.calibration_differences, "nll_scaled", "test"),
        "false_accepts": find(evaluation.turned_overall, "false_accepts", TURNED),
    }
    for name, row in rows.items():
        assert figures[name].value == pytest.approx(getattr(row, who), rel=1e-9)
    measure = MAIN_MEASURE if who == "committee" else TWIN_MEASURE
    (ranking,) = (
        each
        for each in evaluation.rankings
        if (each.who, each.measure, each.data) == (who, measure, "test")
    )
    assert figures["aurc"].value == pytest.approx(ranking.aurc, rel=1e-9)
    stranger = MAIN_FOR_STRANGERS if who == "committee" else TWIN_MEASURE
    (told,) = (each for each in evaluation.strangers if (each.who, each.measure) == (who, stranger))
    assert figures["auroc"].value == pytest.approx(told.auroc, rel=1e-9)
    # The interval as well: the same resamples, turned round.
    for name, one in (("ece", raw), ("ece_scaled", scaled)):
        assert figures[name].value == pytest.approx(one.ece.value, rel=1e-9)
        assert figures[name].low == pytest.approx(one.ece.low, abs=1e-12)
        assert figures[name].high == pytest.approx(one.ece.high, rel=1e-9)


def test_differences_are_paired_as_those_of_the_evaluation(
    evaluation: Evaluation, compared: dict[str, Compared]
) -> None:
    for name, rows, data in (
        ("accuracy", evaluation.accuracies, "test"),
        ("nll", evaluation.calibration_differences, "test"),
        ("nll_scaled", evaluation.calibration_differences, "test"),
        ("false_accepts", evaluation.turned_overall, TURNED),
    ):
        found, expected = compared["twin"].differences[name], find(rows, name, data).difference
        assert found.value == pytest.approx(expected.value, rel=1e-9)
        assert (found.low, found.high) == pytest.approx((expected.low, expected.high), rel=1e-9)
    assert {each.value for each in compared["committee"].differences.values()} == {0.0}


def test_values_without_intervals_are_the_same(
    ways: dict[str, Parts], compared: dict[str, Compared]
) -> None:
    for who, parts in ways.items():
        expected = {name: each.value for name, each in compared[who].figures.items()}
        assert parts.values() == pytest.approx(expected, rel=1e-12)


def test_score_of_one_pass_stands_beside_the_committee(ways: dict[str, Parts]) -> None:
    rng = np.random.default_rng(3)
    scores = {name: rng.random(size) for name, size in SETS.sizes.items()}
    once = answers("twin")
    with_score = {"committee": ways["committee"], "score": parts_of_score(scores, once, SETS)}
    is_stranger = np.repeat([False, True], [SETS.sizes["test"], SETS.sizes["kmnist"]])

    found = compare_with_first(with_score, is_stranger, num_resamples=20)

    wrong = once.predicted["test"] != SETS.labels("test")
    expected = {
        "aurc": aurc(scores["test"], wrong),
        "auroc": auroc(scores["test"], scores["kmnist"]),
        "false_accepts": np.mean(
            [
                (scores[name] <= threshold_at_coverage(scores["validation"], 0.95))
                & (once.predicted[name] != SETS.labels(name))
                for name in ZOO_SETS
                if name.startswith("rotated")
            ]
        ),
    }
    own, score = found["committee"].figures, found["score"]
    assert list(score.figures) == list(score.differences) == list(expected)
    for name, value in expected.items():
        assert score.figures[name].value == pytest.approx(value, rel=1e-9)
        assert score.differences[name].value == pytest.approx(own[name].value - value, abs=1e-12)
        assert score.figures[name].low <= value <= score.figures[name].high
