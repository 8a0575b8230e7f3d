"""What loads for seconds waits for the first page, but not for ever, and not without a server."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from pages.parts import first_page as module
from pages.parts.first_page import FirstPage, WatchTraffic

LONG = 600.0  # seconds; a wait of this length never ends within a test


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> FirstPage:
    """The first page of a server on which nothing ends by itself."""
    monkeypatch.setattr(module, "_NOBODY", LONG)
    monkeypatch.setattr(module, "_LONGEST", LONG)
    monkeypatch.setattr(module, "_QUIET", 0.01)
    page = FirstPage()
    page.expect()
    return page


def waiting(page: FirstPage) -> threading.Thread:
    """A thread that waits for the page."""
    thread = threading.Thread(target=page.wait, daemon=True)
    thread.start()
    return thread


def has_ended(thread: threading.Thread, patience: float = 20.0) -> bool:
    """Whether the thread ends."""
    thread.join(patience)
    return not thread.is_alive()


def test_wait_lasts_until_the_page_is_sent(page):
    thread = waiting(page)
    page.note_traffic()
    page.note_up()
    assert not has_ended(thread, 0.2)
    page.note_sent()
    assert has_ended(thread)


def test_wait_lasts_while_the_page_still_asks_for_files(page, monkeypatch):
    monkeypatch.setattr(module, "_QUIET", LONG)
    page.note_traffic()
    page.note_sent()
    thread = waiting(page)
    assert not has_ended(thread, 0.2)
    page.note_up()
    assert has_ended(thread)


def test_wait_without_a_server_ends_at_once():
    assert has_ended(waiting(FirstPage()))


@pytest.mark.parametrize("limit", ["_NOBODY", "_LONGEST"])
def test_wait_for_a_visitor_who_does_not_come_or_goes_ends(page, monkeypatch, limit):
    monkeypatch.setattr(module, limit, 0.01)
    if limit == "_LONGEST":
        page.note_traffic()
    assert has_ended(waiting(page))


def test_wait_ends_at_once_after_the_first_page(page):
    page.note_traffic()
    page.note_sent()
    page.note_up()
    assert has_ended(waiting(page))
    page.note_traffic()
    assert has_ended(waiting(page))


@pytest.mark.parametrize(
    ("path", "counts"), [("/", True), ("/_stcore/stream", True), ("/_stcore/health", False)]
)
def test_watch_traffic_counts_all_but_health_checks(monkeypatch, path, counts):
    noted: list[str] = []
    monkeypatch.setattr(module.first_page, "note_traffic", lambda: noted.append(path))
    sent: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start"})

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request"}

    request = WatchTraffic(app)({"type": "http", "path": path}, receive, send)
    # In a thread of its own: the browser that other tests drive keeps a loop running in this one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, request).result()
    assert sent == [{"type": "http.response.start"}]
    assert len(noted) == (2 if counts else 0)
