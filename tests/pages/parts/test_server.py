"""The server's parts that need no browser."""

from __future__ import annotations

import threading
import time

import keras
import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.scriptrunner import script_runner
from streamlit.runtime.scriptrunner_utils.script_requests import (
    RerunData,
    ScriptRequest,
    ScriptRequests,
    ScriptRequestType,
)

from pages.parts import server
from pages.parts.turns import Turns


def test_a_run_of_streamlit_leaves_keras_session_alone():
    server.lifespan(lambda: None)
    first = keras.backend.get_uid("labrador")
    script_runner._clean_problem_modules()
    assert keras.backend.get_uid("labrador") == first + 1


def test_plotly_has_an_address_of_its_own_for_each_release():
    assert server.plotly_url().startswith("/labrador/plotly-7.")
    assert server.routes()[0].path == server.plotly_url()


@pytest.fixture
def turns(monkeypatch):
    """One turn, as the server gives them out; this test has it."""
    monkeypatch.setattr(
        ScriptRequests, "on_scriptrunner_ready", ScriptRequests.on_scriptrunner_ready
    )
    turns = Turns(1, longest=3600.0)
    server.run_in_turns(turns)
    turns.take()
    return turns


def ink(seq: int) -> RerunData:
    states = WidgetStates()
    states.widgets.add(id="draw", json_value=f'{{"seq":{seq}}}')
    return RerunData(widget_states=states, fragment_id="live")


def in_line(requests: ScriptRequests, turns: Turns) -> tuple[threading.Thread, list[ScriptRequest]]:
    """Let a session wait for its turn; give the thread, and what it gets then."""
    got: list[ScriptRequest] = []
    thread = threading.Thread(target=lambda: got.append(requests.on_scriptrunner_ready()))
    thread.start()
    end = time.monotonic() + 10.0
    while not turns.waiting and time.monotonic() < end:
        time.sleep(0.001)
    assert turns.waiting == 1
    return thread, got


def test_a_run_that_waited_for_its_turn_gets_the_newest_ink_only(turns):
    requests = ScriptRequests()
    requests.request_rerun(ink(1))
    thread, got = in_line(requests, turns)
    requests.request_rerun(ink(2))
    requests.request_rerun(ink(3))
    assert not got
    turns.give_back()
    thread.join(10.0)
    (request,) = got
    assert request.type is ScriptRequestType.RERUN
    assert request.rerun_data.fragment_id_queue == ["live"]
    assert request.rerun_data.widget_states is not None
    (state,) = request.rerun_data.widget_states.widgets
    assert state.json_value == '{"seq":3}'
    turns.give_back()
    assert requests.on_scriptrunner_ready().type is ScriptRequestType.STOP  # nothing is left


def test_a_session_that_closes_while_it_waits_leaves_no_turn_behind(turns):
    requests = ScriptRequests()
    requests.request_rerun(ink(1))
    thread, got = in_line(requests, turns)
    requests.request_stop()
    turns.give_back()
    thread.join(10.0)
    assert [request.type for request in got] == [ScriptRequestType.STOP]
    other = threading.Thread(target=turns.take)
    other.start()
    other.join(10.0)
    assert not other.is_alive()


def test_making_a_second_server_does_not_take_two_turns(turns):
    server.run_in_turns(Turns(1, longest=3600.0))
    requests = ScriptRequests()
    requests.request_rerun(ink(1))
    # The first server's only turn is taken; nobody asks for it any more.
    assert requests.on_scriptrunner_ready().type is ScriptRequestType.RERUN
