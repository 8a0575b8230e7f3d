"""Our sweep beside the post's: where each is right, and whether the curves have one shape."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.stats import spearmanr

from ..errors import InvalidInputError
from ..inference.samples import Floats
from ..uncertainty.measures import confidence, predictive_entropy, variance
from .post import PostCurve, post_curve
from .recipe import SweepKind
from .sweep import SweepResult

Figure = Literal["same_or_better", "entropy", "mean_softmax", "variance"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One of our sweeps beside the post's of the same images and steps.

    A correlation is Spearman's over the steps: it asks whether both curves rise and fall at the
    same steps, not whether they are equally high. It is NaN where a curve is flat.

    Attributes:
        kind: of both sweeps.
        seed: of our passes.
        num_samples: T, our passes at each step.
        num_steps: S.
        same_or_better: steps at which we are right or the post is wrong.
        equal: steps at which both are right or both are wrong.
        entropy: correlation of the predictive entropies, in [-1, 1].
        mean_softmax: of the answers' mean softmax.
        variance: of the variances.
    """

    kind: SweepKind
    seed: int
    num_samples: int
    num_steps: int
    same_or_better: int
    equal: int
    entropy: float
    mean_softmax: float
    variance: float


@dataclass(frozen=True, slots=True)
class Bar:
    """What a sweep has to reach with every seed to count as the post's made again.

    Attributes:
        kind: of the sweep.
        figure: which of a comparison's numbers.
        least: what it has to be.
    """

    kind: SweepKind
    figure: Figure
    least: float

    def is_met(self, comparison: Comparison) -> bool:
        """Whether one sweep reaches it; a correlation that is not defined does not.

        Raises:
            InvalidInputError: the comparison is of another kind of sweep.
        """
        if comparison.kind != self.kind:
            raise InvalidInputError("comparison", expected=self.kind, received=comparison.kind)
        return bool(getattr(comparison, self.figure) >= self.least)


BARS = (
    Bar("rotation", "same_or_better", 33),
    Bar("rotation", "entropy", 0.75),
    Bar("rotation", "mean_softmax", 0.65),
    Bar("blending", "same_or_better", 36),
    Bar("blending", "entropy", 0.85),
)


def compare(result: SweepResult) -> Comparison:
    """Lay one sweep beside the post's.

    Raises:
        InvalidInputError: the sweep is not of the post's images, labels and steps.
    """
    curve = require_post_curve(result)
    right = np.isin(result.predicted, curve.labels)
    return Comparison(
        kind=result.kind,
        seed=result.seed,
        num_samples=result.num_samples,
        num_steps=result.num_steps,
        same_or_better=int((right | ~curve.right).sum()),
        equal=int((right == curve.right).sum()),
        entropy=_spearman(predictive_entropy(result.summary), curve.entropy),
        mean_softmax=_spearman(confidence(result.summary), curve.mean_softmax),
        variance=_spearman(variance(result.summary), curve.variance),
    )


def require_post_curve(result: SweepResult) -> PostCurve:
    """Return the post's numbers for the images and steps of a sweep.

    Raises:
        InvalidInputError: the sweep is not of the post's images, labels and steps.
    """
    curve = post_curve(result.kind)
    if curve is None:
        raise InvalidInputError(
            "result", expected="a rotation or a blending, as in the post", received=result.kind
        )
    images = " and ".join(curve.references)
    if result.recipe.references != curve.references or result.labels != curve.labels:
        raise InvalidInputError(
            "result",
            expected=f"a {curve.kind} of {images}, with the labels {curve.labels}",
            received=f"{result.recipe.references} with the labels {result.labels}",
        )
    if not np.array_equal(result.values, curve.values):
        raise InvalidInputError(
            "result",
            expected=f"the post's {curve.num_steps} steps, to {curve.values[-1]:g}",
            received=f"{result.num_steps} steps, to {result.values[-1]:g}",
        )
    return curve


def _spearman(ours: Floats, post: Floats) -> float:
    # A flat curve has no ranks, and SciPy warns about it.
    if np.ptp(ours) == 0.0 or np.ptp(post) == 0.0:
        return math.nan
    return float(spearmanr(ours, post).statistic)
