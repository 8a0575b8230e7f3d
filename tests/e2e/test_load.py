"""The load measurement speaks the app's language: each of its sessions gets its histograms."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from benchmarks.load import Task, measure
from benchmarks.session import Session

pytestmark = pytest.mark.e2e


def apart(work: Coroutine[Any, Any, Any]) -> Any:
    """Run work in a thread of its own: Playwright keeps an event loop running in the tests'."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def test_sessions_that_draw_get_their_histograms(address):
    result = apart(measure(Task(address, 3, 2.0, 1.0, seed=1, browser=False)))
    assert result.errors == []
    assert result.updates >= 3
    assert 0.0 < result.p50 <= result.p95 <= result.longest < math.inf
    assert 0.0 <= result.skipped < 1.0


def test_session_says_what_the_app_shows_as_an_error(serve, tmp_path):
    script = tmp_path / "broken.py"
    script.write_text("import streamlit as st\nst.html('before')\nraise ValueError('on purpose')\n")
    bodies = []

    async def visit() -> list[str]:
        async with Session(serve(str(script)), lambda e: bodies.append(e.html.body)) as session:
            await session.run_page()
        return session.errors

    errors = apart(visit())
    assert bodies[0] == "before"
    # The details stay on the server, as they do for a browser.
    assert any("encountered an error" in error for error in errors)
