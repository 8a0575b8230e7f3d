from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def no_mnist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without MNIST; the folder into which it would be downloaded."""
    monkeypatch.setenv("LABRADOR_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.delenv("LABRADOR_MNIST_URL", raising=False)
    (tmp_path / "data").mkdir()
    return tmp_path / "data"
