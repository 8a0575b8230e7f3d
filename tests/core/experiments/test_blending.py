from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from core.errors import InvalidInputError
from core.experiments import blending_sweep

if TYPE_CHECKING:
    from core.inference import McSampler

FIRST = np.zeros((28, 28, 1), dtype=np.float32)
FIRST[4:24, 6:10] = 0.75
SECOND = np.zeros((28, 28, 1), dtype=np.float32)
SECOND[8:12, 4:24] = 0.5


def test_blending_adds_one_thirtyfifth_a_step(sampler: McSampler) -> None:
    result = blending_sweep(sampler, FIRST, SECOND, 2, 1, num_samples=7, seed=3)
    assert result.kind == "blending"
    assert result.values.tolist() == [k / 35 for k in range(36)]
    assert (result.num_steps, result.num_samples, result.seed) == (36, 7, 3)
    assert result.labels == (2, 1)


def test_blending_starts_with_one_image_and_ends_with_both_clipped(sampler: McSampler) -> None:
    images = blending_sweep(sampler, FIRST, SECOND, num_steps=3, num_samples=2).images
    np.testing.assert_allclose(images[0], FIRST)
    np.testing.assert_allclose(images[1], np.minimum(FIRST + 0.5 * SECOND, 1.0))
    np.testing.assert_allclose(images[2], np.minimum(FIRST + SECOND, 1.0))
    assert images[2].max() == 1.0


def test_blending_asks_the_sampler_what_it_would_say_of_these_images(sampler: McSampler) -> None:
    result = blending_sweep(sampler, FIRST, SECOND, num_steps=5, num_samples=11, seed=2)
    summary = sampler.summarise(result.images, num_samples=11, seed=2)
    np.testing.assert_allclose(result.summary.mean, summary.mean, atol=1e-6)
    np.testing.assert_allclose(result.twin, sampler.twin(result.images), atol=1e-6)


@pytest.mark.parametrize("labels", [(None, None), (1, None), (None, 2)])
def test_blending_without_both_labels_knows_no_right(
    sampler: McSampler, labels: tuple[int | None, int | None]
) -> None:
    result = blending_sweep(sampler, FIRST, SECOND, *labels, num_steps=2, num_samples=2)
    assert result.labels == ()
    assert result.right is None


def test_blending_names_the_image_that_is_none(sampler: McSampler) -> None:
    with pytest.raises(InvalidInputError) as caught:
        blending_sweep(sampler, FIRST, np.zeros((28, 28), dtype=np.float32))
    assert caught.value.argument == "image2"


def test_blending_in_one_step_is_refused(sampler: McSampler) -> None:
    with pytest.raises(InvalidInputError, match="num_steps"):
        blending_sweep(sampler, FIRST, SECOND, num_steps=1)
