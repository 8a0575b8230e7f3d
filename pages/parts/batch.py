"""The Batch page: files in, a run that can be stopped, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from core.errors import LabradorError
from core.experiments.batch import run_batch
from core.experiments.batch_result import BatchResult
from core.images import BatchItem, Preparation, count_batch, read_batch
from core.images.batch_examples import NUM_EXAMPLES, example_items
from core.limits import MAX_PAGE_BATCH

from .answers import engine_of
from .batch_files import show_files
from .batch_kept import KeptBatch, keep, kept_batch
from .batch_view import show_view
from .gallery import test_digits
from .jobs import Job, Progress, watch_job
from .links import rerun
from .settings import Settings
from .turns import Turns

if TYPE_CHECKING:
    from .engine import Engine

_JOB = "batch.job"
_PROBLEM = "batch.problem"  # why the last run came to nothing
# Of all batches one works at a time, some images each in turn: others draw meanwhile.
_turns = Turns(at_once=1, longest=10.0)


def show_batch(settings: Settings) -> None:
    """Show the page below its head.

    Raises:
        LabradorError: the network is not there.
    """
    job: Job[KeptBatch] | None = st.session_state.get(_JOB)
    if job is not None and not job.is_running:
        _take_over(job)
        job = None
    asked = show_files(settings, is_busy=job is not None)
    if asked is not None and job is None:
        engine = engine_of(settings)
        if asked.files is None:
            items = partial(example_items, test_digits())
            count: Callable[[Preparation], int] = lambda _: NUM_EXAMPLES  # noqa: E731
        else:
            items = partial(read_batch, asked.files, most=MAX_PAGE_BATCH)
            count = partial(count_batch, asked.files, most=MAX_PAGE_BATCH)
        work = partial(_run, engine, settings, asked.preparation, items, count)
        st.session_state[_JOB] = Job(work)
        rerun()  # the buttons were shown before there was anything to wait for
    if job is not None:
        watch_job(job, "Asking about image", "batch")
        return
    if problem := st.session_state.get(_PROBLEM):
        st.info(problem, icon=":material/error:")
    if (kept := kept_batch()) is not None:
        show_view(kept, settings)


def _take_over(job: Job[KeptBatch]) -> None:
    """Keep what a run has come to, a part of it where it was stopped."""
    del st.session_state[_JOB]
    st.session_state[_PROBLEM] = ""
    if job.result is not None and len(job.result.result):
        keep(job.result)
    elif job.error is None:
        st.session_state[_PROBLEM] = "Stopped before the first images were answered."
    elif isinstance(job.error, LabradorError):
        st.session_state[_PROBLEM] = str(job.error)
    else:
        raise job.error


def _run(
    engine: Engine,
    settings: Settings,
    preparation: Preparation,
    items: Callable[[Preparation], Iterable[BatchItem]],
    count: Callable[[Preparation], int],
    note: Progress,
) -> KeptBatch:
    """Ask about a batch, in a thread of its own."""

    def in_turn(done: int, total: int) -> None:
        note(done, total)
        _turns.take()

    try:
        _turns.take()
        expected = count(preparation)
        note(0, expected)
        result: BatchResult = run_batch(
            engine.sampler,
            items(preparation),
            classes=engine.facts.classes,
            num_samples=settings.num_samples,
            seed=settings.seed,
            num_expected=expected,
            progress=in_turn,
        )
    finally:
        _turns.give_back()
    return KeptBatch(result, engine.facts, settings.network, engine.identity)
