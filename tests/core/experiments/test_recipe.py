from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from core.errors import InvalidInputError
from core.experiments.recipe import SweepRecipe

IMAGE = np.zeros((28, 28, 1), dtype=np.float32)
IMAGE[4:24, 12:16] = 0.6


def recipe(kind: Any = "rotation", **changes: Any) -> SweepRecipe:
    images = (IMAGE,) * (2 if kind == "blending" else 1)
    return SweepRecipe(**{"kind": kind, "images": images, "num_steps": 5} | changes)


def test_a_whole_turn_leaves_its_end_out() -> None:
    assert recipe().values.tolist() == [0.0, 72.0, 144.0, 216.0, 288.0]
    assert recipe(start=-180, stop=180).values.tolist() == [-180.0, -108.0, -36.0, 36.0, 108.0]


@pytest.mark.parametrize(
    ("kind", "start", "stop", "values"),
    [
        ("rotation", -20, 20, [-20.0, -10.0, 0.0, 10.0, 20.0]),
        ("rotation", 0, 180, [0.0, 45.0, 90.0, 135.0, 180.0]),
        ("blending", 0.5, 1.0, [0.5, 0.625, 0.75, 0.875, 1.0]),
        ("noise", 0.0, 0.4, [0.0, 0.1, 0.2, 0.30000000000000004, 0.4]),
    ],
)
def test_every_other_range_includes_both_ends(
    kind: Any, start: float, stop: float, values: list[float]
) -> None:
    assert recipe(kind, start=start, stop=stop).values.tolist() == pytest.approx(values)


def test_defaults_are_a_turn_all_of_the_second_image_and_most_pixels() -> None:
    assert recipe("rotation").ends == (0.0, 360.0)
    assert recipe("blending").ends == (0.0, 1.0)
    assert recipe("noise").ends == (0.0, 0.9)


def test_each_step_of_noise_contains_the_one_before() -> None:
    images = recipe("noise", num_steps=10).step_images()
    np.testing.assert_array_equal(images[0], IMAGE)
    replaced = [np.isin(image, (0.0, 1.0)) & (image != IMAGE) for image in images]
    for before, after, image, next_image in zip(
        replaced, replaced[1:], images, images[1:], strict=False
    ):
        assert (image[before] == next_image[before]).all()
        assert after.sum() >= before.sum()


def test_another_noise_seed_is_another_order() -> None:
    one, other = (recipe("noise", noise_seed=seed).step_images()[-1] for seed in (0, 1))
    assert (one != other).any()


def test_image_at_a_step_s_value_is_the_step_s_image() -> None:
    for kind in ("rotation", "blending", "noise"):
        each = recipe(kind)
        np.testing.assert_array_equal(each.image_at(each.values[3]), each.step_images()[3])


def test_truths_need_all_labels() -> None:
    assert recipe("blending", labels=(4, 1)).truths == (4, 1)
    assert recipe("blending", labels=(4, None)).truths == ()
    assert recipe().truths == ()


@pytest.mark.parametrize("number", [0, 1, 10_000, -3, 2.5, True, None, "36", float("nan")])
def test_an_impossible_number_of_steps_is_refused(number: Any) -> None:
    with pytest.raises(InvalidInputError, match=r"num_steps.*from 2 to 360"):
        recipe(num_steps=number)


@pytest.mark.parametrize("end", ["start", "stop"])
@pytest.mark.parametrize("value", [float("nan"), float("inf"), "90", 1e9, True])
@pytest.mark.parametrize("kind", ["rotation", "blending", "noise"])
def test_an_end_that_is_no_such_number_is_refused(kind: Any, end: str, value: Any) -> None:
    with pytest.raises(InvalidInputError, match=end):
        recipe(kind, **{end: value})


def test_a_range_that_does_not_rise_or_turns_twice_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="more than start, which is 90"):
        recipe(start=90, stop=90)
    with pytest.raises(InvalidInputError, match="one whole turn"):
        recipe(start=-90, stop=300)


def test_another_number_of_images_or_labels_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="2 of them for blending"):
        recipe("blending", images=(IMAGE,))
    with pytest.raises(InvalidInputError, match="1 of them for noise"):
        recipe("noise", images=(IMAGE, IMAGE))
    with pytest.raises(InvalidInputError, match="labels"):
        recipe(labels=(1, 2))


def test_another_kind_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="rotation, blending, noise"):
        SweepRecipe(kind="shearing", images=(IMAGE,))  # type: ignore[arg-type]
