from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from core.errors import InvalidInputError
from core.experiments.post import PostCurve, post_curve
from core.experiments.recipe import SweepKind, SweepRecipe
from core.experiments.sweep import SweepResult
from core.figures.curves_image import POST_COLOUR, curves_image
from core.figures.palette import LIGHT
from core.inference.samples import McSummary

_WHITE = np.ones((28, 28, 1), dtype=np.float32)


def _curve(kind: SweepKind) -> PostCurve:
    curve = post_curve(kind)
    assert curve is not None
    return curve


def _result(kind: SweepKind, answer: int, seed: int = 0, **recipe: Any) -> SweepResult:
    curve = _curve(kind)
    arguments: dict[str, Any] = {"num_samples": 3, "seed": seed, **recipe}
    recipe_ = SweepRecipe(
        kind=kind,
        images=(_WHITE,) * len(curve.labels),
        labels=curve.labels,
        **arguments,
    )
    probs = np.random.default_rng(seed).dirichlet(np.ones(10), (3, recipe_.num_steps)) / 4
    probs[:, :, answer] += 0.75
    return SweepResult(
        recipe=recipe_,
        images=recipe_.step_images(),
        summary=McSummary.from_samples(probs),
        twin=probs[0].astype(np.float32),
    )


def _pixels(png: bytes) -> Any:
    with Image.open(io.BytesIO(png)) as picture:
        assert picture.format == "PNG"
        return np.asarray(picture.convert("RGB")).astype(int)


def _count(pixels: Any, colour: str) -> int:
    """Pixels as good as of this colour."""
    wanted = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    return int((np.abs(pixels - wanted).max(axis=2) <= 6).sum())


@pytest.mark.parametrize("kind", ["rotation", "blending"])
def test_picture_is_wide_and_small_enough_for_a_document(kind: SweepKind) -> None:
    png = curves_image([_result(kind, 1, seed) for seed in range(3)], _curve(kind))
    pixels = _pixels(png)
    assert pixels.shape[1] == 1400 and 900 < pixels.shape[0] < 1200
    assert len(png) < 150_000
    # The page all around, and nothing cut off at its edges.
    for edge in (pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]):
        assert _count(edge[None], LIGHT.bg) == len(edge)


def test_both_curves_images_and_marks_are_there() -> None:
    right = _pixels(curves_image([_result("rotation", 1)], _curve("rotation")))
    wrong = _pixels(curves_image([_result("rotation", 3)], _curve("rotation")))
    for pixels in (right, wrong):
        assert _count(pixels, LIGHT.ink) > 1000
        assert _count(pixels, POST_COLOUR) > 1000
        assert _count(pixels, "#FFFFFF") > 18 * 40**2  # the images are white
    # 3 panels of 36 marks, of some 110 pixels each.
    assert _count(right, LIGHT.accepted_fill) > 10 * _count(wrong, LIGHT.accepted_fill) > 0
    assert _count(wrong, LIGHT.wrong_fill) > 10 * _count(right, LIGHT.wrong_fill) > 0


def test_each_seed_is_a_line() -> None:
    curve = _curve("rotation")
    one, more = (
        _pixels(curves_image([_result("rotation", 1, seed) for seed in range(seeds)], curve))
        for seeds in (1, 4)
    )
    assert _count(more, LIGHT.ink) > 1.3 * _count(one, LIGHT.ink)


def test_picture_of_the_same_sweep_is_the_same_file() -> None:
    first, again = (curves_image([_result("blending", 4)], _curve("blending")) for _ in range(2))
    assert first == again


def test_no_sweep_or_another_is_refused() -> None:
    curve = _curve("rotation")
    for results in (
        [],
        [_result("blending", 4)],
        [_result("rotation", 1, stop=90.0)],
        [_result("rotation", 1), _result("rotation", 1, num_steps=12)],
    ):
        with pytest.raises(InvalidInputError):
            curves_image(results, curve)
