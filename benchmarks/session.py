"""One visitor's session with a Streamlit app, without a browser: the messages that one sends.

    async with Session(url) as session:
        await session.run_page()
        await session.send("draw", {"ink": ...})

Fifty browsers on one machine would measure the browsers. A session is the same to the server
whether a browser is behind it or this class: a websocket, a rerun with the states of all widgets,
and the forward messages of the run, all of which are read and parsed.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed


class Session:
    """A session that reads what the app sends in a task of its own.

    Args:
        url: of the app.
        on_element: called with each element of each run, as it comes.

    Attributes:
        errors: what went wrong: exceptions that the app shows, runs that failed, a closed socket.
        closed: set when the server has closed the socket.
    """

    def __init__(self, url: str, on_element: Callable[[Element], None]) -> None:
        self._url = url
        self._on_element = on_element
        self._widgets: dict[str, WidgetState] = {}
        self._components: dict[str, tuple[str, str]] = {}  # key: its id, its fragment's id
        self._page = ""
        self._query = ""
        self._finished = asyncio.Event()
        self._leaving = False
        self.closed = asyncio.Event()
        self.errors: list[str] = []

    async def __aenter__(self) -> Self:
        """Open the socket."""
        parts = urlsplit(self._url)
        scheme = "wss" if parts.scheme == "https" else "ws"
        self._socket: ClientConnection = await connect(
            f"{scheme}://{parts.netloc}{parts.path.rstrip('/')}/_stcore/stream",
            subprotocols=["streamlit"],  # type: ignore[list-item] # a NewType of str
            max_size=None,
            proxy=None,
            open_timeout=30,
        )
        self._reader = asyncio.create_task(self._read())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave, as a closed tab does."""
        self._leaving = True
        await self._socket.close()
        await self._reader

    async def run_page(self, timeout: float = 60.0) -> None:
        """Run the whole page, as a browser does that opens it."""
        self._finished.clear()
        await self._rerun("")
        await asyncio.wait_for(self._finished.wait(), timeout)

    async def send(self, key: str, value: dict[str, Any]) -> None:
        """Set the state of a component and rerun its fragment.

        Args:
            key: of the component; the page has to show it.
            value: what its `setStateValue` has set, by name.
        """
        widget_id, fragment_id = self._components[key]
        self._widgets[widget_id] = WidgetState(
            id=widget_id, json_value=json.dumps(value, separators=(",", ":"))
        )
        await self._rerun(fragment_id)

    async def _rerun(self, fragment_id: str) -> None:
        message = BackMsg()
        state = message.rerun_script
        state.query_string = self._query
        state.page_script_hash = self._page
        state.fragment_id = fragment_id
        state.widget_states.widgets.extend(self._widgets.values())
        state.context_info.timezone = "UTC"
        state.context_info.locale = "en-US"
        state.context_info.url = self._url
        state.context_info.color_scheme = "light"
        try:
            await self._socket.send(message.SerializeToString())
        except ConnectionClosed as error:
            self._lost(error)

    async def _read(self) -> None:
        try:
            async for data in self._socket:
                assert isinstance(data, bytes)
                message = ForwardMsg()
                message.ParseFromString(data)
                self._take(message)
        except ConnectionClosed as error:
            self._lost(error)
        finally:
            if not self._leaving and not self.closed.is_set():
                self._lost("by the server")

    def _lost(self, why: object) -> None:
        if not self.closed.is_set():
            self.errors.append(f"socket closed: {why}")
            self.closed.set()

    def _take(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "delta":
            self._take_delta(message.delta)
        elif kind == "script_finished":
            status = ForwardMsg.ScriptFinishedStatus.Name(message.script_finished)
            if "ERROR" in status or "FAIL" in status:
                self.errors.append(f"run ended: {status}")
            self._finished.set()
        elif kind == "navigation":
            self._page = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self._query = message.page_info_changed.query_string
        elif kind == "session_event" and message.session_event.HasField(
            "script_compilation_exception"
        ):
            self.errors.append(message.session_event.script_compilation_exception.message)

    def _take_delta(self, delta: Delta) -> None:
        if delta.WhichOneof("type") != "new_element":
            return
        element = delta.new_element
        kind = element.WhichOneof("type")
        if kind == "exception":
            self.errors.append(f"{element.exception.type}: {element.exception.message}")
        elif kind == "bidi_component":
            # The id ends in the key, after a hash.
            widget_id = element.bidi_component.id
            key = widget_id.removeprefix("$$ID-").partition("-")[2]
            self._components[key] = widget_id, delta.fragment_id
        elif (state := _first_state(element)) is not None:
            self._widgets.setdefault(state.id, state)
        self._on_element(element)


def _first_state(element: Element) -> WidgetState | None:
    """Return the state that a browser sends of a widget that nobody has touched."""
    kind = element.WhichOneof("type")
    if kind == "number_input":
        number = element.number_input
        if number.data_type == number.INT:
            return WidgetState(id=number.id, int_value=round(number.default))
        return WidgetState(id=number.id, double_value=number.default)
    if kind == "selectbox":
        box = element.selectbox
        return WidgetState(id=box.id, string_value=box.options[box.default])
    return None
