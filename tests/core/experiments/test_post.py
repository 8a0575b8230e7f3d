from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.errors import DamagedFileError
from core.experiments import post
from core.experiments.post import PostCurve, post_curve
from core.experiments.recipe import SweepRecipe

_BLANK = np.zeros((28, 28, 1), dtype=np.float32)


def _curve(kind: Any) -> PostCurve:
    curve = post_curve(kind)
    assert curve is not None
    return curve


def test_rotation_is_of_test_image_5_in_steps_of_ten_degrees() -> None:
    curve = _curve("rotation")
    assert (curve.references, curve.labels, curve.num_samples) == (("mnist:5",), (1,), 100)
    assert curve.values.tolist() == [10.0 * k for k in range(36)]


def test_blending_is_of_test_images_4_and_5() -> None:
    curve = _curve("blending")
    assert (curve.references, curve.labels) == (("mnist:4", "mnist:5"), (4, 1))
    assert curve.values.tolist() == [k / 35 for k in range(36)]


@pytest.mark.parametrize(("kind", "images"), [("rotation", 1), ("blending", 2)])
def test_steps_are_those_of_our_recipe_by_default(kind: Any, images: int) -> None:
    recipe = SweepRecipe(kind=kind, images=(_BLANK,) * images)
    assert _curve(kind).values.tolist() == recipe.values.tolist()


def test_noise_has_no_published_numbers() -> None:
    assert post_curve("noise") is None


def test_rotation_is_right_where_the_answer_is_a_1() -> None:
    wrong = np.flatnonzero(~_curve("rotation").right)
    assert wrong.tolist() == [*range(6, 15), *range(23, 33)]


def test_blending_is_right_at_every_step() -> None:
    assert _curve("blending").right.all()


@pytest.mark.parametrize("kind", ["rotation", "blending"])
def test_numbers_could_be_those_of_softmax_samples(kind: Any) -> None:
    curve = _curve(kind)
    mean, entropy, variance = curve.mean_softmax, curve.entropy, curve.variance
    rounding = 0.005
    assert all(len(each) == curve.num_steps == 36 for each in (mean, entropy, variance))
    # Entropy of a distribution with this largest entry lies between these two.
    rest = (1 - mean) / 9
    most = -(mean * np.log(mean) + 9 * rest * np.log(rest))
    assert (entropy <= most + 0.06).all() and (entropy >= -np.log(mean + rounding) - 0.01).all()
    assert (variance <= mean * (1 - mean) + 2 * rounding).all() and (variance >= 0).all()


def test_arrays_are_shared_and_read_only() -> None:
    curve = _curve("rotation")
    assert post_curve("rotation") is curve
    for array in (curve.values, curve.predicted, curve.entropy):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


@pytest.mark.parametrize(
    "text",
    ["{", '{"rotation": {}}', '{"rotation": {"steps": "many", "mnist_test_index": 5}}'],
)
def test_damaged_file_is_told(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "post_curves.json"
    path.write_text(text)
    monkeypatch.setattr(post, "POST_FILE", path)
    with pytest.raises(DamagedFileError, match=r"post_curves\.json"):
        post_curve.__wrapped__("rotation")


def test_curve_with_a_step_too_few_is_refused() -> None:
    with pytest.raises(DamagedFileError, match="3 steps"):
        PostCurve(
            kind="rotation",
            references=("mnist:5",),
            labels=(1,),
            values=np.zeros(3),
            predicted=np.zeros(3, dtype=np.int64),
            mean_softmax=np.zeros(3),
            entropy=np.zeros(2),
            variance=np.zeros(3),
            num_samples=100,
        )
