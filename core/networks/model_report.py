"""What an inspection has found out about a Keras model that somebody brings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..images.frame import Frame

Ending = Literal["softmax", "logits", "sigmoid", "values"]


@dataclass(frozen=True, slots=True)
class StochasticLayer:
    """A dropout layer that passes differ by.

    Attributes:
        name: the layer's.
        kind: its class, as "SpatialDropout2D".
        rate: share of units that one pass drops.
        num_units: channels or units that it can drop.
    """

    name: str
    kind: str
    rate: float
    num_units: int


@dataclass(frozen=True, slots=True)
class ModelReport:
    """What is known of a model without believing it: plain values that fit a JSON file.

    Attributes:
        name: the model's own, fit for a line.
        sha256: of the file.
        num_bytes: of the file.
        num_parameters: of the model.
        architecture: one line a layer.
        input_shape: of one input, None for a side that may vary.
        frame: of the images that it takes, or a guess where `frame_is_guess`; None where its
            input is no image.
        frame_is_guess: whether another might be meant: sides may vary, or pixels lie in a row.
        input_range: guess of what its input lies between, dark and bright; (0, 1) or (0, 255).
        range_why: why that is guessed, a sentence.
        ending: what comes out: distributions, logits, one probability, or values that are no
            scores of classes.
        num_classes: C; 0 where what comes out is no score of classes.
        stochastic: the dropout layers that passes differ by.
        passes_differ: whether two passes of the same input did.
        num_batch_norms: BatchNorm layers.
        batch_norm_still: whether their weights were the same after the passes.
        plan: how the passes run; "" where they cannot.
        milliseconds: of 1,000 passes of one image by the sampler; None where they cannot run.
        tiled_milliseconds: of the same by a compiled call on a tiled batch.
        refusal: why the workbench cannot use it, with what to do; "" where it can.
    """

    name: str
    sha256: str
    num_bytes: int
    num_parameters: int
    architecture: tuple[str, ...]
    input_shape: tuple[int | None, ...]
    frame: Frame | None
    frame_is_guess: bool
    input_range: tuple[float, float]
    range_why: str
    ending: Ending
    num_classes: int
    stochastic: tuple[StochasticLayer, ...]
    passes_differ: bool
    num_batch_norms: int
    batch_norm_still: bool
    plan: str
    milliseconds: float | None
    tiled_milliseconds: float | None
    refusal: str = ""
