"""Keras models that people bring, as files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras

from ..errors import DamagedFileError, InvalidInputError


def open_model(path: Path) -> Any:
    """Load a `.keras` file of the caller's own, in Keras' safe mode and not compiled.

    Raises:
        InvalidInputError: there is no such file, or it has another ending.
        DamagedFileError: Keras cannot load it.
    """
    if path.suffix != ".keras" or not path.is_file():
        raise InvalidInputError(
            "model",
            expected="the path of a Keras model that ends in .keras",
            received=str(path) if path.is_file() else f"{path}, where there is no file",
            advice="Save it with model.save('name.keras').",
        )
    try:
        return keras.saving.load_model(path, compile=False, safe_mode=True)
    except Exception as error:  # what Keras raises depends on what is wrong with the file
        raise DamagedFileError(f"{path} cannot be loaded as a Keras model. {error}") from error
