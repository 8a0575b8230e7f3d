"""Tables of the zoo made by hand, for the tests of several files."""

from __future__ import annotations

import dataclasses

from core.experiments.zoo_table import BASE, ENSEMBLE, ZOO_FIGURES, RivalRow, ZooRow, ZooTable
from core.experiments.zoo_table_file import RIVAL_FIGURES
from core.networks.zoo_plan import ENSEMBLE_MEMBERS, VARIES
from core.uncertainty import RIVALS, Interval

_VALUES = {
    "accuracy": 0.991,
    "nll": 0.036,
    "nll_scaled": 0.024,
    "ece": 0.012,
    "ece_scaled": 0.002,
    "aurc": 0.00017,
    "auroc": 0.988,
    "false_accepts": 0.06,
}


def around(value: float, width: float) -> Interval:
    """Return an interval that reaches as far to both sides."""
    return Interval(value, value - width, value + width)


def made_row(name: str, title: str, varies: str, place: int = 0) -> ZooRow:
    """Return a network's row, whose differences from the base hold zero."""
    figures = {key: around(value, 0.1 * value) for key, value in _VALUES.items()}
    figures["accuracy"] = around(0.991, 0.002)
    figures["auroc"] = around(0.988, 0.002)
    one_pass = varies == "yardstick"
    rivals = [
        RivalRow(
            rival,
            {key: figures[key] for key in RIVAL_FIGURES},
            {key: around(0.0, 0.01 * _VALUES[key]) for key in RIVAL_FIGURES},
        )
        for rival in RIVALS
    ]
    members = len(ENSEMBLE_MEMBERS)
    return ZooRow(
        name=name,
        title=title,
        varies=varies,
        weights_sha256=tuple(
            f"{10 * place + k:064x}" for k in range(members if name == ENSEMBLE else 1)
        ),
        num_samples=members if name == ENSEMBLE else 1 if one_pass else 100,
        figures=figures,
        twin={} if one_pass else dict(figures),
        differences={}
        if name == BASE
        else {key: around(0.0, 0.01 * value) for key, value in _VALUES.items()},
        rivals=() if name == ENSEMBLE else tuple(rivals),
        milliseconds=Interval(4.0 + place, 3.9 + place, 4.3 + place),
        twin_milliseconds=None if one_pass else Interval(0.5, 0.45, 0.6),
    )


def made_table() -> ZooTable:
    """Return a table of every network, in which no difference is clear."""
    titles = {BASE: "MC-dropout network", "plain": "Plain network", "tanh": "Activation tanh"}
    rows = [
        made_row(name, titles.get(name, name.capitalize()), varies, place)
        for place, (name, varies) in enumerate(VARIES.items())
    ]
    rows.append(made_row(ENSEMBLE, "Ensemble of 5 plain networks", "yardstick", len(rows)))
    return ZooTable(
        rows=tuple(rows),
        seed=0,
        num_resamples=500,
        sizes={"validation": 10_000, "test": 10_000, "kmnist": 10_000, "rotated-15": 1_000},
        members={key: around(value, 0.001 * value) for key, value in _VALUES.items()},
        machine="CPU, 2 cores",
    )


def with_row(table: ZooTable, name: str, **changed: object) -> ZooTable:
    """Return a table in which some fields of one row are others."""
    rows = [
        dataclasses.replace(row, **changed) if row.name == name else row  # type: ignore[arg-type]
        for row in table.rows
    ]
    return dataclasses.replace(table, rows=tuple(rows))


def with_difference(table: ZooTable, name: str, figure: str, difference: Interval) -> ZooTable:
    """Return a table in which one network differs from the base by this."""
    differences = {**table.row(name).differences, figure: difference}
    return with_row(table, name, differences=differences)


def with_rival_difference(
    table: ZooTable, name: str, rival: str, figure: str, difference: Interval
) -> ZooTable:
    """Return a table in which the committee differs from one score of one pass by this."""
    rivals = [
        dataclasses.replace(each, differences={**each.differences, figure: difference})
        if each.rival == rival
        else each
        for each in table.row(name).rivals
    ]
    return with_row(table, name, rivals=tuple(rivals))


assert set(_VALUES) == set(ZOO_FIGURES)
