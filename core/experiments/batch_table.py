"""A batch as a table to take home: CSV, Parquet, or a JSON document."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError
from ..uncertainty.measures import MEASURES
from ..uncertainty.policy_file import to_document
from .batch_decisions import BatchDecisions
from .batch_result import BatchResult

TABLE_ENDINGS = (".csv", ".parquet", ".json")

_FORMAT = "labrador batch 1"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes for one
_KEY = b"labrador"  # of the metadata in a Parquet file


@dataclass(frozen=True, slots=True)
class Origin:
    """Whose answers a table holds.

    Attributes:
        network: its name or title.
        sha256: of its file.
    """

    network: str
    sha256: str


def batch_columns(
    result: BatchResult,
    decisions: BatchDecisions | None,
    places: npt.NDArray[np.int64] | None = None,
) -> dict[str, list[Any]]:
    """Return a batch by columns.

    Args:
        result: of the batch.
        decisions: on it; None leaves their columns out.
        places: of the items to hold, in their order; all of them as they were read if None.

    Returns:
        `image` (name), `label` and `prediction` (what the class is called), `right` (whether they
        are the same), `runner_up`, the measures of `MEASURES` (entropies in nats), the twin's
        `twin_prediction`, `twin_confidence` and `twin_right`; with decisions `accepted`, `reason`,
        and `broken` (names of the limits that do not hold); and `problem`: why an image could not
        be read or a label not be used. What is not known is None.
    """
    chosen = np.arange(len(result)) if places is None else places
    is_read, known = result.is_read[chosen], result.is_labelled[chosen]

    def texts(values: tuple[str, ...]) -> list[str]:
        return [values[place] for place in chosen]

    def classes(values: npt.NDArray[np.int64]) -> list[str | None]:
        return [result.class_name(each) or None for each in values[chosen]]

    def where(there: npt.NDArray[np.bool_], values: npt.NDArray[Any]) -> list[Any]:
        pairs = zip(there.tolist(), values[chosen].tolist(), strict=True)
        return [value if is_there else None for is_there, value in pairs]

    columns: dict[str, list[Any]] = {
        "image": texts(result.names),
        "label": classes(result.labels),
        "prediction": classes(result.predicted),
        "right": where(known, result.right),
        "runner_up": classes(result.runner_up),
    }
    columns |= {name: where(is_read, result.measures[name]) for name in MEASURES}
    columns["twin_prediction"] = classes(result.twin_predicted)
    columns["twin_confidence"] = where(is_read, result.twin_confidence)
    columns["twin_right"] = where(known, result.twin_right)
    if decisions is not None:
        columns["accepted"] = where(is_read, decisions.accepted)
        columns["reason"] = [
            text if read else None
            for text, read in zip(texts(decisions.reasons), is_read.tolist(), strict=True)
        ]
        columns["broken"] = [list(decisions.broken[place]) for place in chosen]
    columns["problem"] = texts(result.problems)
    return columns


def batch_csv(columns: Mapping[str, list[Any]]) -> str:
    """Return columns as comma-separated values with a header; line ends as in RFC 4180.

    A text that a spreadsheet would take for a formula (it begins with = + - @) has an apostrophe in
    front: names of files come from anywhere. Limits that do not hold are parted by "; ".
    """
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(columns)
    table.writerows([_cell(value) for value in row] for row in zip(*columns.values(), strict=True))
    return text.getvalue()


def batch_parquet(columns: Mapping[str, list[Any]], metadata: Mapping[str, Any]) -> bytes:
    """Return columns as a Parquet file, with the metadata as JSON under the key `labrador`.

    Raises:
        InvalidInputError: the package pyarrow is not installed.
    """
    require_parquet()
    import pyarrow
    from pyarrow import parquet

    kinds = {
        **dict.fromkeys((*MEASURES, "twin_confidence"), pyarrow.float64()),
        **dict.fromkeys(("right", "twin_right", "accepted"), pyarrow.bool_()),
        "broken": pyarrow.list_(pyarrow.string()),
    }
    schema = pyarrow.schema(
        [(name, kinds.get(name, pyarrow.string())) for name in columns],
        metadata={_KEY: json.dumps(metadata)},
    )
    buffer = io.BytesIO()
    parquet.write_table(pyarrow.table(dict(columns), schema=schema), buffer)
    return buffer.getvalue()


def require_parquet() -> None:
    """Make sure that Parquet can be written, before work whose result it would hold.

    Raises:
        InvalidInputError: the package pyarrow is not installed.
    """
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError as error:
        raise InvalidInputError(
            "the table’s file",
            expected="the package pyarrow, which writes Parquet",
            received="a Python without it",
            advice="Install it with `pip install 'labrador[parquet]'`, or write a .csv.",
        ) from error


def batch_metadata(
    result: BatchResult, decisions: BatchDecisions | None, origin: Origin
) -> dict[str, Any]:
    """Return what a batch's numbers depend on besides its images, JSON-ready."""
    return {
        "format": _FORMAT,
        "network": origin.network,
        "sha256": origin.sha256,
        "num_samples": result.num_samples,
        "seed": result.seed,
        "classes": list(result.classes.names),
        "policy": None if decisions is None else to_document(decisions.policy),
        "is_complete": result.is_complete,
    }


def batch_document(columns: Mapping[str, list[Any]], metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Return a batch as a JSON-ready document: the metadata, and a row an item."""
    return {**metadata, "rows": batch_rows(columns)}


def batch_rows(columns: Mapping[str, list[Any]]) -> list[dict[str, Any]]:
    """Return columns row by row."""
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def batch_file(path: Path, columns: Mapping[str, list[Any]], metadata: Mapping[str, Any]) -> bytes:
    """Return a table in the kind of file that a path's ending names.

    Raises:
        InvalidInputError: another ending than .csv, .parquet or .json, or pyarrow is missing.
    """
    kind = table_kind(path)
    if kind == ".csv":
        return batch_csv(columns).encode()
    if kind == ".parquet":
        return batch_parquet(columns, metadata)
    document = batch_document(columns, metadata)
    return (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode()


def table_kind(path: Path) -> str:
    """Return the ending of a path, if a table can be written under it.

    Raises:
        InvalidInputError: it cannot.
    """
    kind = path.suffix.casefold()
    if kind not in TABLE_ENDINGS:
        raise InvalidInputError(
            "the table’s file",
            expected=f"a name that ends in {', '.join(TABLE_ENDINGS[:-1])} or {TABLE_ENDINGS[-1]}",
            received=str(path),
        )
    return kind


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        return "; ".join(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value
