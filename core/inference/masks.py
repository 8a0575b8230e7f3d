"""Dropout masks that are the same bit for bit on every backend, for every chunk size and batch.

A mask is drawn from NumPy's Philox, a counter-based generator: its key is (seed, position of the
layer in the graph, block of passes), so any block can be drawn without the ones before it and no
state is kept. Positions, not layer names: names come from counters that Streamlit resets.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
import numpy.typing as npt
from cachetools import LRUCache, cached

from ..limits import MASK_CACHE_BYTES

Mask = npt.NDArray[np.float32]

# One draw a pass took 11 ms for a thousand passes, blocks of 50 took 0.9 ms.
PASSES_PER_BLOCK = 50


@dataclass(frozen=True, slots=True)
class Blocks:
    """How DropBlock2D drops: squares of feature maps at a time.

    Attributes:
        size: side of a square, in places.
        maps: shape of the feature maps, (H, W, C).
    """

    size: int
    maps: tuple[int, int, int]

    def lowest_around(self, generator: np.random.Generator) -> Mask:
        """Return for each unit the least of the numbers at all places whose block covers it.

        A block starts where the number is below `seed_rate`: of neighbouring rates the higher one
        drops all that the lower one does.

        Returns:
            Shape (PASSES_PER_BLOCK, H * W * C).
        """
        height, width, channels = self.maps
        around = self.size - 1
        shape = (PASSES_PER_BLOCK, height + around, width + around, channels)
        lowest = generator.random(shape, dtype=np.float32)
        # One axis after the other: the least of a row's least is that of the square.
        lowest = reduce(np.minimum, [lowest[:, k : k + height] for k in range(self.size)])
        lowest = reduce(np.minimum, [lowest[:, :, k : k + width] for k in range(self.size)])
        return lowest.reshape(PASSES_PER_BLOCK, -1)


def seed_rate(rate: float, block_size: int) -> float:
    """Return how often a block has to start at a place, so that `rate` of all places are dropped.

    A place stays if none of the `block_size`^2 blocks that would cover it starts. DropBlock's
    authors divide instead, which drops less than was asked for where blocks overlap.

    Args:
        rate: share of places dropped, in [0, 1].
        block_size: side of the blocks, in places.
    """
    return float(1.0 - (1.0 - rate) ** (1.0 / block_size**2))


def pass_masks(
    seed: int,
    position: int,
    num_units: int,
    rate: float,
    start: int,
    stop: int,
    image_ids: Sequence[int] | None = None,
    kind: str = "Dropout",
    blocks: Blocks | None = None,
) -> Mask:
    """Masks of one dropout layer for passes `start` to `stop`.

    Args:
        seed: of the whole call.
        position: of the layer among the dropout layers of the graph.
        num_units: units of the layer: features, or channels of a spatial dropout.
        rate: share of units dropped, in [0, 1].
        start: first pass.
        stop: one past the last pass.
        image_ids: draw for each of these images independently; None for one committee that
            all images meet.
        kind: class of the layer.
        blocks: of DropBlock2D, how its units lie and how large the blocks are.

    Returns:
        Shape (stop - start, M, num_units): M is the number of image ids, or 1. Entries are
        0 or 1 / (1 - rate), as Keras scales them; for GaussianDropout normal around 1 with
        variance rate / (1 - rate); for AlphaDropout 0 or 1.
    """
    numbers = range(start // PASSES_PER_BLOCK, -(-stop // PASSES_PER_BLOCK))
    first = numbers.start * PASSES_PER_BLOCK
    columns = []
    for image_id in (None,) if image_ids is None else image_ids:
        rows = [
            _block(seed, position, num_units, rate, number, image_id, kind, blocks)
            for number in numbers
        ]
        columns.append((rows[0] if len(rows) == 1 else np.concatenate(rows))[start - first :])
    return np.stack([column[: stop - start] for column in columns], axis=1)


@cached(
    LRUCache(MASK_CACHE_BYTES, getsizeof=lambda block: int(block.nbytes)), lock=threading.Lock()
)
def _block(
    seed: int,
    position: int,
    num_units: int,
    rate: float,
    block: int,
    image_id: int | None,
    kind: str,
    blocks: Blocks | None,
) -> Mask:
    """Masks of one block of passes, shape (PASSES_PER_BLOCK, num_units), read-only."""
    key = np.array([seed, position << 32 | block], dtype=np.uint64)
    # The counter's upper words tell committees and images apart; drawing uses the lower ones.
    counter = np.array(
        [0, 0, 0 if image_id is None else image_id, 0 if image_id is None else 1], dtype=np.uint64
    )
    generator = np.random.Generator(np.random.Philox(counter=counter, key=key))
    shape = (PASSES_PER_BLOCK, num_units)
    # The same numbers at every rate: committees of neighbouring rates share most of their members.
    if kind == "GaussianDropout":
        spread = np.float32(math.sqrt(rate / (1.0 - rate)))
        masks = 1 + spread * generator.standard_normal(shape, dtype=np.float32)
    else:
        scale = 1.0 / (1.0 - rate) if rate < 1.0 else 0.0
        kept = np.float32(1.0 if kind == "AlphaDropout" else scale)
        least = np.float32(rate)
        if blocks is None:
            uniforms = generator.random(shape, dtype=np.float32)
        else:
            uniforms = blocks.lowest_around(generator)
            least = np.float32(seed_rate(rate, blocks.size))
        masks = np.where(uniforms >= least, kept, np.float32(0.0))
    masks.flags.writeable = False
    return masks
