"""Twin and committee: the softmax of one deterministic pass beside the mean of all passes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from ..errors import InvalidInputError
from ..inference.samples import McSummary
from .bars_key import committee_words
from .paired_bars import paired_bars_spec
from .palette import LIGHT, TOKENS, Palette


def softmax_bars_spec(
    summary: McSummary,
    twin: npt.NDArray[Any],
    *,
    class_names: Sequence[str] | None = None,
    palette: Palette = TOKENS,
) -> dict[str, Any]:
    """Return the figure of `softmax_bars_figure` as a plain dictionary, in well under a ms.

    Two results of one kind differ in the bars' lengths, and in names where not all are shown; the
    rest are shared objects, which the caller does not change.

    Args:
        summary: of one image.
        twin: shape (C,) or (1, C), the softmax with dropout off.
        class_names: what stands at the bars; the class numbers if left out.
        palette: colours, tokens for a live page.

    Raises:
        InvalidInputError: not one image, or a twin or names of another number of classes.
    """
    twin_c = np.asarray(twin, dtype=np.float64).reshape(-1)
    num_classes = summary.num_classes
    if summary.num_images != 1 or twin_c.size != num_classes:
        raise InvalidInputError(
            "twin",
            expected=f"the softmax of one image over {num_classes} classes, as in the summary",
            received=f"shape {np.shape(twin)} with a summary of {summary.num_images} images",
        )
    if class_names is not None and len(class_names) != num_classes:
        raise InvalidInputError(
            "class_names",
            expected=f"{num_classes} names, one for each class",
            received=list(class_names),
        )
    names = tuple(class_names) if class_names else tuple(map(str, range(num_classes)))
    mean_c = summary.mean[0]
    return paired_bars_spec(
        mean_c, twin_c, names, (committee_words(summary.num_samples), "the twin"), palette
    )


def softmax_bars_figure(
    summary: McSummary,
    twin: npt.NDArray[Any],
    *,
    class_names: Sequence[str] | None = None,
    palette: Palette = LIGHT,
) -> go.Figure:
    """Show the committee's mean softmax (solid) beside the twin's softmax (hollow), by class.

    A few short names stand under upright bars. Longer names, or more of them, stand over bars that
    lie: of the five classes that either of the two gives most.

    Args:
        summary: of one image.
        twin: shape (C,) or (1, C), the softmax with dropout off.
        class_names: what stands at the bars; the class numbers if left out.
        palette: colours.

    Raises:
        InvalidInputError: not one image, or a twin or names of another number of classes.
    """
    return go.Figure(softmax_bars_spec(summary, twin, class_names=class_names, palette=palette))
