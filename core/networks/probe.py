"""A model of somebody's own, tried out: what it takes and gives, and how its passes run."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError, UnsupportedLayerError
from ..images.frame import Frame
from ..inference import McSampler
from ..inference.graph import Graph, read_graph
from ..limits import MAX_FRAME_SIDE, MAX_OWN_CLASSES
from .input_guess import guess_frame, guess_range
from .model_lines import layer_kinds, model_lines
from .model_report import ModelReport, StochasticLayer
from .one_line import one_line
from .output_guess import guess_ending
from .own_network import Setup, as_classifier
from .probe_speed import FIRST_PASSES, sampler_milliseconds, tiled_milliseconds
from .process_limits import is_out_of_memory

_INPUTS = 4  # random ones, of which the outputs are looked at
_MAX_ROW = 3 * MAX_FRAME_SIDE**2  # numbers of an input that is no image
_MAX_REFUSAL = 600  # characters
_MAX_PLAN = 20_000
_LIBRARY = "The library samples it all the same: see docs/library.md."


class _CannotUseError(Exception):
    """Why the workbench cannot use the model, with what to do."""


@dataclass(slots=True)
class _Found:
    """What is known so far."""

    report: ModelReport

    def note(self, **values: Any) -> None:
        self.report = replace(self.report, **values)


def probe_model(model: Any, sha256: str, num_bytes: int) -> ModelReport:
    """Return what can be found out about a loaded model by looking at it and running it.

    Args:
        model: a Keras model.
        sha256: of its file.
        num_bytes: of its file.

    Raises:
        MemoryError: it takes more than there is.
    """
    inputs = model.inputs or ()
    found = _Found(
        ModelReport(
            name=one_line(model.name),
            sha256=sha256,
            num_bytes=num_bytes,
            num_parameters=int(model.count_params()),
            architecture=model_lines(model),
            input_shape=tuple(inputs[0].shape[1:]) if inputs else (),
            frame=None,
            frame_is_guess=False,
            input_range=(0.0, 1.0),
            range_why="",
            ending="values",
            num_classes=0,
            stochastic=(),
            passes_differ=False,
            num_batch_norms=len(_batch_norms(model)),
            batch_norm_still=True,
            plan="",
            milliseconds=None,
            tiled_milliseconds=None,
        )
    )
    try:
        _look(model, found)
    except _CannotUseError as error:
        found.note(refusal=one_line(error, _MAX_REFUSAL))
    except InvalidInputError as error:
        found.note(refusal=one_line(_sentence(error), _MAX_REFUSAL))
    return found.report


def _look(model: Any, found: _Found) -> None:
    for what, tensors in (("inputs", model.inputs), ("outputs", model.outputs)):
        if len(tensors) != 1:
            raise _CannotUseError(f"{len(tensors)} {what}: the pages show one. {_LIBRARY}")
    graph = read_graph(model)
    span, why = guess_range(graph)
    found.note(
        input_range=span,
        range_why=why,
        stochastic=tuple(
            {
                spec.name: StochasticLayer(
                    one_line(spec.name), spec.kind, spec.rate, spec.num_units
                )
                for spec in graph.dropouts
                if spec.rate > 0.0
            }.values()
        ),
    )
    _run_original(model, graph, found)
    if np.dtype(model.inputs[0].dtype).kind in "iub" and span == (0.0, 1.0):
        raise _CannotUseError(
            "it takes whole numbers, as a network of words does; the pages give it pixels."
            f" {_LIBRARY}"
        )
    _require_dropout(model, graph, found)
    report = found.report
    if report.ending == "values":
        raise _CannotUseError(
            f"its output, {_shape(model.outputs[0].shape[1:])}, is no score of classes: this looks"
            " like a regression, or a network of several labels. The library's McRegressor samples"
            " it: see docs/library.md."
        )
    if report.num_classes > MAX_OWN_CLASSES:
        raise _CannotUseError(
            f"{report.num_classes:,} classes, and the pages hold at most {MAX_OWN_CLASSES:,}."
            f" {_LIBRARY}"
        )
    _run_passes(model, found)


def _run_original(model: Any, graph: Graph, found: _Found) -> None:
    """Find the frame that fits, and see what comes out."""
    wanted = graph.input_shapes[0]
    guess = guess_frame(wanted)
    if not guess.frames and None in wanted:
        raise _CannotUseError(
            f"its input is {_shape(wanted)}, and a ? may be anything. Give keras.Input the full"
            " shape of one input."
        )
    if not guess.frames and math.prod(side or 1 for side in wanted) > _MAX_ROW:
        raise _CannotUseError(f"its input is {_shape(wanted)}, which is too large. {_LIBRARY}")
    frame, outputs = _first_that_runs(model, guess.frames or (None,), found.report.input_range)
    found.note(frame=frame, frame_is_guess=guess.is_guess)
    if frame is None:
        found.note(range_why="It takes no images: its numbers go in as they are.")
        found.note(input_range=(0.0, 1.0))
    if not np.isfinite(outputs).all():
        raise _CannotUseError(
            "it gives numbers that are not finite. Its weights may be damaged, or its training"
            " has gone wrong."
        )
    ending, num_classes = guess_ending(graph, outputs)
    found.note(ending=ending, num_classes=num_classes)


def _first_that_runs(
    model: Any, frames: Sequence[Frame | None], span: tuple[float, float]
) -> tuple[Frame | None, npt.NDArray[np.floating[Any]]]:
    """Return the first frame that the model can be run on, and what comes out."""
    for frame in frames:
        try:
            return frame, _outputs(model, frame, span)
        except Exception as error:  # what a backend raises depends on the backend
            # A model may not fit images so small: the next ones are larger.
            if frame is frames[-1] or is_out_of_memory(error):
                raise _cannot_run(error) from error
    raise AssertionError("there is always one to try")


def _outputs(
    model: Any, frame: Frame | None, span: tuple[float, float]
) -> npt.NDArray[np.floating[Any]]:
    """Return what the model makes of a few random inputs with dropout off."""
    wanted = tuple(model.inputs[0].shape[1:])
    given = () if frame is None else frame.shape[: len(wanted)]
    sides = [own or other or 1 for own, other in zip_longest(wanted, given)]
    low, high = span
    pixels = _noise((_INPUTS, *sides)) * (high - low) + low
    outputs = keras.ops.convert_to_numpy(model(pixels, training=False))
    return np.asarray(outputs).astype(np.float64)


def _require_dropout(model: Any, graph: Graph, found: _Found) -> None:
    if found.report.stochastic:
        return
    off = [one_line(spec.name) for spec in graph.dropouts]
    there = f"{', '.join(off)} at rate 0" if off else layer_kinds(model)
    advice = (
        f"Give {off[-1]} a rate, for example 0.5"
        if off
        else "Add one, for example keras.layers.Dropout(0.5) after layer"
        f" {_layer_before_end(graph)}"
    )
    raise _CannotUseError(
        f"no active dropout layer: all its passes would be the same. It has {there}."
        f" {advice}, and train it again."
    )


def _layer_before_end(graph: Graph) -> str:
    """Return the name of the layer behind which dropout does most: before the last weights."""
    writers = {value: step for step in graph.steps for value in step.outputs}
    value, name = graph.output, ""
    while value in writers:
        step = writers[value]
        value = step.reads[0]
        has_weights = bool(getattr(step.operation, "trainable_weights", None))
        if has_weights and value in writers:
            return one_line(writers[value].name)
        name = name or step.name
    return one_line(name or graph.steps[-1].name)


def _run_passes(model: Any, found: _Found) -> None:
    report = found.report
    setup = Setup.guess(report)
    classifier = as_classifier(model, setup, report.ending)
    sampler = McSampler(classifier)
    shape = tuple(classifier.inputs[0].shape[1:])
    image = _noise((1, *shape))
    norms = _batch_norms(model)
    before = [weight for norm in norms for weight in norm.get_weights()]
    try:
        samples = sampler.sample(image, FIRST_PASSES).probs_tnc
        differ = bool((samples != samples[:1]).any())
        found.note(plan=_printable(str(sampler.plan)), passes_differ=differ)
        found.note(milliseconds=sampler_milliseconds(sampler, image))
    except InvalidInputError:
        raise
    except Exception as error:
        raise _cannot_run(error) from error
    after = [weight for norm in norms for weight in norm.get_weights()]
    found.note(batch_norm_still=_same_bits(before, after))
    found.note(tiled_milliseconds=tiled_milliseconds(classifier, image))
    if not found.report.passes_differ:
        raise _CannotUseError(
            "its passes came out the same for a random image: what its dropout layers drop does not"
            " reach its answer. Train it, or put a dropout layer behind its last layers."
        )


def _batch_norms(model: Any) -> list[Any]:
    within = model._flatten_layers()  # those of models inside too
    return [layer for layer in within if isinstance(layer, keras.layers.BatchNormalization)]


def _same_bits(before: list[npt.NDArray[Any]], after: list[npt.NDArray[Any]]) -> bool:
    return [weight.tobytes() for weight in before] == [weight.tobytes() for weight in after]


def _noise(shape: tuple[int, ...]) -> npt.NDArray[np.float32]:
    return np.random.default_rng(0).random(shape, dtype=np.float32)


def _printable(plan: str) -> str:
    """Return a plan, which names layers as the file does, fit to be shown."""
    return "".join(c if c.isprintable() or c == "\n" else " " for c in plan)[:_MAX_PLAN]


def _shape(sides: tuple[int | None, ...]) -> str:
    return " x ".join("?" if side is None else f"{side:,}" for side in sides) or "one number"


def _sentence(error: InvalidInputError) -> str:
    if isinstance(error, UnsupportedLayerError):
        return f"{error.argument}: {error.received}. {error.advice}"
    return (
        f"{error.argument}: expected {error.expected}, and it has {error.received}. {error.advice}"
    )


def _cannot_run(error: Exception) -> Exception:
    """Tell that a pass failed; not how, since a backend's words may name paths."""
    if is_out_of_memory(error):
        return MemoryError()
    return _CannotUseError(
        f"a pass through it failed here ({type(error).__name__}). It may need another backend or"
        " a GPU, or channels last."
    )
