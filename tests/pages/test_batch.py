"""Batch: files in, answers out. The browser's side is in tests/e2e."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from core.images import Frame, render_ink, write_digit
from core.networks.model_report import ModelReport
from core.networks.own_network import OwnNetwork, Setup, as_classifier
from core.uncertainty.classes import Classes
from pages.parts.batch_kept import KeptBatch
from tests.pages.test_pages import APP, run, texts

LAX, STRICT = "predictive_entropy:2.2", "predictive_entropy:0.0"


def picture(digit: int) -> bytes:
    file = io.BytesIO()
    ink = np.round(255 * (1 - render_ink(write_digit(digit, 4), 60))).astype(np.uint8)
    Image.fromarray(ink).save(file, "PNG")
    return file.getvalue()


def a_zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for digit in (3, 7):
            archive.writestr(f"{digit}/<b>{digit}<b>.png", picture(digit))
        archive.writestr("2/wrongly named.png", picture(7))
        archive.writestr("broken.png", picture(7)[:70])
    return file.getvalue()


def ended(app: AppTest) -> AppTest:
    """Return the app when its batch has come to its end."""
    if "batch.job" not in app.session_state:
        return app  # it came to its end before the page was whole
    app.session_state["batch.job"].wait(60)
    return app.run()


def asked(*files: tuple[str, bytes, str], **link: str) -> AppTest:
    app = run("batch", **{"passes": "20", "policy": LAX, **link})
    for name, data, kind in files:
        app.file_uploader[0].upload(name, data, kind)
    app.run()
    app.button(key="batch.run").click().run()
    return ended(app)


def next_of(values: Any) -> str:
    """The one value of a cell that could hold several."""
    (value,) = values
    return str(value)


def table(app: AppTest) -> Any:
    return app.dataframe[0].value


@pytest.fixture(scope="module")
def zipped() -> AppTest:
    return asked(("digits.zip", a_zip(), "application/zip"))


def test_page_starts_with_nothing_to_run() -> None:
    app = run("batch")
    assert not app.exception and app.button(key="batch.run").disabled
    assert not app.dataframe and "digits" in app.button(key="batch.example").label
    assert app.segmented_control[0].value == "Ink centred"


def test_zip_with_a_broken_picture_is_a_table_with_a_row_that_says_why(zipped: AppTest) -> None:
    assert not zipped.exception
    shown = texts(zipped)
    assert "Of 3 images <b>3</b> are accepted, <b>1</b> of them wrong." in shown
    assert "1 could not be read" in shown and "2 of 3, 95% interval" in shown and "twin" in shown
    rows = table(zipped)
    assert list(rows["Name"])[-1] == "broken.png" and "cannot be decoded" in list(rows["Why"])[-1]
    assert sorted(rows["Name"])[1] == "3/<b>3<b>.png"
    assert zipped.code[-1].value == (
        "python -m core predict FOLDER --num-samples 20 --policy POLICY.json --out scores.parquet"
    )
    assert "<figure" in shown and "&lt;b&gt;3&lt;b&gt;.png" in shown and "<b>3<b>.png" not in shown


def test_filters_and_order_choose_the_rows(zipped: AppTest) -> None:
    verdict = next(each for each in zipped.segmented_control if each.label == "Verdict")
    assert verdict.options == ["All 4", "Accepted 3", "I don’t know 0", "Wrong 1", "Not read 1"]
    verdict.set_value("wrong").run()
    assert list(table(zipped)["Name"]) == ["2/wrongly named.png"]
    next(each for each in zipped.text_input).set_value("nothing like it").run()
    assert not zipped.dataframe and "No such image." in texts(zipped)
    next(each for each in zipped.text_input).set_value("WRONG").run()
    assert len(table(zipped)) == 1
    next(each for each in zipped.text_input).set_value("").run()
    next(each for each in zipped.segmented_control if each.label == "Verdict").set_value("all")
    next(each for each in zipped.selectbox if each.label == "Most uncertain by").set_value(
        "variance"
    ).run()
    rows = table(zipped)
    assert len(rows) == 4 and "by variance" in texts(zipped)
    values = list(rows["Variance"])[:-1]
    assert values == sorted(values, reverse=True)


def test_what_could_not_be_read_can_be_looked_at_alone(zipped: AppTest) -> None:
    verdict = next(each for each in zipped.segmented_control if each.label == "Verdict")
    verdict.set_value("unread").run()
    assert not zipped.exception
    next(each for each in zipped.segmented_control if each.label == "Verdict").set_value(
        "all"
    ).run()


def test_verdicts_follow_another_policy_without_a_pass(zipped: AppTest) -> None:
    kept: KeptBatch = zipped.session_state["batch.kept"]
    zipped.query_params["policy"] = STRICT
    zipped.run()
    shown = texts(zipped)
    assert "Of 3 images <b>none</b> is accepted" in shown
    assert "goes to <b>the one</b> wrong answer; the price: <b>2</b> right ones" in shown
    assert zipped.session_state["batch.kept"] is kept
    assert [*table(zipped)["Verdict"].map(next_of)] == [
        "I don’t know", "I don’t know", "I don’t know", "could not be read",
    ]  # fmt: skip
    zipped.query_params["policy"] = LAX
    zipped.run()


def test_other_settings_are_said_not_to_be_those_of_the_answers(zipped: AppTest) -> None:
    zipped.sidebar.number_input[0].set_value(30).run()
    assert "These are answers of 20 passes, seed 0" in texts(zipped)
    zipped.sidebar.number_input[0].set_value(20).run()
    assert "These are answers of" not in texts(zipped)


def test_the_example_runs_without_files_of_ones_own() -> None:
    app = run("batch", passes="5", policy=LAX)
    app.button(key="batch.example").click().run()
    # One at a time.
    assert app.button(key="batch.example").disabled == ("batch.job" in app.session_state)
    ended(app)
    assert not app.exception and not app.button(key="batch.example").disabled
    assert len(table(app)) == 100 and "Of 100 images" in texts(app)


def test_a_batch_that_is_stopped_keeps_what_is_done() -> None:
    app = run("batch", passes="400", policy=LAX)
    app.button(key="batch.example").click().run()
    if "batch.job" in app.session_state:
        app.session_state["batch.job"].stop()
    ended(app)
    assert not app.exception
    if "batch.kept" not in app.session_state:
        assert "Stopped before the first images were answered." in texts(app)
    elif len(table(app)) < 100:  # it was no faster than the stop
        assert "stopped, of 100" in texts(app)


def test_nothing_that_can_be_read_is_a_page_that_says_so() -> None:
    app = asked(("a.png", b"no picture", "image/png"), ("b.csv", b"1,2\n", "text/csv"))
    assert not app.exception and "None of it could be read" in texts(app)
    assert list(table(app)["Name"]) == ["a.png", "b.csv"]
    assert "784 columns" in list(table(app)["Why"])[1] and "<figure" not in texts(app)


def own_network(shape: tuple[int, ...], frame: Frame | None, names: tuple[str, ...]) -> OwnNetwork:
    """A network of somebody's own, untrained."""
    import keras

    keras.utils.set_random_seed(0)
    layers = [keras.layers.Dropout(0.5), keras.layers.Dense(len(names), activation="softmax")]
    model = keras.Sequential([keras.Input(shape), keras.layers.Flatten(), *layers])
    setup = Setup(frame, Classes(names))
    report = ModelReport(
        name="m", sha256="cd" * 32, num_bytes=1, num_parameters=1, architecture=(),
        input_shape=shape, frame=frame, frame_is_guess=False, input_range=(0, 1), range_why="",
        ending="softmax", num_classes=len(names), stochastic=(), passes_differ=True,
        num_batch_norms=0, batch_norm_still=True, plan="", milliseconds=None,
        tiled_milliseconds=None,
    )  # fmt: skip
    return OwnNetwork("mine", report, setup, as_classifier(model, setup, "softmax"))


def asked_own(network: OwnNetwork, name: str, data: bytes) -> AppTest:
    app = AppTest.from_file(APP, default_timeout=120)
    app.session_state["networks.own"] = {"own-cd": network}
    app.session_state["settings.network"] = "own-cd"
    app.session_state["settings.passes"] = 20
    app.switch_page("pages/batch.py").run()
    assert not app.exception
    app.file_uploader[0].upload(name, data)
    app.run()
    app.button(key="batch.run").click().run()
    return ended(app)


def test_a_network_of_ones_own_is_asked_in_its_own_frame_and_words() -> None:
    network = own_network((8, 6, 3), Frame(8, 6, 3), ("cat", "<i>dog", "Labrador"))
    file = io.BytesIO()
    Image.new("RGB", (60, 80), (200, 30, 90)).save(file, "PNG")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("labrador/a.png", file.getvalue())
    app = asked_own(network, "pets.zip", packed.getvalue())
    assert not app.exception
    # Ink is centred in small grey frames only, so there is no choice.
    assert all(each.label != "Pictures" for each in app.segmented_control)
    (row,) = table(app).to_dict("records")
    assert row["Label"] == "Labrador" and row["Answer"] in network.setup.classes.names
    shown = texts(app)
    assert "<i>dog" not in shown and "Without a policy every answer to 1 image is accepted" in shown


def test_a_network_that_takes_rows_has_a_table_without_pictures() -> None:
    network = own_network((4,), None, ("no", "yes"))
    app = asked_own(network, "x.csv", b"a,b,c,d,label\n1,2,3,4,yes\n5,6,7,x,no\n")
    assert not app.exception and "<figure" not in texts(app)
    assert not [each for each in app.button if each.key == "batch.example"]
    rows = table(app)
    assert list(rows["Name"]) == ["row 1", "row 2"] and rows.columns[0] == "Name"
    assert rows["Label"][0] == "yes" and "no numbers" in rows["Why"][1]
