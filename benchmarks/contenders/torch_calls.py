"""The same network in PyTorch, run as its libraries run it.

Tiled in one batch is what torch-uncertainty (`mc_dropout(..., on_batch=True)`) and baal
(`ModelWrapper(..., replicate_in_memory=True)`) do unless told otherwise; the loop is what both do
with that switched off, to save memory. Everything is in inference mode, on all cores, in the memory
layout that is faster here.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.contender import LeftOutError, Task
from benchmarks.contenders.keras_calls import CHUNKS
from benchmarks.cores import num_cores
from benchmarks.pictures import pictures
from benchmarks.torch_network import torch_network
from benchmarks.tuning import fastest

_COMPILED_CHUNK = 250  # each size is compiled for half a minute, so one is tried


def load() -> None:
    """Import PyTorch before the contenders are made one at a time."""
    _torch()


def tiled(images: str, passes: int) -> Task:
    """Run T copies of the image as one batch."""
    return _task(images, passes, (passes,))


def tiled_in_chunks(images: str, passes: int) -> Task:
    """Run as many copies at a time as is fastest here."""
    return _task(images, passes, tuple(size for size in (25, *CHUNKS) if size <= passes))


def loop(images: str, passes: int) -> Task:
    """Run the image once for each pass."""
    return _task(images, passes, (1,), tries=1)


def compiled_in_chunks(images: str, passes: int) -> Task:
    """`torch.compile` on copies of the image, a chunk at a time."""
    import warnings

    torch = _torch()
    network = _compilable(torch)
    warnings.simplefilter("ignore")  # of the compiler's own modules
    compiled = torch.compile(network, dynamic=False)
    return _task(images, passes, (min(_COMPILED_CHUNK, passes),), network=compiled)


def _task(
    images: str, passes: int, sizes: Sequence[int], tries: int = 3, network: Any = None
) -> Task:
    torch = _torch()
    given = {"": network} if network is not None else _layouts(torch)
    tensors = [torch.from_numpy(image[None].transpose(0, 3, 1, 2)) for image in pictures(images)]

    def call(network: Any, size: int) -> Callable[[Any], object]:
        def each(image: Any) -> object:
            with torch.inference_mode():
                chunks = range(-(-passes // size))
                return torch.cat([network(image.repeat(size, 1, 1, 1)) for _ in chunks]).numpy()

        return each

    calls = {
        _note(layout, size, passes): call(network, size)
        for layout, network in given.items()
        for size in sizes
    }
    name = next(iter(calls))
    if len(calls) > 1:
        name, _ = fastest({name: _bound(each, tensors[0]) for name, each in calls.items()}, tries)
    chosen = calls[name]

    def run() -> None:
        for image in tensors:
            chosen(image)

    return Task(run, note=name)


def _layouts(torch: Any) -> dict[str, Any]:
    return {
        "": torch_network(),
        "channels last": torch_network().to(memory_format=torch.channels_last),
    }


def _compilable(torch: Any) -> Any:
    import shutil

    compiler = os.environ.get("CXX", "g++")
    if shutil.which(compiler) is None:
        raise LeftOutError("torch.compile needs a C++ compiler, and none was found.")
    return torch_network().to(memory_format=torch.channels_last)


def _torch() -> Any:
    torch_network()  # says so in a sentence where PyTorch is missing
    import torch

    torch.set_num_threads(num_cores())
    return torch


def _note(layout: str, size: int, passes: int) -> str:
    chunk = f"{size:,} passes a chunk" if 1 < size < passes else ""
    return ", ".join(filter(None, (chunk, layout))) or "contiguous"


def _bound(call: Callable[[Any], object], image: Any) -> Callable[[], object]:
    return lambda: call(image)
