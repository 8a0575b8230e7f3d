r"""Measures of uncertainty, each with its Monte-Carlo standard error.

Every measure is a smooth function g of means over passes, so its standard error comes from
the delta method: Var g(mean z) ~ grad g' Cov(z) grad g / T, with the passes as independent
draws of z.

References:
    Gal 2016, *Uncertainty in Deep Learning*, section 3.3.1 (variation ratio, predictive
    entropy, mutual information).
    Houlsby et al. 2011, *Bayesian Active Learning for Classification* (BALD).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from scipy.special import entr

from ..inference.samples import Counts, Floats, McSummary


def predicted_class(summary: McSummary) -> Counts:
    """Class with the largest mean softmax, shape (N,); ties go to the lowest class."""
    return np.asarray(summary.sum_p.argmax(axis=1), dtype=np.int64)


def runner_up(summary: McSummary) -> Counts:
    """Class with the second largest mean softmax, shape (N,)."""
    rest = summary.sum_p.copy()
    rest[np.arange(summary.num_images), predicted_class(summary)] = -1.0
    return np.asarray(rest.argmax(axis=1), dtype=np.int64)


def confidence(summary: McSummary) -> Floats:
    """Largest entry of the mean softmax.

    Returns:
        Shape (N,), in [1/C, 1]. Higher is more certain.
    """
    return np.asarray(summary.mean.max(axis=1))


def confidence_standard_error(summary: McSummary) -> Floats:
    """Monte-Carlo standard error of `confidence`, shape (N,)."""
    return np.sqrt(variance(summary) / summary.num_samples)


def predictive_entropy(summary: McSummary) -> Floats:
    """Entropy of the mean softmax: uncertainty in all.

    Returns:
        Shape (N,), nats, in [0, ln C]. Higher is less certain.
    """
    return np.asarray(entr(summary.mean).sum(axis=1))


def predictive_entropy_standard_error(summary: McSummary) -> Floats:
    """Monte-Carlo standard error of `predictive_entropy`, shape (N,), nats."""
    return _standard_error(summary, _entropy_gradient(summary), h_weight=0.0)


def expected_entropy(summary: McSummary) -> Floats:
    """Mean entropy of the passes' softmaxes: how unsure passes are, on average (aleatoric).

    Returns:
        Shape (N,), nats, in [0, ln C]. Higher is less certain.
    """
    return summary.sum_h / summary.num_samples


def expected_entropy_standard_error(summary: McSummary) -> Floats:
    """Monte-Carlo standard error of `expected_entropy`, shape (N,), nats."""
    return _standard_error(summary, np.zeros_like(summary.sum_p), h_weight=1.0)


def mutual_information(summary: McSummary) -> Floats:
    """Predictive minus expected entropy: the passes disagree (epistemic, BALD).

    Returns:
        Shape (N,), nats, in [0, ln C]. Higher is less certain.

    References:
        Houlsby et al. 2011, equation 2.
    """
    # Jensen makes it non-negative; rounding may not.
    return np.maximum(predictive_entropy(summary) - expected_entropy(summary), 0.0)


def mutual_information_standard_error(summary: McSummary) -> Floats:
    """Monte-Carlo standard error of `mutual_information`, shape (N,), nats."""
    return _standard_error(summary, _entropy_gradient(summary), h_weight=-1.0)


def variance(summary: McSummary) -> Floats:
    """Variance over passes of the predicted class's softmax, the post's measure.

    Divided by T, not T - 1, as `numpy.var` does and the post did.

    Returns:
        Shape (N,), in [0, 1/4]. Higher is less certain.
    """
    rows, winners = np.arange(summary.num_images), predicted_class(summary)
    first = summary.sum_p[rows, winners] / summary.num_samples
    second = summary.sum_p2[rows, winners] / summary.num_samples
    return np.maximum(second - first * first, 0.0)


def variance_standard_error(summary: McSummary) -> Floats:
    """Monte-Carlo standard error of `variance`, shape (N,): sqrt((m4 - m2^2) / T)."""
    rows, winners = np.arange(summary.num_images), predicted_class(summary)
    e1, e2, e3, e4 = (
        moment[rows, winners] / summary.num_samples
        for moment in (summary.sum_p, summary.sum_p2, summary.sum_p3, summary.sum_p4)
    )
    fourth_central = e4 - 4 * e1 * e3 + 6 * e1**2 * e2 - 3 * e1**4
    spread = np.maximum(fourth_central - variance(summary) ** 2, 0.0)
    return np.asarray(np.sqrt(spread / summary.num_samples))


def variation_ratio(summary: McSummary) -> Floats:
    """Share of passes that do not vote for the most voted class.

    Returns:
        Shape (N,), in [0, 1 - 1/C]. Higher is less certain.

    References:
        Gal 2016, section 3.3.1.
    """
    return np.asarray(1.0 - summary.votes.max(axis=1) / summary.num_samples)


def variation_ratio_standard_error(summary: McSummary) -> Floats:
    """Monte-Carlo standard error of `variation_ratio`, shape (N,): binomial."""
    ratio = variation_ratio(summary)
    return np.sqrt(ratio * (1.0 - ratio) / summary.num_samples)


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure and how to speak of it.

    Attributes:
        name: key in `MEASURES`, in tables, links and files.
        label: what a person reads.
        explanation: a few plain words.
        unit: "nats" or "" for a plain number.
        value: the measure, from a summary to shape (N,).
        standard_error: its Monte-Carlo standard error, shape (N,).
        upper: the largest value it can take, from the number of classes.
        higher_is_less_certain: false for the confidence alone.
    """

    name: str
    label: str
    explanation: str
    unit: str
    value: Callable[[McSummary], Floats]
    standard_error: Callable[[McSummary], Floats]
    upper: Callable[[int], float]
    higher_is_less_certain: bool = True


def _log(num_classes: int) -> float:
    return float(np.log(num_classes))


MEASURES: Mapping[str, Measure] = MappingProxyType(
    {
        measure.name: measure
        for measure in (
            Measure(
                "confidence",
                "Confidence",
                "mean softmax of the answer",
                "",
                confidence,
                confidence_standard_error,
                lambda num_classes: 1.0,
                higher_is_less_certain=False,
            ),
            Measure(
                "predictive_entropy",
                "Predictive entropy",
                "how unsure, in all",
                "nats",
                predictive_entropy,
                predictive_entropy_standard_error,
                _log,
            ),
            Measure(
                "expected_entropy",
                "Expected entropy",
                "passes are unsure, on average",
                "nats",
                expected_entropy,
                expected_entropy_standard_error,
                _log,
            ),
            Measure(
                "mutual_information",
                "Mutual information",
                "the passes disagree",
                "nats",
                mutual_information,
                mutual_information_standard_error,
                _log,
            ),
            Measure(
                "variance",
                "Variance",
                "how the winning score swings",
                "",
                variance,
                variance_standard_error,
                lambda num_classes: 0.25,
            ),
            Measure(
                "variation_ratio",
                "Variation ratio",
                "passes voting otherwise",
                "",
                variation_ratio,
                variation_ratio_standard_error,
                lambda num_classes: 1.0 - 1.0 / num_classes,
            ),
        )
    }
)


def _entropy_gradient(summary: McSummary) -> Floats:
    """Gradient of H[mean p] in mean p, shape (N, C): -(ln mean + 1).

    A class that no pass gave any weight has no spread either, so its infinite
    slope is never used; the floor only keeps 0 * inf out of the product.
    """
    floor = np.finfo(np.float64).tiny
    return -(np.log(np.maximum(summary.mean, floor)) + 1.0)


def _standard_error(summary: McSummary, gradient: Floats, *, h_weight: float) -> Floats:
    """Standard error of mean(gradient . p + h_weight * h) over the passes, shape (N,)."""
    second = (
        np.einsum("nc,ncd,nd->n", gradient, summary.sum_pp, gradient)
        + 2.0 * h_weight * np.einsum("nc,nc->n", gradient, summary.sum_ph)
        + h_weight**2 * summary.sum_h2
    ) / summary.num_samples
    first = (
        np.einsum("nc,nc->n", gradient, summary.sum_p) + h_weight * summary.sum_h
    ) / summary.num_samples
    return np.asarray(np.sqrt(np.maximum(second - first**2, 0.0) / summary.num_samples))
