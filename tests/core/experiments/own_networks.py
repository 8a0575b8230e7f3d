"""Small networks of somebody's own, for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.images import Frame
from core.networks.model_report import Ending, ModelReport
from core.networks.own_network import OwnNetwork, Setup, as_classifier
from core.uncertainty import Classes

if TYPE_CHECKING:
    from collections.abc import Sequence


def report_of(num_classes: int, ending: Ending, frame: Frame | None, sha256: str) -> ModelReport:
    """What an inspection would have found; only what tests read of it is true."""
    return ModelReport(
        name="tiny",
        sha256=sha256,
        num_bytes=1,
        num_parameters=1,
        architecture=(),
        input_shape=(4,),
        frame=frame,
        frame_is_guess=False,
        input_range=(0.0, 1.0),
        range_why="",
        ending=ending,
        num_classes=num_classes,
        stochastic=(),
        passes_differ=True,
        num_batch_norms=0,
        batch_norm_still=True,
        plan="",
        milliseconds=1.0,
        tiled_milliseconds=1.0,
    )


def own_network(
    num_classes: int = 3,
    ending: Ending = "softmax",
    frame: Frame | None = None,
    *,
    names: Sequence[str] = (),
    noun: str = "class",
    title: str = "Tiny",
    sha256: str = "ab" * 32,
    model: Any = None,
) -> OwnNetwork:
    """An untrained network: rows of 4 numbers, or images of a frame, to so many classes."""
    import keras

    shape = (4,) if frame is None else frame.shape
    if model is None:
        keras.utils.set_random_seed(0)
        activation = {"softmax": "softmax", "sigmoid": "sigmoid"}.get(ending)
        model = keras.Sequential(
            [
                keras.Input(shape),
                *([keras.layers.Flatten()] if frame else []),
                keras.layers.Dropout(0.5),
                keras.layers.Dense(1 if ending == "sigmoid" else num_classes, activation),
            ]
        )
    told = tuple(names) or tuple(map(str, range(num_classes)))
    setup = Setup(frame, Classes(told, noun))
    report = report_of(num_classes, ending, frame, sha256)
    return OwnNetwork(title, report, setup, as_classifier(model, setup, ending))
