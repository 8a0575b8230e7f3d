import threading

import pytest

from pages.parts.jobs import Job, Stopped


def test_job_that_ends_has_its_result_and_how_far_it_got():
    def work(note):
        for done in range(1, 4):
            note(done, 3)
        return "answer"

    job = Job(work)
    job.wait(5)
    assert (job.result, job.error, job.was_stopped) == ("answer", None, False)
    assert (job.done, job.total, job.share, job.is_running) == (3, 3, 1.0, False)


def test_job_that_is_stopped_ends_at_its_next_step_without_a_result():
    begun = threading.Event()

    def work(note):
        done = 0
        while True:
            note(done, 1_000_000_000)
            begun.set()
            done += 1

    job = Job(work)
    assert begun.wait(5)
    job.stop()
    job.wait(5)
    assert job.was_stopped and job.result is None and not job.is_running


def test_job_that_nobody_looks_at_is_given_up(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("pages.parts.jobs._ABANDONED", 0.0)

    def work(note):
        while True:
            note(1, 2)

    job = Job(work)
    job.wait(5)
    assert job.was_stopped


def test_job_that_fails_tells_why():
    def work(note):
        raise ValueError("no such thing")

    job = Job(work)
    job.wait(5)
    assert isinstance(job.error, ValueError) and not job.was_stopped
    assert not issubclass(Stopped, ValueError)
