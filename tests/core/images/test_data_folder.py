from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import MissingDataError
from core.images.data_folder import require_data_file


def test_file_in_the_folder_is_found(tmp_path: Path) -> None:
    (tmp_path / "birds.npz").write_bytes(b"")

    found = require_data_file("birds.npz", "The birds", {"LABRADOR_DATA": str(tmp_path)})

    assert found == tmp_path / "birds.npz"


def test_missing_folder_and_missing_file_are_told_with_what_to_do(tmp_path: Path) -> None:
    for environment in ({}, {"LABRADOR_DATA": ""}, {"LABRADOR_DATA": str(tmp_path)}):
        with pytest.raises(MissingDataError, match=r"^The birds are not .* holds birds\.npz\.$"):
            require_data_file("birds.npz", "The birds", environment)
