"""The zoo measured: every network by every figure, beside the base, an ensemble and one pass."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from ..errors import MissingDataError
from ..networks import describe_device
from ..uncertainty import RIVALS, Interval
from .checkpoint import Checkpoint
from .intervals import NUM_RESAMPLES
from .rivals import score_rivals
from .zoo_answers import ask_committee, ask_once, score_once
from .zoo_figures import Parts, parts_of_answers, parts_of_score
from .zoo_intervals import Compared, compare_with_first
from .zoo_ready import Ready, ReadyZoo, ready_zoo
from .zoo_sets import ZooSets
from .zoo_speed import Times, answer_times
from .zoo_table import BASE, ZOO_FIGURES, RivalRow, ZooRow, ZooTable

ZOO_SAMPLES = 100  # T: what the differences of networks need is images, not passes

_TWIN, _BASE = "twin", "base"  # ways to ask, beside the network's own

Bars = Callable[[str], Callable[[str, int, int], None]]


@dataclass(frozen=True, eq=False)
class ZooEvaluation:
    """What came out.

    Attributes:
        table: of the networks that could be measured.
        left_out: why each of the others could not, by name.
    """

    table: ZooTable
    left_out: Mapping[str, str]


def evaluate_zoo(
    folder: Path | None = None,
    *,
    num_samples: int = ZOO_SAMPLES,
    seed: int = 0,
    limit: int | None = None,
    num_resamples: int = NUM_RESAMPLES,
    state: Path | Checkpoint | None = None,
    bars: Bars | None = None,
) -> ZooEvaluation:
    """Ask every network of the zoo about every reference set, and make the table of it.

    Args:
        folder: where the networks are; the shipped ones' folder if None.
        num_samples: T, passes of a committee.
        seed: of the passes.
        limit: images of each set to use; all if None.
        num_resamples: of every interval.
        state: a file that holds what is done, or the checkpoint of it: answers and intervals by
            the weights, passes and images that they are of, so that a network that was trained
            anew is asked anew and the others are not. The caller deletes it when the table is safe.
        bars: from a unit, in the plural, to what is called with what is being done, how many are
            done, and of how many.

    Raises:
        MissingDataError: no network is here, or a reference set is not.
        DamagedFileError: the file of a data set is damaged.
    """
    zoo = ready_zoo(folder, num_samples, seed)
    if not zoo.rows:
        name, reason = next(iter(zoo.left_out.items()))
        raise MissingDataError(f"No network of the zoo can be measured; of {name}: {reason}")
    sets = ZooSets.load(limit)
    checkpoint = Checkpoint.of(state, "evaluation of the zoo", zoo_identity())
    asked = bars("images") if bars else None
    parts: dict[str, dict[str, Parts]] = {}
    for ready in zoo.rows:
        label = f"{ready.name}, {ready.num_samples} passes"
        progress = partial(asked, label) if asked else None
        parts[ready.name] = _ways_of(ready, sets, seed, checkpoint, progress)
    compared = _compare(parts, sets, num_resamples, checkpoint, bars)
    members = _members(zoo, sets, checkpoint)
    times = answer_times(zoo.rows, sets.images(slice(0, 1)))
    return ZooEvaluation(
        ZooTable(
            rows=tuple(_row(ready, compared[ready.name], times) for ready in zoo.rows),
            seed=seed,
            num_resamples=num_resamples,
            sizes=sets.sizes,
            members=members,
            machine=describe_device(),
        ),
        zoo.left_out,
    )


def zoo_identity() -> dict[str, object]:
    """Return what tells the checkpoint's file from others; its parts name what they are of."""
    return {"schema": 1}


def _ways_of(
    ready: Ready,
    sets: ZooSets,
    seed: int,
    checkpoint: Checkpoint,
    progress: Callable[[int, int], None] | None,
) -> dict[str, Parts]:
    """Return the ways to ask a network by name, its own first."""
    weights = "-".join(each[:16] for each in ready.weights_sha256)
    ways: dict[str, Parts] = {}
    if ready.summarise is not None:
        identity = f"{weights}-{ready.num_samples}-{seed}"
        answers = ask_committee(
            ready.summarise, sets, identity, checkpoint=checkpoint, progress=progress
        )
        ways[ready.name] = parts_of_answers(answers, sets)
    if ready.model is not None:
        once = ask_once(ready.model, sets, weights, checkpoint=checkpoint)
        ways[_TWIN if ways else ready.name] = parts_of_answers(once, sets)
        if ready.rivals is not None:
            scored = score_once(
                partial(score_rivals, ready.rivals, ready.model),
                sets,
                f"{weights}-{ready.rivals_sha256[:16]}",
                checkpoint=checkpoint,
            )
            ways |= {rival: parts_of_score(each, once, sets) for rival, each in scored.items()}
    return ways


def _compare(
    parts: Mapping[str, Mapping[str, Parts]],
    sets: ZooSets,
    num_resamples: int,
    checkpoint: Checkpoint,
    bars: Bars | None,
) -> dict[str, dict[str, Compared]]:
    """Return, by network, each way to ask beside its own, and beside it the base."""
    is_stranger = np.repeat([False, True], [sets.sizes["test"], sets.sizes["kmnist"]])
    counted = bars("networks") if bars else None
    found = {}
    for place, (name, ways) in enumerate(parts.items()):
        beside = dict(ways)
        if name != BASE and BASE in parts:
            beside[_BASE] = parts[BASE][BASE]
        found[name] = compare_with_first(
            beside, is_stranger, num_resamples=num_resamples, checkpoint=checkpoint
        )
        if counted:
            counted("intervals", place + 1, len(parts))
    return found


def _members(zoo: ReadyZoo, sets: ZooSets, checkpoint: Checkpoint) -> dict[str, Interval]:
    """Return mean, lowest and highest of each figure over the ensemble's members, each alone."""
    each = [
        parts_of_answers(
            ask_once(one.model, sets, one.card.weights_sha256[:16], checkpoint=checkpoint), sets
        ).values()
        for one in zoo.members
    ]
    values = {name: [one[name] for one in each] for name in ZOO_FIGURES}
    return {
        name: Interval(float(np.mean(found)), min(found), max(found))
        for name, found in values.items()
        if found
    }


def _row(ready: Ready, ways: Mapping[str, Compared], times: Mapping[str, Times]) -> ZooRow:
    return ZooRow(
        name=ready.name,
        title=ready.title,
        varies=ready.varies,
        weights_sha256=ready.weights_sha256,
        num_samples=ready.num_samples,
        figures=ways[ready.name].figures,
        twin=ways[_TWIN].figures if _TWIN in ways else {},
        differences=ways[_BASE].differences if _BASE in ways else {},
        rivals=tuple(
            RivalRow(rival, ways[rival].figures, ways[rival].differences)
            for rival in RIVALS
            if rival in ways
        ),
        milliseconds=times[ready.name].own,
        twin_milliseconds=times[ready.name].twin,
    )
