"""The sampler against the compiled tiled Keras call, and the floor, interleaved in one run.

    python -m benchmarks [--rounds 15]

T = 1000 passes of the shipped network. The floor is the arithmetic that cannot be left out: the
products (T x 32)(32 x 6400) and (T x 1600)(1600 x 128), in one compiled function, in the chunks
that are fastest on the machine: one after the other, or side by side as the sampler runs them.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np
import tensorflow as tf

from core.experiments import rotation_sweep
from core.images import ink_image, write_digit
from core.inference import McSampler
from core.networks import describe_device, load_network

PASSES = 1000
FLOORS = ((1, 1), (2, 1), (4, 1), (2, 2), (4, 2))  # chunks, and how many of them at once


def main() -> int:
    """Run the rounds and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    model = load_network("mc").model
    sampler = McSampler(model)
    image = ink_image(write_digit(3, 17))
    one, circle = image[None], rotation_sweep(sampler, image, num_samples=1).images
    contenders = {
        "sampler, samples": lambda: sampler.sample(one, PASSES),
        "sampler, summary": lambda: sampler.summarise(one, PASSES),
        "compiled tiled call": _tiled(model, one),
        **{
            f"floor, {chunks} chunks, {at_once} at once": _floor(chunks, at_once)
            for chunks, at_once in FLOORS
        },
        "36 steps, sampler": lambda: sampler.summarise(circle, PASSES),
        "36 steps, tiled": _tiled(model, circle),
    }
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for turn in range(rounds + 2):
        for name, run in contenders.items():
            if name.startswith("36") and turn % 5 != 1:
                continue
            start = time.perf_counter()
            run()
            if turn > 1 or (name.startswith("36") and turn):
                seconds[name].append(time.perf_counter() - start)
    print(f"TensorFlow {tf.__version__}, {describe_device()}, T = {PASSES:,}, {rounds} rounds")
    for name, times in seconds.items():
        spread = f"{1e3 * min(times):.1f} to {1e3 * max(times):.1f}"
        print(f"{name:28} median {1e3 * statistics.median(times):8.1f} ms   ({spread})")
    fastest = min(
        (name for name in seconds if name.startswith("floor")),
        key=lambda name: statistics.median(seconds[name]),
    )
    _ratio(seconds, "compiled tiled call", "sampler, samples")
    _ratio(seconds, "sampler, samples", fastest)
    _ratio(seconds, "36 steps, tiled", "36 steps, sampler")
    return 0


def _tiled(model: Any, images: np.ndarray) -> Callable[[], Any]:
    call = tf.function(lambda batch: model(tf.repeat(batch, PASSES, axis=0), training=True))

    def run() -> None:
        for index in range(len(images)):
            call(images[index : index + 1]).numpy()

    return run


def _floor(chunks: int, at_once: int) -> Callable[[], Any]:
    rng = np.random.default_rng(0)
    passes = PASSES // chunks
    masks, responses, features, kernel = (
        tf.constant(rng.random(shape, dtype=np.float32))
        for shape in ((passes, 32), (32, 6400), (passes, 1600), (1600, 128))
    )

    products = tf.function(lambda a, b, c, d: (a @ b, c @ d))
    pool = ThreadPoolExecutor(at_once)

    def chunk(_: int) -> Any:
        # Outputs of a compiled function are computed in full.
        return products(masks, responses, features, kernel)[1].numpy()

    def run() -> None:
        for _ in pool.map(chunk, range(chunks)):
            pass

    return run


def _ratio(seconds: dict[str, list[float]], slow: str, fast: str) -> None:
    pairs = [a / b for a, b in zip(seconds[slow], seconds[fast], strict=True)]
    print(f"{slow} / {fast}: median {statistics.median(pairs):.2f}")


if __name__ == "__main__":
    raise SystemExit(main())
