"""Workers: one process each, one at a time, and what they say."""

import importlib
import os

import pytest

from benchmarks.contender import Contender
from benchmarks.rounds import WorkerFailedError, measure

MODULE = """
import os, time
from benchmarks.contender import LeftOutError, Task

loaded = []

def load():
    print("libraries print what they like")
    loaded.append(True)

def log(line):
    with open(os.environ["BENCHMARK_LOG"], "a") as file:
        file.write(line + "\\n")

def wait(name, seconds, share=1.0):
    assert loaded
    def run():
        log(f"begin {name} {os.getpid()}")
        time.sleep(seconds)
        log(f"end {name} {os.getpid()}")
    return Task(run, share=share, note="slept")

def fill(megabytes):
    return Task(lambda: (b"x" * (megabytes * 2**20)).count(b"y"), warm_up=lambda: None)

def missing():
    raise LeftOutError("It is not installed here.")

def broken():
    raise ValueError("this went wrong")

def breaks_later():
    return Task(lambda: 1 / 0)

def cores():
    from benchmarks.cores import num_cores
    return Task(lambda: None, note=str(num_cores()))
"""


@pytest.fixture
def tasks(tmp_path, monkeypatch):
    """A module of tasks that this process and the workers can import."""
    (tmp_path / "bench_tasks.py").write_text(MODULE, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("BENCHMARK_LOG", str(tmp_path / "log"))
    monkeypatch.syspath_prepend(str(tmp_path))
    return importlib.import_module("bench_tasks")


def test_contenders_run_one_at_a_time_in_processes_of_their_own(tasks, tmp_path):
    contenders = [
        Contender(name, tasks.wait, {"name": name, "seconds": 0.21}) for name in ("a", "b", "c")
    ]
    results = measure(contenders, 2)

    assert [timing.name for timing in results.timings] == ["a", "b", "c"]
    assert all(len(timing.seconds) == 2 for timing in results.timings)
    lines = [line.split() for line in (tmp_path / "log").read_text().splitlines()]
    for begin, end in zip(lines[::2], lines[1::2], strict=True):
        assert (begin[0], end[0]) == ("begin", "end") and begin[1:] == end[1:]
    assert len({line[2] for line in lines} | {str(os.getpid())}) == 4
    order = "".join(line[1] for line in lines[::2])
    assert order[:3] == "abc"  # warmed up
    assert sorted(order[3:6]) == sorted(order[6:9]) == list("abc")


def test_seconds_are_scaled_by_the_shares_of_task_and_contender(tasks):
    arguments = {"name": "a", "seconds": 0.21, "share": 0.1}
    (timing,) = measure([Contender("a", tasks.wait, arguments, share=0.5)], 1).timings

    assert timing.seconds[0] >= 0.21 / 0.1 / 0.5
    assert timing.note == "slept"


def test_peak_memory_holds_what_a_run_needs(tasks):
    (timing,) = measure([Contender("a", tasks.fill, {"megabytes": 200})], 1).timings

    assert timing.peak - timing.loaded >= 190 * 2**20  # the system counts in coarse steps


def test_contender_that_cannot_run_is_left_out_with_its_reason(tasks):
    missing = Contender("missing", tasks.missing)
    results = measure([missing, Contender("cores", tasks.cores)], 1)

    assert [timing.name for timing in results.timings] == ["cores"]
    assert results.left_out == ((missing, "It is not installed here."),)


@pytest.mark.parametrize(("make", "said"), [("broken", "went wrong"), ("breaks_later", "Zero")])
def test_contender_that_breaks_says_what_it_was(tasks, make, said):
    with pytest.raises(WorkerFailedError, match=said):
        measure([Contender("it", getattr(tasks, make))], 1)


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="no process chooses its cores")
def test_cores_are_limited_from_the_start(tasks):
    results = measure([Contender("a", tasks.cores, cores=1)], 1)

    assert results.timings[0].note == "1"
    too_many = measure([Contender("a", tasks.cores, cores=10_000)], 1)
    assert [reason for _, reason in too_many.left_out] == ["This machine has no 10000 cores."]
