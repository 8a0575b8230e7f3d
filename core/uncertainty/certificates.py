r"""Orthonormal certificates: linear functions of the features that were near zero in training.

For features phi of F numbers there are k certificates, the columns of C, with an intercept: they
say C^T (phi - m), and its squared length is the score. Tagasovska and Lopez-Paz minimise the mean
squared length over the training images, plus a penalty on C^T C - I, by gradient descent. With
C^T C = I exactly, which the penalty aims at, the minimum has a closed form: the best m is the mean
whatever C is, and the best C are the eigenvectors of the k smallest eigenvalues of the
*covariance*, which minimise tr(C^T S C) (Ky Fan 1949). The penalty finds the same directions, each
a little short: of weight w it leaves a squared length of 1 - variance / (2 w).

Without an intercept C would be eigenvectors of the second moment. Features behind a ReLU have a
mean far from zero, and a certificate would then have to be orthogonal to it as well, though how
far the features are from their mean is what training shows. The authors' own code has one too.

Decisions:

* Half of the features, rounded down, are certified. The number is fixed beforehand and for every
  network: chosen by strangers, it would be fitted to them. Only where more directions than that
  never varied in training are all of those taken, since to leave some out would be arbitrary.
* Features are taken as they come, without a scale for each. A unit that never fired in training
  has variance 0, and no scale; it is a certificate as it stands, and its firing counts by how much
  it fires. So the score is in the network's own units, squared, and says something only beside
  the scores of other images by the same network.

References:
    Tagasovska and Lopez-Paz 2019, *Single-Model Uncertainties for Deep Learning*, section 3.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError
from .features import Floats, Singles, as_stored, checked_rows

_ORTHONORMAL = 1e-4  # that float32 leaves of C^T C = I, and room for it


@dataclass(frozen=True, eq=False)
class Certificates:
    """k orthonormal certificates of F features.

    Attributes:
        centre: shape (F,), float32, mean of the training features.
        directions: shape (F, k), float32, orthonormal columns.

    Raises:
        InvalidInputError: the parts do not fit one another.
    """

    centre: Singles
    directions: Singles

    def __post_init__(self) -> None:
        centre, directions = self.centre, self.directions
        fits = (
            centre.ndim == 1
            and directions.ndim == 2
            and len(directions) == len(centre)
            and 1 <= directions.shape[1] <= len(centre)
            and centre.dtype == directions.dtype == np.float32
            and bool(np.isfinite(centre).all() and np.isfinite(directions).all())
        )
        if fits:
            wide = directions.astype(np.float64)
            products = wide.T @ wide
            fits = bool(np.abs(products - np.eye(len(products))).max() < _ORTHONORMAL)
        if not fits:
            raise InvalidInputError(
                "certificates",
                expected="orthonormal float32 directions of shape (F, k) and a centre of F",
                received=f"{directions.dtype} of shape {directions.shape} and {centre.dtype} of"
                f" shape {centre.shape}",
                advice="Make them with fit_certificates.",
            )

    @property
    def num_features(self) -> int:
        """F."""
        return len(self.centre)

    @property
    def num_certificates(self) -> int:
        """How many there are, k."""
        return int(self.directions.shape[1])

    def scores(self, features: npt.ArrayLike) -> Floats:
        """Squared length of what the certificates say of each image.

        Args:
            features: shape (N, F).

        Returns:
            Shape (N,), 0 or more, squared units of the features. Higher is less certain.

        Raises:
            InvalidInputError: other features, or not finite.
        """
        rows = checked_rows("features", features, self.num_features)
        said = (rows - self.centre.astype(np.float64)) @ self.directions.astype(np.float64)
        return np.asarray((said * said).sum(axis=1))


def fit_certificates(features: npt.ArrayLike, num_certificates: int | None = None) -> Certificates:
    """Return the orthonormal certificates that are nearest to zero on the training features.

    Args:
        features: shape (N, F), of the images that the network was trained on.
        num_certificates: k; if None half of F, or as many as there are directions in which the
            features do not vary, if those are more.

    Raises:
        InvalidInputError: no features, not finite, or more certificates than features.
    """
    rows = checked_rows("features", features)
    size = rows.shape[1]
    if num_certificates is not None and not 1 <= num_certificates <= size:
        raise InvalidInputError(
            "num_certificates",
            expected=f"a whole number from 1 to {size}, the number of features",
            received=num_certificates,
        )
    centre = rows.mean(axis=0)
    rows -= centre
    variances, directions = np.linalg.eigh(rows.T @ rows / len(rows))  # smallest first
    if num_certificates is None:
        still = variances <= size * np.finfo(np.float64).eps * variances[-1]
        num_certificates = max(size // 2, int(still.sum()), 1)
    return Certificates(as_stored(centre), as_stored(directions[:, :num_certificates]))
