"""How the passes behind a bar vote, beside the rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..experiments.inside import BehindBar
from . import numbers
from .paired_bars import paired_bars_spec
from .palette import TOKENS, Palette


def votes_spec(
    behind: BehindBar, class_names: Sequence[str], *, palette: Palette = TOKENS
) -> dict[str, Any] | None:
    """Return the figure as a plain dictionary: mean softmax of both by class.

    Args:
        behind: the bar.
        class_names: of all classes.
        palette: colours, tokens for a live page.

    Returns:
        None where the bar is empty or holds all passes, so that there are no two to compare.
    """
    votes = behind.votes
    if votes is None:
        return None
    words = (
        f"{numbers.passes(behind.num_passes)} of the bar",
        (f"the other {numbers.count(behind.num_rest)}"),
    )
    return paired_bars_spec(
        np.asarray(votes.mean_of_chosen),
        np.asarray(votes.mean_of_rest),
        tuple(class_names),
        words,
        palette,
    )
