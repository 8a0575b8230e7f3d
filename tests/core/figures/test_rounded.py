import re

import pytest

from core.figures.rounded import rounded_outline, rounded_path


def test_path_is_closed_and_touches_all_four_sides() -> None:
    path = rounded_path(0.25, 0.75, 0.125, 0.5, across=0.0625, up=0.03125)
    assert path.startswith("M") and path.endswith("Z")
    assert re.search(r"M0\.3125,0\.125 H0\.6875", path)
    assert "Q0.75,0.5 0.6875,0.5" in path
    assert path.count("Q") == 4


def test_outline_is_closed_and_reaches_its_box() -> None:
    xs, ys = rounded_outline(10, 30, 5, 45, radius=6)
    assert (xs[0], ys[0]) == (xs[-1], ys[-1])
    assert (min(xs), max(xs), min(ys), max(ys)) == (10, 30, 5, 45)


def test_outline_keeps_out_of_the_corners() -> None:
    xs, ys = rounded_outline(0, 20, 0, 40, radius=4)
    for x, y in zip(xs, ys, strict=True):
        corner_x, corner_y = (4 if x < 10 else 16), (4 if y < 20 else 36)
        if not 4 < x < 16 and not 4 < y < 36:
            assert (x - corner_x) ** 2 + (y - corner_y) ** 2 == pytest.approx(16, abs=0.2)
