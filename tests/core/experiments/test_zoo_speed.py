from __future__ import annotations

import pytest

from core.experiments.zoo_speed import measure_speed


def test_times_are_medians_with_quartiles_of_runs_that_take_turns(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 0.0
    asked: list[str] = []
    monkeypatch.setattr("core.experiments.zoo_speed.time.perf_counter", lambda: now)

    def takes(name: str, *seconds: float) -> None:
        nonlocal now
        now += seconds[asked.count(name) % len(seconds)]
        asked.append(name)

    found = measure_speed(
        {
            "slow": lambda: takes("slow", 0.004, 0.005, 0.006, 0.007, 0.100),
            "fast": lambda: takes("fast", 0.001),
        },
        rounds=50,
    )

    assert asked == ["slow", "fast"] * 55  # five rounds before those that count
    slow = found["slow"]
    assert (slow.value, slow.low, slow.high) == pytest.approx((6.0, 5.0, 7.0))
    assert found["fast"].value == pytest.approx(1.0)
