"""Images that somebody brings to be scored, gathered from a batch."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError
from ..limits import MAX_SCORED_BYTES, MAX_SCORED_IMAGES
from .reference_data import NO_LABEL
from .scoring import Images, Progress

_NO_LABEL = "It has no label that is one of the classes."


class Item(Protocol):
    """One image of a batch, as `core.images.batch_item.BatchItem` holds it."""

    @property
    def name(self) -> str:
        """Which it is."""

    @property
    def image(self) -> npt.NDArray[np.float32] | None:
        """In [0, 1], or a row; None where it is bad."""

    @property
    def label(self) -> int | None:
        """Its class, where one came with it."""

    @property
    def problem(self) -> str:
        """Why there is no image or no label."""


@dataclass(frozen=True, eq=False)
class OwnImages:
    """Images to be scored.

    Attributes:
        images: shape (N, *shape), bytes of what has a frame, float32 rows of what has none.
        labels: shape (N,), `NO_LABEL` for an image without.
        names: of each, shape (N,).
        left_out: names of what cannot be used, each with the reason.
    """

    images: Images
    labels: npt.NDArray[np.int64]
    names: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...]

    def __len__(self) -> int:
        return len(self.labels)


def gather_images(
    items: Iterable[Item],
    shape: tuple[int, ...],
    *,
    labelled: bool,
    progress: Progress | None = None,
    count: int = 0,
) -> OwnImages:
    """Gather what can be scored, and say why of the rest.

    Images are kept as bytes, as nearly all files hold them: what was resized on its way is rounded
    by 1/510 at most. Rows stay as they are.

    Args:
        items: of a batch, one after another.
        shape: of one image, or of a row.
        labelled: whether an image without a label is left out.
        progress: called with how many items were read.
        count: how many there will be, as far as that is known.

    Raises:
        InvalidInputError: more of them than are scored at a time.
    """
    is_row = len(shape) == 1
    kind: Any = np.float32 if is_row else np.uint8
    size = int(np.prod(shape)) * np.dtype(kind).itemsize
    most = min(MAX_SCORED_IMAGES, MAX_SCORED_BYTES // size)
    images: list[npt.NDArray[Any]] = []
    labels: list[int] = []
    names: list[str] = []
    left_out: list[tuple[str, str]] = []
    for number, item in enumerate(items, start=1):
        if progress is not None:
            progress(number, max(count, number))
        if item.image is None or (labelled and item.label is None):
            left_out.append(
                (item.name, item.problem or "It has no label that is one of the classes.")
            )
            continue
        if len(images) == most:
            raise InvalidInputError(
                "images",
                expected=f"at most {most:,} of them at a time, of this size",
                received="more",
                advice="Bring fewer, chosen by chance: the first ones of a folder may be of one"
                " kind.",
            )
        images.append(item.image if is_row else np.rint(item.image * 255.0).astype(np.uint8))
        labels.append(NO_LABEL if not labelled or item.label is None else item.label)
        names.append(item.name)
    whole = np.stack(images).astype(kind) if images else np.zeros((0, *shape), kind)
    return OwnImages(whole, np.array(labels, np.int64), tuple(names), tuple(left_out))
