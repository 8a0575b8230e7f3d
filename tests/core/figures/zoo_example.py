"""A made-up table of the zoo, no number of which was measured."""

from __future__ import annotations

from core.experiments.zoo_table import BASE, ENSEMBLE, ZOO_FIGURES, RivalRow, ZooRow, ZooTable
from core.uncertainty import Interval

RIVAL_NAMES = ("max_softmax", "energy", "mahalanobis", "certificates")
_START = {
    "accuracy": 0.75,
    "nll": 0.031,
    "nll_scaled": 0.026,
    "ece": 0.011,
    "ece_scaled": 0.003,
    "aurc": 0.0006,
    "auroc": 0.75,
    "false_accepts": 0.03,
}
# Name, title, what differs, passes, and by how much the figures are moved.
_ROWS = (
    (BASE, "MC dropout", "", 100, 0.0),
    ("rate-01", "Rate 0.1", "rate", 100, 0.15),
    ("tanh", "Tanh", "activation", 100, -0.02),
    ("plain", "No dropout", "yardstick", 1, -0.2),
    (ENSEMBLE, "Ensemble of 5", "yardstick", 5, 0.3),
)


def around(value: float, half: float) -> Interval:
    """An interval with equal halves."""
    return Interval(value, value - half, value + half)


def example_row(name: str, title: str, varies: str, passes: int, moved: float) -> ZooRow:
    """A row of which every figure is moved by a share, upwards where `moved` is positive."""
    figures = {each: around(_START[each] * (1 + moved), 0.05 * _START[each]) for each in _START}
    has_twin = varies != "yardstick"
    return ZooRow(
        name=name,
        title=title,
        varies=varies,
        weights_sha256=tuple(f"{name}{k}".encode().hex().ljust(64, "0") for k in range(5))
        if name == ENSEMBLE
        else (name.encode().hex().ljust(64, "0"),),
        num_samples=passes,
        figures=figures,
        twin={each: around(1.1 * value.value, value.value / 20) for each, value in figures.items()}
        if has_twin
        else {},
        differences={}
        if name == BASE
        else {each: around(_START[each] * moved, 0.1 * _START[each]) for each in _START},
        rivals=()
        if name == ENSEMBLE
        else tuple(
            RivalRow(
                rival,
                {each: around(1.2 * _START[each], 0.05 * _START[each]) for each in _RIVAL_FIGURES},
                {each: around(-0.2 * _START[each], half) for each in _RIVAL_FIGURES},
            )
            for rival, half in zip(RIVAL_NAMES, (1e-6, 1e-6, 1.0, 1.0), strict=True)
        ),
        milliseconds=Interval(float(passes) / 10, passes / 11, passes / 9),
        twin_milliseconds=Interval(0.4, 0.35, 0.5) if has_twin else None,
    )


_RIVAL_FIGURES = ("aurc", "auroc", "false_accepts")


def example_table() -> ZooTable:
    """A table of five networks."""
    return ZooTable(
        rows=tuple(example_row(*row) for row in _ROWS),
        seed=0,
        num_resamples=500,
        sizes={"test": 10_000, "validation": 10_000, "kmnist": 10_000},
        members={each: around(_START[each], 0.02 * _START[each]) for each in ZOO_FIGURES},
        machine="2 cores",
    )
