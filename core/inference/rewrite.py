"""Where a dropout layer and what follows can run as masks times responses, and whether it pays."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ..limits import DEFAULT_NUM_SAMPLES, MAX_RESPONSE_BYTES
from .dropout import DropoutSpec
from .graph import Step, size
from .linear import (
    ELEMENT_COST,
    activation_name,
    adds_constant,
    is_activation_never_falling,
    is_affine,
    is_never_falling,
    keeps_channels_affine,
    keeps_channels_homogeneous,
    multiplications,
    pooling_windows,
)
from .responses import MaskedProduct, ResponseStep, costs_once

_FLOAT_BYTES = 4


@dataclass(frozen=True, slots=True)
class Match:
    """A place where the rewrite applies.

    Attributes:
        replaced: the steps after the dropout that the rewrite stands for.
        first: what is computed once.
        then: what is computed in every pass.
        times_less: work of the steps replaced over that of the product.
    """

    replaced: tuple[Step, ...]
    first: ResponseStep
    then: MaskedProduct
    times_less: float


def match_responses(
    dropout: Step, reader: Step, readers: dict[int, list[Step]], new_value: int
) -> Match | str:
    """Find the rewrite that starts at a dropout step and one step that reads it.

    Args:
        dropout: a step that drops units of features that no earlier dropout changed.
        reader: a step that reads what it leaves.
        readers: the steps that read each value.
        new_value: an unused number, for the responses.

    Returns:
        The match, or the reason why there is none, as the end of a sentence.
    """
    spec = dropout.dropout
    channels = (1,) * (len(dropout.input_shapes[0]) - 1) + dropout.input_shapes[0][-1:]
    if spec is None or spec.noise_shape != channels:
        return "its mask is not one of whole channels"
    if not spec.is_scaling:
        return f"{spec.kind} does not only scale what it keeps"
    keeping, step = _keeping(spec, reader, readers)
    if step is None:
        return "no layer that adds channels up follows it directly"
    if not is_affine(step):
        return f"{step.name} does not let a mask through"
    options = [_Option(spec, keeping, tuple(adding), readers) for adding in _adding(step, readers)]
    best = max(options, key=lambda option: option.plain_cost - option.cost)
    if best.cost >= 0.95 * best.plain_cost:
        return f"a product of its masks with responses of {step.name} would not be less work"
    if best.response_bytes > MAX_RESPONSE_BYTES:
        return f"the responses would be larger than {MAX_RESPONSE_BYTES >> 20} MiB an image"
    return best.match(dropout, new_value)


def _keeping(
    spec: DropoutSpec, step: Step, readers: dict[int, list[Step]]
) -> tuple[tuple[Step, ...], Step | None]:
    """Steps that treat each channel on its own, and the one after them."""
    keeping: list[Step] = []
    adds = False
    while True:
        if len(step.inputs) != 1 or len(step.outputs) != 1:
            return tuple(keeping), None
        if keeps_channels_affine(step):
            adds = adds or adds_constant(step)
        elif adds or not spec.is_never_negative or not keeps_channels_homogeneous(step):
            return tuple(keeping), step
        keeping.append(step)
        following = readers.get(step.outputs[0], [])
        if len(following) != 1:
            return tuple(keeping), None
        (step,) = following


def _adding(step: Step, readers: dict[int, list[Step]]) -> list[list[Step]]:
    """Every run of affine steps that starts at `step`, from the shortest."""
    runs = [[step]]
    while activation_name(step.operation) == "linear":
        following = readers.get(step.outputs[0], [])
        if len(following) != 1 or len(following[0].inputs) != 1 or not is_affine(following[0]):
            break
        (step,) = following
        runs.append([*runs[-1], step])
    return runs


class _Option:
    """One way to end the rewrite: at the last of the adding steps.

    Attributes:
        cost: multiplications for one image in one pass, with the rewrite.
        plain_cost: the same without.
        response_bytes: of one image.
    """

    def __init__(
        self,
        spec: DropoutSpec,
        keeping: tuple[Step, ...],
        adding: tuple[Step, ...],
        readers: dict[int, list[Step]],
    ) -> None:
        self._spec, self._keeping, self._adding = spec, keeping, adding
        self._tail, self._windows = _tail(adding[-1], readers)
        *sides, maps = adding[-1].output_shapes[0]
        for axis, part in enumerate(self._windows):
            # What the windows of the pooling never reach is not computed.
            sides[axis] = (sides[axis] or 0) // part * part
        units, self._product_size = spec.num_units, size((*sides, maps))
        once = costs_once(adding[0], units) + units * sum(map(multiplications, adding[1:]))
        masked = (*keeping, *adding)[0].input_shapes[0]
        self.cost = once / DEFAULT_NUM_SAMPLES + (units + 1) * self._product_size
        self.plain_cost = ELEMENT_COST * size(masked) + sum(
            map(multiplications, (*keeping, *adding))
        )
        self.response_bytes = (units + 1) * self._product_size * _FLOAT_BYTES

    def match(self, dropout: Step, new_value: int) -> Match | str:
        """Build the two steps that stand for the others."""
        if any(side is None for step in self._adding for side in step.output_shapes[0]):
            return "the size of its features may vary"
        last = (*self._adding, *self._tail)[-1]
        names = ", ".join(step.name for step in self._adding)
        first = ResponseStep(
            name=f"responses of {names}",
            features=dropout.reads[0],
            output=new_value,
            keeping=self._keeping,
            adding=self._adding,
            windows=self._windows,
            channels=self._spec.num_units,
        )
        then = MaskedProduct(
            name=f"masks x responses of {names}",
            responses=new_value,
            output=last.outputs[0],
            output_shape=tuple(side or 0 for side in last.output_shapes[0]),
            num_places=math.prod(self._windows),
            dropout=self._spec,
            activations=_activations(self._adding[-1], self._tail),
        )
        replaced = (*self._keeping, *self._adding, *self._tail)
        return Match(replaced, first, then, self.plain_cost / self.cost)


def _tail(step: Step, readers: dict[int, list[Step]]) -> tuple[tuple[Step, ...], tuple[int, ...]]:
    """Steps after the sum up to a max pooling that may come first, and the pooling's windows."""
    if not is_activation_never_falling(step.operation):
        return (), ()
    tail: list[Step] = []
    while len(following := readers.get(step.outputs[0], [])) == 1:
        (step,) = following
        tail.append(step)
        if windows := pooling_windows(step):
            return tuple(tail), windows
        if not is_never_falling(step):
            break
    return (), ()


def _activations(last: Step, tail: Sequence[Step]) -> tuple[Callable[[Any], Any], ...]:
    own = [] if activation_name(last.operation) == "linear" else [last.operation.activation]
    return (*own, *(step.apply for step in tail[:-1]))  # the last one is the pooling
