"""The reference sets of the zoo's table, one behind the other as one sequence of images."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from ..store import array_checksum
from .reference_data import ROTATED_SETS, ReferenceData, load_reference_data

ZOO_SETS = ("validation", "test", "kmnist", *ROTATED_SETS)

Labels = npt.NDArray[np.int64]


class ZooSets:
    """What every network of the zoo is asked.

    Args:
        sets: each of `ZOO_SETS`, by name.
    """

    def __init__(self, sets: Mapping[str, ReferenceData]) -> None:
        self._sets = dict(sets)
        ends = np.cumsum([len(data) for data in sets.values()]).tolist()
        places = [slice(start, end) for start, end in zip([0, *ends], ends, strict=False)]
        self._places = dict(zip(sets, places, strict=True))

    @classmethod
    def load(cls, limit: int | None = None) -> ZooSets:
        """Load them all; errors as of `load_reference_data`.

        Args:
            limit: the first so many images of each set only; all if None.
        """
        return cls({name: load_reference_data(name, limit) for name in ZOO_SETS})

    @property
    def sizes(self) -> dict[str, int]:
        """Images by set."""
        return {name: len(data) for name, data in self._sets.items()}

    @property
    def num_images(self) -> int:
        """N, of all sets together."""
        return sum(self.sizes.values())

    @cached_property
    def checksum(self) -> str:
        """Part of a sha256 over all images: what tells these sets from others."""
        return array_checksum(*(data.images for data in self._sets.values()))[:16]

    def labels(self, name: str) -> Labels:
        """Return the classes of a set, shape (N,)."""
        return self._sets[name].labels

    def images(self, batch: slice) -> npt.NDArray[np.float32]:
        """Return some of all images, as networks take them: they are never all held as floats."""
        parts = []
        for name, place in self._places.items():
            start, stop = max(batch.start, place.start), min(batch.stop, place.stop)
            if start < stop:
                found = self._sets[name].images[start - place.start : stop - place.start]
                if found.dtype == np.uint8:
                    found = found.astype(np.float32) / np.float32(255.0)
                parts.append(found.astype(np.float32, copy=False))
        return np.concatenate(parts)

    def split(self, rows: npt.NDArray[Any]) -> dict[str, npt.NDArray[Any]]:
        """Return rows of shape (N, ...), one an image of all sets, by set."""
        return {name: rows[place] for name, place in self._places.items()}
