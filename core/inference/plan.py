"""What a sampler computes once for each image, and what in every pass."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

from .graph import DropoutSpec, Graph, Step
from .responses import MaskedProduct, Match, ResponseStep, match_responses


@dataclass(frozen=True, slots=True)
class Plan:
    """How a sampler runs a model; `str(plan)` reads as an explanation.

    Attributes:
        stochastic: the dropout layers that are active.
        once: names of what is computed once for each image.
        every_pass: names of what is computed in every pass.
        notes: why a rewrite applies or does not, one sentence for each dropout layer.
        floats_per_row: elements of the largest pair of neighbouring arrays that one
            image in one pass needs.
    """

    stochastic: tuple[DropoutSpec, ...]
    once: tuple[str, ...]
    every_pass: tuple[str, ...]
    notes: tuple[str, ...]
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
                *self.notes,
            ]
        )


@dataclass(frozen=True, slots=True)
class Split:
    """A graph in two parts.

    Attributes:
        prefix: what is the same in every pass.
        suffix: what depends on a mask.
        frontier: values of the prefix that the suffix reads.
        notes: see `Plan`.
    """

    prefix: tuple[Step | ResponseStep, ...]
    suffix: tuple[Step | MaskedProduct, ...]
    frontier: tuple[int, ...]
    notes: tuple[str, ...]


@dataclass(slots=True)
class _Splitting:
    """A split as far as it has got."""

    followers: dict[int, list[Step]]
    new_value: int
    prefix: list[Step | ResponseStep] = field(default_factory=list)
    suffix: list[Step | MaskedProduct] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    stochastic: set[int] = field(default_factory=set)
    replaced: set[int] = field(default_factory=set)

    def add(self, step: Step) -> None:
        if id(step) in self.replaced:
            return
        fixed = self.stochastic.isdisjoint(step.inputs.values())
        if step.dropout is None:
            if fixed:
                self.prefix.append(step)
            else:
                self._every_pass(step)
            return
        match = (
            match_responses(step, self.followers, self.new_value)
            if fixed
            else "an earlier layer drops units already"
        )
        if isinstance(match, Match):
            self._rewrite(step, match)
        else:
            self.notes.append(f"{step.name} runs as a mask on features: {match}.")
            self._every_pass(step)

    def _every_pass(self, step: Step) -> None:
        self.suffix.append(step)
        self.stochastic.update(step.outputs)

    def _rewrite(self, dropout: Step, match: Match) -> None:
        self.new_value += 1
        self.prefix += [*match.before, match.first]
        self.suffix.append(match.then)
        self.stochastic.add(match.then.output)
        self.replaced.update(map(id, match.replaced))
        rest = ", ".join(step.name for step in match.replaced[1:])
        self.notes.append(f"{dropout.name}, {rest} run as masks times responses.")


def split_graph(graph: Graph) -> Split:
    """Put everything that no dropout layer comes before into the prefix."""
    followers: dict[int, list[Step]] = {}
    values = [graph.input]
    for step in graph.steps:
        values += step.outputs
        for value in step.inputs.values():
            followers.setdefault(value, []).append(step)
    splitting = _Splitting(followers, new_value=max(values) + 1)
    for step in graph.steps:
        splitting.add(step)
    read = {
        value
        for step in splitting.suffix
        for value in (step.inputs.values() if isinstance(step, Step) else step.inputs)
    }
    return Split(
        tuple(splitting.prefix),
        tuple(splitting.suffix),
        tuple(sorted(read - splitting.stochastic)),
        tuple(splitting.notes),
    )


def explain(graph: Graph, split: Split) -> Plan:
    """Describe a split graph."""
    sizes = [step.output_size for step in split.suffix]
    pairs = [first + second for first, second in itertools.pairwise(sizes)]
    return Plan(
        stochastic=graph.dropouts,
        once=tuple(step.name for step in split.prefix),
        every_pass=tuple(step.name for step in split.suffix),
        notes=split.notes,
        floats_per_row=max([*pairs, *sizes]),
    )
