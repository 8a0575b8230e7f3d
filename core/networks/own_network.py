"""A Keras model that somebody brings, as a network that the workbench can ask."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..errors import InvalidInputError
from ..images.frame import Frame
from ..uncertainty.classes import Classes
from .model_report import Ending

if TYPE_CHECKING:
    from .model_report import ModelReport


@dataclass(frozen=True, slots=True)
class Setup:
    """What its owner says of a model: what a file cannot tell.

    Attributes:
        frame: of the images that it is shown; None for a network that takes no images.
        dark: what the model takes for a dark pixel, 0 of an image in [0, 1].
        bright: for a bright one. Less than `dark` for ink that is dark on white paper.
        classes: what it tells apart.

    Raises:
        InvalidInputError: the two are no different finite numbers.
    """

    frame: Frame | None
    classes: Classes
    dark: float = 0.0
    bright: float = 1.0

    def __post_init__(self) -> None:
        if not (math.isfinite(self.dark) and math.isfinite(self.bright)) or (
            self.dark == self.bright
        ):
            raise InvalidInputError(
                "input range",
                expected="two different numbers, for a dark and a bright pixel",
                received=f"{self.dark:g} and {self.bright:g}",
            )

    @classmethod
    def guess(cls, report: ModelReport) -> Setup:
        """Return the setup that is most likely right.

        Raises:
            InvalidInputError: the report refuses the model.
        """
        if report.refusal:
            raise InvalidInputError(
                "model", expected="one that can be used", received=report.refusal
            )
        dark, bright = report.input_range
        return cls(report.frame, Classes.numbered(report.num_classes), dark, bright)


@dataclass(frozen=True, eq=False)
class OwnNetwork:
    """A model of somebody's own, ready to be sampled.

    Attributes:
        title: what its owner calls it.
        report: what the inspection found.
        setup: what its owner said.
        model: takes images of the setup's frame in [0, 1], shape (N, H, W, channels), or rows
            where there is no frame, and gives a softmax, whatever the original takes and gives.
    """

    title: str
    report: ModelReport
    setup: Setup
    model: Any

    @property
    def sha256(self) -> str:
        """Of the model's file: what policies and scores are tied to."""
        return self.report.sha256

    @property
    def identity(self) -> str:
        """A sha256 over all that its answers depend on: the file, and what was said of it."""
        setup = self.setup
        frame = None if setup.frame is None else setup.frame.shape
        told = json.dumps([self.sha256, frame, setup.dark, setup.bright, len(setup.classes)])
        return hashlib.sha256(told.encode()).hexdigest()


def as_classifier(model: Any, setup: Setup, ending: Ending) -> Any:
    """Return a functional model around `model`: from images in [0, 1] to a softmax.

    A model that takes no images is given rows: what it takes, one number after the other.
    The layers, and so the weights, are the model's own.

    Args:
        model: a built functional or sequential Keras model with one input and one output.
        setup: what its owner says of it.
        ending: what comes out of it.

    Raises:
        InvalidInputError: images of this frame do not fit the model, or what comes out is no
            score of that many classes.
    """
    import keras

    from ..inference.endings import distributions

    wanted = tuple(model.inputs[0].shape[1:])
    if setup.frame is None:
        images = features = keras.Input((_length(wanted),), name="rows")
        if len(wanted) != 1:
            features = keras.layers.Reshape(wanted)(features)
    else:
        images = features = keras.Input(setup.frame.shape, name="images")
        if (setup.dark, setup.bright) != (0.0, 1.0):
            features = keras.layers.Rescaling(setup.bright - setup.dark, setup.dark)(features)
        features = _fitted(features, setup.frame, wanted)
    scores = model(features)
    if ending != "values":
        scores = distributions(scores, ending)
    num_scores = scores.shape[1] if len(scores.shape) == 2 else None
    if ending == "values" or num_scores != len(setup.classes):
        raise InvalidInputError(
            "model",
            expected=f"one that gives scores of {len(setup.classes)} classes",
            received=f"an output of shape {tuple(model.outputs[0].shape[1:])}, {ending}",
        )
    return keras.Model(images, scores, name="own")


def _length(wanted: tuple[int | None, ...]) -> int:
    """Return how many numbers a model takes that takes no images."""
    sides = [side for side in wanted if side is not None]
    if len(sides) < len(wanted):
        raise InvalidInputError(
            "model",
            expected="an input whose sides are all known",
            received=f"{wanted}",
            advice="Give keras.Input the full shape of one input.",
        )
    return math.prod(sides)


def _fitted(features: Any, frame: Frame, wanted: tuple[int | None, ...]) -> Any:
    """Return images in the shape that a model wants: as they are, without channels, or in a row."""
    import keras

    fits = len(wanted) == 3 and all(
        side is None or side == got for side, got in zip(wanted, frame.shape, strict=True)
    )
    if fits:
        return features
    side_by_side = (frame.height, frame.width)
    if frame.channels == 1 and wanted in (side_by_side, (None, None)):
        return keras.layers.Reshape(side_by_side)(features)
    in_a_row = math.prod(frame.shape)
    if wanted == (in_a_row,):
        return keras.layers.Reshape((in_a_row,))(features)
    raise InvalidInputError(
        "frame",
        expected=f"images that fit the model's input, {wanted}",
        received=str(frame),
        advice="Give the height, width and channels that the network was trained on.",
    )
