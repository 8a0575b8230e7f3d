"""The server's parts that need no browser."""

from __future__ import annotations

import keras
from streamlit.runtime.scriptrunner import script_runner

from pages.parts import server


def test_a_run_of_streamlit_leaves_keras_session_alone():
    server.lifespan(lambda: None)
    first = keras.backend.get_uid("labrador")
    script_runner._clean_problem_modules()
    assert keras.backend.get_uid("labrador") == first + 1


def test_plotly_has_an_address_of_its_own_for_each_release():
    assert server.plotly_url().startswith("/labrador/plotly-7.")
    assert server.routes()[0].path == server.plotly_url()
