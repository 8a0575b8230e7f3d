from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from core.errors import InvalidInputError
from core.experiments.claims import Claim, false_detections, is_missed, post_claims
from core.experiments.post import post_curve
from core.experiments.recipe import SweepKind, SweepRecipe
from core.experiments.sweep import SweepResult
from core.inference.samples import McSummary

_BLANK = np.zeros((28, 28, 1), dtype=np.float32)


def _result(
    kind: SweepKind, answers: Any, softmax: Any, swing: Any, twin_answers: Any, twin_softmax: Any
) -> SweepResult:
    """A sweep of two passes that give the answer a softmax more, and less, by a swing."""
    curve = post_curve(kind)
    assert curve is not None
    passes = np.stack(
        [_rows(answers, np.asarray(softmax) + sign * np.asarray(swing)) for sign in (1, -1)]
    )
    return SweepResult(
        recipe=SweepRecipe(
            kind=kind,
            images=(_BLANK,) * len(curve.labels),
            labels=curve.labels,
            references=curve.references,
            num_samples=2,
        ),
        images=np.zeros((36, 28, 28, 1), dtype=np.float32),
        summary=McSummary.from_samples(passes),
        twin=_rows(twin_answers, twin_softmax).astype(np.float32),
    )


def _rows(answers: Any, softmax: Any) -> Any:
    softmax = np.broadcast_to(softmax, 36)
    probs = np.repeat((1 - softmax)[:, None] / 9, 10, axis=1)
    probs[np.arange(36), np.broadcast_to(answers, 36)] = softmax
    return probs


def _rotation(**other: Any) -> SweepResult:
    """As the post has it: unsure of steps 5 to 14, in a swing there but at step 5."""
    unsure = np.isin(np.arange(36), range(5, 15))
    swing = np.where(unsure, 0.1, 0.01)
    swing[[5, 23]] = 0.0
    softmax = np.where(unsure, 0.4, 0.9)
    softmax[[5, 23]] = 0.2
    arguments = {
        "answers": np.where(unsure, 7, 1),
        "softmax": softmax,
        "swing": swing,
        "twin_answers": np.where(unsure, 7, 1),
        "twin_softmax": 0.8,
        **other,
    }
    return _result("rotation", **arguments)


def _blending(twin_answers: Any = 4) -> SweepResult:
    return _result("blending", 4, 0.9, 0.01, twin_answers, 0.9)


def _claims(rotation: SweepResult, blending: SweepResult | None = None) -> list[Claim]:
    return list(post_claims([rotation], [blending or _blending()]))


def test_claims_hold_on_a_network_as_in_the_post() -> None:
    claims = _claims(_rotation(), _blending(twin_answers=9))
    assert [claim.holds for claim in claims] == [True] * 7
    assert all(claim.text.endswith(".") and claim.evidence.endswith(".") for claim in claims)


def test_claims_do_not_hold_on_a_network_that_is_always_right_and_sure() -> None:
    claims = _claims(_result("rotation", 1, 0.99, 0.0, 1, 0.99))
    # There are no false detections, so none is left unflagged.
    assert [claim.holds for claim in claims] == [False, False, False, True, False, False, False]


def test_evidence_names_steps_and_answers() -> None:
    label, _, twin, flagged, blending, peaks, _ = _claims(_rotation())
    assert "The answer is 7; the post's is 4." in label.evidence
    assert "10 of 36 steps (5 to 14)" in twin.evidence
    assert "Above it at 10 of 10." in flagged.evidence
    assert "none of 36 steps" in blending.evidence
    assert "Step 5: entropy" in peaks.evidence and "(the post: 1.94, 0.04)" in peaks.evidence


def test_claim_has_to_hold_with_every_seed() -> None:
    other = _rotation(answers=1)
    claims = post_claims([_rotation(), other], [_blending()])
    assert not claims[0].holds and "1 or 7" in claims[0].evidence


def test_false_detection_is_wrong_and_over_the_threshold() -> None:
    softmax = np.full(36, 0.9)
    softmax[6] = 0.45
    found = false_detections(_rotation(twin_softmax=softmax))
    assert np.flatnonzero(found).tolist() == [5, *range(7, 15)]


def test_missed_step_has_much_entropy_and_little_variance() -> None:
    entropy = np.array([0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0])
    spread = np.array([0.5, 0.5, 0.5, 0.5, 0.5, 0.1, 0.1, 0.5])
    assert np.flatnonzero(is_missed(entropy, spread)).tolist() == [6]


def test_the_posts_own_peaks_are_missed_by_its_variance() -> None:
    curve = post_curve("rotation")
    assert curve is not None
    assert np.flatnonzero(is_missed(curve.entropy, curve.variance)).tolist() == [5, 23, 24, 32]


def test_no_sweep_or_another_kind_is_refused() -> None:
    for rotations, blendings in (([], [_blending()]), ([_rotation()], [_rotation()])):
        with pytest.raises(InvalidInputError, match="at least one"):
            post_claims(rotations, blendings)
