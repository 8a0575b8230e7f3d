from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.stats import binomtest

from core.errors import InvalidInputError
from core.experiments.policy_outcome import _paired, policy_outcome
from core.experiments.reference_scores import load_reference
from core.experiments.set_scores import SetScores
from core.uncertainty import MEASURES, TWIN_MEASURES
from core.uncertainty.policy import Policy


def scores(
    entropy: list[float], right: list[bool], twin: list[float], labels: int = 1
) -> SetScores:
    """Answers of this entropy; the twin is right where the committee is, with these log odds."""
    count = len(entropy)
    singles: dict[str, Any] = {name: np.zeros(count, np.float32) for name in MEASURES}
    singles["predictive_entropy"] = np.array(entropy, np.float32)
    twins: dict[str, Any] = {name: np.zeros(count, np.float32) for name in TWIN_MEASURES}
    twins["log_odds"] = np.array(twin, np.float32)
    answers = np.where(right, labels, labels + 1).astype(np.uint8)
    return SetScores(
        name="test",
        checksum="",
        positions=np.arange(count, dtype=np.uint16),
        labels=np.full(count, labels, np.int8),
        predicted=answers,
        runner_up=answers,
        measures=singles,
        twin_predicted=answers,
        twin_measures=twins,
    )


KNOWN = scores([0.1, 0.2, 0.3, 0.9], [True, True, False, True], [5.0, 1.0, 4.0, 3.0])


def test_outcome_counts_what_a_policy_accepts() -> None:
    result = policy_outcome(Policy({"predictive_entropy": 0.35}), KNOWN)
    assert result.accepted.tolist() == [True, True, True, False]
    assert result.committee.coverage == 0.75
    assert result.committee.risk == pytest.approx(1 / 3)
    assert result.committee.false_accepts == 0.25
    assert result.more_strangers is None and len(result.strangers_accepted) == 0


def test_rules_that_differ_nowhere_may_still_differ_elsewhere() -> None:
    one = scores([0.1] * 10_000, [True] * 10_000, [5.0] * 10_000)
    result = policy_outcome(Policy({"predictive_entropy": 0.35}), one)
    more = result.more_false_accepts
    assert more.value == 0.0 and more.low == pytest.approx(-1.96e-4, rel=0.01)
    assert more.high == -more.low


def test_an_interval_of_a_difference_is_kept_in_95_of_100() -> None:
    rng = np.random.default_rng(0)
    rates = np.array([0.004, 0.002])  # of images that one rule alone lets through
    kept = 0
    for _ in range(400):
        kinds = rng.choice(3, 2_000, p=[*rates, 1 - rates.sum()])
        interval = _paired(kinds == 0, kinds == 1)
        kept += interval.low <= rates[0] - rates[1] <= interval.high
    assert binomtest(kept, 400, 0.95).pvalue > 1e-3


def test_without_a_limit_the_twin_refuses_nobody_either() -> None:
    strangers = scores([2.0, 2.0], [False, False], [-9.0, -8.0], labels=-1)
    result = policy_outcome(Policy({}), KNOWN, strangers)
    assert result.committee.coverage == result.twin.coverage == 1.0
    assert result.twin_strangers == 1.0 and result.twin_softmax == 0.0
    assert result.more_strangers is not None and not result.more_strangers.excludes_zero


def test_twin_is_set_to_accept_as_many() -> None:
    result = policy_outcome(Policy({"predictive_entropy": 0.25}), KNOWN)
    # The twin's two most certain answers are the first and the third, which is wrong.
    assert result.twin.num_accepted == result.committee.num_accepted == 2
    assert (result.committee.num_false, result.twin.num_false) == (0, 1)
    assert result.twin_softmax == pytest.approx(1 / (1 + np.exp(-4.0)))
    assert result.more_false_accepts.value == pytest.approx(-0.25)
    assert not result.more_false_accepts.excludes_zero  # of four images


def test_strangers_meet_the_same_limits() -> None:
    strangers = scores([0.2, 0.8, 0.8, 0.8], [False] * 4, [9.0, 9.0, -1.0, -1.0], labels=3)
    result = policy_outcome(Policy({"predictive_entropy": 0.25}), KNOWN, strangers)
    assert result.strangers_accepted.tolist() == [True, False, False, False]
    assert result.twin_strangers == 0.5
    assert result.more_strangers is not None
    assert result.more_strangers.value == pytest.approx(-0.25)


def test_nothing_accepted_is_no_division_by_zero() -> None:
    result = policy_outcome(Policy({"predictive_entropy": 0.0}), KNOWN, KNOWN)
    assert result.committee.risk is None and result.committee.coverage == 0.0
    assert result.twin.num_accepted == 0 and result.twin_strangers == 0.0


def test_no_limit_accepts_everything() -> None:
    assert policy_outcome(Policy(), KNOWN, KNOWN).strangers_accepted.all()


def test_a_set_without_labels_is_nothing_to_be_right_about() -> None:
    with pytest.raises(InvalidInputError, match="labels"):
        policy_outcome(Policy(), scores([0.1], [False], [1.0], labels=-1))


def test_on_the_shipped_network_the_committee_refuses_more_strangers_than_the_twin() -> None:
    sets = load_reference("mc").sets
    result = policy_outcome(Policy({"predictive_entropy": 0.42}), sets["test"], sets["kmnist"])
    assert result.more_strangers is not None and result.more_strangers.high < 0.0
    assert 0.9 < result.committee.coverage < 0.96
