"""Rivals of a thousand passes: scores of uncertainty that one pass without dropout gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy.typing as npt

from ..errors import InvalidInputError
from .certificates import Certificates, fit_certificates
from .energy import energy_score
from .features import Floats, checked_rows
from .mahalanobis import Mahalanobis, fit_mahalanobis
from .twin_measures import log_odds


@dataclass(frozen=True, slots=True)
class Rival:
    """One score of one pass, and how to speak of it. Higher is less certain for all of them.

    Attributes:
        name: key in `RIVALS`, in tables and files.
        label: what a person reads.
        explanation: what it is, as half a sentence.
        source: who proposed it, and where.
    """

    name: str
    label: str
    explanation: str
    source: str


RIVALS: Mapping[str, Rival] = MappingProxyType(
    {
        rival.name: rival
        for rival in (
            Rival(
                "max_softmax",
                "Max softmax",
                "how far the largest softmax is from 1, as odds, so that no two images tie",
                "Hendrycks and Gimpel 2017, A Baseline for Detecting Misclassified and"
                " Out-of-Distribution Examples in Neural Networks",
            ),
            Rival(
                "energy",
                "Energy",
                "how little all logits together say",
                "Liu et al. 2020, Energy-based Out-of-distribution Detection",
            ),
            Rival(
                "mahalanobis",
                "Mahalanobis distance",
                "how far the features are from those of the nearest class",
                "Lee et al. 2018, A Simple Unified Framework for Detecting Out-of-Distribution"
                " Samples and Adversarial Attacks",
            ),
            Rival(
                "certificates",
                "Orthonormal certificates",
                "how far the features leave the directions that training images keep to",
                "Tagasovska and Lopez-Paz 2019, Single-Model Uncertainties for Deep Learning",
            ),
        )
    }
)


@dataclass(frozen=True, eq=False)
class FittedRivals:
    """The rivals of one network, fitted on what it was trained on.

    Attributes:
        certificates: of its features.
        mahalanobis: of its features, by class.

    Raises:
        InvalidInputError: the two are of another number of features.
    """

    certificates: Certificates
    mahalanobis: Mahalanobis

    def __post_init__(self) -> None:
        if self.certificates.num_features != self.mahalanobis.num_features:
            raise InvalidInputError(
                "rivals",
                expected=f"certificates of {self.mahalanobis.num_features} features, as the"
                " distances are",
                received=f"certificates of {self.certificates.num_features}",
                advice="Fit both on the same features.",
            )

    @classmethod
    def fit(cls, features: npt.ArrayLike, labels: npt.ArrayLike, num_classes: int) -> FittedRivals:
        """Fit on training images; nothing else, no stranger above all, is to be among them.

        Args:
            features: shape (N, F), N more than C.
            labels: shape (N,), their classes, each of them at least once.
            num_classes: C, at least 2.

        Raises:
            InvalidInputError: see `fit_mahalanobis` and `fit_certificates`.
        """
        distances = fit_mahalanobis(features, labels, num_classes)
        return cls(fit_certificates(features), distances)

    @property
    def num_features(self) -> int:
        """F."""
        return self.mahalanobis.num_features

    @property
    def num_classes(self) -> int:
        """C."""
        return self.mahalanobis.num_classes

    def scores(self, features: npt.ArrayLike, logits: npt.ArrayLike) -> dict[str, Floats]:
        """Return each of `RIVALS` for each image.

        Args:
            features: shape (N, F), as `twin_features` gives them.
            logits: shape (N, C), likewise.

        Returns:
            By name, shape (N,). Higher is less certain.

        Raises:
            InvalidInputError: other features or logits, not finite, or not of the same images.
        """
        rows = checked_rows("features", features, self.num_features)
        outputs = checked_rows("logits", logits, self.num_classes)
        if len(rows) != len(outputs):
            raise InvalidInputError(
                "logits",
                expected=f"those of {len(rows)} images, as the features are",
                received=f"those of {len(outputs)}",
                advice="Give both as twin_features returns them.",
            )
        return {
            "max_softmax": -log_odds(outputs),
            "energy": energy_score(outputs),
            "mahalanobis": self.mahalanobis.scores(rows),
            "certificates": self.certificates.scores(rows),
        }
