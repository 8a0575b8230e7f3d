"""Sweeps in files: `.npz` without pickle, which hold all it takes to compute them again."""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from dataclasses import fields
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from ..errors import DamagedFileError, InvalidInputError
from ..inference.samples import McSamples, McSummary
from ..limits import MAX_SWEEP_FILE_BYTES
from ..store import read_arrays, write_atomically
from ..uncertainty.classes import Classes
from .recipe import SweepRecipe
from .sweep import SweepResult
from .sweep_table import recipe_document

_FORMAT = "labrador sweep 1"
_LONGEST_NOUN = 20  # characters
_SUMMARY = tuple(field.name for field in fields(McSummary) if field.name != "num_samples")


def sweep_bytes(result: SweepResult, samples: McSamples | None = None) -> bytes:
    """Return what `save_sweep` writes."""
    arrays: dict[str, npt.NDArray[Any]] = {
        "document": np.array(
            json.dumps(
                {
                    "format": _FORMAT,
                    "recipe": recipe_document(result.recipe),
                    "weights_checksum": result.weights_checksum,
                }
            )
        ),
        "originals": np.stack(result.recipe.images),
        "values": result.values,
        "images": result.images,
        "twin": result.twin,
    }
    if result.plain is not None:
        arrays["plain"] = result.plain
    if samples is not None:
        arrays["probs_tnc"] = samples.probs_tnc
    arrays |= {f"summary_{name}": getattr(result.summary, name) for name in _SUMMARY}
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def save_sweep(result: SweepResult, path: str | Path, samples: McSamples | None = None) -> None:
    """Write a sweep as `.npz`, atomically.

    Args:
        result: what to write.
        path: of the file.
        samples: every pass's softmax, shape (T, K, C), to keep as `probs_tnc`.

    Raises:
        InvalidInputError: `result` is no sweep, or `path` no path.
    """
    for name, value, kinds, expected in (
        ("result", result, SweepResult, "what run_sweep returns"),
        ("path", path, (str, Path), "a path, as text or a Path"),
    ):
        if not isinstance(value, kinds):
            raise InvalidInputError(
                name,
                expected=expected,
                received=f"a {type(value).__name__}",
                advice="The order is save_sweep(result, path).",
            )
    write_atomically(Path(path), sweep_bytes(result, samples))


def load_sweep(file: str | Path | bytes, name: str = "") -> SweepResult:
    """Read what `save_sweep` wrote.

    Args:
        file: its path, or its content.
        name: what a person calls it; the path's last part if left out.

    Raises:
        DamagedFileError: it is no such file, or not all of it.
        FileNotFoundError: there is no such file.
    """
    if isinstance(file, str):
        file = Path(file)
    name = name or (file.name if isinstance(file, Path) else "The file")
    try:
        # Opened here: NumPy leaves a damaged file open.
        with io.BytesIO(file) if isinstance(file, bytes) else file.open("rb") as stream:
            return _read(stream)
    except FileNotFoundError:
        raise
    except (
        OSError,
        EOFError,
        KeyError,
        TypeError,
        ValueError,
        zipfile.BadZipFile,
        zlib.error,
    ) as error:
        raise DamagedFileError(
            f"{name} cannot be used: expected a sweep that Labrador saved (.npz), whole and"
            f" unchanged, and {_reason(error)}. Save the sweep again."
        ) from error


def _read(stream: IO[bytes]) -> SweepResult:
    arrays = read_arrays(stream, MAX_SWEEP_FILE_BYTES)
    document = json.loads(str(arrays["document"]))
    if document["format"] != _FORMAT:
        raise ValueError(f"its format is {document['format']!r}")
    recipe = dict(document["recipe"])
    recipe["labels"], recipe["references"] = tuple(recipe["labels"]), tuple(recipe["references"])
    if (named := recipe.get("classes")) is not None:
        recipe["classes"] = _classes(named["names"], named["noun"])
    summary = McSummary(
        int(recipe["num_samples"]), *(arrays[f"summary_{name}"] for name in _SUMMARY)
    )
    _check_summary(summary)
    return SweepResult(
        recipe=SweepRecipe(images=tuple(arrays["originals"]), **recipe),
        images=arrays["images"],
        summary=summary,
        twin=arrays["twin"],
        weights_checksum=str(document["weights_checksum"]),
        plain=arrays.get("plain"),
    )


def _classes(names: Any, noun: Any) -> Classes:
    # It goes into sentences, among words of ours.
    if not (isinstance(noun, str) and noun.isalpha() and len(noun) <= _LONGEST_NOUN):
        raise ValueError(f"its classes are called {noun!r}")
    return Classes(tuple(names), noun)


def _check_summary(summary: McSummary) -> None:
    """Refuse sums that no passes can have; a figure would show them as if they were answers."""
    images, classes = summary.sum_p.shape
    for name in _SUMMARY:
        array = getattr(summary, name)
        if array.shape[0] != images or array.dtype.kind not in "fi" or not np.isfinite(array).all():
            raise ValueError(f"its {name} are of another shape or no numbers")
    totals = (summary.sum_p.sum(axis=1), summary.votes.sum(axis=1))
    histograms = summary.histogram.sum(axis=2)
    if not (
        summary.votes.shape == (images, classes)
        and summary.histogram.shape[:2] == (images, classes)
        and summary.sum_pp.shape == (images, classes, classes)
        and all(np.allclose(total, summary.num_samples, rtol=1e-3) for total in totals)
        and (histograms == summary.num_samples).all()
    ):
        raise ValueError("its sums do not add up to its number of passes")


def _reason(error: Exception) -> str:
    if isinstance(error, InvalidInputError):
        return f"its parts do not fit: {error}".rstrip(".")
    if isinstance(error, KeyError):
        return f"there is no {error.args[0]} in it"
    return str(error).rstrip(".") or "it breaks off"
