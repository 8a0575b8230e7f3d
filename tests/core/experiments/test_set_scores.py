from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy.special import log_softmax

from core.errors import InvalidInputError
from core.experiments import NO_LABEL, ReferenceData, Scores, SetScores, score, set_scores
from core.uncertainty import MEASURES, TWIN_MEASURES

if TYPE_CHECKING:
    from core.inference import McSampler

T, N, C = 6, 7, 3


@pytest.fixture(scope="module")
def data() -> ReferenceData:
    rng = np.random.default_rng(2)
    labels = np.array([0, 1, 2, NO_LABEL, 0, 1, 2])
    return ReferenceData("test", rng.random((N, 28, 28, 1), np.float32), labels, labels + 900, "c")


@pytest.fixture(scope="module")
def scores(sampler: McSampler, data: ReferenceData) -> Scores:
    return score(sampler, data.images, num_samples=T, seed=3)


@pytest.fixture(scope="module")
def logits() -> np.ndarray:
    return np.random.default_rng(5).normal(scale=30.0, size=(N, C)).astype(np.float32)


@pytest.fixture(scope="module")
def one(data: ReferenceData, scores: Scores, logits: np.ndarray) -> SetScores:
    return set_scores(data, scores, logits, keep_distributions=True)


def test_set_scores_are_the_committees_and_the_twins(
    one: SetScores, data: ReferenceData, scores: Scores, logits: np.ndarray
) -> None:
    assert (one.name, one.checksum, one.num_images) == ("test", "c", N)
    np.testing.assert_array_equal(one.positions, data.positions)
    np.testing.assert_array_equal(one.labels, data.labels)
    np.testing.assert_array_equal(one.predicted, scores.predicted)
    np.testing.assert_array_equal(one.runner_up, scores.runner_up)
    for name in MEASURES:
        np.testing.assert_allclose(one.measures[name], scores.measures[name], rtol=1e-6)
    np.testing.assert_array_equal(one.twin_predicted, logits.argmax(axis=1))
    for name, measure in TWIN_MEASURES.items():
        np.testing.assert_allclose(one.twin_measures[name], measure.value(logits), rtol=1e-6)


def test_distributions_are_kept_to_a_relative_error_of_their_logarithm(
    one: SetScores, scores: Scores, logits: np.ndarray
) -> None:
    assert one.log_mean is not None and one.twin_log_softmax is not None
    assert one.log_mean.dtype == one.twin_log_softmax.dtype == np.float16
    np.testing.assert_allclose(one.log_mean, np.log(scores.mean), rtol=2**-11)
    np.testing.assert_allclose(
        one.twin_log_softmax, log_softmax(logits.astype(float), axis=1), rtol=2**-11, atol=1e-7
    )


def test_distributions_are_left_out_if_not_asked_for(
    data: ReferenceData, scores: Scores, logits: np.ndarray
) -> None:
    one = set_scores(data, scores, logits)

    assert one.log_mean is None and one.twin_log_softmax is None


def test_a_mean_softmax_of_0_has_a_finite_logarithm(
    data: ReferenceData, scores: Scores, logits: np.ndarray
) -> None:
    certain = dataclasses.replace(scores, mean=np.eye(C)[[0] * N] * (1.0 + 1e-9))

    one = set_scores(data, certain, logits, keep_distributions=True)

    assert one.log_mean is not None
    np.testing.assert_allclose(one.log_mean[0], [0.0, -87.3, -87.3], atol=0.1)


def test_an_image_without_a_digit_is_never_answered_rightly(one: SetScores) -> None:
    right = dataclasses.replace(
        one, predicted=np.zeros(N, np.uint8), twin_predicted=np.full(N, 255, np.uint8)
    )

    assert right.right.tolist() == [True, False, False, False, True, False, False]
    assert not right.twin_right.any()
    assert not right.has_labels
    assert dataclasses.replace(one, labels=np.zeros(N, np.int8)).has_labels


def test_uncertainty_rises_for_every_measure(one: SetScores) -> None:
    np.testing.assert_array_equal(one.uncertainty("confidence"), -one.measures["confidence"])
    np.testing.assert_array_equal(one.uncertainty("variance"), one.measures["variance"])
    np.testing.assert_array_equal(one.twin_uncertainty("entropy"), one.twin_measures["entropy"])
    for name in ("log_odds", "logit_margin"):
        np.testing.assert_array_equal(one.twin_uncertainty(name), -one.twin_measures[name])
    with pytest.raises(InvalidInputError, match=r"measure.*one of confidence"):
        one.uncertainty("log_odds")
    with pytest.raises(InvalidInputError, match=r"measure.*one of log_odds"):
        one.twin_uncertainty("confidence")


def test_scores_and_logits_of_other_images_are_refused(
    data: ReferenceData, scores: Scores, logits: np.ndarray
) -> None:
    with pytest.raises(InvalidInputError, match="logits"):
        set_scores(data, scores, logits[:-1])
    fewer = dataclasses.replace(scores, predicted=scores.predicted[:-1])
    with pytest.raises(InvalidInputError, match="scores"):
        set_scores(data, fewer, logits)


@pytest.mark.parametrize(
    "change",
    [
        {"labels": np.zeros(N - 1, np.int8)},
        {"labels": np.zeros(0, np.int8)},
        {"predicted": np.zeros(N, np.int64)},
        {"positions": np.zeros((N, 2), np.uint16)},
        {"measures": {}},
        {"twin_measures": dict.fromkeys(TWIN_MEASURES, np.full(N, np.nan, np.float32))},
        {"measures": dict.fromkeys(MEASURES, np.zeros(N))},
        {"measures": dict.fromkeys(MEASURES, np.zeros(N + 1, np.float32))},
        {"log_mean": np.ones((N, C), np.float16)},
        {"log_mean": np.zeros(N, np.float16)},
        {"twin_log_softmax": np.full((N, C), np.nan, np.float16)},
        {"twin_log_softmax": np.zeros((N + 1, C), np.float16)},
    ],
)
def test_parts_that_do_not_fit_are_refused(one: SetScores, change: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError, match="set scores"):
        dataclasses.replace(one, **change)
