"""What a band shows, in sentences with the numbers that were just measured."""

from __future__ import annotations

from ..experiments.regression import X_RANGE, CurveBand
from . import numbers

_OF_A_POINT = 0.5  # of x: beyond it there is no point nearby
_CLEARLY = 0.1  # share of a width; less is no difference worth a word


def width_sentences(band: CurveBand, before: CurveBand | None = None) -> str:
    """Return how wide a band is, and what the newest point did to it, as HTML.

    Args:
        band: of the points.
        before: the band that was shown before it; told of where it lacked just the last point.
    """
    said = _widths(band)
    if before is not None and before.rate == band.rate and before.points == band.points.but_last():
        said += f" {_last_point(band, before)}"
    return said


def coverage_sentence(band: CurveBand) -> str:
    """Return how many of its points a band holds, and why that is not all of them."""
    count, within = len(band.points), band.points_within
    some = (
        f"All {numbers.count(count)}"
        if within == count
        else f"{numbers.count(within)} of the {numbers.count(count)}"
    )
    return (
        f"{some} points lie within the 95% band: it shows how much the passes disagree about the"
        " curve, not how far points scatter around it."
    )


def _widths(band: CurveBand) -> str:
    text = (
        f"The 95% band of {numbers.passes(band.summary.num_samples)} is"
        f" <b>{band.width_at_points:.2f}</b> wide where the points are (median)"
    )
    far = [
        f"<b>{band.width_at(end):.2f}</b> at {_place(end)}"
        for end in X_RANGE
        if min(abs(end - x) for x in band.points.x) > _OF_A_POINT
    ]
    if not far:
        return f"{text}."
    return f"{text}{',' if len(far) > 1 else ' and'} {' and '.join(far)}, where there are none."


def _last_point(band: CurveBand, before: CurveBand) -> str:
    x = band.points.x[-1]
    then, now = before.width_at(x), band.width_at(x)
    new = f"The new point at {_place(x)}"
    if abs(now - then) <= _CLEARLY * then:
        return f"{new} left the band there about as wide as it was: {then:.2f}, now {now:.2f}."
    did = "narrowed" if now < then else "widened"
    return f"{new} {did} the band there from {then:.2f} to {now:.2f}."


def _place(x: float) -> str:
    return f"x = {x:g}".replace("-", "−")
