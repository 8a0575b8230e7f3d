"""An ensemble: members answer one pass each, and their sums are those of passes."""

from __future__ import annotations

import numpy as np
import pytest

from core.errors import InvalidInputError
from core.networks import Ensemble, Network, build_plain_network, load_card
from core.uncertainty import mutual_information


def _network(seed: int) -> Network:
    return Network("plain", build_plain_network(seed=seed), load_card("plain"))


@pytest.fixture(scope="module")
def images() -> np.ndarray:
    return np.random.default_rng(0).random((5, 28, 28, 1), dtype=np.float32)


def test_members_are_the_passes(images):
    ensemble = Ensemble([_network(seed) for seed in range(3)])

    samples = ensemble.sample(images).probs_tnc

    assert samples.shape == (3, 5, 10) and ensemble.num_members == 3
    for model, own in zip(ensemble.members, samples, strict=True):
        np.testing.assert_allclose(own, model(images, training=False), atol=1e-6)
    summary = ensemble.summarise(images)
    assert summary.num_samples == 3
    np.testing.assert_allclose(summary.mean, samples.mean(axis=0), atol=1e-6)
    assert (mutual_information(summary) > 0).all()  # different seeds disagree


def test_members_of_one_seed_agree(images):
    summary = Ensemble([_network(1), _network(1)]).summarise(images)

    np.testing.assert_allclose(mutual_information(summary), 0.0, atol=1e-6)


def test_one_network_is_no_ensemble():
    with pytest.raises(InvalidInputError, match="two or more"):
        Ensemble([_network(0)])


def test_images_of_another_shape_are_refused(images):
    ensemble = Ensemble([_network(0), _network(1)])
    for wrong in (images[0], images[:0], images[:, :20]):
        with pytest.raises(InvalidInputError, match="images"):
            ensemble.sample(wrong)
