"""What scores on somebody's own images can tell, and what they are too few to tell."""

from __future__ import annotations

import numpy as np

from ..uncertainty import fewest_images
from .default_policy import validation_of
from .reference_scores import ReferenceScores

_PROMISE = 0.01  # whose price in images is named
_FEW = 200  # images of a half below which intervals are called wide
_NAMED = 3


def notes_on(scores: ReferenceScores) -> list[str]:
    """Return sentences that keep people from reading too much out of their scores.

    Names of classes stand in them as they are: whoever shows them escapes them.

    Args:
        scores: of a network that somebody brought, in two halves.
    """
    notes = []
    item = scores.item
    validation, test = validation_of(scores), scores.sets["test"]
    fewest = fewest_images(_PROMISE)
    if validation.num_images < fewest:
        notes.append(
            f"Limits are fitted on {validation.num_images:,} {item}s. That is too few to promise"
            f" {100 * _PROMISE:g}% risk with 95% confidence, which takes {2 * fewest:,} labelled"
            f" {item}s or more."
        )
    if test.num_images < _FEW:
        notes.append(
            f"What they are worth is told from {test.num_images:,} {item}s: read the intervals,"
            " which are wide, not the shares."
        )
    missing = [
        name
        for index, name in enumerate(scores.classes)
        if not ((validation.labels == index).any() and (test.labels == index).any())
    ]
    if missing:
        named = ", ".join(f"“{name}”" for name in missing[:_NAMED])
        rest = f" and {len(missing) - _NAMED:,} more" if len(missing) > _NAMED else ""
        which = "One class is" if len(missing) == 1 else f"{len(missing):,} classes are"
        notes.append(
            f"{which} not in both halves, and nothing is known of limits there: {named}{rest}."
        )
    if not (~np.concatenate([validation.right, test.right])).any():
        notes.append("No answer is wrong, so nothing here tells a wrong one from a right one.")
    return notes
