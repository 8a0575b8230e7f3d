"""How a hand moves along a line: quick where it is straight, slow where it bends.

The figures are those of people: `tests/core/images/test_pen_motion.py` measures them on digits
that 30 people wrote with a pen.

References:
    Lacquaniti, Terzuolo, Viviani 1983, *The law relating the kinematic and figural aspects of
    drawing movements*: speed falls with the third root of the curvature.
    Viviani, Terzuolo 1982, *Trajectory determines movement dynamics*: a longer line is drawn
    faster, so that its time grows less than its length (isochrony).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.interpolate import CubicSpline
from scipy.ndimage import gaussian_filter1d

Points = npt.NDArray[np.float64]

POINT_RATE = 100  # points a second at which a pen is seen

# The curve is worked on in steps this fine, a share of the digit's height.
_STEP = 0.005
# Steps over which the hand takes a corner: it turns, it does not stop.
_CORNER_STEPS = 9
# Of the usual speed, where the pen is set down and where it is lifted: it lands, and flies off.
_LANDING, _LEAVING = 0.4, 0.8
# Seconds for a straight line as long as a digit is high, at the usual pace.
_UNIT_TIME = 0.42


def write(strokes: list[Points], pace: float, haste: float) -> list[Points]:
    """Return where the pen is, `POINT_RATE` times a second.

    Args:
        strokes: for each, the points of shape (n, 2) that the pen goes through, in digit heights;
            a point twice in a row is a corner.
        pace: how long it takes, as a multiple of the usual time.
        haste: seconds over which a hasty hand blends what comes next into what it does; it rounds
            corners and makes small bows smaller.

    Returns:
        For each stroke, shape (m, 2).
    """
    curves = [_curve(stroke) for stroke in strokes]
    clocks = [_clock(curve) for curve in curves]
    total = sum(clock[-1] for clock in clocks)
    seconds = pace * _UNIT_TIME * np.sqrt(total) / total
    return [
        _seen(curve, seconds * clock, haste) for curve, clock in zip(curves, clocks, strict=True)
    ]


def _curve(knots: Points) -> Points:
    """Return a line through the knots, smooth but at corners, evenly spaced points on it."""
    corners = np.flatnonzero((knots[1:] == knots[:-1]).all(axis=1)) + 1
    curves = []
    for piece in np.split(knots, corners):
        chords = np.hypot(*np.diff(piece, axis=0).T)
        # Centripetal parameters: without loops and cusps between unevenly spaced points.
        times = np.concatenate([[0.0], np.cumsum(np.sqrt(chords))])
        fine = np.linspace(0.0, times[-1], max(8, round(chords.sum() / _STEP)))
        # Bent as much at its ends as just before, where there are points enough to tell.
        ends = "not-a-knot" if len(piece) > 4 else "natural"
        curves.append(CubicSpline(times, piece, bc_type=ends)(fine))
    curve = np.concatenate(curves)
    at = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(curve, axis=0).T))])
    to = np.linspace(0.0, at[-1], max(16, round(at[-1] / _STEP)))
    return np.stack([np.interp(to, at, axis) for axis in curve.T], axis=1)


def _clock(curve: Points) -> Points:
    """Return when the pen is at each point of a curve, in a unit of time of its own."""
    steps = np.diff(curve, axis=0)
    lengths = np.maximum(np.hypot(*steps.T), 1e-9)
    angles = np.unwrap(np.arctan2(steps[:, 1], steps[:, 0]))
    window = np.ones(_CORNER_STEPS) / _CORNER_STEPS
    curvature = np.convolve(np.abs(np.gradient(angles)), window, mode="same") / lengths
    along = (np.arange(len(steps)) + 0.5) / len(steps)
    ends = np.interp(along, [0.0, 0.12, 0.9, 1.0], [_LANDING, 1.0, 1.0, _LEAVING])
    speed = (1.0 + curvature) ** (-1.0 / 3.0) * ends
    return np.concatenate([[0.0], np.cumsum(lengths / speed)])


def _seen(curve: Points, times: Points, haste: float) -> Points:
    count = max(2, round(times[-1] * POINT_RATE) + 1)
    at = np.linspace(0.0, times[-1], count)
    points = np.stack([np.interp(at, times, axis) for axis in curve.T], axis=1)
    # Turned over at its ends, the line keeps its end points and directions.
    pad = min(count - 1, int(np.ceil(4.0 * haste * POINT_RATE)))
    longer = np.pad(points, ((pad, pad), (0, 0)), mode="reflect", reflect_type="odd")
    smooth = gaussian_filter1d(longer, haste * POINT_RATE, axis=0)
    return np.asarray(smooth[pad : pad + count])
