"""What the app's own server does besides Streamlit: serve plotly.js, warm up, order the runs."""

from __future__ import annotations

import importlib.util
import threading
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import cache, wraps
from importlib.metadata import version
from pathlib import Path
from typing import Any

import anyio.to_thread
import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import script_runner
from streamlit.runtime.scriptrunner_utils import script_requests

from .first_page import WatchTraffic, first_page
from .turns import Turns

# While one run computes its passes, outside Python's lock, another works in Python.
_RUNS_AT_ONCE = 2
_LONGEST_TURN = 0.3  # seconds; an update while somebody draws takes 0.04
_ONE_YEAR = "public, max-age=31536000, immutable"


@cache
def plotly_url() -> str:
    """Return the path under which this server has plotly.js; a new release, a new path."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"{'/' + base if base else ''}/labrador/plotly-{version('plotly')}.min.js"


def routes() -> list[Route]:
    """Return the routes that the app adds to Streamlit's."""
    return [Route(plotly_url(), _plotly, methods=["GET"])]


def middleware() -> list[Middleware]:
    """Return what the app puts around Streamlit's server."""
    return [Middleware(WatchTraffic)]


def lifespan(
    warm_up: Callable[[], None],
) -> Callable[[st.App], AbstractAsyncContextManager[dict[str, Any] | None]]:
    """Return a lifespan for `st.App` that runs `warm_up` in the background as the server starts.

    Args:
        warm_up: called once in a thread of its own; the first page does not wait for it.
    """
    # Until st.navigation has run once in this process, Streamlit would serve the files in pages/
    # by itself: the first visitor of a link to /rotate would get the bare page.
    PagesManager.uses_pages_directory = False
    _keep_compiled_kernels()
    run_in_turns(Turns(_RUNS_AT_ONCE, _LONGEST_TURN))

    @asynccontextmanager
    async def _lifespan(_app: st.App) -> AsyncIterator[None]:
        first_page.expect()
        threading.Thread(target=warm_up, name="warm-up", daemon=True).start()
        yield

    return _lifespan


def _keep_compiled_kernels() -> None:
    """Stop Streamlit from clearing Keras' session after every run.

    With it go TensorFlow's compiled kernels, and the next prediction takes 75 to 110 ms instead
    of 20. Nothing of ours piles up in a session: networks are loaded once.
    """
    if not hasattr(script_runner, "_clean_problem_modules"):
        raise RuntimeError("This release of Streamlit clears Keras' session in another place.")
    script_runner._clean_problem_modules = lambda: None


def run_in_turns(turns: Turns) -> None:
    """Have each run of a session wait for its turn.

    It waits before it takes over what the browser has sent. What comes meanwhile is part of it: a
    session that falls behind skips to its newest ink.
    """
    kind = script_requests.ScriptRequests
    if not hasattr(kind, "on_scriptrunner_ready") or not hasattr(kind(), "_state"):
        raise RuntimeError("This release of Streamlit hands runs out in another place.")
    # Whichever server was made last in this process, its turns count.
    hand_out = getattr(kind.on_scriptrunner_ready, "__wrapped__", kind.on_scriptrunner_ready)

    @wraps(hand_out)
    def _in_turn(requests: script_requests.ScriptRequests) -> script_requests.ScriptRequest:
        turns.give_back()  # of the run before
        if requests._state is script_requests.ScriptRequestType.RERUN:
            turns.take()
        request = hand_out(requests)
        if request.type is not script_requests.ScriptRequestType.RERUN:
            turns.give_back()  # stopped while it waited
        return request

    kind.on_scriptrunner_ready = _in_turn  # type: ignore[assignment,method-assign]


def warm_up_engine() -> None:
    """Load the network and run it once, so that no visitor waits for that."""
    # What the first page needs comes first, and while the browser is still at Streamlit's own
    # files. Not at the top of this file: the server would start half a second later.
    from . import answers, canvas, gallery, panel, settings  # noqa: F401
    from .engine import warm_up

    warm_up()


async def _plotly(request: Request) -> Response:
    first_page.note_up()  # browsers ask for it when they have nothing else to do
    headers = {"Cache-Control": _ONE_YEAR, "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        body = await anyio.to_thread.run_sync(_plotly_gzipped)
        headers["Content-Encoding"] = "gzip"
    else:
        body = await anyio.to_thread.run_sync(_plotly_js)
    return Response(body, media_type="text/javascript", headers=headers)


def _plotly_js() -> bytes:
    # Found, not imported: importing plotly takes half a second that the first page would wait.
    spec = importlib.util.find_spec("plotly")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("The package plotly is not installed.")
    return (Path(spec.origin).parent / "package_data" / "plotly.min.js").read_bytes()


@cache
def _plotly_gzipped() -> bytes:
    # Once for all visitors; 4.8 MB become 1.5, which a phone notices.
    packer = zlib.compressobj(level=5, wbits=31)
    return packer.compress(_plotly_js()) + packer.flush()
