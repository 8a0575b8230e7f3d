"""The zoo's table in a file: numbers of every network, beside the networks that they are of."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..errors import DamagedFileError, InvalidInputError, LabradorError, MissingDataError
from ..networks.zoo import load_card, models_folder
from ..networks.zoo_plan import ENSEMBLE_MEMBERS, VARIES
from ..store import read_json, write_atomically
from ..uncertainty import RIVALS, Interval
from .zoo_table import BASE, ENSEMBLE, ZOO_FIGURES, RivalRow, ZooRow, ZooTable

FILE_NAME = "zoo.table.json"
RIVAL_FIGURES = ("aurc", "auroc", "false_accepts")  # that a score of one pass has

_FORMAT = "labrador zoo 1"
_DIGITS = 6  # significant ones: 10,000 images do not tell more
_SHA256 = re.compile(r"[0-9a-f]{64}")
_KINDS = {*VARIES.values()}
_REMEDY = (
    "Restore the folder `models` from the repository, or make the table again with `python -m core"
    " evaluate --zoo`."
)


def zoo_table_path(folder: Path | None = None) -> Path:
    """Return where the table of a folder's networks is kept."""
    return (folder or models_folder()) / FILE_NAME


def save_zoo_table(table: ZooTable, path: Path) -> None:
    """Write what `zoo_table_text` returns, atomically."""
    write_atomically(path, zoo_table_text(table))


def zoo_table_text(table: ZooTable) -> str:
    """Return a table as JSON, its numbers with six significant digits.

    Raises:
        InvalidInputError: something in it is no number.
    """
    head = {
        "format": _FORMAT,
        "seed": table.seed,
        "num_resamples": table.num_resamples,
        "sizes": dict(table.sizes),
        "machine": table.machine,
        "members": _figures_document(table.members),
    }
    # A line a field and a line a network, so that a person can read what changed.
    lines = [f"{json.dumps(name)}: {_compact(value)}" for name, value in head.items()]
    rows = ",\n".join(_compact(_row_document(row)) for row in table.rows)
    lines.append(f'"rows": [\n{rows}\n]')
    return "{\n" + ",\n".join(lines) + "\n}\n"


def as_kept(table: ZooTable) -> ZooTable:
    """Return a table as its file holds it: what is made of either is the same to the last digit.

    Raises:
        InvalidInputError: something in it is no number.
    """
    return _parse(json.loads(zoo_table_text(table)))


def load_zoo_table(folder: Path | None = None) -> ZooTable:
    """Load the table of a folder's networks, whatever weights they have now: see `stale_rows`.

    Args:
        folder: where it is; the shipped networks' folder if None.

    Raises:
        MissingDataError: there is no such file.
        DamagedFileError: it is not a table, or not all of one.
    """
    path = zoo_table_path(folder)
    try:
        document = read_json(path)
    except FileNotFoundError:
        raise MissingDataError(
            f"The table of the zoo is missing: expected {path.name} in the folder"
            f" {path.parent.name}, and there is no such file. {_REMEDY}"
        ) from None
    try:
        return _parse(document)
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError) as error:
        raise DamagedFileError(f"{path.name} is damaged ({error}). {_REMEDY}") from error


def stale_rows(table: ZooTable, folder: Path | None = None) -> tuple[str, ...]:
    """Return the rows whose networks have other weights now than when they were measured.

    A network without a card that can be read has no other weights: whoever loads it is told.

    Args:
        table: measured at some time.
        folder: where the networks are; the shipped ones' folder if None.
    """
    found = []
    for row in table.rows:
        names = ENSEMBLE_MEMBERS if row.name == ENSEMBLE else (row.name,)
        now = [_sha256_now(name, folder) for name in names]
        if any(
            sha256 not in (None, measured)
            for sha256, measured in zip(now, row.weights_sha256, strict=False)
        ):
            found.append(row.name)
    return tuple(found)


def _sha256_now(name: str, folder: Path | None) -> str | None:
    try:
        return load_card(name, folder).weights_sha256
    except LabradorError:
        return None


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def _figures_document(figures: Mapping[str, Interval]) -> dict[str, list[float]]:
    return {name: _interval_document(each) for name, each in figures.items()}


def _interval_document(interval: Interval) -> list[float]:
    numbers = (interval.value, interval.low, interval.high)
    if not all(map(math.isfinite, numbers)):
        raise InvalidInputError("table", expected="numbers only", received=numbers)
    # + 0.0: a rounded -0.0 would read as a mistake.
    return [float(f"{number:.{_DIGITS}g}") + 0.0 for number in numbers]


def _row_document(row: ZooRow) -> dict[str, Any]:
    twin = row.twin_milliseconds
    return {
        "name": row.name,
        "title": row.title,
        "varies": row.varies,
        "weights_sha256": list(row.weights_sha256),
        "num_samples": row.num_samples,
        "figures": _figures_document(row.figures),
        "twin": _figures_document(row.twin),
        "differences": _figures_document(row.differences),
        "rivals": [
            {
                "rival": each.rival,
                "figures": _figures_document(each.figures),
                "differences": _figures_document(each.differences),
            }
            for each in row.rivals
        ],
        "milliseconds": _interval_document(row.milliseconds),
        "twin_milliseconds": None if twin is None else _interval_document(twin),
    }


def _parse(document: Any) -> ZooTable:
    if document["format"] != _FORMAT:
        raise ValueError(f"the format {document['format']!r}")
    rows = tuple(_parse_row(each) for each in document["rows"])
    names = [row.name for row in rows]
    if not rows or len(set(names)) != len(names):
        raise ValueError("no network, or one of them twice")
    if BASE in names and names[0] != BASE:
        raise ValueError(f"the base {BASE} behind others")
    for row in rows:
        # Without the base there is nothing to differ from.
        if bool(row.differences) != (BASE in names and row.name != BASE):
            raise ValueError(f"the differences of {row.name}")
    return ZooTable(
        rows=rows,
        seed=_count(document["seed"], least=0),
        num_resamples=_count(document["num_resamples"]),
        sizes={str(name): _count(size) for name, size in document["sizes"].items()},
        members=_parse_figures(document["members"], optional=True),
        machine=_text(document["machine"]),
    )


def _parse_row(document: Any) -> ZooRow:
    name, varies = _text(document["name"]), document["varies"]
    if varies not in _KINDS:
        raise ValueError(f"{name} varies in {varies!r}")
    weights = tuple(document["weights_sha256"])
    if len(weights) != (len(ENSEMBLE_MEMBERS) if name == ENSEMBLE else 1):
        raise ValueError(f"{len(weights)} checksums of {name}")
    if not all(isinstance(each, str) and _SHA256.fullmatch(each) for each in weights):
        raise ValueError(f"the weights of {name} have no sha256")
    twin = document["twin_milliseconds"]
    return ZooRow(
        name=name,
        title=_text(document["title"]),
        varies=varies,
        weights_sha256=weights,
        num_samples=_count(document["num_samples"]),
        figures=_parse_figures(document["figures"]),
        twin=_parse_figures(document["twin"], optional=varies == "yardstick"),
        differences=_parse_figures(document["differences"], optional=True, signed=True),
        rivals=tuple(_parse_rival(each) for each in document["rivals"]),
        milliseconds=_parse_interval(document["milliseconds"], 0.0, math.inf),
        twin_milliseconds=None if twin is None else _parse_interval(twin, 0.0, math.inf),
    )


def _parse_rival(document: Any) -> RivalRow:
    if document["rival"] not in RIVALS:
        raise ValueError(f"the score {document['rival']!r}")
    return RivalRow(
        document["rival"],
        _parse_figures(document["figures"], RIVAL_FIGURES),
        _parse_figures(document["differences"], RIVAL_FIGURES, signed=True),
    )


def _parse_figures(
    document: Any,
    names: tuple[str, ...] = tuple(ZOO_FIGURES),
    *,
    optional: bool = False,
    signed: bool = False,
) -> dict[str, Interval]:
    """Return each of the named figures, or none of them where that is allowed.

    Args:
        document: name to value, low and high.
        names: what has to be there, in this order.
        optional: whether it may be empty.
        signed: whether these are differences.
    """
    if set(document) != set(names) and not (optional and document == {}):
        raise ValueError(f"the figures {', '.join(document)}")
    most = {name: math.inf if ZOO_FIGURES[name].unit == "nats" else 1.0 for name in names}
    return {
        name: _parse_interval(document[name], -most[name] if signed else 0.0, most[name])
        for name in names
        if name in document
    }


def _parse_interval(document: Any, least: float, most: float) -> Interval:
    # The value may lie outside its interval: a calibration error that is nothing but noise.
    value, low, high = document
    for number in (value, low, high):
        is_number = isinstance(number, int | float) and not isinstance(number, bool)
        if not is_number or not math.isfinite(number) or not least <= number <= most:
            raise ValueError(f"the number {number!r}")
    if low > high:
        raise ValueError(f"an interval from {low} to {high}")
    return Interval(float(value), float(low), float(high))


def _count(value: Any, least: int = 1) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise ValueError(f"the count {value!r}")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError(f"the text {value!r}")
    return value
