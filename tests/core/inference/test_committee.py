"""The masks that are kept for the next question."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from core.inference import committee as module
from core.inference.committee import Committee
from core.inference.compiled import Masks
from core.inference.dropout import DropoutSpec

DROPOUTS = [
    SimpleNamespace(
        position=0, num_units=5, noise_shape=(5,), is_scaling=True, kind="Dropout", block_size=1
    )
]


class Prepared:
    """Stands in for the compiled graph: keeps what it is given, counts how often."""

    def __init__(self) -> None:
        self.count = 0

    def prepare(self, masks: Any) -> Masks:
        self.count += 1
        return Masks(list(masks), [], are_shared=True, num_bytes=sum(m.nbytes for m in masks))


def committee() -> tuple[Committee, Prepared]:
    graph = Prepared()
    specs: list[DropoutSpec] = DROPOUTS  # type: ignore[assignment]
    return Committee(specs, graph), graph  # type: ignore[arg-type]


def test_the_same_passes_are_prepared_once() -> None:
    group, graph = committee()
    first = group.masks(3, (0.5,), slice(0, 100))
    assert group.masks(3, (0.5,), slice(0, 100)) is first and graph.count == 1


def test_another_seed_rate_or_range_has_other_masks() -> None:
    group, graph = committee()
    first = group.masks(3, (0.5,), slice(0, 100))
    for seed, rate, passes in (
        (4, 0.5, slice(0, 100)),
        (3, 0.2, slice(0, 100)),
        (3, 0.5, slice(50, 150)),
    ):
        other = group.masks(seed, (rate,), passes)
        assert not np.array_equal(other.features[0], first.features[0])
    assert graph.count == 4


def test_a_later_range_goes_on_where_the_first_ended() -> None:
    group, _ = committee()
    whole = group.masks(3, (0.5,), slice(0, 120)).features[0]
    parts = [group.masks(3, (0.5,), each).features[0] for each in (slice(0, 70), slice(70, 120))]
    assert np.array_equal(np.concatenate(parts), whole)


def test_committees_of_single_images_are_not_kept() -> None:
    group, graph = committee()
    for _ in range(2):
        assert group.masks(3, (0.5,), slice(0, 10), [7, 8]).features[0].shape == (10, 2, 5)
    assert graph.count == 2


def test_masks_that_are_too_large_are_given_and_not_kept(monkeypatch: Any) -> None:
    monkeypatch.setattr(module, "COMMITTEE_BYTES", 100)
    group, graph = committee()
    for _ in range(2):
        assert group.masks(3, (0.5,), slice(0, 100)).num_bytes == 2000
    assert graph.count == 2
