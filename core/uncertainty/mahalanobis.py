"""Mahalanobis distance: how far features lie from those of the nearest class, in its own spread."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError
from .features import Floats, Singles, as_stored, checked_rows

# Least variance of a direction, as a share of the mean variance over all of them.
_LEAST_VARIANCE = 1e-6
_ROUNDING = 1e-12  # that the mean of equal numbers may be off by, as a share of them


@dataclass(frozen=True, eq=False)
class Mahalanobis:
    """A Gaussian of features for each class, all of one covariance.

    Attributes:
        class_means: shape (C, F), float32.
        whitening: shape (F, F), float32: squared distances of `features @ whitening` are
            Mahalanobis distances of the features, whitening @ whitening.T the inverse covariance.

    Raises:
        InvalidInputError: the parts do not fit one another.
    """

    class_means: Singles
    whitening: Singles

    def __post_init__(self) -> None:
        means, whitening = self.class_means, self.whitening
        fits = (
            means.ndim == 2
            and len(means) >= 2
            and means.shape[1] >= 1
            and whitening.shape == 2 * (means.shape[1],)
            and means.dtype == whitening.dtype == np.float32
            and bool(np.isfinite(means).all() and np.isfinite(whitening).all())
        )
        if not fits:
            raise InvalidInputError(
                "mahalanobis",
                expected="finite float32 class means of shape (C, F) and a whitening of (F, F)",
                received=f"{means.dtype} of shape {means.shape} and {whitening.dtype} of shape"
                f" {whitening.shape}",
                advice="Make them with fit_mahalanobis.",
            )

    @property
    def num_features(self) -> int:
        """F."""
        return int(self.class_means.shape[1])

    @property
    def num_classes(self) -> int:
        """C."""
        return len(self.class_means)

    def scores(self, features: npt.ArrayLike) -> Floats:
        """Squared Mahalanobis distance to the nearest class mean.

        Args:
            features: shape (N, F).

        Returns:
            Shape (N,), 0 or more; about F on average where the features are Gaussian. Higher is
            less certain.

        Raises:
            InvalidInputError: other features, or not finite.
        """
        rows = checked_rows("features", features, self.num_features)
        whitening = self.whitening.astype(np.float64)
        white = rows @ whitening
        nearest = np.full(len(rows), np.inf)
        for mean in self.class_means.astype(np.float64) @ whitening:
            apart = white - mean
            np.minimum(nearest, (apart * apart).sum(axis=1), out=nearest)
        return nearest


def fit_mahalanobis(
    features: npt.ArrayLike, labels: npt.ArrayLike, num_classes: int
) -> Mahalanobis:
    """Fit class means and the covariance that all classes share.

    The covariance of the differences from the class means is singular where a unit never fires,
    or where units follow one another. So it is shrunk towards a multiple of the identity by
    the share that Ledoit and Wolf derive from the training features alone; of 50,000 digits
    that is a thousandth or less. A direction without any variance then has about that share of the
    mean variance, at the very least a millionth of it.

    Args:
        features: shape (N, F), of the images that the network was trained on.
        labels: shape (N,), their classes, from 0 to C - 1.
        num_classes: C, at least 2.

    Raises:
        InvalidInputError: no such features or labels, a class without an image, no more images
            than classes, or images of a class that are all alike.

    References:
        Lee et al. 2018, *A Simple Unified Framework for Detecting Out-of-Distribution Samples and
        Adversarial Attacks*, section 2.1; of the last layer before the logits alone, and without
        their perturbation of the input.
        Ledoit and Wolf 2004, *A well-conditioned estimator for large-dimensional covariance
        matrices*.
    """
    from sklearn.covariance import ledoit_wolf  # takes a second to import; only fitting needs it

    rows = checked_rows("features", features)
    classes = _checked_labels(labels, len(rows), num_classes)
    means = np.stack([rows[classes == each].mean(axis=0) for each in range(num_classes)])
    largest = np.abs(rows).max()
    rows -= means[classes]
    if np.abs(rows).max() <= _ROUNDING * largest:
        raise InvalidInputError(
            "features",
            expected="images of a class that differ from one another",
            received="features that are the same for all images of a class",
            advice="Without a spread there is no distance in it: fit on other images.",
        )
    covariance, _ = ledoit_wolf(rows, assume_centered=True)
    variances, directions = np.linalg.eigh(covariance)
    variances = np.maximum(variances, _LEAST_VARIANCE * variances.mean())
    return Mahalanobis(as_stored(means), as_stored(directions / np.sqrt(variances)))


def _checked_labels(
    labels: npt.ArrayLike, num_images: int, num_classes: int
) -> npt.NDArray[np.int64]:
    array = np.asarray(labels)
    if num_classes < 2 or num_images <= num_classes:
        raise InvalidInputError(
            "features",
            expected=f"more images than classes, of which there are {num_classes}, at least 2",
            received=f"{num_images} images",
            advice="Fit on the images that the network was trained on.",
        )
    if array.shape != (num_images,) or array.dtype.kind not in "iu":
        raise InvalidInputError(
            "labels",
            expected=f"a class, a whole number, for each of {num_images} images",
            received=f"{array.dtype} of shape {array.shape}",
        )
    if array.min() < 0 or array.max() >= num_classes:
        raise InvalidInputError(
            "labels",
            expected=f"classes from 0 to {num_classes - 1}",
            received=f"{array.min()} to {array.max()}",
        )
    missing = sorted(set(range(num_classes)).difference(array.tolist()))
    if missing:
        raise InvalidInputError(
            "labels",
            expected=f"images of each of the {num_classes} classes",
            received=f"none of class {', '.join(map(str, missing))}",
            advice="A class without an image has no mean: fit on images of all of them.",
        )
    return array.astype(np.int64)
