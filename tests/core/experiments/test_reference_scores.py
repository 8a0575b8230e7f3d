from __future__ import annotations

import dataclasses
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.errors import DamagedFileError, InvalidInputError, MissingDataError
from core.experiments import (
    REFERENCE_SETS,
    ReferenceScores,
    SetScores,
    load_reference,
    negative_log_likelihood,
    reference_path,
)
from core.images import find_mnist
from core.images.kmnist import KMNIST_CHECKSUM
from core.images.pen_digits import PEN_DIGITS_CHECKSUM
from core.images.sources import TEST_CHECKSUM, TRAIN_CHECKSUM
from core.networks import MEAN_SOFTMAX, ONE_PASS, NetworkCard, load_card, models_folder
from core.uncertainty import MEASURES, TWIN_MEASURES

C = 3


@pytest.fixture(scope="module")
def card() -> NetworkCard:
    return load_card("mc")


def _set(name: str, num_images: int, distributions: bool) -> SetScores:
    rng = np.random.default_rng(num_images)
    logs = np.log(rng.dirichlet(np.ones(C), num_images)).astype(np.float16)
    return SetScores(
        name=name,
        checksum=f"sha of {name}",
        positions=rng.integers(0, 60_000, num_images).astype(np.uint16),
        labels=rng.integers(-1, C, num_images).astype(np.int8),
        predicted=rng.integers(0, C, num_images).astype(np.uint8),
        runner_up=rng.integers(0, C, num_images).astype(np.uint8),
        measures={key: rng.random(num_images, np.float32) for key in MEASURES},
        twin_predicted=rng.integers(0, C, num_images).astype(np.uint8),
        twin_measures={key: rng.random(num_images, np.float32) for key in TWIN_MEASURES},
        log_mean=logs if distributions else None,
        twin_log_softmax=2 * logs if distributions else None,
    )


@pytest.fixture(scope="module")
def scores(card: NetworkCard) -> ReferenceScores:
    sets = [_set("validation", 5, True), _set("kmnist", 4, False), _set("test", 7, True)]
    return ReferenceScores(
        "mc", card.weights_sha256, num_samples=9, seed=3, sets={one.name: one for one in sets}
    )


@pytest.fixture(scope="module")
def shipped() -> ReferenceScores:
    return load_reference("mc")


def test_saved_and_loaded_is_the_same_set_by_set(
    scores: ReferenceScores, card: NetworkCard, tmp_path: Path
) -> None:
    path = reference_path("mc", tmp_path)
    scores.save(path)

    loaded = ReferenceScores.load(path, card)

    assert path.name == "mc.reference.npz"
    assert (loaded.network, loaded.num_samples, loaded.seed) == ("mc", 9, 3)
    assert loaded.num_images == 16 and list(loaded.sets) == ["validation", "kmnist", "test"]
    for name, one in scores.sets.items():
        other = loaded.sets[name]
        assert other.checksum == one.checksum
        for field in dataclasses.fields(SetScores):
            left, right = getattr(one, field.name), getattr(other, field.name)
            if isinstance(left, dict):
                for key in left:
                    np.testing.assert_array_equal(right[key], left[key])
            elif isinstance(left, np.ndarray):
                np.testing.assert_array_equal(right, left)
                assert right.dtype == left.dtype
            else:
                assert right == left


def test_what_is_loaded_cannot_be_changed(
    scores: ReferenceScores, card: NetworkCard, tmp_path: Path
) -> None:
    scores.save(tmp_path / "file.npz")
    loaded = ReferenceScores.load(tmp_path / "file.npz", card)

    with pytest.raises(ValueError, match="read-only"):
        loaded.sets["test"].measures["variance"][0] = 1.0


def test_the_same_scores_are_the_same_file(scores: ReferenceScores, tmp_path: Path) -> None:
    scores.save(tmp_path / "a.npz")
    scores.save(tmp_path / "b.npz")

    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


def test_no_sets_and_a_set_under_another_name_are_refused(scores: ReferenceScores) -> None:
    with pytest.raises(InvalidInputError, match="sets"):
        dataclasses.replace(scores, sets={})
    with pytest.raises(InvalidInputError, match="sets"):
        dataclasses.replace(scores, sets={"test": scores.sets["kmnist"]})


def test_scores_of_other_weights_are_refused(
    scores: ReferenceScores, card: NetworkCard, tmp_path: Path
) -> None:
    path = tmp_path / "mc.reference.npz"
    dataclasses.replace(scores, weights_sha256="0" * 64).save(path)

    with pytest.raises(DamagedFileError, match=r"other weights.*score --network mc"):
        ReferenceScores.load(path, card)


def test_missing_scores_are_told_with_the_command_that_makes_them(
    card: NetworkCard, tmp_path: Path
) -> None:
    with pytest.raises(MissingDataError, match=r"mc\.reference\.npz.*score --network mc"):
        ReferenceScores.load(tmp_path / "mc.reference.npz", card)


def _damage(content: bytes, change: str) -> bytes:
    if change == "truncate":
        return content[: len(content) // 2]
    if change == "text":
        return b"not a zip"
    arrays: dict[str, Any] = dict(np.load(io.BytesIO(content)))
    document = json.loads(str(arrays["document"]))
    if change == "no array":
        del arrays["twin_entropy"]
    elif change == "short":
        arrays["labels"] = arrays["labels"][:-1]
    elif change == "long":
        arrays["labels"] = np.append(arrays["labels"], np.int8(0))
    elif change == "type":
        arrays["predicted"] = arrays["predicted"].astype(float)
    elif change == "nan":
        arrays["measure_variance"][3] = np.nan
    elif change == "schema":
        document["schema"] = 2
    elif change == "size":
        document["sets"][0]["num_images"] = -1
    elif change == "sets":
        document["sets"] = []
    elif change == "list":
        document = []
    elif change == "weights":
        document["weights_sha256"] = None
    arrays["document"] = np.array(json.dumps(document))
    if change == "no document":
        del arrays["document"]
    buffer = io.BytesIO()
    if change == "pickle":
        arrays["labels"] = np.array([{}], dtype=object)
        np.savez(buffer, **arrays)
    elif change == "single array":
        np.save(buffer, arrays["labels"])
    else:
        np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "change",
    [
        "truncate",
        "text",
        "no array",
        "short",
        "long",
        "type",
        "nan",
        "schema",
        "size",
        "sets",
        "list",
        "weights",
        "no document",
        "pickle",
        "single array",
    ],
)
def test_damaged_scores_are_refused(
    scores: ReferenceScores, card: NetworkCard, tmp_path: Path, change: str
) -> None:
    path = tmp_path / "mc.reference.npz"
    scores.save(path)
    path.write_bytes(_damage(path.read_bytes(), change))

    with pytest.raises(DamagedFileError, match=r"mc\.reference\.npz are damaged.*score"):
        ReferenceScores.load(path, card)


def test_loading_shipped_scores_does_without_tensorflow() -> None:
    code = (
        "import sys; from core.experiments import load_reference; load_reference();"
        " print('tensorflow' in sys.modules, 'keras' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=models_folder().parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["False", "False"]


def test_shipped_scores_hold_every_set_at_a_thousand_passes(
    shipped: ReferenceScores, card: NetworkCard
) -> None:
    assert shipped.weights_sha256 == card.weights_sha256
    assert (shipped.num_samples, shipped.seed) == (1_000, 0)
    assert tuple(shipped.sets) == REFERENCE_SETS
    sizes = {name: one.num_images for name, one in shipped.sets.items()}
    rotated = {name: 1_000 for name in REFERENCE_SETS if name.startswith("rotated")}
    others = {"validation": 10_000, "test": 10_000, "kmnist": 10_000, "pen-digits": 7_494}
    assert sizes == {**rotated, **others}
    assert reference_path("mc").stat().st_size < 3 * 2**20
    for name, one in shipped.sets.items():
        assert one.has_labels == (name != "kmnist")
        assert (one.predicted != one.runner_up).all()
        for measure in MEASURES.values():
            values = one.measures[measure.name]
            assert values.min() >= 0.0 and values.max() <= measure.upper(10) + 1e-6


def test_shipped_scores_are_of_the_data_that_are_known(shipped: ReferenceScores) -> None:
    checksums = {name: one.checksum for name, one in shipped.sets.items()}

    assert checksums.pop("validation") == TRAIN_CHECKSUM
    assert checksums.pop("kmnist") == KMNIST_CHECKSUM
    assert checksums.pop("pen-digits") == PEN_DIGITS_CHECKSUM
    assert set(checksums.values()) == {TEST_CHECKSUM}


@pytest.mark.parametrize("name", ["validation", "test"])
def test_shipped_scores_give_accuracy_and_nll_of_the_card(
    shipped: ReferenceScores, card: NetworkCard, name: str
) -> None:
    one = shipped.sets[name]
    for method, right, logs in (
        (MEAN_SOFTMAX, one.right, one.log_mean),
        (ONE_PASS, one.twin_right, one.twin_log_softmax),
    ):
        metric = card.metric(name, method)
        assert metric is not None and logs is not None and logs.shape == (10_000, 10)
        assert right.mean() == pytest.approx(metric.accuracy, abs=1e-12)
        probs = np.exp(logs.astype(np.float64))
        assert negative_log_likelihood(probs, one.labels) == pytest.approx(metric.nll, abs=1e-4)
        np.testing.assert_allclose(probs.sum(axis=1), 1.0, atol=2e-3)


def test_shipped_twin_has_hardly_a_tie_where_its_softmax_has_thousands(
    shipped: ReferenceScores,
) -> None:
    one = shipped.sets["test"]
    softmax = 1.0 / (1.0 + np.exp(-one.twin_measures["log_odds"].astype(np.float64)))

    assert (softmax.astype(np.float32) == 1.0).mean() > 0.2
    for name in TWIN_MEASURES:
        assert len(np.unique(one.twin_measures[name])) > 9_900


def test_shipped_scores_are_those_of_the_network_itself(shipped: ReferenceScores) -> None:
    if find_mnist() is None:
        pytest.skip("MNIST is not on this machine")
    from core.experiments import load_reference_data, score, score_twin, set_scores
    from core.inference import McSampler
    from core.networks import load_network

    model = load_network("mc").model
    for name in ("test", "rotated-75"):
        data = load_reference_data(name, limit=3)
        found = score(McSampler(model), data.images, num_samples=1_000, seed=0)
        again, kept = set_scores(data, found, score_twin(model, data.images)), shipped.sets[name]
        np.testing.assert_array_equal(again.positions, kept.positions[:3])
        np.testing.assert_array_equal(again.labels, kept.labels[:3])
        np.testing.assert_array_equal(again.predicted, kept.predicted[:3])
        for key in MEASURES:
            np.testing.assert_allclose(again.measures[key], kept.measures[key][:3], atol=2e-5)
        np.testing.assert_allclose(
            again.twin_measures["log_odds"], kept.twin_measures["log_odds"][:3], atol=1e-3
        )
