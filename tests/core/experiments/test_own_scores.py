from __future__ import annotations

import dataclasses
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.special import log_softmax

from core.errors import DamagedFileError, InvalidInputError
from core.experiments import ReferenceScores, own_scores, score_twin
from core.experiments.checkpoint import Checkpoint
from core.experiments.default_policy import fit_default_policy, fit_promise
from core.experiments.own_scores import item_of, score_own, split_in_halves
from core.experiments.own_scores_file import load_own_scores
from core.experiments.policy_outcome import policy_outcome
from core.experiments.quantiles import MeasureQuantiles
from core.experiments.scoring import scoring_identity
from core.images import Frame
from core.inference import McSampler, twin_logits
from core.networks.own_network import OwnNetwork
from core.uncertainty import MEASURES, predicted_class
from tests.core.experiments.own_networks import own_network

T, N, M, C = 7, 25, 6, 3


@pytest.fixture(scope="module")
def network() -> OwnNetwork:
    return own_network(C, names=("cat", "<b>dog</b>", "Labrador, black"), noun="breed")


@pytest.fixture(scope="module")
def sampler(network: OwnNetwork) -> McSampler:
    return McSampler(network.model)


@pytest.fixture(scope="module")
def rows() -> np.ndarray:
    return np.random.default_rng(0).random((N, 4), np.float32)


LABELS = np.arange(N) % C


@pytest.fixture(scope="module")
def scores(network: OwnNetwork, sampler: McSampler, rows: np.ndarray) -> ReferenceScores:
    return score_own(network, sampler, rows, LABELS, strangers=rows[:M] + 1, num_samples=T, seed=2)


def test_each_image_is_in_one_half_with_its_own_answer(
    scores: ReferenceScores, sampler: McSampler, rows: np.ndarray
) -> None:
    assert list(scores.sets) == ["validation", "test", "strangers"]
    validation, test = scores.sets["validation"], scores.sets["test"]
    assert (validation.num_images, test.num_images) == (N // 2, N - N // 2)
    assert sorted([*validation.positions, *test.positions]) == list(range(N))
    summary = sampler.summarise(rows, num_samples=T, seed=2)
    for one in (validation, test):
        np.testing.assert_array_equal(one.labels, LABELS[one.positions])
        np.testing.assert_array_equal(one.predicted, predicted_class(summary)[one.positions])
        for name, measure in MEASURES.items():
            found = measure.value(summary)[one.positions]
            np.testing.assert_allclose(one.measures[name], found, atol=1e-5)
    strangers = scores.sets["strangers"]
    assert strangers.num_images == M and not strangers.has_labels


def test_scores_are_told_whose_they_are(scores: ReferenceScores, network: OwnNetwork) -> None:
    assert scores.is_own and scores.num_classes == C and scores.item == "row"
    assert (scores.weights_sha256, scores.identity) == (network.sha256, network.identity)
    assert (scores.num_samples, scores.seed, scores.network) == (T, 2, "Tiny")
    assert item_of(own_network(2, frame=Frame(4, 4))) == "image"
    assert item_of(own_network(2, frame=Frame(4, 4), noun="digit")) == "digit"


def test_blocks_and_batches_change_nothing(
    scores: ReferenceScores,
    network: OwnNetwork,
    sampler: McSampler,
    rows: np.ndarray,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(own_scores, "_BLOCK", 5)
    monkeypatch.setattr(own_scores, "_BATCH_BYTES", 3 * (16 + 72))
    calls: list[tuple[int, int]] = []
    again = score_own(
        network,
        sampler,
        rows,
        LABELS,
        strangers=rows[:M] + 1,
        num_samples=T,
        seed=2,
        progress=lambda *call: calls.append(call),
    )
    assert calls[-1] == (N + M, N + M) and calls == sorted(calls) and len(calls) > 10
    for name, one in scores.sets.items():
        np.testing.assert_array_equal(again.sets[name].positions, one.positions)
        for measure in MEASURES:
            np.testing.assert_allclose(
                again.sets[name].measures[measure], one.measures[measure], atol=1e-5
            )


def test_what_was_done_before_a_stop_is_not_done_again(
    scores: ReferenceScores,
    network: OwnNetwork,
    sampler: McSampler,
    rows: np.ndarray,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(own_scores, "_AT_ONCE", 4)
    checkpoint = Checkpoint.open(None, "scoring", scoring_identity(sampler.weights_checksum, T, 2))
    calls: list[int] = []

    def note(done: int, _: int) -> None:
        calls.append(done)
        if len(calls) == 4:
            raise KeyboardInterrupt

    def run(asked: OwnNetwork) -> ReferenceScores:
        return score_own(
            asked,
            sampler,
            rows,
            LABELS,
            num_samples=T,
            seed=2,
            progress=note,
            checkpoint=checkpoint,
        )

    with pytest.raises(KeyboardInterrupt):
        run(network)
    again = run(network)
    assert calls == [4, 8, 12, 16, 20, 24, 25]  # 12 of one half and 13 of the other
    for name in ("validation", "test"):
        assert again.sets[name].contents_checksum == scores.sets[name].contents_checksum
    other = dataclasses.replace(network, setup=dataclasses.replace(network.setup, bright=9.0))
    run(other)  # the same weights, but not the same answers
    assert len(calls) > 12


def test_bytes_are_scored_as_their_share_of_255(network: OwnNetwork) -> None:
    framed = own_network(C, frame=Frame(4, 4, 3))
    sampler = McSampler(framed.model)
    pixels = np.random.default_rng(1).integers(0, 256, (20, 4, 4, 3), np.uint8)
    found = score_own(framed, sampler, pixels, np.arange(20) % C, num_samples=3)
    same = score_own(
        framed,
        sampler,
        pixels.astype(np.float32) / np.float32(255),
        np.arange(20) % C,
        num_samples=3,
    )
    for name in ("validation", "test"):
        for measure in MEASURES:
            np.testing.assert_allclose(
                found.sets[name].measures[measure], same.sets[name].measures[measure], atol=1e-6
            )
    assert found.sets["test"].log_mean is not None


@pytest.mark.parametrize(
    ("labels", "halved"),
    [
        ([0] * 10 + [1] * 20 + [2] * 4, True),
        ([0] * 10 + [1] * 9 + [2], True),  # one of a class alone
        ([*range(5), *([7] * 10), *([8] * 6)], True),  # several alone
        (list(range(20)), False),  # each alone
        ([*range(10), *range(10), 10], False),  # more classes than a half holds
        ([0] * 20, True),
    ],
)
def test_halves_hold_every_image_once_and_half_of_each_class(
    labels: list[int], halved: bool
) -> None:
    truth = np.array(labels)
    first, second = split_in_halves(truth, 3)
    assert sorted([*first, *second]) == list(range(len(truth)))
    assert len(first) == len(truth) // 2
    assert (np.diff(first) > 0).all() and (np.diff(second) > 0).all()
    if halved:
        for label in np.unique(truth):
            counts = [(truth[half] == label).sum() for half in (first, second)]
            assert abs(counts[0] - counts[1]) <= 2  # one more where a lonely one goes along
    again, other = split_in_halves(truth, 3), split_in_halves(truth, 4)
    assert (again[0] == first).all() and (len(truth) < 20 or (other[0] != first).any())


@pytest.mark.parametrize(
    ("labels", "told"),
    [
        ([0, 1, C] * 7, "classes from 0 to 2"),
        ([0, 1, -1] * 7, "none of the classes"),
        ([0, 1, 2] * 6, "from 20 to"),
        ([0.5] * 21, "whole number"),
        ([0] * 20, "one whole number for each of 21"),
    ],
)
def test_labels_that_cannot_be_are_refused(
    labels: list[Any], told: str, network: OwnNetwork, sampler: McSampler
) -> None:
    num_images = 21 if len(labels) == 20 else len(labels)
    with pytest.raises(InvalidInputError, match=told):
        score_own(network, sampler, np.zeros((num_images, 4), np.float32), labels)


def test_images_of_another_shape_are_refused(network: OwnNetwork, sampler: McSampler) -> None:
    with pytest.raises(InvalidInputError, match=r"shape \(N, 4\)"):
        score_own(network, sampler, np.zeros((21, 5), np.float32), [0, 1, 2] * 7, num_samples=2)


@pytest.mark.parametrize("num_classes", [129, 200, 300])
def test_many_classes_fit_their_type_and_come_back(num_classes: int) -> None:
    network = own_network(num_classes)
    rows = np.random.default_rng(0).random((24, 4), np.float32)
    labels = np.arange(24) + num_classes - 24
    found = score_own(network, McSampler(network.model), rows, labels, num_samples=3)
    test = found.sets["test"]
    assert test.labels.dtype == np.int16 and test.predicted.dtype == np.uint16
    assert test.labels.max() >= num_classes - 3 and test.log_mean is None
    again = load_own_scores(found.to_bytes(), network)
    assert again.to_bytes() == found.to_bytes()
    policy = fit_default_policy(found)
    assert policy.num_classes == num_classes
    assert policy.limits["predictive_entropy"] > np.log(10)  # an untrained network, unsure
    assert policy_outcome(policy, test).committee.num_images == 12


def test_twin_of_every_ending_is_read_to_its_answer(rows: np.ndarray) -> None:
    for ending, num_classes in (("softmax", 3), ("logits", 3), ("sigmoid", 2)):
        network = own_network(num_classes, ending)  # type: ignore[arg-type]
        logits = score_twin(network.model, rows, any_end=True)
        answer = np.asarray(network.model(rows))
        np.testing.assert_allclose(np.exp(log_softmax(logits, axis=1)), answer, atol=1e-6)
        if ending != "sigmoid":
            np.testing.assert_allclose(logits, twin_logits(network.model, rows), atol=1e-6)


def test_twin_whose_softmax_is_no_layer_gives_the_logs_of_its_answer(rows: np.ndarray) -> None:
    import keras

    inputs = keras.Input((4,))
    scores = keras.layers.Dense(3)(keras.layers.Dropout(0.5)(inputs))
    model = keras.Model(inputs, keras.ops.softmax(1000.0 * scores))
    network = own_network(3, model=model)
    with pytest.raises(InvalidInputError):
        twin_logits(network.model, rows)
    logits = score_twin(network.model, rows, any_end=True)
    assert np.isfinite(logits).all()
    np.testing.assert_array_equal(logits.argmax(axis=1), np.asarray(model(rows)).argmax(axis=1))


def test_scores_come_back_as_they_were(
    scores: ReferenceScores, network: OwnNetwork, tmp_path: Path
) -> None:
    scores.save(tmp_path / "own.npz")
    for again in (
        load_own_scores(tmp_path / "own.npz", network),
        load_own_scores(scores.to_bytes(), network),
        load_own_scores(scores.to_bytes()),
    ):
        assert again.to_bytes() == scores.to_bytes()
        assert again.classes == network.setup.classes and again.identity == network.identity
        for name, one in scores.sets.items():
            assert again.sets[name].contents_checksum == one.contents_checksum


def test_scores_of_another_network_or_setup_are_refused(
    scores: ReferenceScores, network: OwnNetwork
) -> None:
    data = scores.to_bytes()
    with pytest.raises(DamagedFileError, match="of another network: the sha256"):
        load_own_scores(data, own_network(C, sha256="cd" * 32))
    other = dataclasses.replace(network, setup=dataclasses.replace(network.setup, bright=255.0))
    with pytest.raises(DamagedFileError, match="set up otherwise"):
        load_own_scores(data, other)


def _changed(data: bytes, change: str) -> bytes:
    arrays: dict[str, Any] = dict(np.load(io.BytesIO(data)))
    document = json.loads(str(arrays["document"]))
    if change == "classes":
        document["num_classes"] = 4
    elif change == "fewer classes":
        document |= {"num_classes": 2, "class_names": ["a", "b"]}
    elif change == "names":
        document["class_names"] = ["a", "b", "b"]
    elif change == "item":
        document["item"] = "<script>"
    elif change == "identity":
        document["identity"] = "no"
    elif change == "schema":
        document["schema"] = 3
    elif change == "shipped":
        document["schema"] = 1
    elif change == "range":
        arrays["measure_variance"][0] = 0.3
    elif change == "negative":
        arrays["measure_mutual_information"][0] = -1.0
    elif change == "labels":
        arrays["labels"][-1] = -2
    elif change == "unlabelled":
        arrays["labels"][0] = -1
    elif change == "sets":
        document["sets"][0]["name"] = "vali"
    arrays["document"] = np.array(json.dumps(document))
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "change",
    [
        "classes", "fewer classes", "names", "item", "identity", "schema", "shipped", "range",
        "negative", "labels", "unlabelled", "sets",
    ],
)  # fmt: skip
def test_files_that_cannot_be_are_refused(
    change: str, scores: ReferenceScores, network: OwnNetwork
) -> None:
    with pytest.raises(DamagedFileError, match="cannot be used"):
        load_own_scores(_changed(scores.to_bytes(), change), network)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"no zip"])
def test_what_is_no_file_of_scores_is_refused(data: bytes, network: OwnNetwork) -> None:
    with pytest.raises(DamagedFileError, match="cannot be used"):
        load_own_scores(data, network)


def test_policies_are_tied_to_the_network_and_say_what_they_were_fitted_on(
    scores: ReferenceScores,
) -> None:
    policy = fit_default_policy(scores)
    assert (policy.model_sha256, policy.num_classes) == (scores.weights_sha256, C)
    assert "12 labelled rows" in policy.provenance.data
    assert "MNIST" not in str(policy) and "digit" not in str(policy)
    assert fit_promise(scores, target=0.01) is None  # far too few
    lax = fit_promise(scores, target=0.99, confidence=0.5)
    assert lax is not None and "rows like those" in lax.provenance.guarantee


def test_quantiles_are_of_the_reported_half(scores: ReferenceScores) -> None:
    quantiles = MeasureQuantiles.from_reference(scores)
    values = np.sort(scores.sets["test"].measures["predictive_entropy"].astype(float))
    assert quantiles.share_below("predictive_entropy", values[-1] + 0.1) == 1.0
    middle = float((values[5] + values[6]) / 2)
    assert quantiles.share_below("predictive_entropy", middle) == pytest.approx(6 / 13, abs=0.05)
    with pytest.raises(InvalidInputError):
        MeasureQuantiles.from_reference(scores, "kmnist")
