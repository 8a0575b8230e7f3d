"""The floor: the arithmetic of the shipped network's passes that no rewrite can leave out.

The products (T x 32)(32 x 6400) and (T x 1600)(1600 x 128), in one compiled function and computed
in full, in the chunks that are fastest on the machine: one after the other, or side by side as the
sampler runs them. No masks are drawn, nothing is pooled, activated or summed up.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from benchmarks.contender import Task
from benchmarks.contenders.keras_calls import load
from benchmarks.tuning import Run, fastest

__all__ = ["floor", "load"]

_CHUNK_PASSES = (1000, 500, 250)
_AT_ONCE = (1, 2)


def floor(passes: int) -> Task:
    """Return the two products for one image, in their fastest chunks."""
    import tensorflow as tf

    # Outputs of a compiled function are computed in full.
    products = tf.function(lambda a, b, c, d: (a @ b, c @ d), reduce_retracing=True)

    def option(size: int, at_once: int) -> Run:
        rng = np.random.default_rng(0)
        masks, responses, features, kernel = (
            tf.constant(rng.random(shape, dtype=np.float32))
            for shape in ((size, 32), (32, 6400), (size, 1600), (1600, 128))
        )
        pool = ThreadPoolExecutor(at_once)

        def chunk(_: int) -> np.ndarray:
            result: np.ndarray = products(masks, responses, features, kernel)[1].numpy()
            return result

        def run() -> None:
            for _ in pool.map(chunk, range(-(-passes // size))):
                pass

        return run

    options = {
        f"{size:,} passes a chunk" + (f", {at_once} at once" if at_once > 1 else ""): option(
            size, at_once
        )
        for size in _CHUNK_PASSES
        for at_once in _AT_ONCE
        if size * at_once <= passes
    }
    note, run = fastest(options, tries=15)
    return Task(run, note=note)
