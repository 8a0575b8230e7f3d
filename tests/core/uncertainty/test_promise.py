"""A promise is kept in as many draws as it says, on populations of known risk."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from core.errors import InvalidInputError
from core.uncertainty import Promise, fewest_images, find_promise, threshold_at_coverage

DRAWS = 1_000


def rising(u):
    """P(wrong) at uncertainty u, and the true risk of accepting up to u, for u uniform."""
    return 0.2 * u**3, 0.05 * u**3


def just_too_high(u):
    """Every threshold breaks a promise of 2%, by a hair: the hardest case."""
    return np.full_like(u, 0.02001), np.full_like(u, 0.02001)


def barely_possible(u):
    """A promise of 0.5% holds up to u = 0.51 by no more than a tenth."""
    return 0.0045 + 0.015 * u**3, 0.0045 + 0.00375 * u**3


def confidently_wrong(u):
    """The most certain are wrong more often than most: risk is not monotone."""
    return np.where(u < 0.1, 0.02, 0.2 * u**6), np.where(
        u < 0.1, 0.02, (0.002 + 0.2 / 7 * (u**7 - 0.1**7)) / np.maximum(u, 0.1)
    )


@pytest.mark.parametrize(
    ("population", "num_images", "target", "often_possible"),
    [
        (rising, 3_000, 0.01, 0.5),
        (just_too_high, 3_000, 0.02, 0.0),
        (barely_possible, 10_000, 0.005, 0.02),
        (confidently_wrong, 3_000, 0.01, 0.3),
    ],
)
def test_promise_is_kept_as_often_as_it_says(population, num_images, target, often_possible):
    """1,000 draws; the share of broken promises is not significantly above 5%.

    An exact binomial test at p < 0.001. Draws where nothing is promised keep it.
    """
    rng = np.random.default_rng(5)
    broken = possible = 0
    for draw in range(DRAWS):
        u = rng.random(num_images)
        wrong = rng.random(num_images) < population(u)[0]
        found = find_promise(u, wrong, target, seed=draw)
        if found is not None:
            possible += 1
            broken += population(np.asarray(found.threshold))[1] > target
    assert binomtest(broken, DRAWS, 0.05, alternative="greater").pvalue >= 0.001
    assert possible / DRAWS >= often_possible


def test_promise_with_ties_is_kept_as_often_as_it_says():
    """A variation ratio of few passes has eleven values; the risk is known at each of them."""
    rng = np.random.default_rng(6)
    values = np.arange(11) / 10.0
    shares = np.append(0.8, np.full(10, 0.02))
    rates = np.append(0.004, np.linspace(0.03, 0.3, 10))
    risks = np.cumsum(shares * rates) / np.cumsum(shares)
    broken = possible = 0
    for draw in range(DRAWS):
        place = rng.choice(11, size=2_000, p=shares)
        found = find_promise(values[place], rng.random(2_000) < rates[place], 0.01, seed=draw)
        if found is not None:
            possible += 1
            broken += risks[np.flatnonzero(values == found.threshold)[0]] > 0.01
    assert binomtest(broken, DRAWS, 0.05, alternative="greater").pvalue >= 0.001
    assert possible > 0.3 * DRAWS


def test_naive_threshold_breaks_the_promise_so_the_simulation_can_fail():
    """The largest threshold whose risk in the sample is 1% is over 1% in truth half the time."""
    rng = np.random.default_rng(7)
    broken = 0
    for _ in range(200):
        u = np.sort(rng.random(3_000))
        wrong = rng.random(3_000) < rising(u)[0]
        kept = np.flatnonzero(wrong.cumsum() <= 0.01 * np.arange(1, 3_001))
        broken += rising(u[kept[-1]])[1] > 0.01
    assert binomtest(broken, 200, 0.05, alternative="greater").pvalue < 0.001


def test_all_right_accepts_all_but_what_the_proposing_images_have_not_seen():
    u = np.random.default_rng(0).random(5_000)
    found = find_promise(u, np.zeros(5_000, dtype=bool), 0.01)
    assert isinstance(found, Promise)
    # 4,000 images test, all accepted but those above the highest proposed threshold.
    num_accepted = round(found.coverage * 5_000)
    assert 4_980 < num_accepted <= 5_000
    assert found.risk == 0.0
    assert found.bound == pytest.approx(1.0 - 0.05 ** (1.0 / 4_000), rel=0.01)
    assert (found.target, found.confidence) == (0.01, 0.95)


@pytest.mark.parametrize("num_images", [1, 2, 100, 373])
def test_too_few_images_promise_nothing(num_images):
    """Even none wrong of 298 leaves more than 1% possible: 0.99^298 > 0.05."""
    assert find_promise(np.arange(num_images), np.zeros(num_images, dtype=bool), 0.01) is None


def test_as_few_images_as_can_do():
    found = find_promise(np.zeros(374), np.zeros(374, dtype=bool), 0.01)  # 299 of them test
    assert found is not None and found.coverage == 1.0
    assert found.bound == pytest.approx(1.0 - 0.05 ** (1.0 / 299))


def test_all_wrong_promises_nothing():
    assert find_promise(np.arange(1_000), np.ones(1_000, dtype=bool), 0.5) is None


def test_answers_that_tie_are_accepted_together_or_not_at_all():
    u = np.repeat([0.0, 1.0], 2_000)
    wrong = (u > 0) & (np.arange(4_000) % 2 == 0)
    found = find_promise(u, wrong, 0.01)
    assert found is not None and (found.threshold, found.coverage) == (0.0, 0.5)


@settings(max_examples=50)
@given(
    st.integers(1, 800),
    st.floats(0.001, 0.6),
    st.floats(0.5, 0.99),
    st.integers(0, 2**32 - 1),
    st.sampled_from([2, 10, 10**6]),
)
def test_promise_describes_its_own_threshold(num_images, target, confidence, seed, levels):
    rng = np.random.default_rng(seed)
    u = np.floor(rng.random(num_images) * levels) / levels
    wrong = rng.random(num_images) < 0.3 * u
    found = find_promise(u, wrong, target, confidence=confidence, seed=seed)
    if found is not None:
        accepted = u <= found.threshold
        assert found.coverage == accepted.mean()
        assert found.risk == pytest.approx(wrong[accepted].mean())
        assert found.bound <= target * (1 + 1e-9)
        assert found.threshold == threshold_at_coverage(u, found.coverage)
        assert find_promise(u, wrong, target, confidence=confidence, seed=seed) == found


@pytest.mark.parametrize(
    "wrong_use",
    [
        {"uncertainty": [], "wrong": []},
        {"uncertainty": [np.nan], "wrong": [True]},
        {"uncertainty": [0.1], "wrong": [True, False]},
        {"target": 0.0},
        {"target": 1.0},
        {"target": np.nan},
        {"confidence": 1.0},
        {"confidence": 0.0},
    ],
)
def test_promise_refuses_what_it_cannot_use(wrong_use):
    with pytest.raises(InvalidInputError):
        find_promise(**{"uncertainty": [0.1], "wrong": [False], "target": 0.01, **wrong_use})


@pytest.mark.parametrize(
    ("target", "confidence"), [(0.01, 0.95), (0.05, 0.95), (0.5, 0.5), (0.002, 0.9)]
)
def test_fewest_images_are_those_with_which_a_promise_is_possible(
    target: float, confidence: float
) -> None:
    fewest = fewest_images(target, confidence)
    for count in (fewest, fewest - 1):
        found = find_promise(np.zeros(count), np.zeros(count, bool), target, confidence=confidence)
        assert (found is not None) == (count == fewest)
