"""What the comparison of random models has covered: how many, which rewrites, how close."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import keras

from core.inference.plan import Plan
from tests.core.inference.describe import operations_of


@dataclass
class Tally:
    """Counts of compared models.

    Attributes:
        models: compared.
        moved: of these, whose passes differ by more than 1e-3.
        rewritten: of these, that run something in every pass that is no layer of the model.
        uses: models by what their plan says, names of layers left out.
        layers: models by the classes of their layers.
        largest: difference of a sample from the reference.
    """

    models: int = 0
    moved: int = 0
    rewritten: int = 0
    uses: Counter[str] = field(default_factory=Counter)
    layers: Counter[str] = field(default_factory=Counter)
    largest: float = 0.0

    def add(self, model: keras.Model, plan: Plan, difference: float, spread: float) -> None:
        """Count one model.

        Args:
            model: that was compared.
            plan: how the sampler ran it.
            difference: largest difference from the reference.
            spread: largest range of a class over the passes.
        """
        operations = list(operations_of(model))
        names = {operation.name for operation in operations}
        self.models += 1
        self.moved += spread > 1e-3
        self.rewritten += any(step not in names for step in plan.every_pass)
        self.uses.update({_without(names, said) for said in _sayings(plan, names)})
        self.layers.update({type(operation).__name__ for operation in operations})
        self.largest = max(self.largest, difference)

    def lines(self) -> Iterator[str]:
        """Yield the report."""
        yield (
            f"{self.models} random models compared with Keras on {keras.backend.backend()},"
            f" {self.rewritten} of them with a rewrite;"
        )
        yield f"the passes of {self.moved} differ by more than 1e-3."
        yield f"Largest difference from plain Keras: {self.largest:.2e}."
        yield "Models by what is said of their plans:"
        yield from (f"  {count:5d}  {use}" for use, count in self.uses.most_common())
        yield "Models by the layers in them:"
        yield "  " + ", ".join(f"{kind} {count}" for kind, count in self.layers.most_common())


TALLY = Tally()


def _sayings(plan: Plan, names: set[str]) -> Iterator[str]:
    """What a plan computes that no layer of the model is, and its remarks."""
    for when, steps in (("once", plan.once), ("in every pass", plan.every_pass)):
        yield from (f"{when}: {step}" for step in steps if step not in names)
    yield from plan.notes


def _without(names: set[str], said: str) -> str:
    """The same saying of any model: lists of names of layers become an ellipsis."""
    any_name = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    one = rf"\b(?:{any_name})\b"
    said = re.sub(rf"{one}(?:(?:, | and | \+ | -> ){one})*", "…", said)
    return re.sub(r"[\d.,]+ times less work", "… times less work", said)
