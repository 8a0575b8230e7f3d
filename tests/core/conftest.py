"""What the tests of several rooms need: digits that people wrote with a pen."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.images import Ink, load_pen_digits


@pytest.fixture(scope="session")
def pen_digits(labrador_data: Path) -> list[tuple[Ink, int]]:
    """The 7,494 digits that 30 people wrote with a pen, as (ink, label)."""
    path = labrador_data / "pen_strokes.json.gz"
    if not path.is_file():
        pytest.skip(f"{path.name} is not in LABRADOR_DATA")
    return load_pen_digits(path)
