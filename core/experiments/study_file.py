"""Studies in files: what came out, as numbers beside the network that they are of."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import DamagedFileError, InvalidInputError, MissingDataError
from ..networks.zoo import DEFAULT_NETWORK, load_card, models_folder
from ..store import read_json, write_atomically
from ..uncertainty import MEASURES
from ..uncertainty.resampling import Interval
from .bootstrap import Estimates
from .recipe import KINDS, SweepKind
from .study_limits import POINTS, TWIN, WHOS, Rule
from .study_report import Outcome, Rates, Study

_FORMAT = "labrador study 1"
_DECIMALS = 4  # of a rate: a thousand images do not tell more
_DIGITS = 9  # of a limit


def study_path(kind: SweepKind, name: str = DEFAULT_NETWORK, folder: Path | None = None) -> Path:
    """Return where a network's study of a kind is kept."""
    return (folder or models_folder()) / f"{name}.study.{kind}.json"


def save_study(path: Path, study: Study) -> None:
    """Write a study as JSON, atomically; rates are rounded to four decimals."""
    head = {
        "format": _FORMAT,
        "kind": study.kind,
        "network": study.network,
        "weights_sha256": study.weights_sha256,
        "num_images": study.num_images,
        "num_samples": study.num_samples,
        "num_upright": study.num_upright,
        "seed": study.seed,
        "values": [round(value, 9) for value in study.values.tolist()],
        "digits": study.digits,
        "images_of_digit": study.images_of_digit,
        "accuracy": {name: _rates_document(rates) for name, rates in study.accuracy.items()},
        "ranking": {who: _interval_document(each) for who, each in study.ranking.items()},
        "more_ranking": {who: _interval_document(each) for who, each in study.more_ranking.items()},
    }
    # A line a field and a line a rule, so that a person can read what changed.
    lines = [f"{json.dumps(name)}: {_compact(value)}" for name, value in head.items()]
    rules = ",\n".join(_compact(_outcome_document(each)) for each in study.outcomes)
    lines.append(f'"outcomes": [\n{rules}\n]')
    write_atomically(path, "{\n" + ",\n".join(lines) + "\n}\n")


def load_study(
    kind: SweepKind, network: str = DEFAULT_NETWORK, folder: Path | None = None
) -> Study:
    """Load the study of a kind that is kept for a network of the zoo.

    Args:
        kind: what changes from step to step.
        network: its name.
        folder: where the network is; the shipped networks' folder if None.

    Raises:
        InvalidInputError: no such kind, or no such network.
        MissingDataError: there is no such study.
        DamagedFileError: the file is damaged, or of other weights than the network's card names.
    """
    if kind not in KINDS:
        raise InvalidInputError("kind", expected=f"one of {', '.join(KINDS)}", received=kind)
    card = load_card(network, folder)
    path = study_path(kind, network, folder)
    try:
        study = read_study(path)
    except FileNotFoundError:
        raise MissingDataError(
            f"The study of {kind} is missing: expected {path.name} beside the network {network},"
            f" and there is no such file. {_remedy(kind, network)}"
        ) from None
    if study.kind != kind:
        raise DamagedFileError(
            f"{path.name} is of {study.kind}, not of {kind}. {_remedy(kind, network)}"
        )
    if study.weights_sha256 != card.weights_sha256:
        raise DamagedFileError(
            f"The study in {path.name} is of other weights: expected the sha256"
            f" {card.weights_sha256[:12]}… of the network's card, and it was made with"
            f" {study.weights_sha256[:12]}…. {_remedy(kind, network)}"
        )
    return study


def read_study(path: Path) -> Study:
    """Read a study, of whatever weights.

    Raises:
        FileNotFoundError: there is no such file.
        DamagedFileError: it is not a study, or not all of one.
    """
    document = read_json(path)
    try:
        return _parse(document)
    except (InvalidInputError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise DamagedFileError(
            f"{path.name} is damaged ({error}). Restore it from the repository, or run the study"
            " again with `python -m core study`."
        ) from error


def _remedy(kind: SweepKind, network: str) -> str:
    return (
        "Restore the folder `models` from the repository, or run"
        f" `python -m core study {kind} --network {network}`."
    )


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def _rounded(values: Any) -> list[float]:
    # + 0.0: a rounded -0.0 would read as a mistake.
    return [round(float(value), _DECIMALS) + 0.0 for value in values]


def _interval_document(interval: Interval | None) -> list[float] | None:
    if interval is None:
        return None
    return _rounded((interval.value, interval.low, interval.high))


def _rates_document(rates: Rates) -> dict[str, Any]:
    return {
        "overall": _interval_document(rates.overall),
        **{
            name: [_rounded(each) for each in (several.value, several.low, several.high)]
            for name, several in (("by_step", rates.by_step), ("by_digit", rates.by_digit))
        },
    }


def _outcome_document(outcome: Outcome) -> dict[str, Any]:
    document: dict[str, Any] = {
        "point": outcome.rule.point,
        "who": outcome.rule.who,
        "threshold": float(f"{outcome.rule.threshold:.{_DIGITS}g}"),
        "upright_coverage": outcome.rule.upright_coverage,
        "coverage": _rates_document(outcome.coverage),
        "false_accepts": _rates_document(outcome.false_accepts),
        "right_accepted": _interval_document(outcome.right_accepted),
    }
    if outcome.more_coverage is not None and outcome.more_false_accepts is not None:
        document |= {
            "more_coverage": _rates_document(outcome.more_coverage),
            "more_false_accepts": _rates_document(outcome.more_false_accepts),
            "more_right_accepted": _interval_document(outcome.more_right_accepted),
        }
    return document


def _parse(document: Any) -> Study:
    if document["format"] != _FORMAT:
        raise ValueError(f"the format {document['format']!r}")
    if document["kind"] not in KINDS:
        raise ValueError(f"the kind {document['kind']!r}")
    values = np.array(document["values"], dtype=np.float64)
    digits = tuple(int(digit) for digit in document["digits"])
    sizes = (len(values), len(digits))
    if values.ndim != 1 or len(values) < 2 or not (np.diff(values) > 0).all():
        raise ValueError("values that do not rise")
    outcomes = tuple(_parse_outcome(each, sizes) for each in document["outcomes"])
    rules = [(each.rule.point, each.rule.who) for each in outcomes]
    if rules != [(point, who) for point in POINTS for who in WHOS]:
        raise ValueError("not each rule once")
    images_of_digit = tuple(int(count) for count in document["images_of_digit"])
    num_images = int(document["num_images"])
    if len(images_of_digit) != len(digits) or sum(images_of_digit) != num_images:
        raise ValueError("counts of digits that do not add up")
    return Study(
        kind=document["kind"],
        network=str(document["network"]),
        weights_sha256=str(document["weights_sha256"]),
        num_images=num_images,
        num_samples=int(document["num_samples"]),
        num_upright=int(document["num_upright"]),
        seed=int(document["seed"]),
        values=values,
        digits=digits,
        images_of_digit=images_of_digit,
        accuracy={
            name: _parse_rates(document["accuracy"][name], sizes)
            for name in ("committee", "twin", "difference")
        },
        outcomes=outcomes,
        ranking={who: _parse_interval(document["ranking"][who]) for who in WHOS},
        more_ranking={who: _parse_interval(document["more_ranking"][who]) for who in MEASURES},
    )


def _parse_outcome(document: Any, sizes: tuple[int, int]) -> Outcome:
    who, threshold = str(document["who"]), float(document["threshold"])
    is_negated = who != TWIN and MEASURES[who].higher_is_less_certain
    rule = Rule(
        point=str(document["point"]),
        who=who,
        limit=-threshold if is_negated else threshold,
        upright_coverage=float(document["upright_coverage"]),
    )
    rates = {name: _parse_rates(document[name], sizes) for name in ("coverage", "false_accepts")}
    right_accepted = _require_interval(document["right_accepted"])
    if who == TWIN:
        return Outcome(rule, rates["coverage"], rates["false_accepts"], right_accepted)
    return Outcome(
        rule,
        rates["coverage"],
        rates["false_accepts"],
        right_accepted,
        _parse_rates(document["more_coverage"], sizes),
        _parse_rates(document["more_false_accepts"], sizes),
        _require_interval(document["more_right_accepted"]),
    )


def _parse_rates(document: Any, sizes: tuple[int, int]) -> Rates:
    several = []
    for name, size in zip(("by_step", "by_digit"), sizes, strict=True):
        table = np.array(document[name], dtype=np.float64)
        if table.shape != (3, size) or not np.isfinite(table).all():
            raise ValueError(f"a table {name} of another shape")
        several.append(Estimates(*table))
    return Rates(_require_interval(document["overall"]), *several)


def _parse_interval(document: Any) -> Interval | None:
    return None if document is None else _require_interval(document)


def _require_interval(document: Any) -> Interval:
    value, low, high = (float(each) for each in document)
    if not all(math.isfinite(each) for each in (value, low, high)):
        raise ValueError("an interval without numbers")
    return Interval(value, low, high)
