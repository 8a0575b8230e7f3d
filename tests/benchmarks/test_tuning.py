"""Settings are chosen by trying them."""

import pytest

from benchmarks import tuning


@pytest.fixture
def clock(monkeypatch):
    """A clock that moves only when a test moves it."""

    class Clock:
        now = 0.0

        def perf_counter(self):
            return self.now

    clock = Clock()
    monkeypatch.setattr(tuning, "time", clock)
    return clock


def test_shortest_run_is_chosen_and_hopeless_ones_are_tried_once(clock):
    runs = []

    def option(name, seconds):
        def run():
            runs.append(name)
            clock.now += seconds

        return run

    options = {
        "slow": option("slow", 4.0),
        "middling": option("middling", 2.0),
        "fast": option("fast", 1.0),
    }
    name, run = tuning.fastest(options, tries=4)

    assert (name, run) == ("fast", options["fast"])
    assert runs.count("slow") == 2  # once to compile, once timed
    assert runs.count("middling") == runs.count("fast") == 5
