"""A sweep as a table: one row a step, for a spreadsheet or a program."""

from __future__ import annotations

import csv
import io
from typing import Any

from ..uncertainty.classes import DIGITS
from ..uncertainty.measures import MEASURES, runner_up
from .recipe import SweepRecipe
from .sweep import SweepResult


def sweep_rows(result: SweepResult) -> list[dict[str, Any]]:
    """Return one row a step: its value, what was said there, and how sure.

    Returns:
        Per step `step`, `value` (degrees, alpha or share of pixels), `predicted`, `right`
        (missing without labels), `runner_up`, the measures of `MEASURES` (entropies in nats), the
        twin's and the plain network's answers and softmax, and `mean_0`, ... the mean softmax.
        Where the recipe names the classes, the answers' names too: `predicted_name`,
        `runner_up_name`, `twin_predicted_name`.
    """
    names = result.classes.names if _is_named(result.recipe) else ()
    measures = {name: measure.value(result.summary) for name, measure in MEASURES.items()}
    mean, seconds = result.summary.mean, runner_up(result.summary)
    others = {"twin": (result.twin, result.twin_right)}
    if result.plain is not None:
        others["plain"] = (result.plain, result.plain_right)
    rows = []
    for step, value in enumerate(result.values.tolist()):
        row: dict[str, Any] = {"step": step, "value": round(value, 9)}
        row |= _answer("predicted", int(result.predicted[step]), names)
        if result.right is not None:
            row["right"] = bool(result.right[step])
        row |= _answer("runner_up", int(seconds[step]), names)
        row |= {name: float(values[step]) for name, values in measures.items()}
        for name, (softmax, right) in others.items():
            row |= _answer(f"{name}_predicted", int(softmax[step].argmax()), names)
            if right is not None:
                row[f"{name}_right"] = bool(right[step])
            row[f"{name}_softmax"] = float(softmax[step].max())
        row |= {f"mean_{label}": float(share) for label, share in enumerate(mean[step])}
        rows.append(row)
    return rows


def sweep_csv(result: SweepResult) -> str:
    """Return `sweep_rows` as comma-separated values with a header; line ends as in RFC 4180.

    A name that a spreadsheet would take for a formula has an apostrophe before it.
    """
    rows = [
        {key: _inert(cell) if isinstance(cell, str) else cell for key, cell in row.items()}
        for row in sweep_rows(result)
    ]
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, list(rows[0]))
    table.writeheader()
    table.writerows(rows)
    return text.getvalue()


def sweep_document(result: SweepResult) -> dict[str, Any]:
    """Return the sweep as a JSON-ready document: the recipe, and a row a step."""
    return {
        "recipe": recipe_document(result.recipe),
        "weights_checksum": result.weights_checksum,
        "steps": sweep_rows(result),
    }


def recipe_document(recipe: SweepRecipe) -> dict[str, Any]:
    """Return a recipe as a JSON-ready document; the images are in it by reference only.

    What the classes are called is in it unless they are digits or have no names.
    """
    names = ("kind", "start", "stop", "num_steps", "num_samples", "seed", "noise_seed", "network")
    document = {name: getattr(recipe, name) for name in names} | {
        "labels": list(recipe.labels),
        "references": list(recipe.references),
    }
    if recipe.classes is not None and _is_named(recipe):
        document["classes"] = {"noun": recipe.classes.noun, "names": list(recipe.classes.names)}
    return document


def _is_named(recipe: SweepRecipe) -> bool:
    return recipe.classes not in (None, DIGITS)


def _answer(key: str, label: int, names: tuple[str, ...]) -> dict[str, Any]:
    return {key: label} | ({f"{key}_name": names[label]} if names else {})


def _inert(text: str) -> str:
    return f"'{text}" if text.lstrip()[:1] in ("=", "+", "-", "@") else text
