from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.commands.read_image import printable, read_image
from core.errors import InvalidInputError, MissingDataError
from core.images import parse_reference, resolve


def test_reference_is_resolved() -> None:
    read = read_image("hand:3-17")
    assert np.array_equal(read.image, resolve(parse_reference("hand:3-17")).image)
    assert read.label == 3 and str(read.reference) == "hand:3-17"


def test_everything_else_is_a_path_even_one_that_looks_like_a_reference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    picture = np.zeros((40, 40), dtype=np.uint8)
    picture[8:32, 18:22] = 255
    Image.fromarray(picture).save(tmp_path / "one", format="PNG")
    (tmp_path / "one").rename(tmp_path / "mnist:5")
    assert read_image("./mnist:5").reference.kind == "file"
    with pytest.raises(InvalidInputError, match="nowhere"):
        read_image("nowhere.png")


def test_mnist_that_is_not_there_is_said_to_be_missing(no_mnist: Path) -> None:
    with pytest.raises(MissingDataError, match="core data"):
        read_image("mnist:5")


def test_names_are_fit_for_a_line() -> None:
    assert printable("a\nb\x1b[31m.png") == "a�b�[31m.png"
    assert printable("x" * 300 + ".png", longest=10) == "…xxxxx.png"
