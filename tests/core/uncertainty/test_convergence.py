"""How a measure converges: running values as summaries give them, and a sequence that holds."""

import numpy as np
import pytest
from scipy.special import entr
from scipy.stats import binomtest

from core.errors import InvalidInputError
from core.inference import McSamples, McSummary
from core.uncertainty import MEASURES, Policy
from core.uncertainty.convergence import (
    convergence,
    decisive_measure,
    settle,
    why_unsettled,
)


def drawn(alpha=(6.0, 2.0, 0.5), passes=230, seed=0):
    rng = np.random.default_rng(seed)
    return McSamples(rng.dirichlet(alpha, (passes, 1)).astype(np.float32))


@pytest.mark.parametrize("name", MEASURES)
def test_running_values_and_errors_are_those_of_summaries(name):
    samples = drawn()
    one = convergence(samples, name, Policy(num_classes=3))
    assert one.passes[0] == 1 and one.passes[-1] == 230 and (np.diff(one.passes) > 0).all()
    for place in (0, 10, len(one.passes) - 1):
        summary = McSummary.from_samples(samples.probs_tnc[: one.passes[place]])
        assert one.value[place] == pytest.approx(MEASURES[name].value(summary)[0], abs=1e-9)
        error = MEASURES[name].standard_error(summary)[0]
        assert one.standard_error[place] == pytest.approx(error, abs=1e-7)


@pytest.mark.parametrize("name", MEASURES)
def test_the_sequence_narrows_around_the_value_and_stays_in_the_measure_s_range(name):
    one = convergence(drawn(passes=2_500), name, Policy(num_classes=3))
    assert (one.low <= one.high).all()
    assert (one.low >= 0.0).all() and (one.high <= MEASURES[name].upper(3) + 1e-12).all()
    assert (np.diff(one.low) >= 0.0).all() and (np.diff(one.high) <= 0.0).all()
    assert one.low[-1] <= one.value[-1] <= one.high[-1]
    assert one.high[-1] - one.low[-1] < 0.35 * MEASURES[name].upper(3)
    assert one.level == pytest.approx(0.99)


def test_the_sequence_misses_no_more_often_than_it_says():
    alpha = np.array([6.0, 2.0, 0.5])
    truth = float(entr(alpha / alpha.sum()).sum())
    missed = 0
    for seed in range(200):
        one = convergence(
            drawn(passes=300, seed=seed), "predictive_entropy", Policy(num_classes=3), error=0.1
        )
        missed += bool(((truth < one.low - 1e-9) | (truth > one.high + 1e-9)).any())
    assert binomtest(missed, 200, 0.1, alternative="greater").pvalue > 1e-3


def test_the_limit_leaves_the_sequence_where_the_decision_settles():
    samples = drawn(alpha=(60.0, 2.0, 0.5), passes=1_000)
    policy = Policy({"predictive_entropy": 0.5}, num_classes=3)
    after = int(settle(samples, policy).after[0])
    one = convergence(samples, "predictive_entropy", policy)
    below = one.passes[one.high <= 0.5]
    assert below[0] >= after and one.passes[one.passes < below[0]][-1] <= after


def test_settling_of_many_passes_goes_on_over_parts():
    samples = np.concatenate([drawn((2.0, 2.0, 0.5), 2_000).probs_tnc, drawn(passes=900).probs_tnc])
    settling = settle(McSamples(samples), Policy(num_classes=3))
    assert 0 < settling.after[0] <= 2_900


@pytest.mark.parametrize("passes", [1, 2, 9, 11])
def test_a_few_passes_are_enough_to_look_at(passes):
    one = convergence(drawn(passes=passes), "confidence", Policy({"confidence": 0.5}))
    assert one.passes[-1] == passes and np.isfinite(one.value).all()
    assert settle(drawn(passes=passes), Policy({"confidence": 0.9})).after[0] == 0


def test_the_decisive_limit_is_the_last_that_holds_or_the_first_that_breaks():
    sure = drawn(alpha=(200.0, 0.1, 0.1), passes=600)
    both = Policy({"predictive_entropy": 0.9, "mutual_information": 0.15}, num_classes=3)
    assert decisive_measure(sure, both) == "mutual_information"
    unsure = drawn(alpha=(6.0, 3.0, 1.0), passes=600)
    broken = Policy({"predictive_entropy": 0.3, "mutual_information": 0.9}, num_classes=3)
    assert decisive_measure(unsure, broken) == "predictive_entropy"
    assert decisive_measure(unsure, Policy(num_classes=3)) == "confidence"


def test_bad_arguments_are_refused_by_name():
    two = McSamples(np.full((5, 2, 4), 0.25, dtype=np.float32))
    with pytest.raises(InvalidInputError, match="samples"):
        convergence(two, "variance", Policy())
    with pytest.raises(InvalidInputError, match="name"):
        convergence(drawn(), "doubt", Policy())
    for call in (
        lambda e: settle(two, Policy(), e),
        lambda e: convergence(two, "variance", Policy(), e),
    ):
        with pytest.raises(InvalidInputError, match="error"):
            call(1.0)


def told(softmax, limits):
    return why_unsettled(McSummary.from_samples(softmax[:, None]), Policy(limits, num_classes=2))


def test_what_keeps_a_decision_open_is_told_apart():
    rng = np.random.default_rng(0)
    p = np.clip(rng.normal(0.8, 0.05, 200), 0.0, 1.0)
    softmax = np.stack([p, 1.0 - p], axis=1)
    limit = float(MEASURES["confidence"].value(McSummary.from_samples(softmax[:, None]))[0])
    assert told(softmax, {"confidence": limit + 0.002}) == "limit"
    assert told(softmax, {"confidence": limit - 0.1}) == "passes"  # far away: more passes will do
    even = np.stack([p - 0.3, 1.3 - p], axis=1)
    assert told(even, {}) == "class"
    sure = np.tile([1.0, 0.0], (100, 1))
    assert told(sure, {"mutual_information": 0.2}) == "passes"  # they all agree
    assert told(sure[:1], {"mutual_information": 0.2}) == "passes"
