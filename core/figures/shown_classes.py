"""Which classes a figure shows where a network tells more apart than there is room for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from ..inference.samples import Floats, McSummary

MOST = 20  # classes that are all shown
FEW = 10  # that are shown of more


def num_shown(num_classes: int) -> int:
    """Return how many of C classes are shown."""
    return num_classes if num_classes <= MOST else FEW


def shown_classes(
    mean_c: Floats, true_labels: Iterable[int] = (), preferred: Sequence[int] | None = None
) -> list[int]:
    """Return the classes that are worth seeing of one image.

    Args:
        mean_c: mean softmax, shape (C,).
        true_labels: that are shown, however small their mean softmax.
        preferred: to show instead of those with the largest mean softmax, in this order, so that
            a class keeps its place from one image to the next.

    Returns:
        All in their order where there are up to 20; of more ten, the favourite among them, the one
        with the largest mean softmax first.
    """
    if len(mean_c) <= MOST:
        return list(range(len(mean_c)))
    # Stable: of classes with the same mean the lowest comes first.
    ranked = list(preferred) if preferred else _largest(mean_c, FEW)
    wanted = dict.fromkeys([int(mean_c.argmax()), *true_labels])
    missing = [label for label in wanted if label not in ranked[:FEW]]
    return [*ranked[: FEW - len(missing)], *missing] if missing else ranked[:FEW]


def classes_of_sweep(summary: McSummary, true_labels: Iterable[int] = ()) -> list[int] | None:
    """Return the classes to show at every step of a sweep, None where all are shown.

    Those which any step's mean softmax is largest for: a class that rises and falls is seen to,
    in the same place all along.

    Args:
        summary: of the steps, shape (K, C).
        true_labels: that are shown in any case.
    """
    if summary.num_classes <= MOST:
        return None
    return shown_classes(np.asarray(summary.mean.max(axis=0)), true_labels)


def _largest(values: npt.NDArray[np.float64], number: int) -> list[int]:
    largest: list[int] = np.argsort(-values, kind="stable")[:number].tolist()
    return largest
