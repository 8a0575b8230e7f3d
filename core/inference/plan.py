"""What a sampler computes once for each image, and what in every pass."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from .graph import DropoutSpec, Graph, Step


@dataclass(frozen=True, slots=True)
class Plan:
    """How a sampler runs a model; `str(plan)` reads as an explanation.

    Attributes:
        stochastic: the dropout layers that are active.
        once: names of the layers computed once for each image (the *prefix*).
        every_pass: names of the layers computed in every pass.
        floats_per_row: elements of the largest pair of neighbouring arrays that one
            image in one pass needs.
    """

    stochastic: tuple[DropoutSpec, ...]
    once: tuple[str, ...]
    every_pass: tuple[str, ...]
    floats_per_row: int

    def __str__(self) -> str:
        """Explain the plan in a few lines."""
        lines = [
            f"  {spec.name} ({spec.kind}): {spec.num_units:,} units, rate {spec.rate:g}"
            for spec in self.stochastic
        ]
        return "\n".join(
            [
                "Stochastic layers, drawn anew in every pass:",
                *lines,
                f"Computed once for each image: {', '.join(self.once) or 'nothing'}.",
                f"Computed in every pass: {', '.join(self.every_pass)}.",
            ]
        )


@dataclass(frozen=True, slots=True)
class Split:
    """A graph in two parts.

    Attributes:
        prefix: steps that are the same in every pass.
        suffix: steps that depend on a mask.
        frontier: values of the prefix that the suffix reads.
    """

    prefix: tuple[Step, ...]
    suffix: tuple[Step, ...]
    frontier: tuple[int, ...]


def split_graph(graph: Graph) -> Split:
    """Put every step that no dropout layer comes before into the prefix."""
    stochastic: set[int] = set()
    prefix: list[Step] = []
    suffix: list[Step] = []
    for step in graph.steps:
        depends = step.dropout is not None or not stochastic.isdisjoint(step.inputs.values())
        if depends:
            stochastic.update(step.outputs)
        (suffix if depends else prefix).append(step)
    read = {value for step in suffix for value in step.inputs.values()}
    return Split(tuple(prefix), tuple(suffix), tuple(sorted(read - stochastic)))


def explain(graph: Graph, split: Split) -> Plan:
    """Describe a split graph."""
    sizes = [step.output_size for step in split.suffix]
    pairs = [first + second for first, second in itertools.pairwise(sizes)]
    return Plan(
        stochastic=graph.dropouts,
        once=tuple(step.name for step in split.prefix),
        every_pass=tuple(step.name for step in split.suffix),
        floats_per_row=max([*pairs, *sizes]),
    )
