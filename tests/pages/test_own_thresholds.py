"""Thresholds of a visitor's own network: how it is scored, and what the page says then."""

from __future__ import annotations

import io
import json
import time
import zipfile
from typing import Any

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from core.experiments import ReferenceScores
from core.experiments.default_policy import load_default_policy
from core.experiments.own_scores import score_own
from core.images import Frame
from core.inference import McSampler
from core.networks.own_network import OwnNetwork
from core.uncertainty import Policy, to_document
from pages.parts.own_scores import OwnScored
from tests.core.experiments.own_networks import own_network
from tests.pages.test_pages import APP
from tests.pages.test_pages import texts as html_of

NAMES = ("black cat", "<b>dog</b> & co", "*wolf*")
ROWS, PICTURES = "own-rows", "own-pictures"


@pytest.fixture(scope="module")
def rows() -> OwnNetwork:
    return own_network(3, names=NAMES, title="Tables & <i>co</i>")


@pytest.fixture(scope="module")
def pictures() -> OwnNetwork:
    return own_network(3, frame=Frame(8, 6, 3), names=NAMES, sha256="cd" * 32)


@pytest.fixture(scope="module")
def scores(rows: OwnNetwork) -> ReferenceScores:
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(120, 4)).astype(np.float32), rng.integers(0, 3, 120)
    return score_own(rows, McSampler(rows.model), x, y, strangers=9 * x[:10], num_samples=20)


def opened(*networks: OwnNetwork, scores: ReferenceScores | None = None, **link: str) -> AppTest:
    """The page of the first of these networks, of which the scores are."""
    app = AppTest.from_file(APP, default_timeout=120)
    names = dict(zip((ROWS, PICTURES), networks, strict=False))
    app.session_state["networks.own"] = names
    app.session_state["settings.network"] = next(iter(names))
    app.session_state["settings.passes"] = 20
    if scores is not None:
        app.session_state["scores.own"] = {networks[0].identity: OwnScored(scores)}
    for name, value in link.items():
        app.query_params[name] = value
    app.switch_page("pages/thresholds.py")
    return app.run()


def texts(app: AppTest) -> str:
    """All that a person reads on the page."""
    return html_of(app) + " ".join(str(each.value) for each in app.markdown)


def press(app: AppTest, label: str) -> AppTest:
    return next(each for each in app.button if each.label == label).click().run()


def finished(app: AppTest) -> AppTest:
    """Wait as the page does: it looks again until the work has ended."""
    for _ in range(200):
        if not any(job.is_running for job in app.session_state["scores.jobs"].values()):
            return app.run()
        time.sleep(0.05)
    raise AssertionError("the scoring does not end")


def table(num_rows: int, labels: tuple[str, ...] = NAMES) -> bytes:
    rng = np.random.default_rng(1)
    lines = [
        ",".join([*map(str, row.round(3)), labels[at % len(labels)]])
        for at, row in enumerate(rng.normal(size=(num_rows, 4)))
    ]
    return "\n".join(["a,b,c,d,label", *lines]).encode()


def folders(per_class: int) -> bytes:
    rng, buffer = np.random.default_rng(2), io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for label in range(3):
            for number in range(per_class):
                picture = io.BytesIO()
                Image.fromarray(rng.integers(0, 256, (8, 6, 3), np.uint8)).save(picture, "PNG")
                archive.writestr(f"{label}/{number}.png", picture.getvalue())
        archive.writestr("1/<b>broken</b>.png", b"no picture")
    return buffer.getvalue()


def upload(app: AppTest, at: int, name: str, content: bytes) -> AppTest:
    return app.file_uploader[at].set_value([(name, content, "application/octet-stream")]).run()


def test_without_scores_the_page_says_what_they_need(rows: OwnNetwork) -> None:
    app = opened(rows)
    assert not app.exception
    shown = texts(app)
    assert "has no scores yet" in shown and "rows of 4 numbers" in shown and "748" in shown
    assert "Accepts <b>" not in shown and "MNIST" not in shown
    assert next(each for each in app.button if each.label == "Score them").disabled
    assert "**Tables & \\<i\\>co\\</i\\> has no" in app.main.markdown[0].value  # a title is text


def test_pictures_are_scored_and_what_is_broken_is_named(pictures: OwnNetwork) -> None:
    app = upload(opened(pictures), 0, "mine.zip", folders(9))
    app = upload(app, 1, "odd.zip", folders(2))
    app = finished(press(app, "Score them"))
    assert not app.exception
    shown = texts(app)
    assert "Accepts <b>100.0%</b> of the images" in shown and "Strangers refused" in shown
    left_out = [each.value for each in app.caption if each.value.startswith("Left out")]
    assert len(left_out) == 2 and "1/\\<b\\>broken\\</b\\>.png" in left_out[0]
    app = press(app, "Next")
    shown = texts(app)
    assert "data:image/png;base64" in shown and "The committee says “" in shown
    assert "Open on Draw" not in [each.label for each in app.button]


def test_what_cannot_be_scored_is_told_and_can_be_tried_again(rows: OwnNetwork) -> None:
    app = opened(rows)
    for name, content, told in (
        ("few.csv", table(19), "from 20 to"),
        ("none.csv", table(30, ("lion", "bear")), "images with their classes"),
        ("bad.zip", b"no zip", "images with their classes"),
    ):
        app = finished(press(upload(app, 0, name, content), "Score them"))
        assert not app.exception
        assert told in app.main.info[0].value and "has no scores yet" in texts(app)
    app = finished(press(upload(app, 0, "mine.csv", table(60)), "Score them"))
    assert not app.exception and not app.main.info
    shown = texts(app)
    assert "Accepts <b>100.0%</b> of the rows" in shown and "of 30; 95% interval" in shown
    assert "Limits are fitted on 30 rows" in shown and "748 labelled rows" in shown
    assert "Limits are fitted on 30 rows and reported on 30 rows" in shown
    answered = next(each for each in app.selectbox if each.label == "Meant to be answered")
    assert answered.options == ["Validation rows", "Test rows"] and answered.value == "test"


def test_a_stop_keeps_nothing_and_says_so(
    rows: OwnNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(*_: Any, progress: Any, **__: Any) -> None:
        while True:
            progress(1, 3)

    monkeypatch.setattr("pages.parts.score_work.score_own", endless)
    app = press(upload(opened(rows), 0, "mine.csv", table(30)), "Score them")
    assert "Stop" in [each.label for each in app.button]
    app = finished(press(app, "Stop"))
    assert "was stopped" in app.main.info[0].value and "has no scores yet" in texts(app)


def test_scores_are_brought_back_and_those_of_another_network_are_refused(
    rows: OwnNetwork, pictures: OwnNetwork, scores: ReferenceScores
) -> None:
    app = opened(pictures)
    app = app.file_uploader[2].set_value(("mine.npz", scores.to_bytes(), "")).run()
    assert not app.exception and "of another network" in app.main.info[0].value
    app = opened(rows)
    app = app.file_uploader[2].set_value(("mine.npz", scores.to_bytes(), "")).run()
    assert not app.exception and not app.main.info
    assert "Accepts <b>100.0%</b> of the rows" in texts(app)


def test_presets_are_fitted_on_the_networks_own_validation_half(
    rows: OwnNetwork, scores: ReferenceScores
) -> None:
    app = press(opened(rows, scores=scores), "95% of validation")
    assert not app.exception
    shown = texts(app)
    assert "<b>95% of validation</b>" in shown
    assert "Fitted on 60 labelled rows that the network" in shown
    assert "Promise 1%: not possible, it takes 374 validation rows and there are 60." in shown
    assert "Fitted on your validation rows" in shown
    policy: Policy = app.session_state[f"policy.current.{ROWS}"]
    assert (policy.num_classes, policy.model_sha256) == (3, rows.sha256)


def test_a_limit_reaches_as_far_as_the_classes(rows: OwnNetwork, scores: ReferenceScores) -> None:
    app = opened(rows, scores=scores, policy="predictive_entropy:0.9", refused="none")
    assert not app.exception and not app.main.info
    assert "predictive entropy up to 0.90 nats" in texts(app)
    field = next(each for each in app.number_input if each.label.startswith("Accept predictive"))
    assert field.max == pytest.approx(np.log(3))
    app = opened(rows, scores=scores, policy="predictive_entropy:1.5")  # of ten classes, not three
    assert any("`policy`" in each.value for each in app.main.info)


def test_each_network_keeps_its_own_policy(rows: OwnNetwork, scores: ReferenceScores) -> None:
    app = opened(rows, scores=scores, policy="predictive_entropy:0.9")
    app.session_state["settings.network"] = "mc"
    app.run()
    assert not app.exception
    shipped = load_default_policy()
    assert shipped is not None and f"<b>{shipped.name}</b>" in texts(app)
    app.session_state["settings.network"] = ROWS
    app.run()
    assert "predictive entropy up to 0.90 nats" in texts(app)


def test_a_policy_of_other_classes_is_refused_and_one_of_another_network_flagged(
    rows: OwnNetwork, scores: ReferenceScores
) -> None:
    app = opened(rows, scores=scores)

    def bring(policy: Policy) -> AppTest:
        content = json.dumps(to_document(policy)).encode()
        field = next(each for each in app.file_uploader if each.label.startswith("A policy"))
        return field.set_value(("p.json", content, "application/json")).run()

    app = bring(Policy({"confidence": 0.8}, name="Ten", num_classes=10))
    assert not app.exception
    assert any("one for a network of 3 classes" in each.value for each in app.main.info)
    assert "accepts every answer" in texts(app)
    app = bring(Policy({"confidence": 0.8}, name="Old", model_sha256="0" * 64, num_classes=3))
    assert "<b>Old</b>" in texts(app) and "was made for another network" in texts(app)


def test_scores_go_with_their_network_and_can_be_made_anew(
    rows: OwnNetwork, pictures: OwnNetwork, scores: ReferenceScores
) -> None:
    app = opened(rows, pictures, scores=scores)
    assert "Accepts <b>" in texts(app)
    other = press(app, "Score other images")
    assert "has no scores yet" in texts(other)

    app = opened(rows, pictures, scores=scores)
    app.session_state["networks.own"] = {PICTURES: pictures}
    app.session_state["settings.network"] = PICTURES
    app.run()
    assert not app.exception and "has no scores yet" in texts(app)


def test_other_passes_than_the_sidebars_are_told(rows: OwnNetwork, scores: ReferenceScores) -> None:
    other = opened(rows, scores=scores, passes="30")
    assert "These scores are of 20 passes, seed 0, and not of those in the sidebar." in texts(
        other
    ).replace("\\", "")


def test_digits_are_offered_to_grey_networks_of_ten_classes_alone(
    mnist_data: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pages.parts.score_images._DIGITS", (40, 80))
    network = own_network(10, frame=Frame(28, 28), title="Digits")
    app = opened(network)
    assert "right only if the ten classes are these" in texts(app)
    app = finished(press(app, "Score the digits"))
    assert not app.exception and "Accepts <b>100.0%</b> of the images" in texts(app)
    app = press(app, "Next")
    assert "Test digit" in texts(app) and "Turn it" in [each.label for each in app.button]
    small = opened(own_network(10, frame=Frame(20, 20, 3)))
    assert "Score the digits" not in [each.label for each in small.button]
