from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from core.errors import InvalidInputError
from core.experiments import noise_sweep

if TYPE_CHECKING:
    from core.inference import McSampler

IMAGE = np.zeros((28, 28, 1), dtype=np.float32)
IMAGE[4:24, 10:14] = 0.6


def test_noise_goes_from_none_to_most_pixels(sampler: McSampler) -> None:
    result = noise_sweep(sampler, IMAGE, 1, num_samples=7, seed=3)
    assert result.kind == "noise"
    assert result.values.tolist() == pytest.approx(np.linspace(0, 0.9, 36).tolist())
    assert (result.num_steps, result.num_samples, result.seed) == (36, 7, 3)
    assert result.labels == (1,)
    np.testing.assert_array_equal(result.images[0], IMAGE)
    # A pixel that is replaced by its own colour cannot be seen to be replaced.
    assert 0.3 < (result.images[-1] != IMAGE).mean() < 0.7


def test_noise_of_another_seed_leaves_the_committee_as_it_was(sampler: McSampler) -> None:
    one, other = (
        noise_sweep(sampler, IMAGE, num_steps=3, num_samples=7, noise_seed=seed) for seed in (0, 1)
    )
    np.testing.assert_allclose(one.summary[0].mean, other.summary[0].mean, atol=1e-6)
    assert (one.images[2] != other.images[2]).any()


def test_noise_on_no_image_is_refused(sampler: McSampler) -> None:
    with pytest.raises(InvalidInputError) as caught:
        noise_sweep(sampler, np.zeros((28, 28), dtype=np.float32))
    assert caught.value.argument == "image"
