"""How long a thousand passes take: by the sampler, and by a compiled call on a tiled batch."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from ..inference import McSampler
from ..inference.backend import compile_function, to_numpy, to_tensor
from ..inference.graph import Graph, read_graph
from ..limits import CHUNK_BYTES, DEFAULT_NUM_SAMPLES

# That tell how many can be afforded. Few units at a low rate may drop nothing in two of them.
FIRST_PASSES = 16
_SECONDS = 0.5  # that one run of the passes may take, or fewer passes are run and scaled
_RUNS = 5
_MAX_TILED = 250  # copies of an image in a batch: with more, a CPU's cache no longer helps
_FLOAT_BYTES = 4


def sampler_milliseconds(sampler: McSampler, image: npt.NDArray[np.float32]) -> float:
    """Return how long 1,000 passes of one image take.

    Args:
        sampler: of a model.
        image: shape (1, ...).
    """
    return _milliseconds(lambda passes: sampler.sample(image, passes), DEFAULT_NUM_SAMPLES)


def tiled_milliseconds(model: Any, image: npt.NDArray[np.float32]) -> float | None:
    """Return how long 1,000 passes take as most would write them: copies of the image in batches.

    Args:
        model: with one input; its dropout layers are active, every other in inference mode.
        image: shape (1, ...).

    Returns:
        Milliseconds; None where a batch cannot be run.
    """
    graph = read_graph(model)
    sizes = [step.output_size for step in graph.steps]
    row_bytes = _FLOAT_BYTES * (max(sizes) + sum(sizes) // 2)
    copies = max(1, min(_MAX_TILED, CHUNK_BYTES * 2 // row_bytes))
    call = compile_function(lambda batch: _pass(graph, batch), model.variables)
    batch = to_tensor(np.repeat(image, copies, axis=0))

    def run(passes: int) -> None:
        for _ in range(passes // copies):
            to_numpy(call(batch))

    try:
        return _milliseconds(run, DEFAULT_NUM_SAMPLES // copies * copies, copies)
    except Exception:  # what a backend raises depends on the backend; the sampler has run
        return None


def _pass(graph: Graph, batch: Any) -> Any:
    """Run the model layer by layer, its dropout layers as in training."""
    values = {graph.inputs[0]: batch}
    for step in graph.steps:
        if step.dropout is None:
            step.call(values)
        else:
            (value,), (output,) = step.reads, step.outputs
            values[output] = step.operation(values[value], training=True)
    return keras.ops.convert_to_tensor(values[graph.output])


def _milliseconds(run: Callable[[int], object], most: int, step: int = 1) -> float:
    """Return the median time of 1,000 passes, measured on as many as can be afforded.

    Args:
        run: runs some passes.
        most: passes to run at a time.
        step: runs take multiples of it.
    """
    passes = min(max(FIRST_PASSES // step, 1) * step, most)
    run(passes)  # compiles
    affordable = int(_SECONDS / max(_seconds(run, passes), 1e-9) * passes)
    chosen = min(max(affordable // step * step, passes), most)
    if chosen != passes:
        passes = chosen
        run(passes)  # another shape may be compiled anew
    first = _seconds(run, passes)
    runs = [first, *(_seconds(run, passes) for _ in range(_RUNS - 1) if first < _SECONDS)]
    return statistics.median(runs) * DEFAULT_NUM_SAMPLES / passes * 1e3


def _seconds(run: Callable[[int], object], passes: int) -> float:
    start = time.perf_counter()
    run(passes)
    return time.perf_counter() - start
