"""What is computed once for an image, what in every pass, and why."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

from .dropout import DropoutSpec
from .graph import Graph, Step
from .masked_layers import masked_layers
from .responses import MaskedProduct, ResponseStep
from .rewrite import Match, match_responses


@dataclass(frozen=True, slots=True)
class Plan:
    """How a sampler runs a model; `str(plan)` reads as an explanation.

    Attributes:
        stochastic: the dropout calls that are active.
        masked: for each of them the layer whose output it masks; "" where it masks the images.
        once: names of what is computed once for each image.
        every_pass: names of what is computed in every pass.
        notes: how each dropout call runs and why, one sentence each.
        floats_per_row: elements of the largest pair of neighbouring arrays that one
            image in one pass needs.
    """

    stochastic: tuple[DropoutSpec, ...]
    masked: tuple[str, ...]
    once: tuple[str, ...]
    every_pass: tuple[str, ...]
    notes: tuple[str, ...]
    floats_per_row: int

    def __str__(self) -> str:
        """Explain the plan in a few lines."""
        lines = [
            f"  {spec.name} ({spec.kind}): {spec.num_units:,}"
            f" {'channels' if spec.kind.startswith('Spatial') else 'units'}, rate {spec.rate:g}"
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


def split_graph(graph: Graph) -> Split:
    """Put everything that no dropout comes before into the prefix, and rewrite what can be."""
    splitting = _Splitting(graph)
    for step in graph.steps:
        splitting.add(step)
    return splitting.result()


def explain(graph: Graph, split: Split) -> Plan:
    """Describe a split graph."""
    sizes = [step.output_size for step in split.suffix]
    pairs = [first + second for first, second in itertools.pairwise(sizes)]
    return Plan(
        stochastic=graph.dropouts,
        masked=masked_layers(graph),
        once=tuple(step.name for step in split.prefix),
        every_pass=tuple(step.name for step in split.suffix),
        notes=split.notes,
        floats_per_row=max([*pairs, *sizes]),
    )


@dataclass(slots=True)
class _Splitting:
    """A split as far as it has got."""

    graph: Graph
    readers: dict[int, list[Step]] = field(init=False)
    new_value: int = field(init=False)
    prefix: list[Step | ResponseStep] = field(default_factory=list)
    suffix: list[Step | MaskedProduct] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    stochastic: set[int] = field(default_factory=set)
    replaced: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.readers = self.graph.readers
        written = [value for step in self.graph.steps for value in step.outputs]
        self.new_value = max([*self.graph.inputs, *written]) + 1

    def add(self, step: Step) -> None:
        if id(step) in self.replaced:
            return
        fixed = self.stochastic.isdisjoint(step.reads)
        if step.dropout is not None:
            self._add_dropout(step, fixed=fixed)
        elif fixed:
            self.prefix.append(step)
        else:
            self._every_pass(step)

    def result(self) -> Split:
        read = {value for step in self.suffix for value in step.reads}
        return Split(
            tuple(self.prefix),
            tuple(self.suffix),
            tuple(sorted(read - self.stochastic)),
            tuple(self.notes),
        )

    def _add_dropout(self, step: Step, *, fixed: bool) -> None:
        readers = self.readers.get(step.outputs[0], [])
        matched = 0
        for reader in readers if fixed else []:
            match = match_responses(step, reader, self.readers, self.new_value)
            if isinstance(match, Match):
                self._rewrite(step, match)
                matched += 1
            else:
                self.notes.append(f"{step.name} runs as a mask on features: {match}.")
        if not fixed:
            self.notes.append(
                f"{step.name} runs as a mask on features: what it multiplies differs from pass to"
                " pass already."
            )
        if matched < len(readers) or not readers:
            self._every_pass(step)

    def _every_pass(self, step: Step) -> None:
        self.suffix.append(step)
        self.stochastic.update(step.outputs)

    def _rewrite(self, dropout: Step, match: Match) -> None:
        self.new_value += 1
        self.prefix.append(match.first)
        self.suffix.append(match.then)
        self.stochastic.add(match.then.output)
        self.replaced.update(map(id, match.replaced))
        names = " -> ".join([dropout.name, *(step.name for step in match.replaced)])
        self.notes.append(
            f"{names} runs as masks times responses: what each channel adds is computed once, and"
            f" a pass adds up what it keeps, {match.times_less:.1f} times less work."
        )
