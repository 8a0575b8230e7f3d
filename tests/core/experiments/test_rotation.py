from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pytest

from core.errors import InvalidInputError
from core.experiments import rotation_sweep

if TYPE_CHECKING:
    from core.inference import McSampler


@pytest.fixture(scope="module")
def image() -> npt.NDArray[np.float32]:
    """A bar at the top, two pixels left of the middle."""
    pixels = np.zeros((28, 28, 1), dtype=np.float32)
    pixels[2:10, 10:14] = 1.0
    return pixels


def test_rotation_takes_ten_degrees_a_step(sampler: McSampler, image: Any) -> None:
    result = rotation_sweep(sampler, image, 1, num_samples=7, seed=3)
    assert result.kind == "rotation"
    assert result.values.tolist() == [10.0 * k for k in range(36)]
    assert (result.num_steps, result.num_samples, result.seed) == (36, 7, 3)
    assert result.labels == (1,)
    assert result.images.shape == (36, 28, 28, 1)


def test_rotation_starts_with_the_image_and_turns_counter_clockwise(
    sampler: McSampler, image: Any
) -> None:
    images = rotation_sweep(sampler, image, num_steps=4, num_samples=2).images
    for k in range(4):
        turned = np.rot90(image[:, :, 0], k)  # counter-clockwise as the image is seen
        np.testing.assert_allclose(images[k, :, :, 0], turned, atol=1e-5)


def test_rotation_asks_the_sampler_what_it_would_say_of_these_images(
    sampler: McSampler, image: Any
) -> None:
    result = rotation_sweep(sampler, image, num_steps=5, num_samples=11, seed=2)
    summary = sampler.summarise(result.images, num_samples=11, seed=2)
    np.testing.assert_allclose(result.summary.mean, summary.mean, atol=1e-6)
    np.testing.assert_allclose(result.twin, sampler.twin(result.images), atol=1e-6)
    assert np.ptp(result.summary.mean, axis=0).max() > 0.01


def test_rotation_step_says_what_the_image_alone_says(sampler: McSampler, image: Any) -> None:
    # One committee for all: clicking a step shows the numbers of the sweep.
    result = rotation_sweep(sampler, image, num_steps=5, num_samples=11, seed=2)
    alone = sampler.summarise(result.images[3:4], num_samples=11, seed=2)
    np.testing.assert_allclose(result.summary[3].mean, alone.mean, atol=1e-5)


def test_rotation_without_a_label_knows_no_right(sampler: McSampler, image: Any) -> None:
    result = rotation_sweep(sampler, image, num_steps=2, num_samples=2)
    assert result.labels == ()
    assert result.right is None


@pytest.mark.parametrize("num_steps", [1, 0, -3, 361, 2.5, True, None, "36"])
def test_rotation_in_impossible_steps_is_refused(
    sampler: McSampler, image: Any, num_steps: Any
) -> None:
    with pytest.raises(InvalidInputError, match="num_steps"):
        rotation_sweep(sampler, image, num_steps=num_steps, num_samples=2)


@pytest.mark.parametrize(
    ("bad", "complaint"),
    [
        (np.zeros((28, 28)), "shape"),
        (np.zeros((1, 28, 28, 1)), "shape"),
        (np.full((28, 28, 1), 255, dtype=np.uint8), "Divide"),
        (np.full((28, 28, 1), np.nan), r"\[0, 1\]"),
        (np.full((28, 28, 1), -0.5), r"\[0, 1\]"),
        (np.full((28, 28, 1), "a"), "type"),
        ("no image", "shape"),
    ],
)
def test_rotation_of_no_image_is_refused(sampler: McSampler, bad: Any, complaint: str) -> None:
    with pytest.raises(InvalidInputError, match=complaint) as caught:
        rotation_sweep(sampler, bad, num_samples=2)
    assert caught.value.argument == "image"


def test_rotation_with_a_label_that_is_no_class_runs_no_pass(
    sampler: McSampler, image: Any
) -> None:
    before = sampler.passes_run
    with pytest.raises(InvalidInputError, match="from 0 to 2"):
        rotation_sweep(sampler, image, 3, num_samples=2)
    assert sampler.passes_run == before


@pytest.mark.parametrize(
    "arguments", [{"num_samples": 0}, {"num_samples": 10**9}, {"seed": -1}, {"seed": 0.5}]
)
def test_rotation_with_impossible_passes_or_seed_is_refused(
    sampler: McSampler, image: Any, arguments: dict[str, Any]
) -> None:
    with pytest.raises(InvalidInputError, match=next(iter(arguments))):
        rotation_sweep(sampler, image, **arguments)
