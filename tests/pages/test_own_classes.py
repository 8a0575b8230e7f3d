"""The pages with a network that a visitor brought: two classes with names, grey 28x28 images."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.images import MNIST_FRAME, encode_ink, write_digit
from core.networks.model_report import ModelReport
from core.networks.own_network import OwnNetwork, Setup, as_classifier
from core.uncertainty.classes import Classes

APP = str(Path(__file__).parents[2] / "app.py")
THREE = "ink:" + encode_ink(write_digit(3, 17))
NAME = "own-abcabcabcabc"
NAMES = ("<b>x</b>", "sausage dog")


@pytest.fixture(scope="module")
def network() -> OwnNetwork:
    import keras

    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [
            keras.Input(MNIST_FRAME.shape),
            keras.layers.Flatten(),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(2, activation="softmax"),
        ]
    )
    report = ModelReport(
        name="pets",
        sha256="abc" * 21 + "a",
        num_bytes=1,
        num_parameters=1,
        architecture=(),
        input_shape=MNIST_FRAME.shape,
        frame=MNIST_FRAME,
        frame_is_guess=False,
        input_range=(0.0, 1.0),
        range_why="",
        ending="softmax",
        num_classes=2,
        stochastic=(),
        passes_differ=True,
        num_batch_norms=0,
        batch_norm_still=True,
        plan="",
        milliseconds=1.0,
        tiled_milliseconds=2.0,
    )
    setup = Setup(MNIST_FRAME, Classes(NAMES))
    return OwnNetwork("pets", report, setup, as_classifier(model, setup, "softmax"))


def run(network: OwnNetwork, page: str | None = None, **link: str) -> AppTest:
    app = AppTest.from_file(APP, default_timeout=120)
    app.session_state["networks.own"] = {NAME: network}
    app.session_state["settings.network"] = NAME
    for name, value in ({"passes": "30"} | link).items():
        app.query_params[name] = value
    if page:
        app.switch_page(f"pages/{page}.py")
    return app.run()


def texts(app: AppTest) -> str:
    return " ".join(element.proto.body for element in app.get("html"))


def buttons(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def test_rotate_speaks_of_its_classes_and_offers_nothing_about_digits(network):
    app = run(network, "rotate", image="hand:1-0")
    assert not app.exception
    assert "say which class it is" in texts(app)
    assert "How 30 passes score each class" in texts(app)
    assert "digit" not in texts(app)
    assert "<b>x" not in texts(app)
    assert not {"As in the post", "Without the post"} & set(buttons(app))
    assert "Not just this image" not in texts(app)
    (chosen,) = [box for box in app.selectbox if box.key and "label1" in box.key]
    assert list(chosen.options) == list(NAMES) and chosen.value is None
    (besides,) = [pills for pills in app.get("button_group") if "shown" in str(pills.key)]
    assert "Plain network" not in str(besides.proto)


def test_the_class_that_is_chosen_is_the_true_one_and_goes_into_the_link(network):
    app = run(network, "rotate", image="hand:1-0")
    app.selectbox(key=f"rotate.label1.{NAME}.field").set_value(1).run()
    assert not app.exception
    assert "right" in texts(app) and "say which" not in texts(app)
    assert "red: the true class" in texts(app)
    assert dict(app.query_params)["label"] == "1"
    again = run(network, "rotate", image="hand:1-0", label="1")
    assert again.selectbox(key=f"rotate.label1.{NAME}.field").value == 1
    # A class that it does not have is none.
    other = run(network, "rotate", image="hand:1-0", label="7")
    assert other.selectbox(key=f"rotate.label1.{NAME}.field").value is None


def test_a_link_with_a_limit_for_ten_classes_is_left_out_and_said_so(network):
    app = run(network, policy="predictive_entropy:2.2,variation_ratio:0.3", image=THREE)
    assert not app.exception
    told = " ".join(info.value for info in app.info)
    assert "A part of the link could not be used" in told and "with 2 classes" in told
    assert "Settled after" in texts(app) or "Not settled" in texts(app)
