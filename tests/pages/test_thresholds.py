"""Thresholds: what the page says, keeps, takes in and refuses. Dragging is in tests/e2e."""

from __future__ import annotations

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.uncertainty.policy import Policy
from core.uncertainty.policy_file import to_document
from tests.pages.test_pages import run, texts

LIMIT = "predictive_entropy:0.42"


def test_a_link_reopens_the_limits_and_what_they_are_worth() -> None:
    app = run("thresholds", policy=LIMIT, answered="pen-digits", refused="kmnist")
    assert not app.exception and not app.info
    assert "Accepts <b>80.0%</b> of the digits, and <b>9.3 in 1,000</b>" in texts(app)
    assert "turns away <b>95.7%</b>" in texts(app)
    assert "twin 5.3, clearly better" in texts(app)  # where it is, it is said
    assert "committee minus twin, 95% interval: +" in texts(app)
    assert "softmax from 0.9" in texts(app)
    link = dict(app.query_params)
    assert (link["policy"], link["answered"], link["refused"]) == (LIMIT, "pen-digits", "kmnist")


def test_every_verdict_follows_the_policy() -> None:
    image = {"image": "hand:1-0", "angle": "90", "passes": "50"}
    strict = run("rotate", **image, policy="predictive_entropy:0.1")
    assert "I don’t know. Please check." in texts(strict)
    assert "The committee accepts a wrong answer at <b>none of 36 angles" in texts(strict)
    assert "over the limit of 0.10." in texts(strict)
    lax = run("rotate", **image, policy="predictive_entropy:2.3")
    assert "I don’t know. Please check." not in texts(lax)
    assert "No limit is broken." in texts(lax)
    none = run("rotate", **image, policy="none")
    assert "passes say" in texts(none) and "No limit is broken." not in texts(none)
    assert "Without a policy, the committee accepts every answer" in texts(none)


@pytest.mark.parametrize(
    "policy",
    ["predictive_entropy:nan", "charm:0.5", "confidence:1.5", "predictive_entropy", "variance:-1"],
)
def test_a_damaged_policy_in_a_link_is_named_and_left_out(policy: str) -> None:
    app = run("thresholds", policy=policy)
    assert not app.exception
    assert "`policy`" in app.info[0].value
    assert "Accepts" in texts(app)


def test_nothing_is_meant_to_be_answered_and_refused_at_once() -> None:
    app = run("thresholds", answered="rotated-45", refused="rotated-45", policy=LIMIT)
    answered, refused = (
        next(each for each in app.selectbox if each.label == f"Meant to be {what}")
        for what in ("answered", "refused")
    )
    assert "Turned by 45°" in answered.options and answered.value == "rotated-45"
    assert "Turned by 45°" not in refused.options and "Turned by 60°" in refused.options
    assert refused.value == "none"


def test_without_a_limit_nobody_is_called_better() -> None:
    shown = texts(run("thresholds", policy="none"))
    assert "There is no limit yet." in shown
    assert "no limit, so nothing is refused; the twin likewise" in shown
    assert "clearly" not in shown


def test_a_limit_can_be_typed_and_is_not_lost_by_a_slip() -> None:
    app = run("thresholds", policy=LIMIT)
    field = next(each for each in app.number_input if each.label.startswith("Accept predictive"))
    assert field.value == pytest.approx(float(LIMIT.split(":")[1]))
    field.set_value(0.3125).run()
    assert app.query_params["policy"] in (
        "predictive_entropy:0.3125",
        ["predictive_entropy:0.3125"],
    )
    field = next(each for each in app.number_input if each.label.startswith("Accept predictive"))
    field.set_value(None).run()  # emptied, or not a number: nothing of the person's is lost
    field = next(each for each in app.number_input if each.label.startswith("Accept predictive"))
    assert field.value == pytest.approx(0.3125)


def test_limits_that_accept_nothing_say_so() -> None:
    app = run("thresholds", policy="variance:0")
    assert not app.exception
    assert "No answer is accepted" in texts(app)


@pytest.mark.parametrize("name", ["Softmax 0.5, as in the post", "Promise 1%", "Cost 1:50"])
def test_presets_set_the_policy(name: str) -> None:
    app = run("thresholds", policy=LIMIT)
    next(button for button in app.button if button.label == name).click().run()
    assert not app.exception
    assert f"<b>{name}</b>" in texts(app)


def test_a_promise_says_what_it_promises() -> None:
    app = run("thresholds")
    next(button for button in app.button if button.label == "Promise 0.5%").click().run()
    assert "At most 0.5% wrong among the accepted. Guarantee: with 95% confidence" in texts(app)


def test_a_saved_policy_can_be_chosen_again() -> None:
    app = run("thresholds", policy=LIMIT)
    app.text_input[0].set_value("Mine").run()
    next(button for button in app.button if button.label == "Save policy").click().run()
    assert "<b>Mine</b>" in texts(app)

    def policy() -> Any:
        return next(each for each in app.sidebar.selectbox if each.label == "Policy")

    policy().set_value("No limits").run()
    assert "accepts every answer" in texts(app)
    policy().set_value("Mine").run()
    assert not app.exception and "<b>Mine</b>" in texts(app)


def test_a_name_that_is_none_is_refused_in_a_sentence() -> None:
    app = run("thresholds", policy=LIMIT)
    app.text_input[0].set_value("   ").run()
    next(button for button in app.button if button.label == "Save policy").click().run()
    assert not app.exception and "name for the policy" in app.info[0].value


def upload(app: AppTest, content: bytes) -> AppTest:
    """Put a file where the uploader would, and run its callback."""
    import streamlit as st

    from pages.parts import keep_policy

    class Upload:
        name = "mine.json"

        def getvalue(self) -> bytes:
            return content

    state: dict[str, Any] = {"policy.upload": Upload()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(st, "session_state", state)
        keep_policy._open()
    for name, value in state.items():
        if name != "policy.upload":
            app.session_state[name] = value
    return app.run()


def test_an_uploaded_policy_is_followed_and_one_of_another_network_is_flagged() -> None:
    policy = Policy({"confidence": 0.8}, name="Brought", model_sha256="0" * 64)
    app = upload(run("thresholds"), json.dumps(to_document(policy)).encode())
    assert not app.exception
    assert "<b>Brought</b>" in texts(app)
    assert "was made for another network" in texts(app)


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff", b'{"schema_version": 9}'])
def test_a_file_that_is_no_policy_is_refused_and_the_old_one_stays(content: bytes) -> None:
    app = upload(run("thresholds", policy=LIMIT), content)
    assert not app.exception
    assert any("mine.json" in info.value for info in app.info)
    assert "predictive entropy up to 0.42 nats" in texts(app)
