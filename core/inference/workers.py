"""The threads that run chunks of passes side by side.

TensorFlow would split each operation of one chunk among the processor's cores, and wake and join
them for every one of its dozen operations. Two chunks side by side need that far less: on two cores
1,000 passes took 7.2 ms in two chunks at once, 8.9 to 12 ms one after the other.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from ..limits import CHUNK_BYTES
from .backend import gpu_bytes, runs_on_gpu

_MOST = 4
_FEWEST_ROWS = 250  # smaller chunks cost more in calls than a second worker saves
_GPU_SHARE = 32  # a chunk's rows meet several arrays of their size at a time


@cache
def num_workers() -> int:
    """Return how many chunks run at once: one on a GPU, which is a queue of its own."""
    return 1 if runs_on_gpu() else min(num_cores(), _MOST)


def num_cores() -> int:
    """Return how many cores this process may use: in a container fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@cache
def chunk_bytes() -> int:
    """Return what one chunk of passes may take: what stays in a CPU's cache, or a share of a GPU.

    A GPU is kept busy by large chunks, and each of them is one transfer back.
    """
    return max(CHUNK_BYTES, (gpu_bytes() or 0) // _GPU_SHARE)


def parted(
    passes: slice, num_images: int, chunk_rows: int, *, among_workers: bool = True
) -> list[slice]:
    """Part passes over some images into chunks of one size.

    Of one size, because a remainder of a few passes costs as much as many.

    Args:
        passes: from its start to before its stop.
        num_images: that meet them.
        chunk_rows: images times passes of a chunk at most.
        among_workers: whether every worker is to have a chunk, where there are passes enough.
    """
    num_passes = passes.stop - passes.start
    rows = num_passes * num_images
    count = max(-(-rows // chunk_rows), 1)
    if among_workers:
        count = max(count, min(num_workers(), rows // _FEWEST_ROWS))
    step = -(-num_passes // count)
    return [
        slice(start, min(start + step, passes.stop))
        for start in range(passes.start, passes.stop, step)
    ]


@cache
def worker_pool() -> ThreadPoolExecutor:
    """Return the one pool of all samplers: many callers do not make more threads."""
    return ThreadPoolExecutor(num_workers(), thread_name_prefix="passes")
