import numpy as np
import numpy.typing as npt
import pytest

from core.figures.line_labels import LabelSpot, label_spots

STEPS = 36
CEILING = np.full(STEPS, 1.05)
HALF = 0.1
REACHES = (2, 1)


def curve(*heights: float) -> npt.NDArray[np.float64]:
    return np.interp(np.linspace(0, 1, STEPS), np.linspace(0, 1, len(heights)), heights)


def distance(spot: LabelSpot, line: npt.NDArray[np.float64]) -> float:
    return float(abs(line[spot.step] - spot.y))


@pytest.mark.parametrize(
    ("committee", "twin"),
    [
        (curve(0.3, 0.3), curve(0.8, 0.8)),
        (curve(0.8, 0.8), curve(0.3, 0.3)),
        (curve(1, 0.3, 0.9, 0.4, 1), curve(1, 0.6, 1, 0.8, 1)),
        (curve(0.2, 0.9), curve(0.9, 0.2)),
    ],
)
def test_each_name_stands_by_its_own_line_and_free_of_both(
    committee: npt.NDArray[np.float64], twin: npt.NDArray[np.float64]
) -> None:
    first, second = label_spots(committee, twin, CEILING, reaches=REACHES, half_height=HALF)
    assert distance(first, committee) < distance(first, twin)
    assert distance(second, twin) < distance(second, committee)
    for spot, reach in ((first, 2), (second, 1)):
        assert HALF <= spot.y <= 1.05 - HALF
        under = slice(spot.step - reach, spot.step + reach + 1)
        assert np.abs(committee[under] - spot.y).min() > HALF
        assert np.abs(twin[under] - spot.y).min() > HALF


def test_names_of_one_and_the_same_line_do_not_cover_each_other() -> None:
    line = curve(0.5, 0.5)
    first, second = label_spots(line, line, CEILING, reaches=REACHES, half_height=HALF)
    assert abs(first.step - second.step) > 3 or abs(first.y - second.y) > 2 * HALF


def test_name_goes_over_the_axis_only_where_there_is_room() -> None:
    ceiling = np.full(STEPS, 1.0)
    ceiling[20:30] = 1.5
    _, twin = label_spots(
        curve(0.95, 0.95), curve(1, 1), ceiling, reaches=REACHES, half_height=HALF
    )
    assert twin.y > 1.0
    assert 21 <= twin.step <= 28


@pytest.mark.parametrize("steps", [2, 3, 4])
def test_few_steps_still_have_names(steps: int) -> None:
    line = np.linspace(0.2, 0.9, steps)
    spots = label_spots(line, 1 - line, np.ones(steps), reaches=REACHES, half_height=HALF)
    assert all(0 <= spot.step < steps for spot in spots)
