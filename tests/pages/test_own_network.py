"""The pages asked with a network of a visitor's own."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.images import Frame
from core.networks.model_report import ModelReport
from core.networks.own_network import OwnNetwork, Setup, as_classifier
from core.uncertainty.classes import Classes
from tests.pages.test_pages import APP, texts

NAMES = ("cat", "sausage dog", "<b>shoe</b>")


def brought(sha256: str, model: Any, setup: Setup) -> OwnNetwork:
    report = ModelReport(
        name="m",
        sha256=sha256,
        num_bytes=1,
        num_parameters=1,
        architecture=("layer",),
        input_shape=tuple(model.input_shape[1:]),
        frame=setup.frame,
        frame_is_guess=False,
        input_range=(0.0, 1.0),
        range_why="",
        ending="softmax",
        num_classes=len(setup.classes),
        stochastic=(),
        passes_differ=True,
        num_batch_norms=0,
        batch_norm_still=True,
        plan="",
        milliseconds=None,
        tiled_milliseconds=None,
    )
    return OwnNetwork("My pets", report, setup, as_classifier(model, setup, "softmax"))


@pytest.fixture(scope="module")
def colour() -> OwnNetwork:
    import keras

    model = keras.Sequential(
        [
            keras.Input((9, 12, 3)),
            keras.layers.Flatten(),
            keras.layers.Dense(8, activation="relu"),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(3, activation="softmax"),
        ]
    )
    return brought("ab" * 32, model, Setup(Frame(9, 12, 3), Classes(NAMES)))


@pytest.fixture(scope="module")
def rows() -> OwnNetwork:
    import keras

    model = keras.Sequential(
        [
            keras.Input((4,)),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(3, activation="softmax"),
        ]
    )
    return brought("cd" * 32, model, Setup(None, Classes(NAMES)))


def run(network: OwnNetwork, page: str | None = None, **link: str) -> AppTest:
    """The app in the session that brought a network."""
    app = AppTest.from_file(APP, default_timeout=120)
    name = f"own-{network.sha256[:12]}"
    app.session_state["networks.own"] = {name: network}
    for part, value in {"network": name, **link}.items():
        app.query_params[part] = value
    if page:
        app.switch_page(f"pages/{page}.py")
    return app.run()


def test_draw_asks_the_visitors_network_and_names_its_classes(colour):
    app = run(colour, image="hand:3-17", passes="50")
    assert not app.exception
    said = texts(app)
    assert "How 50 passes score each class" in said
    assert any(f"“{name}”" in said for name in ("cat", "sausage dog", "&lt;b&gt;shoe&lt;/b&gt;"))
    assert "<b>shoe</b>" not in said
    assert "digit" not in said.split("How sure is that?")[1].split("lb-note")[0]
    assert app.query_params["network"] == f"own-{colour.sha256[:12]}"


@pytest.mark.parametrize("page", ["rotate", "blend", "noise"])
def test_experiments_ask_it_in_its_own_frame_and_know_no_digit_of_it(colour, page):
    app = run(colour, page, image="hand:3-17", passes="20", steps="5")
    assert not app.exception
    assert "Whether an answer is right is not known" in texts(app)


@pytest.mark.parametrize("page", [None, "rotate", "blend", "noise"])
def test_pages_of_images_say_where_rows_of_numbers_go(rows, page):
    app = run(rows, page)
    assert not app.exception
    assert "takes rows of numbers, not images" in texts(app)


def test_a_link_with_somebody_elses_network_falls_back_and_says_so(colour):
    app = AppTest.from_file(APP, default_timeout=120)
    app.query_params["network"] = f"own-{colour.sha256[:12]}"
    app.query_params["image"] = "hand:3-17"
    app.run()
    assert not app.exception
    assert "which was brought for one visit only" in texts(app)
    assert app.query_params["network"] == "mc"


def test_limits_of_somebody_elses_network_are_left_out_with_it(colour):
    app = AppTest.from_file(APP, default_timeout=120)
    app.query_params["network"] = f"own-{colour.sha256[:12]}"
    app.query_params["policy"] = "predictive_entropy:0.69"
    app.run()
    assert not app.exception
    assert "those of own-" in texts(app)
    assert "policy" not in app.query_params


def test_names_that_are_changed_are_changed_in_what_was_answered_before(colour):
    from dataclasses import replace

    app = run(colour, "rotate", image="hand:3-17", passes="20", steps="5")
    assert "“cat”" in texts(app) or "“sausage dog”" in texts(app) or "shoe" in texts(app)
    renamed = replace(colour, setup=replace(colour.setup, classes=Classes(("A1", "B2", "C3"))))
    app.session_state["networks.own"] = {f"own-{colour.sha256[:12]}": renamed}
    app.run()
    assert not app.exception
    said = texts(app)
    assert any(f"“{name}”" in said for name in ("A1", "B2", "C3"))
    assert "sausage dog" not in said and "shoe" not in said and "“cat”" not in said
