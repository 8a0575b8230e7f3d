"""The pages' Python side: links, settings, sentences. The browser's side is in tests/e2e."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.images import encode_ink, write_digit

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
    assert [field.value for field in app.number_input] == [200, 3]


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


@pytest.mark.parametrize("page", ["rotate", "blend"])
def test_experiment_page_shows_a_finding_and_the_panel(page):
    app = run(page)
    assert not app.exception
    assert "committee’s answer" in texts(app) and "passes say" in texts(app)


def test_rotate_opened_by_a_link_shows_the_link_s_angle():
    app = run("rotate", image="hand:7-2", angle="90", passes="100")
    assert not app.exception
    assert "Turned by 90°" in texts(app) and app.slider[0].value == 90


def test_rotate_opened_with_a_damaged_angle_falls_back():
    app = run("rotate", image="hand:7-2", angle="-1e9")
    assert not app.exception
    assert "`angle`" in app.info[0].value and app.slider[0].value == 0


def test_rotate_takes_every_setting_of_the_sidebar():
    app = run("rotate", image="hand:1-2", passes="50")
    app.number_input[0].set_value(60).run()
    assert not app.exception
    assert "of 60 passes say" in texts(app)
