"""What passes of a regression network leave behind: values, or mean, variance and quantiles."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError
from .samples import Floats

DEFAULT_LEVELS = (0.025, 0.25, 0.5, 0.75, 0.975)  # the median with its 50% and 95% bands
_PIECE_BYTES = 16 * 2**20  # of the values that are sorted at a time


@dataclass(frozen=True, slots=True, eq=False)
class RegressionSummary:
    """What T passes say of N inputs with D outputs each.

    All of it is about the passes' disagreement, the network's own doubt (epistemic). What a
    measurement scatters around the truth is not in it: see `predictive_variance`.

    Attributes:
        num_samples: T, the number of passes.
        mean: shape (N, D), over the passes.
        variance: shape (N, D), over the passes, divided by T as `numpy.var` does.
        levels: of the quantiles, L shares from 0 to 1, rising.
        quantiles: shape (L, N, D), exact, NumPy's "linear" ones.
    """

    num_samples: int
    mean: Floats
    variance: Floats
    levels: tuple[float, ...]
    quantiles: Floats

    @classmethod
    def from_samples(
        cls, values_tnd: npt.NDArray[Any], levels: Sequence[float] = DEFAULT_LEVELS
    ) -> RegressionSummary:
        """Sum up the values of passes.

        Args:
            values_tnd: shape (T, N, D).
            levels: of the quantiles.

        Raises:
            InvalidInputError: another number of axes, no pass, values that are not finite, or
                levels that are no rising shares.
        """
        if values_tnd.ndim != 3 or 0 in values_tnd.shape:
            raise InvalidInputError(
                "values_tnd",
                expected="values of shape (T, N, D): passes, inputs, outputs, none of them 0",
                received=f"shape {values_tnd.shape}",
            )
        chosen = check_levels(levels)
        num_samples, *shape = values_tnd.shape
        columns = values_tnd.reshape(num_samples, -1)
        mean, variance = np.empty(columns.shape[1]), np.empty(columns.shape[1])
        quantiles = np.empty((len(chosen), columns.shape[1]))
        size = max(1, _PIECE_BYTES // (num_samples * mean.itemsize))
        for start in range(0, len(mean), size):
            piece = slice(start, start + size)
            values = np.ascontiguousarray(columns[:, piece].T, dtype=np.float64)
            if not np.isfinite(values).all():
                raise InvalidInputError(
                    "values_tnd",
                    expected="finite values",
                    received="NaN or inf",
                    advice="Look at the model's weights, and at the scale of its inputs.",
                )
            mean[piece] = values.mean(axis=1)
            # Deviations first: of values around a million, squares leave nothing of a variance.
            deviations = values - mean[piece, None]
            variance[piece] = np.einsum("ct,ct->c", deviations, deviations) / num_samples
            quantiles[:, piece] = np.quantile(values, chosen, axis=1, overwrite_input=True)
        return cls(
            num_samples,
            mean.reshape(shape),
            variance.reshape(shape),
            chosen,
            quantiles.reshape(len(chosen), *shape),
        )

    @classmethod
    def stack(cls, summaries: Iterable[RegressionSummary]) -> RegressionSummary:
        """Put summaries of different inputs, of the same passes each, one after another.

        Raises:
            InvalidInputError: none, or of other passes, levels or outputs.
        """
        parts = list(summaries)
        kinds = {(part.num_samples, part.levels, part.mean.shape[1]) for part in parts}
        if len(kinds) != 1:
            raise InvalidInputError(
                "summaries",
                expected="at least one, all of the same passes, levels and outputs",
                received=sorted(kinds),
            )
        ((num_samples, levels, _),) = kinds
        return cls(
            num_samples,
            np.concatenate([part.mean for part in parts]),
            np.concatenate([part.variance for part in parts]),
            levels,
            np.concatenate([part.quantiles for part in parts], axis=1),
        )

    @property
    def num_inputs(self) -> int:
        """N."""
        return len(self.mean)

    @property
    def num_outputs(self) -> int:
        """D."""
        return int(self.mean.shape[1])

    @property
    def mean_standard_error(self) -> Floats:
        """Monte-Carlo standard error of `mean`, shape (N, D): for want of passes, not of data."""
        return np.asarray(np.sqrt(self.variance / self.num_samples))

    def quantile(self, level: float) -> Floats:
        """Return the quantiles of one level, shape (N, D).

        Raises:
            InvalidInputError: not one of `levels`.
        """
        if level not in self.levels:
            raise InvalidInputError(
                "level",
                expected=f"one of {', '.join(map(str, self.levels))}",
                received=level,
                advice="Ask for others with summarise(..., levels=(...)).",
            )
        return np.asarray(self.quantiles[self.levels.index(level)])

    def predictive_variance(self, noise_variance: npt.ArrayLike) -> Floats:
        """Return the variance of a new measurement, shape (N, D): that of the passes, and noise.

        The passes do not know how much measurements scatter. Take it from the residuals on data
        that the network was not trained on, for example. In the paper it is 1 / tau, tau the
        model's precision, which there follows from weight decay, dropout rate and length scale.

        Args:
            noise_variance: of a measurement around the truth, not negative: a number, or an array
                that fits shape (N, D), as (D,) does.

        Raises:
            InvalidInputError: negative, not finite, or of another shape.

        References:
            Gal & Ghahramani 2016, *Dropout as a Bayesian Approximation*, section 4.
        """
        noise = np.asarray(noise_variance, dtype=np.float64)
        fits = noise.ndim <= 2 and all(
            own in (1, side)
            for own, side in zip(noise.shape[::-1], self.mean.shape[::-1], strict=False)
        )
        if not fits or not (np.isfinite(noise) & (noise >= 0.0)).all():
            raise InvalidInputError(
                "noise_variance",
                expected=f"finite numbers from 0 that fit shape {self.mean.shape}",
                received=noise_variance,
            )
        return self.variance + noise

    def rescaled(self, scale: float, offset: float = 0.0) -> RegressionSummary:
        """Return the summary of `scale * value + offset`: of a network trained on scaled values.

        Args:
            scale: above 0, the spread that was divided by.
            offset: the mean that was taken off.

        Raises:
            InvalidInputError: no such numbers.
        """
        if not (math.isfinite(scale) and scale > 0.0 and math.isfinite(offset)):
            raise InvalidInputError(
                "scale and offset",
                expected="finite numbers, the scale above 0",
                received=f"{scale:g} and {offset:g}",
            )
        return RegressionSummary(
            self.num_samples,
            scale * self.mean + offset,
            scale**2 * self.variance,
            self.levels,
            scale * self.quantiles + offset,
        )

    def __getitem__(self, inputs: int | slice | npt.NDArray[np.bool_]) -> RegressionSummary:
        """Return the summary of some of the inputs; one index keeps the inputs' axis."""
        if isinstance(inputs, int):
            inputs = slice(inputs, inputs + 1) if inputs != -1 else slice(inputs, None)
        return RegressionSummary(
            self.num_samples,
            self.mean[inputs],
            self.variance[inputs],
            self.levels,
            self.quantiles[:, inputs],
        )


@dataclass(frozen=True, slots=True, eq=False)
class RegressionSamples:
    """The raw values of every pass.

    Attributes:
        values_tnd: shape (T, N, D) float32: passes, inputs, outputs. With shared masks a pass
            is one function: `values_tnd[3]` is what one subnetwork says of all inputs.
    """

    values_tnd: npt.NDArray[np.float32]

    @property
    def num_samples(self) -> int:
        """T, the number of passes."""
        return int(self.values_tnd.shape[0])

    def summary(self, levels: Sequence[float] = DEFAULT_LEVELS) -> RegressionSummary:
        """Sum the values up."""
        return RegressionSummary.from_samples(self.values_tnd, levels)


def check_levels(levels: Any) -> tuple[float, ...]:
    """Return levels of quantiles as plain numbers.

    Raises:
        InvalidInputError: not rising numbers from 0 to 1, at least one.
    """
    try:
        chosen = tuple(float(level) for level in levels)
    except (TypeError, ValueError):
        chosen = ()
    rising = all(low < high for low, high in pairwise(chosen))
    if not chosen or not rising or not all(0.0 <= level <= 1.0 for level in chosen):
        raise InvalidInputError(
            "levels", expected="rising shares from 0 to 1, at least one", received=levels
        )
    return chosen
