from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core.errors import InvalidInputError
from core.experiments.comparison import BARS, Bar, Comparison, compare
from core.experiments.post import PostCurve, post_curve
from core.experiments.recipe import SweepKind, SweepRecipe
from core.experiments.sweep import SweepResult
from core.inference.samples import McSummary
from core.uncertainty.measures import predictive_entropy, variance

_BLANK = np.zeros((28, 28, 1), dtype=np.float32)


def _curve(kind: SweepKind) -> PostCurve:
    curve = post_curve(kind)
    assert curve is not None
    return curve


def _result(kind: SweepKind, answers: Any, softmax: Any, **recipe: Any) -> SweepResult:
    """A sweep whose passes all say the answer with this softmax, and nothing else of the rest."""
    curve = _curve(kind)
    arguments: dict[str, Any] = {
        "images": (_BLANK,) * len(curve.labels),
        "labels": curve.labels,
        "references": curve.references,
        "num_samples": 2,
        **recipe,
    }
    probs = np.repeat((1 - np.asarray(softmax))[:, None] / 9, 10, axis=1)
    probs[np.arange(len(probs)), answers] = softmax
    return SweepResult(
        recipe=SweepRecipe(kind=kind, **arguments),
        images=np.zeros((len(probs), 28, 28, 1), dtype=np.float32),
        summary=McSummary.from_samples(np.stack([probs, probs])),
        twin=probs.astype(np.float32),
    )


@pytest.mark.parametrize("kind", ["rotation", "blending"])
def test_the_posts_own_answers_and_softmax_agree_at_every_step(kind: SweepKind) -> None:
    curve = _curve(kind)
    found = compare(_result(kind, curve.predicted, curve.mean_softmax, seed=3))
    assert (found.kind, found.seed, found.num_samples, found.num_steps) == (kind, 3, 2, 36)
    assert (found.same_or_better, found.equal) == (36, 36)
    assert found.mean_softmax == pytest.approx(1.0)


def test_rising_entropies_correlate_by_rank_not_by_height() -> None:
    curve = _curve("rotation")
    # With one class ahead and the others alike, the entropy falls as the softmax rises.
    by_entropy = np.argsort(np.argsort(-curve.entropy, kind="stable"), kind="stable")
    result = _result("rotation", curve.predicted, 0.3 + by_entropy / 100)
    assert compare(result).entropy == pytest.approx(1.0, abs=0.001)  # ties in the post's
    assert np.abs(predictive_entropy(result.summary) - curve.entropy).max() > 0.5


def test_turned_curve_correlates_with_minus_one() -> None:
    curve = _curve("blending")
    found = compare(_result("blending", curve.predicted, 1.2 - curve.mean_softmax))
    assert found.mean_softmax == pytest.approx(-1.0)


def test_flat_curve_has_no_correlation() -> None:
    result = _result("rotation", _curve("rotation").predicted, np.full(36, 0.5))
    assert np.ptp(variance(result.summary)) == 0.0
    found = compare(result)
    assert all(math.isnan(each) for each in (found.entropy, found.mean_softmax, found.variance))


def test_right_at_every_step_is_better_and_not_equal() -> None:
    curve = _curve("rotation")
    found = compare(_result("rotation", np.ones(36, dtype=int), curve.mean_softmax))
    assert found.same_or_better == 36
    assert found.equal == curve.right.sum() == 17


def test_wrong_at_every_step_is_the_same_only_where_the_post_is_wrong() -> None:
    curve = _curve("rotation")
    found = compare(_result("rotation", np.full(36, 3), curve.mean_softmax))
    assert found.same_or_better == found.equal == 19


def test_either_digit_of_a_blending_is_right() -> None:
    answers = np.where(np.arange(36) < 20, 4, 1)
    found = compare(_result("blending", answers, _curve("blending").mean_softmax))
    assert found.same_or_better == found.equal == 36


@pytest.mark.parametrize(
    "other",
    [
        {"references": ("mnist:6",)},
        {"references": ()},
        {"labels": (7,)},
        {"labels": ()},
        {"stop": 180.0},
        {"start": 10.0},
    ],
)
def test_sweep_of_something_else_is_refused(other: dict[str, Any]) -> None:
    curve = _curve("rotation")
    with pytest.raises(InvalidInputError) as caught:
        compare(_result("rotation", curve.predicted, curve.mean_softmax, **other))
    assert caught.value.argument == "result"


def test_sweep_in_other_steps_or_not_complete_is_refused() -> None:
    curve = _curve("rotation")
    answers, softmax = curve.predicted[:20], curve.mean_softmax[:20]
    for steps in (20, 36):
        with pytest.raises(InvalidInputError, match="36 steps"):
            compare(_result("rotation", answers, softmax, num_steps=steps))


def test_noise_is_refused() -> None:
    curve = _curve("rotation")
    result = _result("rotation", curve.predicted, curve.mean_softmax)
    noise = replace(result, recipe=replace(result.recipe, kind="noise", start=0.0, stop=0.9))
    with pytest.raises(InvalidInputError, match="noise"):
        compare(noise)


def test_bar_is_met_at_its_height_and_not_below() -> None:
    found = Comparison("rotation", 0, 2, 36, 33, 30, entropy=0.75, mean_softmax=0.6, variance=0.1)
    met = [bar.is_met(found) for bar in BARS if bar.kind == "rotation"]
    assert met == [True, True, False]
    assert not Bar("rotation", "entropy", 0.75).is_met(replace(found, entropy=math.nan))
    with pytest.raises(InvalidInputError, match="blending"):
        Bar("blending", "entropy", 0.5).is_met(found)
