"""Sweeps: computed beside the page, shown as they grow, kept for whoever asks again.

A sweep that takes longer than half a second is shown as far as it is; the page runs again as more
of it comes in. The same sweep, for any visitor, runs no pass the second time.
"""

from __future__ import annotations

import threading
import time

import numpy as np
import numpy.typing as npt
import streamlit as st
from cachetools import LRUCache

from core.experiments.recipe import SweepRecipe
from core.experiments.sweep import (
    BLOCK_ROWS,
    SweepResult,
    bytes_of_sweep,
    check_room,
    stream_sweep,
)
from core.limits import MAX_SWEEP_BYTES
from core.store import array_checksum

from .answers import engine_of
from .engine import Engine, load_plain
from .links import rerun
from .settings import Settings

_PATIENCE = 0.5  # seconds that a page waits for a whole sweep before it shows a part
_LOOK = 0.3  # seconds between looks at a sweep that grows
_ABANDONED = 10.0  # seconds after which a sweep that nobody looks at is given up
_KEPT_BYTES = MAX_SWEEP_BYTES  # so that the largest one can be kept, alone
_PART = 1_000.0  # milliseconds of a slow network's sweep that are asked for at a time


class _Job:
    """A sweep that is being computed, or was."""

    def __init__(self, recipe: SweepRecipe, engine: Engine) -> None:
        self.size = bytes_of_sweep(recipe, len(engine.facts.classes))
        self.latest: SweepResult | None = None
        self.is_given_up = False
        self._error: Exception | None = None
        self._changed = threading.Condition()
        self._asked = time.monotonic()
        threading.Thread(target=self._compute, args=(recipe, engine), daemon=True).start()

    def wait(self) -> SweepResult:
        """Return the whole sweep if that takes no longer than a moment, else what there is."""
        self._asked = time.monotonic()
        end = self._asked + _PATIENCE
        with self._changed:
            while self._error is None and (self.latest is None or not self.latest.is_complete):
                rest = end - time.monotonic()
                if rest <= 0 and self.latest is not None:
                    break
                self._changed.wait(rest if rest > 0 else None)
        if self._error is not None:
            raise self._error
        assert self.latest is not None
        return self.latest

    def note_look(self) -> int:
        """Note that somebody still looks; return how many steps there are."""
        self._asked = time.monotonic()
        return 0 if self.latest is None else self.latest.num_steps

    def _compute(self, recipe: SweepRecipe, engine: Engine) -> None:
        try:
            for result in stream_sweep(recipe, engine.sampler, block_rows=_block_rows(engine)):
                with self._changed:
                    self.latest = result
                    self._changed.notify_all()
                if not result.is_complete and time.monotonic() - self._asked > _ABANDONED:
                    self.is_given_up = True
                    return
        except Exception as error:
            # Told to whoever waits, and computed anew for whoever asks again.
            self.is_given_up = True
            with self._changed:
                self._error = error
                self._changed.notify_all()


def _block_rows(engine: Engine) -> int | None:
    """Return how many steps times passes to ask a slow network for at a time, None: as usual."""
    own = engine.facts.own
    per_thousand = None if own is None else own.report.milliseconds
    if per_thousand is None:
        return None
    return max(1, min(BLOCK_ROWS, int(1_000 * _PART / max(per_thousand, 1e-3))))


_JUST_SHOWN = "sweeps.just_shown"
_jobs: LRUCache[tuple[object, ...], _Job] = LRUCache(_KEPT_BYTES, getsizeof=lambda job: job.size)
_lock = threading.Lock()


def sweep(recipe: SweepRecipe, settings: Settings) -> SweepResult:
    """Return a sweep, or the first steps of one that is still being computed.

    Raises:
        LabradorError: the network is not there, or refuses the recipe.
    """
    return _job(recipe, settings).wait()


def watch(recipe: SweepRecipe, settings: Settings, shown: SweepResult) -> None:
    """Run the page again when more of a sweep has come in than is shown."""
    if not shown.is_complete:
        st.session_state[_JUST_SHOWN] = True
        _watch(recipe, settings, shown.num_steps)


@st.fragment(run_every=_LOOK)
def _watch(recipe: SweepRecipe, settings: Settings, shown: int) -> None:
    st.caption(f":material/hourglass_top: {shown} of {recipe.num_steps} steps so far")
    more = _job(recipe, settings).note_look() > shown
    # Steps that came while the page ran wait for the next look, or the page would never be whole.
    if not st.session_state.pop(_JUST_SHOWN, False) and more:
        rerun()


def with_plain(result: SweepResult) -> SweepResult:
    """Return a sweep with what the network trained without dropout says at each step."""
    return result.with_plain(_plain(array_checksum(result.images), _images=result.images))


@st.cache_data(max_entries=256, show_spinner=False)
def _plain(checksum: str, *, _images: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    from core.experiments.scoring import score_one_pass

    return score_one_pass(load_plain(), _images).astype(np.float32)


def _job(recipe: SweepRecipe, settings: Settings) -> _Job:
    engine = engine_of(settings)
    check_room(recipe, len(engine.facts.classes))
    key = (
        engine.identity,
        array_checksum(*recipe.images),
        recipe.kind,
        recipe.labels,
        recipe.references,
        recipe.classes,
        recipe.network,
        recipe.ends,
        recipe.num_steps,
        recipe.num_samples,
        recipe.seed,
        recipe.noise_seed,
        recipe.classes,
    )
    with _lock:
        job = _jobs.get(key)
        if job is None or job.is_given_up:
            job = _jobs[key] = _Job(recipe, engine)
        return job
