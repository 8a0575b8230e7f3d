"""How long the networks of the zoo take, side by side on this machine."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ..errors import DamagedFileError
from ..networks import describe_device
from ..uncertainty import MEASURES, Interval, predicted_class, softmax_entropy
from .zoo_ready import Ready, ready_zoo
from .zoo_sets import ZooSets
from .zoo_table import ZooTable
from .zoo_table_file import stale_rows

ROUNDS = 60
_WARM_UP = 5


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds from an image to its answer; as the fields of a `ZooRow`.

    Attributes:
        own: of all passes.
        twin: of one pass without dropout; None where that is all there is.
    """

    own: Interval
    twin: Interval | None


def answer_times(rows: Sequence[Ready], image: npt.NDArray[np.float32]) -> dict[str, Times]:
    """Return the time of every network's answer and of its measures, by name.

    Args:
        rows: the networks.
        image: shape (1, *input shape).
    """
    answers: dict[str, Callable[[], object]] = {}
    for ready in rows:
        if ready.summarise is not None:
            answers[ready.name] = partial(_ask_many, ready, image)
        if ready.once is not None:
            answers[f"{ready.name}, once"] = partial(_ask_once, ready, image)
    found = measure_speed(answers)
    return {
        ready.name: Times(found[ready.name], found.get(f"{ready.name}, once"))
        if ready.summarise is not None
        else Times(found[f"{ready.name}, once"], None)
        for ready in rows
    }


def time_again(table: ZooTable, folder: Path | None = None) -> ZooTable:
    """Return a table with times of now and of this machine; nothing else in it changes.

    Args:
        table: of the networks in the folder.
        folder: where they are; the shipped ones' folder if None.

    Raises:
        DamagedFileError: one of its networks is missing, damaged or of other weights.
        MissingDataError: MNIST is not on this machine.
    """
    num_samples = max(row.num_samples for row in table.rows)
    zoo = ready_zoo(folder, num_samples, table.seed)
    ready = {one.name: one for one in zoo.rows}
    wrong = [row.name for row in table.rows if row.name not in ready]
    wrong += stale_rows(table, folder)
    if wrong:
        raise DamagedFileError(
            f"The table is of other networks than those that are here: {', '.join(wrong)} cannot"
            " be timed. Make it anew with `python -m core evaluate --zoo`."
        )
    image = ZooSets.load(1).images(slice(0, 1))
    times = answer_times([ready[row.name] for row in table.rows], image)
    rows = [
        dataclasses.replace(
            row, milliseconds=times[row.name].own, twin_milliseconds=times[row.name].twin
        )
        for row in table.rows
    ]
    return dataclasses.replace(table, rows=tuple(rows), machine=describe_device())


def measure_speed(
    answers: Mapping[str, Callable[[], object]], rounds: int = ROUNDS
) -> dict[str, Interval]:
    """Return the median time of each in milliseconds, with the middle half as its interval.

    They take turns, so that whatever else the machine does falls on all of them.

    Args:
        answers: by name, what is timed.
        rounds: runs of each, after a few that are not counted.
    """
    taken: dict[str, list[float]] = {name: [] for name in answers}
    for place in range(-_WARM_UP, rounds):
        for name, answer in answers.items():
            start = time.perf_counter()
            answer()
            if place >= 0:
                taken[name].append(1e3 * (time.perf_counter() - start))
    quartiles = {name: np.quantile(each, [0.5, 0.25, 0.75]) for name, each in taken.items()}
    return {name: Interval(*map(float, each)) for name, each in quartiles.items()}


def _ask_many(ready: Ready, image: npt.NDArray[np.float32]) -> object:
    assert ready.summarise is not None
    summary = ready.summarise(image)
    return predicted_class(summary), [each.value(summary) for each in MEASURES.values()]


def _ask_once(ready: Ready, image: npt.NDArray[np.float32]) -> object:
    assert ready.once is not None
    probs = ready.once(image)
    # Of logarithms as of logits: what they lack of a logit is one number an image.
    logs = np.log(np.maximum(probs, np.finfo(np.float32).tiny))
    return probs.argmax(axis=1), softmax_entropy(logs)
