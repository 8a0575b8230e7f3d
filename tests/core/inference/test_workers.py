"""How much is computed at a time."""

from __future__ import annotations

import pytest

from core.inference import workers
from core.inference.backend import gpu_bytes, runs_on_gpu
from core.limits import CHUNK_BYTES


@pytest.mark.parametrize(
    ("memory", "chunk"),
    [(None, CHUNK_BYTES), (0, CHUNK_BYTES), (2**30, CHUNK_BYTES), (80 * 2**30, 80 * 2**30 // 32)],
)
def test_a_chunk_fills_a_cache_or_a_share_of_the_gpu(
    memory: int | None, chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "gpu_bytes", lambda: memory)
    assert workers.chunk_bytes.__wrapped__() == chunk


def test_without_a_gpu_there_is_no_gpu_memory() -> None:
    if runs_on_gpu():
        pytest.skip("there is one")
    assert gpu_bytes() is None


def test_passes_are_parted_into_chunks_of_one_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "num_workers", lambda: 2)
    assert workers.parted(slice(0, 1000), 1, 10_000) == [slice(0, 500), slice(500, 1000)]
    assert workers.parted(slice(0, 1000), 1, 10_000, among_workers=False) == [slice(0, 1000)]
    assert workers.parted(slice(50, 100), 1, 10_000) == [slice(50, 100)]  # too few to share
    parts = workers.parted(slice(10, 110), 7, 200)
    assert [part.start for part in parts] == [10, 35, 60, 85] and parts[-1].stop == 110
