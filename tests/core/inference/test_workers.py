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
