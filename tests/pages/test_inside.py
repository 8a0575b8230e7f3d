"""The page Inside: what it says of rates, bars, layers and maps, and what its links reopen."""

from __future__ import annotations

import re
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.errors import InvalidInputError
from core.images import Frame, ink_image, write_digit
from core.networks.own_network import OwnNetwork, Setup
from core.uncertainty.classes import DIGITS, Classes
from pages.parts.answers import answer
from pages.parts.inside_bar import take_bar
from pages.parts.inside_rates import take_rates
from pages.parts.settings import Settings
from tests.pages.test_own_network import brought
from tests.pages.test_own_network import run as run_own
from tests.pages.test_pages import THREE, run, texts

TWO_OF_SEVEN = {"image": "hand:7-11", "passes": "200", "bar": "2-9"}  # passes are torn about it


def sections(app: Any) -> dict[str, str]:
    """What stands under each of the page's titles."""
    html = " ".join(str(element.proto.body) for element in app.get("html"))
    parts = re.split(r'<h2 class="lb-section">(.*?)</h2>', html)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_with_nothing_drawn_an_example_is_looked_at():
    app = run("inside", passes="100")
    assert not app.exception and not app.info
    assert "How 100 passes score each digit" in texts(app)
    assert "as in training" in texts(app)
    assert "image" in app.query_params
    assert list(sections(app)) == [
        "The passes behind a bar",
        "Every layer’s share",
        "What matters most for this image",
    ]
    assert "Click a bar of a histogram" in sections(app)["The passes behind a bar"]


def test_a_drawing_of_draw_is_the_one_that_is_looked_into():
    app = run(image=THREE, passes="100")
    app.switch_page("pages/inside.py").run()
    assert not app.exception
    assert app.query_params["image"] == THREE
    assert "It’s a 3." in texts(app)


def test_draw_offers_to_look_inside_what_is_drawn_and_nothing_else():
    (link,) = run(image=THREE, passes="100").get("page_link")
    assert link.proto.label == "Look inside these passes"
    assert not run(passes="100").get("page_link")


def test_passes_behind_a_bar_are_as_many_as_the_histogram_counts():
    app = run("inside", **TWO_OF_SEVEN)
    assert not app.exception and not app.info
    image = write_digit(7, 11)
    shown = sections(app)["The passes behind a bar"]
    found = re.search(r"(\d+) of 200 passes give 2 a softmax of 0\.9 to 1\.", shown)
    assert found
    said = answer(ink_image(image), Settings("mc", 200, 0))
    assert int(found[1]) == said.summary.histogram[0, 2, 9] > 0
    assert "Besides 2, by which they were picked" in shown


def test_a_link_reopens_rates_and_bar():
    link = {**TWO_OF_SEVEN, "rates": "0.3,0,0.65", "seed": "4"}
    app = run("inside", **link)
    assert not app.exception and not app.info
    assert dict(app.query_params) == {**link, "network": "mc"}
    assert "other than in training" in texts(app)
    again = run("inside", **link)
    assert sections(again) == sections(app)


def test_other_rates_give_other_answers_and_the_policy_promises_nothing_for_them():
    trained = run("inside", **TWO_OF_SEVEN)
    other = run("inside", **TWO_OF_SEVEN, rates="0.1,0.1,0.1")
    for title, shown in sections(trained).items():
        assert sections(other)[title] != shown
    assert "was made for: here it promises nothing" in texts(other)
    assert "promises nothing" not in texts(trained)
    assert "rates" not in trained.query_params
    usual = run("inside", **TWO_OF_SEVEN, rates="0.5,0.5,0.5")
    assert sections(usual) == sections(trained) and "rates" not in usual.query_params


def test_all_rates_zero_say_that_nothing_is_random_and_lose_nothing():
    app = run("inside", **TWO_OF_SEVEN, rates="0,0,0")
    assert not app.exception and not app.info
    assert "Nothing is random now" in texts(app)
    assert "How 200 passes score each digit" not in texts(app) and not sections(app)
    assert app.query_params["rates"] == "0,0,0" and app.query_params["bar"] == "2-9"
    assert app.query_params["image"] == "hand:7-11"
    app.button(key="inside.reset").click().run()
    assert "Nothing is random now" not in texts(app)
    assert "of 200 passes give 2 a softmax of 0.9 to 1." in texts(app)
    assert "rates" not in app.query_params


def test_what_a_slider_sets_is_asked_and_reset_undoes_it():
    app = run("inside", **TWO_OF_SEVEN)
    before = sections(app)
    app.session_state["inside.rates.mc"] = {"dropout1": 0.5, "dropout2": 0.5, "dropout3": 0.05}
    app.run()
    assert app.query_params["rates"] == "0.5,0.5,0.05" and sections(app) != before
    app.button(key="inside.reset").click().run()
    assert sections(app) == before and app.button(key="inside.reset").disabled


@pytest.mark.parametrize(
    ("rates", "bar"), [("0.5,nan,0.5", "3-9"), ("0.5,0.2", "3-9"), ("0.5,0.5,0.5", "3-10")]
)
def test_a_damaged_part_of_a_link_is_named_and_the_rest_works(rates, bar):
    app = run("inside", image="hand:7-11", passes="200", rates=rates, bar=bar)
    assert not app.exception
    name = "rates" if bar == "3-9" else "bar"
    assert f"`{name}`" in app.info[0].value.replace("\\", "")
    assert "How 200 passes score each digit" in texts(app) and "as in training" in texts(app)
    assert ("bar" in app.query_params) == (name == "rates")


@pytest.mark.parametrize("text", ["0.5,1", "1.0", "0.5,-0.1", "half", "", "inf", "0.5;0.5"])
def test_what_are_no_rates_is_refused(text):
    with pytest.raises(InvalidInputError, match="from 0 to below 1"):
        take_rates(text)


@pytest.mark.parametrize("text", ["3", "3-10", "3-a", "-1-3", "12345-3", "3-9-1", "٣-1"])
def test_what_is_no_bar_is_refused(text):
    with pytest.raises(InvalidInputError, match="one of its ten bars"):
        take_bar(text)


def test_a_bar_of_a_class_that_is_not_there_is_not_picked():
    app = run("inside", **{**TWO_OF_SEVEN, "bar": "12-3"})
    assert not app.exception and "Click a bar of a histogram" in texts(app)


def test_fields_pick_a_bar_and_drop_it_again():
    app = run("inside", image="hand:7-11", passes="200")
    digit, which = app.selectbox(key=field(app, "label")), app.selectbox(key=field(app, "which"))
    assert digit.label == "Digit" and digit.value is None and which.value is None
    digit.set_value(2).run()
    assert re.search(r"of 200 passes give 2 a softmax of 0 to 0.1\.", texts(app))
    app.selectbox(key=field(app, "which")).set_value(9).run()
    assert app.query_params["bar"] == "2-9"
    assert "of 200 passes give 2 a softmax of 0.9 to 1." in texts(app)
    app.selectbox(key=field(app, "which")).set_value(None).run()
    assert "bar" not in app.query_params and "Click a bar" in texts(app)


def field(app: Any, name: str) -> str:
    """The key of a field that others change as well."""
    (key,) = [
        each.key for each in app.selectbox if each.key and each.key.startswith(f"inside.bar.{name}")
    ]
    return str(key)


CLICKS = """
import numpy as np, streamlit as st
from core.inference import McSummary
from pages.parts.inside_bar import picked_bar, take_click
summary = McSummary.from_samples(np.full((5, 1, 3), 1 / 3))
st.session_state.seen = []
for place in [(1, 3), (7, 3), (1, 12), (1, -1), (2, 0), (2, 0)]:
    take_click(place, summary, ())
    st.session_state.seen.append(picked_bar(3))
"""


def test_a_click_picks_a_bar_and_a_second_one_drops_it():
    app = AppTest.from_string(CLICKS, default_timeout=120).run()
    assert not app.exception
    assert app.session_state["seen"] == [(1, 3), (1, 3), (1, 3), (1, 3), (2, 0), None]


def test_maps_are_pictures_with_words_for_those_who_cannot_see_them():
    shown = sections(run("inside", image="hand:7-11"))["What matters most for this image"]
    assert re.search(r"\d+ of 224 maps and units move 7’s mean softmax by more than chance", shown)
    assert re.search(r'<img alt="map \d+ of conv\d: \d+ by \d+ values from ', shown)
    assert re.search(r"Without this (map|unit) 7’s mean softmax (falls|rises) by 0\.\d\d", shown)


def test_an_answer_that_no_unit_moves_shows_no_ranking():
    shown = sections(run("inside", image="hand:9-3", passes="50"))[
        "What matters most for this image"
    ]
    assert "none of 224 maps and units moves 9’s mean softmax by more than chance" in shown
    assert "<img" not in shown and "Without this" not in shown


def own(sha256: str, layers: list[Any], shape: tuple[int, ...] = (28, 28, 1)) -> OwnNetwork:
    import keras

    keras.utils.set_random_seed(0)
    count = 10 if shape == (28, 28, 1) else 3
    model = keras.Sequential(
        [keras.Input(shape), *layers, keras.layers.Dense(count, activation="softmax")]
    )
    classes = DIGITS if count == 10 else Classes(("cat", "<b>dog</b>", "fox"))
    return brought(sha256, model, Setup(Frame(*shape), classes))


@pytest.fixture(scope="module")
def deep() -> OwnNetwork:
    """Twelve dropout layers."""
    from keras import layers

    parts = [layers.Flatten()]
    for number in range(12):
        parts += [layers.Dense(6, activation="relu", name=f"d{number}"), layers.Dropout(0.33)]
    return own("aa" * 32, parts)


@pytest.fixture(scope="module")
def places() -> OwnNetwork:
    """Drops places of maps, after tanh, and of colour images into classes with names."""
    from keras import layers

    return own(
        "bb" * 32,
        [
            layers.Conv2D(3, 3, activation="tanh", name="edges"),
            layers.Dropout(0.1),
            layers.Flatten(),
        ],
        (9, 12, 3),
    )


@pytest.fixture(scope="module")
def noise() -> OwnNetwork:
    """Drops nothing, but multiplies noise in."""
    from keras import layers

    return own(
        "cc" * 32, [layers.Flatten(), layers.Dense(8, name="mix"), layers.GaussianDropout(0.5)]
    )


def test_a_network_of_many_layers_has_a_share_for_each(deep):
    app = run_own(deep, "inside", image="hand:7-11", passes="50", bar="7-0")
    assert not app.exception and not app.info
    assert "as in training" in texts(app)
    shown = sections(app)["Every layer’s share"]
    assert "disagree" in shown and "as many passes" not in shown
    rates = ",".join(["0.33"] * 11 + ["0.9"])
    other = run_own(deep, "inside", image="hand:7-11", passes="50", rates=rates)
    assert not other.exception and other.query_params["rates"] == rates


def test_what_would_take_long_waits_until_it_is_wanted(deep, monkeypatch):
    monkeypatch.setattr("pages.parts.inside_layers._UNASKED", 0)
    app = run_own(deep, "inside", image="hand:7-11", passes="50")
    shown = sections(app)["Every layer’s share"]
    assert "This takes 25 times as many passes as the histograms." in shown
    app.button(key="inside.measure").click().run()
    assert not app.exception and "disagree" in sections(app)["Every layer’s share"]


def test_places_of_maps_are_told_by_map_and_names_stay_text(places):
    app = run_own(places, "inside", image="hand:7-11", passes="400", rates="0.5", bar="1-3")
    assert not app.exception and not app.info
    shown = " ".join(sections(app).values())
    assert "of 3 maps" in shown
    assert "&lt;b&gt;dog&lt;/b&gt;" in texts(app) and "<b>dog</b>" not in texts(app)


def test_noise_alone_leaves_nobody_to_tell_apart_and_the_rest_works(noise):
    app = run_own(noise, "inside", image="hand:7-11", passes="50", bar="7-0")
    assert not app.exception and not app.info
    assert "only noise is put on all of them" in sections(app)["What matters most for this image"]
    assert "How 50 passes score each digit" in texts(app)
    assert "one dropout layer" in texts(app) or "hardly disagree" in texts(app)
