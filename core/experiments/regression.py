"""The classic example of regression: points in a plane, a curve through them, and its band."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError
from ..inference.regression_samples import RegressionSummary
from ..limits import DEFAULT_NUM_SAMPLES, MAX_CURVE_POINTS

if TYPE_CHECKING:
    from ..networks.regression import CurveNetwork

Floats = npt.NDArray[np.float64]
Progress = Callable[[int, int], None]

X_RANGE = (-6.0, 6.0)  # of the picture
Y_RANGE = (-3.0, 3.0)
FEWEST_POINTS = 2
_GRID_STEP = 0.1
_DECIMALS = 2
_NOISE = 0.1  # standard deviation of the ready-made points around their curve
# Points side by side are not spread over the whole of what the network knows.
_LEAST_SPREAD = 0.5


@dataclass(frozen=True, slots=True)
class CurvePoints:
    """Points that a curve is fitted through, in the order in which they came.

    Attributes:
        x: one for each point, rounded to two decimals as is y.
        y: likewise.

    Raises:
        InvalidInputError: not as many x as y, more than 200 points, or one outside the picture.
    """

    x: tuple[float, ...] = ()
    y: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if len(self.x) != len(self.y) or len(self.x) > MAX_CURVE_POINTS:
            raise InvalidInputError(
                "points",
                expected=f"at most {MAX_CURVE_POINTS} points, a y for each x",
                received=f"{len(self.x)} x and {len(self.y)} y",
            )
        for name, values, (low, high) in (("x", self.x, X_RANGE), ("y", self.y, Y_RANGE)):
            for value in values:
                if not low <= value <= high:  # NaN fails too
                    raise InvalidInputError(
                        name, expected=f"a number from {low:g} to {high:g}", received=value
                    )
            rounded = tuple(round(float(value), _DECIMALS) + 0.0 for value in values)
            object.__setattr__(self, name, rounded)

    def __len__(self) -> int:
        return len(self.x)

    def and_one(self, x: float, y: float) -> CurvePoints:
        """Return these points and one more, the last."""
        return CurvePoints((*self.x, x), (*self.y, y))

    def but_last(self) -> CurvePoints:
        """Return these points without the last."""
        return CurvePoints(self.x[:-1], self.y[:-1])


@dataclass(frozen=True, slots=True, eq=False)
class CurveBand:
    """What the passes of a network say along x, fitted through points.

    Attributes:
        points: that it was fitted through.
        rate: of its dropout layers.
        x: shape (K,), rising, all over the picture.
        summary: over the passes, shape (K, 1), in the units of y.
        twin: shape (K,), the curve with dropout off.
        seconds: of fitting and passes.
    """

    points: CurvePoints
    rate: float
    x: Floats
    summary: RegressionSummary
    twin: Floats
    seconds: float

    @property
    def width(self) -> Floats:
        """Width of the 95% band, shape (K,)."""
        return (self.summary.quantile(0.975) - self.summary.quantile(0.025))[:, 0]

    def width_at(self, x: float) -> float:
        """Return the width of the 95% band at one place."""
        return float(np.interp(x, self.x, self.width))

    @property
    def width_at_points(self) -> float:
        """Median width of the 95% band where the points are."""
        return float(np.median(np.interp(self.points.x, self.x, self.width)))

    @property
    def points_within(self) -> int:
        """How many of the points lie inside the 95% band."""
        low, high = (
            np.interp(self.points.x, self.x, self.summary.quantile(level)[:, 0])
            for level in (0.025, 0.975)
        )
        y = np.array(self.points.y)
        return int(((low <= y) & (y <= high)).sum())


def fit_band(
    network: CurveNetwork,
    points: CurvePoints,
    progress: Progress | None = None,
    num_samples: int = DEFAULT_NUM_SAMPLES,
    seed: int = 0,
    **training: int,
) -> CurveBand:
    """Fit a network through points, from scratch, and run its passes along x.

    Args:
        network: that is trained; it is held until its passes have run.
        points: two or more.
        progress: called with the updates done and their number; what it raises ends it all.
        num_samples: T, the number of passes.
        seed: of the passes' masks.
        **training: as `CurveNetwork.train` takes it.

    Raises:
        InvalidInputError: fewer than two points.
    """
    if len(points) < FEWEST_POINTS:
        raise InvalidInputError(
            "points", expected=f"{FEWEST_POINTS} points or more", received=len(points)
        )
    x, y = np.array(points.x), np.array(points.y)
    x_spread, y_spread = (max(float(each.std()), _LEAST_SPREAD) for each in (x, y))
    grid = np.linspace(*X_RANGE, round((X_RANGE[1] - X_RANGE[0]) / _GRID_STEP) + 1)
    inputs = ((grid - x.mean()) / x_spread)[:, None]
    with network.lock:
        start = time.perf_counter()
        network.train((x - x.mean()) / x_spread, (y - y.mean()) / y_spread, progress, **training)
        summary = network.sampler.summarise(inputs, num_samples=num_samples, seed=seed)
        twin = network.sampler.twin(inputs)[:, 0]
        seconds = time.perf_counter() - start
    return CurveBand(
        points,
        network.rate,
        grid,
        summary.rescaled(y_spread, float(y.mean())),
        twin.astype(np.float64) * y_spread + y.mean(),
        seconds,
    )


def wave(seed: int = 0) -> CurvePoints:
    """Return 40 points along a wave, in the middle of the picture."""
    rng = np.random.default_rng(seed)
    return _around_the_curve(rng.uniform(-3.0, 3.0, 40), rng)


def two_clusters(seed: int = 0) -> CurvePoints:
    """Return 30 points in two places of the same curve."""
    rng = np.random.default_rng(seed)
    places = np.concatenate([rng.normal(-2.5, 0.3, 15), rng.normal(2.5, 0.3, 15)])
    return _around_the_curve(places, rng)


def gap(seed: int = 0) -> CurvePoints:
    """Return 40 points along the wave with none in its middle."""
    rng = np.random.default_rng(seed)
    places = np.concatenate([rng.uniform(-3.5, -1.0, 20), rng.uniform(1.0, 3.5, 20)])
    return _around_the_curve(places, rng)


POINT_SETS: Mapping[str, Callable[[], CurvePoints]] = MappingProxyType(
    {"Wave": wave, "Two clusters": two_clusters, "A gap": gap}
)


def _around_the_curve(x: Floats, rng: np.random.Generator) -> CurvePoints:
    y = np.sin(1.5 * x) + 0.15 * x + _NOISE * rng.normal(size=x.size)
    return CurvePoints(tuple(x.tolist()), tuple(y.tolist()))
