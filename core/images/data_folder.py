"""The folder LABRADOR_DATA: where data sets are looked for that Labrador does not download."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from ..errors import MissingDataError


def require_data_file(name: str, title: str, environment: Mapping[str, str] = os.environ) -> Path:
    """Return the path of a file in the folder LABRADOR_DATA.

    Args:
        name: of the file.
        title: what a person calls its content.
        environment: where LABRADOR_DATA is read.

    Raises:
        MissingDataError: the variable is not set, or there is no such file.
    """
    advice = f"Set LABRADOR_DATA to a folder that holds {name}."
    folder = environment.get("LABRADOR_DATA")
    if not folder:
        raise MissingDataError(f"{title} are not on this machine. {advice}")
    path = Path(folder).expanduser() / name
    if not path.is_file():
        raise MissingDataError(
            f"{title} are not on this machine: there is no {name} in the folder LABRADOR_DATA."
            f" {advice}"
        )
    return path
