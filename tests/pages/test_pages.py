"""The pages' Python side: links, settings, sentences. The browser's side is in tests/e2e."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.images import Ink, encode_ink, write_digit
from core.inference import McSampler
from core.limits import MAX_LINK_CHARACTERS
from core.networks import models_folder
from pages.parts import engine

APP = str(Path(__file__).parents[2] / "app.py")
THREE = "ink:" + encode_ink(write_digit(3, 17))


def run(page: str | None = None, **link: str) -> AppTest:
    """The app, opened by a link."""
    app = AppTest.from_file(APP, default_timeout=120)
    for name, value in link.items():
        app.query_params[name] = value
    if page:
        app.switch_page(f"pages/{page}.py")
    return app.run()


def texts(app: AppTest) -> str:
    """All HTML and sentences on the page."""
    return " ".join(str(element.proto) for element in [*app.get("html"), *app.info, *app.caption])


def test_draw_with_nothing_drawn_predicts_nothing():
    app = run()
    assert not app.exception
    assert "Nothing drawn yet." in texts(app)
    assert "passes say" not in texts(app)


def test_draw_opened_by_a_link_shows_the_link_s_answer():
    app = run(image=THREE, passes="200", seed="3")
    assert not app.exception
    assert "a 3." in texts(app) and "of 200 passes say 3" in texts(app)
    assert [field.value for field in app.sidebar.number_input] == [200, 3]


def test_draw_says_after_how_many_passes_the_answer_had_settled():
    app = run(image=THREE, seed="3")
    assert not app.exception
    assert "Settled after" in texts(app) and "of 1,000 passes</p>" in texts(app)
    # The chart is made where it is looked at.
    assert [each.label for each in app.expander] == ["How many passes are enough?"]
    assert "confidence sequence" not in texts(app)


def test_draw_with_few_passes_says_that_nothing_had_settled():
    app = run(image=THREE, passes="5")
    assert "Not settled after 5 passes" in texts(app)


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ({"image": "ink:1.damaged"}, "image"),
        ({"image": "mnist:99999"}, "image"),
        ({"image": THREE, "passes": "1000000"}, "passes"),
        ({"image": THREE, "passes": "-5"}, "passes"),
        ({"image": THREE, "passes": "NaN"}, "passes"),
        ({"image": THREE, "seed": "x"}, "seed"),
        ({"image": THREE, "network": "../plain"}, "network"),
    ],
)
def test_draw_opened_by_a_damaged_link_says_which_part_was_left_out(link, words):
    app = run(**link)
    assert not app.exception
    assert app.info and f"`{words}`" in app.info[0].value
    if link["image"] == THREE:
        assert "of 1,000 passes say 3" in texts(app)


@pytest.mark.parametrize("page", ["rotate", "blend", "noise"])
def test_experiment_page_shows_a_finding_and_the_panel(page):
    app = run(page)
    assert not app.exception
    assert "the twin, at a softmax over 0.50" in texts(app) and "passes say" in texts(app)


@pytest.mark.parametrize(
    ("page", "digits"),
    [("rotate", "upright digits"), ("blend", "unblended digits"), ("noise", "clean digits")],
)
def test_experiment_page_tells_what_a_thousand_images_say(page, digits):
    app = run(page, passes="20")
    assert "Not just this image" in texts(app)
    assert "Over 1,000 test digits" in texts(app) and "at its best threshold" in texts(app)
    app.button_group(key=f"{page}.point.field").set_value("c95").run()
    assert not app.exception
    assert f"a threshold that accepts 95% of {digits}" in texts(app)


def test_rotate_opened_by_a_link_shows_the_link_s_angle():
    app = run("rotate", image="hand:7-2", angle="90", passes="100")
    assert not app.exception
    assert "Turned by 90°" in texts(app) and app.slider(key="rotate.value.slider").value == 90


def test_rotate_opened_with_a_damaged_angle_falls_back():
    app = run("rotate", image="hand:7-2", angle="-1e9")
    assert not app.exception
    assert "`angle`" in app.info[0].value and app.slider(key="rotate.value.slider").value == 0


def test_rotate_takes_every_setting_of_the_sidebar():
    app = run("rotate", image="hand:1-2", passes="50")
    app.sidebar.number_input[0].set_value(60).run()
    assert not app.exception
    assert "How 60 passes score" in texts(app)


@pytest.mark.parametrize(
    ("page", "link"),
    [
        (
            "rotate",
            {"image": "hand:1-0", "angle": "-10", "from": "-20", "to": "20", "steps": "5"},
        ),
        (
            "blend",
            {
                "image": "hand:4-0",
                "image2": "hand:1-0",
                "alpha": "0.5",
                "from": "0.25",
                "to": "0.75",
                "steps": "3",
                "twin": "0.8",
            },
        ),
        (
            "noise",
            {"image": "hand:4-0", "noise": "0.2", "to": "0.4", "steps": "5", "show": "parts,plain"},
        ),
    ],
)
def test_a_link_reopens_range_steps_and_what_is_shown(page, link):
    app = run(page, **link, passes="50", seed="2")
    assert not app.exception and not app.info
    assert dict(app.query_params) == {**link, "passes": "50", "seed": "2", "network": "mc"}
    assert f"all {link['steps']}" in texts(app) or f"of {link['steps']}" in texts(app)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("steps", "0"),
        ("steps", "10000"),
        ("from", "nan"),
        ("to", "1e9"),
        ("angle", "nan"),
        ("twin", "5"),
        ("show", "everything"),
        ("image", "mnist:99999"),
        ("image", "ink:1.damaged"),
    ],
)
def test_a_damaged_part_of_a_link_is_named_and_the_rest_works(name, value):
    app = run("rotate", **{"image": "hand:1-0", "passes": "20"} | {name: value})
    assert not app.exception
    assert f"`{name}`" in app.info[0].value
    assert "the twin, at a softmax over 0.50" in texts(app) and "How 20 passes score" in texts(app)


def test_a_range_that_does_not_rise_says_so_and_the_sweep_before_stays():
    app = run("rotate", image="hand:1-0", passes="20", steps="10", **{"from": "0", "to": "90"})
    shown = texts(app)
    field = next(field for field in app.number_input if field.key == "rotate.from.field")
    field.set_value(90.0).run()
    assert not app.exception
    assert "“To” has to be more than “From”, which is 90 °" in app.info[0].value
    assert "of 10 angles" in texts(app) or "all 10 angles" in texts(app)
    assert dict(app.query_params)["to"] == "90" and "from" not in app.query_params
    app.button(key="rotate.usual").click().run()
    assert not app.info and texts(app) != shown


def test_a_drawing_is_right_or_wrong_once_it_is_said_which_digit_it_is():
    app = run("rotate", image=THREE, passes="20")
    assert "say which digit it is" in texts(app)
    app.selectbox(key="rotate.label1.field").set_value(3).run()
    assert not app.exception
    assert "right ones" in texts(app) and "is not known" not in texts(app)
    assert dict(app.query_params)["label"] == "3"
    reopened = run("rotate", image=THREE, passes="20", label="3")
    assert "right ones" in texts(reopened)
    assert "label" not in run("rotate", image="hand:1-0", label="3", passes="20").query_params


def test_two_images_of_different_sources_are_blended():
    app = run("blend", image=THREE, image2="hand:1-0", passes="20")
    assert not app.exception and not app.info
    # A drawing has no label to be right or wrong.
    assert "Whether an answer is right is not known: say which digits they are" in texts(app)


def test_the_plain_network_is_counted_beside_the_twin_on_demand():
    app = run("rotate", image="hand:1-0", passes="20")
    assert "the twin, at a softmax over 0.50" in texts(app)
    assert "The plain network, at" not in texts(app)
    app.button_group(key="rotate.shown.field").set_value(["plain"]).run()
    assert not app.exception
    assert "The plain network, at a softmax over 0.50" in texts(app)


def test_other_grains_are_another_noise_of_the_same_committee():
    app = run("noise", image="hand:4-0", noise="0.5", passes="20")
    before = texts(app)
    next(button for button in app.button if button.label == "Other noise").click().run()
    assert not app.exception
    assert dict(app.query_params)["grains"] == "1"
    assert texts(app) != before


@pytest.fixture
def own_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the networks that a test may damage; the server has loaded none of them."""
    folder = Path(shutil.copytree(models_folder(), tmp_path / "models"))
    monkeypatch.setattr("core.networks.zoo.models_folder", lambda: folder)
    monkeypatch.setattr(engine, "_ready", set())
    engine._load_shipped.clear()
    yield folder
    engine._load_shipped.clear()


@pytest.mark.parametrize("page", ["draw", "rotate"])
def test_page_without_its_network_says_what_is_missing_and_goes_on(own_models, page):
    (own_models / "mc.json").unlink()
    app = run(page, image=THREE)
    assert not app.exception
    assert "mc.json" in texts(app) and "Restore" in texts(app)
    assert [field.value for field in app.sidebar.number_input] == [1000, 0]


def test_draw_with_changed_weights_says_so_and_keeps_the_drawing(own_models):
    weights = own_models / "mc.keras"
    weights.write_bytes(weights.read_bytes()[:-1] + b"x")
    app = run(image=THREE)
    assert not app.exception
    assert "weights of the network mc were changed" in texts(app)
    assert not app.session_state["draw.canvas"].ink.is_empty


@pytest.mark.parametrize(
    ("page", "link"),
    [
        ("rotate", {"image": "hand:7-2", "angle": "90"}),
        ("blend", {"image": "hand:4-1", "image2": "hand:1-2", "alpha": "1.0"}),
        ("noise", {"image": "hand:4-1", "noise": "0.9", "grains": "3"}),
    ],
)
def test_step_of_a_sweep_runs_no_pass_of_its_own(page, link, monkeypatch):
    # The app under test loads an engine of its own, so passes are counted at the class.
    summarise, asked = McSampler.summarise, []

    def counted(self, images, num_samples=1000, seed=0, *rest, **named):
        asked.append((len(images), num_samples, seed))
        return summarise(self, images, num_samples, seed, *rest, **named)

    monkeypatch.setattr(McSampler, "summarise", counted)
    app = run(page, **link, passes="13", seed="77")
    assert not app.exception and "How 13 passes score" in texts(app)
    assert [call for call in asked if call[1:] == (13, 77)] == [(36, 13, 77)]


@pytest.fixture
def too_long() -> str:
    """Reference of a scribble that no link can hold."""
    rng = np.random.default_rng(0)
    strokes = tuple(tuple(map(tuple, rng.random((100, 2)))) for _ in range(70))
    reference = "ink:" + encode_ink(Ink(strokes))
    assert len(reference) > MAX_LINK_CHARACTERS
    return reference


def test_a_drawing_too_long_for_a_link_says_so_and_is_answered(too_long):
    app = run(image=too_long, passes="20")
    assert not app.exception
    assert "too long for a link" in texts(app) and "How 20 passes score" in texts(app)
    assert dict(app.query_params) == {"passes": "20", "seed": "0", "network": "mc"}


def test_a_turned_drawing_too_long_for_a_link_leaves_its_angle_out_too(too_long):
    app = run("rotate", image=too_long, angle="90", passes="20")
    assert not app.exception
    assert "too long for a link" in texts(app) and "Turned by 90°" in texts(app)
    assert not {"image", "angle"} & set(app.query_params)
