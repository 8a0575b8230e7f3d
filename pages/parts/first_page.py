"""Whether the first page is still on its way: what loads for seconds waits for it.

TensorFlow's import holds Python's global lock for most of three seconds. A page that is served
meanwhile, a hundred small files and one run, took 4.2 s instead of 2.5; after the page, the same
import costs nobody anything.
"""

from __future__ import annotations

import threading
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_NOBODY = 1.0  # seconds after which a server without visitors has better things to do than wait
_LONGEST = 4.0  # seconds after which nothing waits any more: a browser may be slow, or gone
_QUIET = 1.0  # seconds without traffic after which a page has all it will ask for
_LAST_WORDS = 0.1  # seconds in which what a run sent last reaches the browser
_LOOK = 0.02  # seconds between looks


class FirstPage:
    """The first visitor's page, from the server's point of view."""

    def __init__(self) -> None:
        self._expected = False
        self._came = threading.Event()
        self._sent = threading.Event()
        self._up = threading.Event()
        self._last_traffic = 0.0

    def expect(self) -> None:
        """Note that the server starts: from now on a visitor may come."""
        self._expected = True

    def note_traffic(self) -> None:
        """Note that something was asked for or sent."""
        self._last_traffic = time.monotonic()
        self._came.set()

    def note_sent(self) -> None:
        """Note that a run has sent all that it can send without the network."""
        self._sent.set()

    def note_up(self) -> None:
        """Note that a browser has put the page up, and now asks for what it needs only later."""
        self._up.set()

    def wait(self) -> None:
        """Return when the first page is up, at once where no server runs.

        A browser that has all files from an earlier visit never says so: then it is taken to be
        up when its run has sent everything and nothing has been asked for in a while.
        """
        if not self._expected:
            return
        end = time.monotonic() + _LONGEST
        if self._came.wait(_NOBODY):
            # A browser may be up with the first half of a page while a run still works on the rest.
            self._sent.wait(_LONGEST)
            while time.monotonic() < end and not self._is_quiet():
                if self._up.wait(_LOOK):
                    time.sleep(_LAST_WORDS)
                    break
        self._expected = False  # the network loads: no later visitor is waited for

    def wait_for_quiet(self, longest: float) -> None:
        """Return when a while has passed without traffic, or `longest` seconds."""
        end = time.monotonic() + longest
        while time.monotonic() < end and not self._is_quiet():
            time.sleep(_LOOK)

    def _is_quiet(self) -> bool:
        return time.monotonic() > self._last_traffic + _QUIET


first_page = FirstPage()


class WatchTraffic:
    """Tells `first_page` of requests and of messages to browsers; health checks do not count."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve as the wrapped app does."""
        if scope["type"] == "lifespan" or scope["path"].endswith("/_stcore/health"):
            await self._app(scope, receive, send)
            return

        async def watched(message: Message) -> None:
            first_page.note_traffic()
            await send(message)

        first_page.note_traffic()
        await self._app(scope, receive, watched)
