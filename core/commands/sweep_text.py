"""A sweep in a terminal: a table with a row a step, and a line that says how it was made."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from .text_table import text_table

if TYPE_CHECKING:
    from ..experiments import SweepResult

_COLUMNS = (
    ("", "answer", "predicted"),
    ("", "", "right"),
    ("mean", "softmax", "confidence"),
    ("predictive", "entropy", "predictive_entropy"),
    ("", "variance", "variance"),
    ("mutual", "information", "mutual_information"),
    ("", "twin", "twin_predicted"),
    ("twin", "softmax", "twin_softmax"),
    ("", "plain", "plain_predicted"),
    ("plain", "softmax", "plain_softmax"),
)
_VALUE_NAMES = {"rotation": "angle", "blending": "alpha", "noise": "pixels"}


def sweep_text_table(result: SweepResult) -> str:
    """Return a row a step: what is said there, and how sure."""
    from ..experiments.sweep_table import sweep_rows
    from ..figures import numbers

    rows = sweep_rows(result)
    written = {"rotation": numbers.angle, "blending": numbers.weight, "noise": numbers.share}
    values = [written[result.kind](value) for value in result.values.tolist()]
    # To the right, although it is the first column: these are numbers.
    width = max(map(len, [*values, _VALUE_NAMES[result.kind]]))
    first = ["", _VALUE_NAMES[result.kind], *values]
    columns = [[cell.rjust(width) for cell in first]]
    for top, bottom, key in _COLUMNS:
        if key in rows[0]:
            named = f"{key}_name"  # where classes have names, these are what is said
            shown = named if named in rows[0] else key
            columns.append([top, bottom, *(_cell(row[shown]) for row in rows)])
    return text_table(columns)


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "right" if value else "wrong"
    return f"{value:.4f}" if isinstance(value, float) else str(value)


def closing_line(result: SweepResult) -> str:
    """Return what stands under the table: whose answers these are, and in what units."""
    from ..figures import numbers

    plain = "" if result.plain is None else " Plain: one pass of a network trained without dropout."
    noise = f", noise seed {result.recipe.noise_seed}" if result.kind == "noise" else ""
    return (
        f"{numbers.passes(result.num_samples)} of the network {result.recipe.network} at each of"
        f" {result.num_steps} steps, seed {result.seed}{noise}. Entropy and mutual information in"
        f" nats, at most ln {result.num_classes} = {math.log(result.num_classes):.3f}. Twin: one"
        f" pass with dropout off.{plain}"
    )
