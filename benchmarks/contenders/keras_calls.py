"""Keras as one would use it: a loop of passes, or copies of an image as one batch.

Dropout is made active layer by layer, as one's own `MCDropout` layers would be; BatchNorm stays in
inference mode. None of these sums anything up: they hand out softmax samples and no more.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from benchmarks.contender import Task
from benchmarks.cores import num_cores
from benchmarks.pictures import Images, inputs_for, pictures
from benchmarks.tuning import Run, fastest

CHUNKS = (50, 100, 250, 500)  # passes at a time, small enough to stay in cache or nearly so
_IMAGES_AT_ONCE = (1, 4, 16, 64)
_PREDICT_BATCHES = (250, 1000)
_EAGER_SHARE = 10  # an eager pass takes so long that one in ten is run


def load() -> None:
    """Import what the contenders need, before they are made one at a time."""
    import keras
    import tensorflow

    import core.networks

    assert keras and tensorflow and core.networks


def eager_loop(network: str, images: str, passes: int) -> Task:
    """Call the model once for each pass; a tenth of the passes, scaled."""
    model = stochastic(network_named(network))
    tensors = _tensors(pictures(images))
    count = max(1, passes // _EAGER_SHARE)

    def run() -> None:
        for image in tensors:
            np.stack([model(image).numpy() for _ in range(count)])

    return Task(run, share=count / passes, note=f"{count:,} passes, scaled")


def compiled_loop(network: str, images: str, passes: int) -> Task:
    """Call the compiled model once for each pass."""
    import tensorflow as tf

    call = tf.function(stochastic(network_named(network)))
    tensors = _tensors(pictures(images))

    def run() -> None:
        for image in tensors:
            tf.stack([call(image) for _ in range(passes)]).numpy()

    return Task(run)


def tiled(network: str, images: str, passes: int) -> Task:
    """Call the compiled model on T copies of the image as one batch."""
    each = _tiled_call(stochastic(network_named(network)), passes, passes, 1)
    return _over(each, pictures(images))


def tiled_in_chunks(network: str, images: str, passes: int, *, whole: bool = True) -> Task:
    """Call the compiled model on as many copies at a time as is fastest here.

    Args:
        network: which.
        images: see `pictures`.
        passes: T.
        whole: whether all copies in one batch may be chosen too.
    """
    model = stochastic(network_named(network))
    batch = inputs_for(model, images)
    first = _tensors(batch[:1])[0]
    at_once = (1, 2) if num_cores() > 1 else (1,)
    calls = {
        f"{size:,} passes a chunk" + (f", {count} at once" if count > 1 else ""): _tiled_call(
            model, size, passes, count
        )
        for size in CHUNKS
        for count in at_once
        if size * count <= passes
    }
    if whole:
        calls["all passes in one batch"] = _tiled_call(model, passes, passes, 1)
    name, _ = fastest({name: _bound(call, first) for name, call in calls.items()})
    return _over(calls[name], batch, note=name)


def tiled_several(network: str, images: str, passes: int) -> Task:
    """Call the compiled model on T copies of several images at a time, as suits an accelerator."""
    import tensorflow as tf

    model = stochastic(network_named(network))
    batch = pictures(images)
    call = tf.function(lambda some: model(tf.repeat(some, passes, axis=0)), reduce_retracing=True)

    def over(count: int) -> Run:
        def run() -> None:
            for start in range(0, len(batch), count):
                call(tf.constant(batch[start : start + count])).numpy()

        return run

    options = {f"{count} images in one batch": over(count) for count in _IMAGES_AT_ONCE}
    note, run = fastest(options, tries=2)
    return Task(run, note=note)


def predict(network: str, images: str, passes: int) -> Task:
    """`model.predict` on T copies of the image."""
    model = stochastic(network_named(network))
    batch = pictures(images)

    def call(size: int) -> Run:
        def run() -> None:
            for image in batch:
                model.predict(np.repeat(image[None], passes, axis=0), batch_size=size, verbose=0)

        return run

    note, run = fastest({f"batch_size={size}": call(size) for size in _PREDICT_BATCHES}, tries=2)
    return Task(run, note=note)


def network_named(name: str) -> Any:
    """Return the shipped network, or an untrained one of another shape by its name."""
    if name == "mc":
        from core.networks import load_network

        return load_network("mc").model
    from benchmarks.own_models import OWN_MODELS, build_own

    if name in OWN_MODELS:
        return build_own(name)
    from benchmarks.shapes import build_shape

    return build_shape(name)


def stochastic(model: Any) -> Any:
    """Return the model with its dropout active in every call; the layers are the same ones."""
    import keras

    def call(layer: Any, *arguments: Any, **options: Any) -> Any:
        # Every layer is told: one that is not takes `training` over from the dropout before it.
        if "training" in inspect.signature(layer.call).parameters:
            options["training"] = isinstance(layer, keras.layers.Dropout)  # spatial ones are, too
        return layer(*arguments, **options)

    functional = keras.Model(model.inputs[0], model.outputs[0])
    return keras.models.clone_model(
        functional, clone_function=lambda layer: layer, call_function=call
    )


def _tiled_call(
    model: Any, size: int, passes: int, at_once: int
) -> Callable[[Any], list[np.ndarray]]:
    import tensorflow as tf

    call = tf.function(lambda image: model(tf.repeat(image, size, axis=0)))
    count = -(-passes // size)
    if at_once == 1:
        return lambda image: [call(image).numpy() for _ in range(count)]
    pool = ThreadPoolExecutor(at_once)
    return lambda image: list(pool.map(lambda _: call(image).numpy(), range(count)))


def _over(call: Callable[[Any], Any], images: Images, note: str = "") -> Task:
    tensors = _tensors(images)

    def run() -> None:
        for image in tensors:
            call(image)

    return Task(run, note=note)


def _tensors(images: Images) -> list[Any]:
    import tensorflow as tf

    return [tf.constant(image[None]) for image in images]


def _bound(call: Callable[[Any], object], image: Any) -> Run:
    return lambda: call(image)
