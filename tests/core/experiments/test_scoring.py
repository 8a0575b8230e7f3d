from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pytest

from core.errors import InvalidInputError
from core.experiments.scoring import (
    accuracy,
    negative_log_likelihood,
    score,
    score_one_pass,
)
from core.uncertainty import MEASURES, predicted_class, runner_up

if TYPE_CHECKING:
    from core.inference import McSampler

T, N, C = 6, 7, 3


@pytest.fixture(scope="module")
def images() -> npt.NDArray[np.float32]:
    rng = np.random.default_rng(2)
    return rng.integers(0, 256, (N, 28, 28, 1)).astype(np.uint8).astype(np.float32) / np.float32(
        255.0
    )


def test_accuracy_is_the_share_of_right_answers() -> None:
    probs = np.array([[0.7, 0.2, 0.1], [0.1, 0.2, 0.7], [0.1, 0.8, 0.1], [0.5, 0.5, 0.0]])

    assert accuracy(probs, np.array([0, 2, 0, 0])) == 0.75  # the tie goes to the lowest class


def test_nll_of_certain_right_answers_is_0_and_of_an_even_split_is_ln_c() -> None:
    assert negative_log_likelihood(np.eye(3), np.arange(3)) == 0.0
    assert negative_log_likelihood(np.full((5, 3), 1 / 3), np.zeros(5, int)) == pytest.approx(
        math.log(3)
    )


def test_nll_of_a_certain_wrong_answer_is_large_and_finite() -> None:
    assert negative_log_likelihood(np.eye(3)[:1], np.array([1])) == pytest.approx(87.3, abs=0.1)


def test_scores_are_those_of_one_summary_of_all_images(
    sampler: McSampler, images: npt.NDArray[np.float32]
) -> None:
    scores = score(sampler, images, num_samples=T, seed=4, batch_size=3)

    summary = sampler.summarise(images, num_samples=T, seed=4)
    assert scores.num_images == N and scores.mean.shape == (N, C)
    assert (scores.num_samples, scores.seed) == (T, 4)
    np.testing.assert_allclose(scores.mean, summary.mean, atol=1e-6)
    np.testing.assert_array_equal(scores.predicted, predicted_class(summary))
    np.testing.assert_array_equal(scores.runner_up, runner_up(summary))
    assert list(scores.measures) == list(MEASURES)
    for name, measure in MEASURES.items():
        np.testing.assert_allclose(scores.measures[name], measure.value(summary), atol=1e-5)


def test_labels_give_accuracy_and_nll_of_the_mean_softmax(
    sampler: McSampler, images: npt.NDArray[np.float32]
) -> None:
    labels = [0, 1, 2, 0, 1, 2, 0]

    scores = score(sampler, images, labels, num_samples=T, batch_size=4)

    mean = sampler.summarise(images, num_samples=T).mean
    assert scores.accuracy == np.mean(mean.argmax(axis=1) == labels)
    expected = -np.mean([math.log(row[label]) for row, label in zip(mean, labels, strict=True)])
    assert scores.nll == pytest.approx(expected, abs=1e-5)


def test_without_labels_there_is_no_accuracy(
    sampler: McSampler, images: npt.NDArray[np.float32]
) -> None:
    scores = score(sampler, images, num_samples=2)

    assert scores.labels is None and scores.accuracy is None and scores.nll is None


def test_bytes_are_scaled_as_the_network_takes_them(
    sampler: McSampler, images: npt.NDArray[np.float32]
) -> None:
    as_bytes = np.round(images * 255).astype(np.uint8)

    scores = score(sampler, as_bytes, num_samples=T, batch_size=2)

    np.testing.assert_allclose(scores.mean, score(sampler, images, num_samples=T).mean, atol=1e-6)


def test_progress_counts_images_batch_by_batch(
    sampler: McSampler, images: npt.NDArray[np.float32]
) -> None:
    seen: list[tuple[int, int]] = []

    score(
        sampler,
        images,
        num_samples=2,
        batch_size=3,
        progress=lambda done, total: seen.append((done, total)),
    )

    assert seen == [(3, 7), (6, 7), (7, 7)]


@pytest.mark.parametrize("labels", [[0, 1], [0.0] * N, [[0]] * N])
def test_labels_that_do_not_fit_are_refused(
    sampler: McSampler, images: npt.NDArray[np.float32], labels: Any
) -> None:
    with pytest.raises(InvalidInputError, match="labels"):
        score(sampler, images, labels, num_samples=2)


def test_no_images_are_refused(sampler: McSampler) -> None:
    with pytest.raises(InvalidInputError, match="images"):
        score(sampler, np.zeros((0, 28, 28, 1), np.float32), num_samples=2)


def test_one_pass_is_the_models_own_with_dropout_off(images: npt.NDArray[np.float32]) -> None:
    from core.networks import build_mc_network

    model = build_mc_network(seed=3)

    probs = score_one_pass(model, images, batch_size=2)

    assert probs.shape == (N, 10)
    np.testing.assert_allclose(probs, np.asarray(model(images, training=False)), atol=1e-6)
