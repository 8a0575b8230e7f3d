"""Inspection in a process of its own: what comes back, and what ends it."""

from __future__ import annotations

import io
import json
import os
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import h5py
import keras
import pytest
from keras import layers

from core.errors import DamagedFileError, InvalidInputError, LabradorError
from core.images import Frame
from core.networks import inspection
from core.networks.archive_check import ModelArchive, read_archive
from core.networks.inspection import inspect_model
from core.networks.model_report import ModelReport
from tests.core.networks.made_models import made, save

SECRET = "LABRADOR_TEST_SECRET"


def _linking(folder: Path) -> bytes:
    """Return a model whose weights are a link to a file of another's."""
    with h5py.File(folder / "secret.h5", "w") as secret:
        secret["vars/0"] = [1.0, 2.0]
    archive = read_archive(save(made("logits"), folder).read_bytes())
    stream = io.BytesIO(archive.weights)
    with h5py.File(stream, "a") as file:
        del file["layers"]
        file["layers"] = h5py.ExternalLink(str(folder / "secret.h5"), "/vars")
    return ModelArchive(archive.metadata, archive.config, stream.getvalue()).packed()


def _without_weights(model: keras.Model) -> bytes:
    """Return a model without its weights: it is built before they are read."""
    stream = io.BytesIO()
    with h5py.File(stream, "w"):
        pass
    config = json.dumps(keras.saving.serialize_keras_object(model)).encode()
    metadata = b'{"keras_version": "3.15.1", "date_saved": "today"}'
    return ModelArchive(metadata, config, stream.getvalue()).packed()


def _enormous() -> bytes:
    """Return a model of 15 GB in a file of 2 kB."""
    small = keras.Sequential([keras.Input((4,)), layers.Dense(5), layers.Dense(6, "softmax")])
    content = read_archive(_without_weights(small))
    config = content.config.replace(b'"units": 5', b'"units": 60000')
    config = config.replace(b'"units": 6,', b'"units": 60001,').replace(
        b'{"input_shape": [null, 5]}', b'{"input_shape": [null, 60000]}'
    )
    return ModelArchive(content.metadata, config, content.weights).packed()


def _endless(folder: Path) -> bytes:
    """Return a small model that takes minutes for one pass."""
    rows = keras.Input((9,))
    steps = layers.RepeatVector(200_000)(rows)
    end = layers.SimpleRNN(2, activation="softmax")(layers.Dropout(0.5)(steps))
    return save(keras.Model(rows, end, name="endless"), folder).read_bytes()


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """What came of some inspections, side by side: each starts TensorFlow anew."""
    folder, scratch = tmp_path_factory.mktemp("made"), tmp_path_factory.mktemp("scratch")
    files: dict[str, tuple[bytes, dict[str, Any]]] = {
        "residual": (save(made("residual"), folder).read_bytes(), {}),
        "linking": (_linking(folder), {}),
        "enormous": (_enormous(), {"memory_bytes": 2**30}),
        "endless": (_endless(folder), {"seconds": 10.0}),
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(scratch))
        patch.setenv(SECRET, "hunter2")

        def outcome(name: str) -> ModelReport | LabradorError:
            content, limits = files[name]
            try:
                return inspect_model(content, f"{name}.keras", **limits)
            except LabradorError as error:
                return error

        with ThreadPoolExecutor(len(files)) as pool:
            found: dict[str, Any] = dict(zip(files, pool.map(outcome, files), strict=True))
        found["left behind"] = [path.name for path in scratch.iterdir()]
        yield found


def test_an_honest_model_comes_back_as_a_report(outcomes: dict[str, Any]) -> None:
    report = outcomes["residual"]

    assert isinstance(report, ModelReport)
    assert (report.name, report.refusal) == ("residual", "")
    assert (report.frame, report.ending, report.num_classes) == (Frame(12, 12), "softmax", 5)
    assert report.passes_differ and report.batch_norm_still and report.num_batch_norms == 1
    assert report.milliseconds and report.tiled_milliseconds
    assert "runs as masks times responses" in report.plan
    assert len(report.sha256) == 64 and report.num_bytes > 1_000


def test_weights_that_link_to_another_file_are_refused_there(outcomes: dict[str, Any]) -> None:
    error = outcomes["linking"]

    assert isinstance(error, InvalidInputError)
    assert error.argument == "model file linking.keras"
    assert error.received == "layers, a link to somewhere else"
    assert error.advice.startswith("Save it with")


def test_a_model_that_takes_too_much_memory_is_ended(outcomes: dict[str, Any]) -> None:
    error = outcomes["enormous"]

    assert isinstance(error, InvalidInputError), error
    assert error.expected == "a model that can be loaded and tried out in 1,024 MiB of memory"
    assert error.received == "one that takes more"


def test_a_model_that_takes_for_ever_is_ended(outcomes: dict[str, Any]) -> None:
    error = outcomes["endless"]

    assert isinstance(error, InvalidInputError), error
    assert error.expected == "a model that can be loaded and tried out in 10 s"
    assert "with the library" in error.advice


def test_nothing_is_left_behind(outcomes: dict[str, Any]) -> None:
    assert outcomes["left behind"] == []


def test_hostile_files_start_no_process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(inspection, "_ask", lambda *_: pytest.fail("a process was started"))
    archive = read_archive(save(made("logits"), tmp_path).read_bytes())
    lambda_ = archive.config.replace(b'"Flatten"', b'"Lambda"')

    with pytest.raises(InvalidInputError, match=r"model file bad\.keras.*keras\.layers\.Lambda"):
        inspect_model(
            ModelArchive(archive.metadata, lambda_, archive.weights).packed(), "bad.keras"
        )
    with pytest.raises(DamagedFileError, match=r"<b>bad</b>\.keras: The model file is damaged"):
        inspect_model(archive.packed()[:-50], "<b>bad</b>.keras")


def test_a_lambda_layer_that_would_write_a_file_does_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    written = tmp_path / "written"
    monkeypatch.setenv("LABRADOR_TEST_LAMBDA", str(written))
    write = layers.Lambda(
        lambda x: (__import__("os").mkdir(__import__("os").environ["LABRADOR_TEST_LAMBDA"]), x)[1]
    )
    model = keras.Sequential([keras.Input((4,)), write, layers.Dense(2)], name="bad")
    written.rmdir()  # it has run as the model was built
    path = save(model, tmp_path)

    with pytest.raises(InvalidInputError, match="A Lambda is code, and would run here"):
        inspect_model(path)

    assert not written.exists()
    keras.saving.load_model(path, compile=False, safe_mode=False)
    assert written.exists()  # where nobody looks first, it runs


def test_the_process_sees_no_secret_no_gpu_and_no_home(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(SECRET, "hunter2")
    monkeypatch.setenv("HOME", "/home/somebody")

    seen = inspection._environment(tmp_path)

    assert SECRET not in seen and "hunter2" not in seen.values()
    assert seen["HOME"] == seen["TMPDIR"] == str(tmp_path)
    assert seen["CUDA_VISIBLE_DEVICES"] == ""
    assert Path(seen["PYTHONPATH"].split(os.pathsep)[0], "core").is_dir()


def test_two_at_a_time_are_inspected(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    content = save(made("sigmoid"), tmp_path).read_bytes()
    at_once, most = 0, 0
    lock, third = threading.Lock(), threading.Event()

    def ask(*_: object) -> bytes:
        nonlocal at_once, most
        with lock:
            at_once += 1
            most = max(most, at_once)
        third.wait(0.2)  # which never comes
        with lock:
            at_once -= 1
        return b'{"damaged": "no model"}'

    monkeypatch.setattr(inspection, "_ask", ask)

    def inspect(_: int) -> str:
        with pytest.raises(DamagedFileError) as damaged:
            inspect_model(content)
        return str(damaged.value)

    with ThreadPoolExecutor(5) as pool:
        assert set(pool.map(inspect, range(5))) == {"model.keras: no model"}
    assert most == 2


Answers = dict[bytes, tuple[type[LabradorError], str]]
ANSWERS: Answers = {
    b"": (DamagedFileError, "could not be inspected"),
    b"[]": (DamagedFileError, "could not be inspected"),
    b"no JSON": (DamagedFileError, "could not be inspected"),
    b'{"failed": "KeyError"}': (DamagedFileError, r"could not be inspected \(KeyError\)"),
    b'{"report": {}}': (DamagedFileError, "gave no report"),
    b'{"report": 1}': (DamagedFileError, "gave no report"),
    b'{"out_of_memory": true}': (InvalidInputError, "2,048 MiB of memory"),
    b'{"damaged": "broken"}': (DamagedFileError, "broken"),
    b'{"refused": {"argument": "model file", "expected": "a", "received": "b", "advice": "c"}}': (
        InvalidInputError,
        "Expected a. Received: b. c",
    ),
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_is_a_report_or_an_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, answer: bytes
) -> None:
    monkeypatch.setattr(inspection, "_ask", lambda *_: answer)
    kind, told = ANSWERS[answer]

    with pytest.raises(kind, match=told):
        inspect_model(save(made("sigmoid"), tmp_path))


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (-24, "180 s of a processor"),
        (-6, "MiB of memory"),
        (-9, "MiB of memory"),
        (1, "of its own"),
    ],
)
def test_a_process_that_ended_says_by_how_which_limit_it_met(code: int, told: str) -> None:
    assert told in inspection._ended(code, 90.0, 2**31).expected


def test_a_path_that_is_no_model_is_refused(tmp_path: Path) -> None:
    wrong: list[tuple[Path, Callable[[Path], object]]] = [
        (tmp_path / "none.keras", lambda path: None),
        (tmp_path / "model.h5", lambda path: path.write_bytes(b"x")),
        (tmp_path / "folder.keras", lambda path: path.mkdir()),
    ]
    for path, make in wrong:
        make(path)
        with pytest.raises(InvalidInputError, match=r"ends in \.keras"):
            inspect_model(path)
