from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.errors import DamagedFileError, InvalidInputError, MissingDataError
from core.experiments import (
    complete_rivals,
    fit_rivals,
    load_reference_data,
    load_rivals,
    rivals,
    rivals_path,
    save_rivals,
    score_rivals,
)
from core.inference import twin_features
from core.networks import Network, load_network
from core.uncertainty import RIVALS, FittedRivals, auroc
from tests.core.experiments.rivals_networks import C, F, images_of_classes, store_small_network

# Keras 3.15 saves weights through an interface that NumPy 2.4 frowns upon.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

N, M = 90, 30


@pytest.fixture(scope="module", params=[0.5, 0.0], ids=["dropout", "plain"])
def network(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Network:
    return store_small_network(tmp_path_factory.mktemp("models"), rate=request.param)


def _batch(images: np.ndarray) -> np.ndarray:
    return (images / 255.0).astype(np.float32)[..., None]


def test_rivals_are_fitted_on_the_features_of_the_training_images_alone(network: Network) -> None:
    (images, labels), (others, _) = images_of_classes(N, 1), images_of_classes(M, 2)
    features, _ = twin_features(network.model, _batch(images))
    expected = FittedRivals.fit(features, labels, C)

    fitted = fit_rivals(network, images[..., None], labels, others[..., None])

    assert (fitted.network, fitted.num_images) == ("small", N)
    assert fitted.weights_sha256 == network.card.weights_sha256
    points, _ = twin_features(network.model, _batch(others))
    for part in ("certificates", "mahalanobis"):
        mine, theirs = getattr(fitted.fitted, part), getattr(expected, part)
        np.testing.assert_allclose(mine.scores(points), theirs.scores(points), rtol=1e-4)
    scores = expected.scores(*twin_features(network.model, _batch(others)))
    for name, one in fitted.distributions.items():
        assert one.num_images == M
        np.testing.assert_allclose(one.values, np.sort(scores[name]), rtol=1e-4)


def test_scores_are_of_one_pass_and_the_scale_of_bytes_is_seen_to(network: Network) -> None:
    images, labels = images_of_classes(N, 1)
    fitted = fit_rivals(network, images[..., None], labels, images[:M, ..., None])
    expected = fitted.fitted.scores(*twin_features(network.model, _batch(images)))

    for given in (images[..., None], _batch(images)):
        scores = score_rivals(fitted, network.model, given)
        assert list(scores) == list(RIVALS)
        for name in RIVALS:
            np.testing.assert_allclose(scores[name], expected[name], rtol=1e-4)


def test_parts_do_not_show_and_progress_counts_all_images(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    (images, labels), (others, _) = images_of_classes(N, 1), images_of_classes(M, 2)
    whole = fit_rivals(network, _batch(images), labels, _batch(others))
    seen: list[tuple[int, int]] = []
    monkeypatch.setattr(rivals, "_AT_A_TIME", 40)

    parted = fit_rivals(
        network, _batch(images), labels, _batch(others), lambda *at: seen.append(at)
    )

    assert seen == [(40, 120), (80, 120), (90, 120), (120, 120)]
    points, _ = images_of_classes(7, 3)
    scores = score_rivals(parted, network.model, points[..., None])
    for name, expected in score_rivals(whole, network.model, points[..., None]).items():
        np.testing.assert_allclose(scores[name], expected, rtol=1e-3)


def test_share_below_is_that_of_the_validation_images(network: Network) -> None:
    (images, labels), (others, _) = images_of_classes(N, 1), images_of_classes(M, 2)
    fitted = fit_rivals(network, _batch(images), labels, _batch(others))
    scores = score_rivals(fitted, network.model, _batch(others))

    for name in RIVALS:
        ordered = np.sort(scores[name])
        assert fitted.share_below(name, ordered[0] - 1.0) == 0.0
        assert fitted.share_below(name, ordered[-1] + 1.0) == 1.0
        middle = (ordered[9] + ordered[10]) / 2.0
        assert fitted.share_below(name, middle) == pytest.approx(10 / M)


def test_bad_images_and_labels_are_refused(network: Network) -> None:
    images, labels = images_of_classes(N, 1)
    fitted = fit_rivals(network, _batch(images), labels, _batch(images))

    def fit(*changed: Any) -> None:
        fit_rivals(network, *changed)

    good = _batch(images)
    with pytest.raises(InvalidInputError, match=r"labels.*one for each of 90 images.*89"):
        fit(good, labels[1:], good)
    with pytest.raises(InvalidInputError, match=r"labels.*none of class 2\."):
        fit(good[labels != 2], labels[labels != 2], good)
    with pytest.raises(InvalidInputError, match=r"features.*more images than classes.*4 images"):
        fit(good[:C], labels[:C], good)
    with pytest.raises(InvalidInputError, match=r"images.*shape \(N, 8, 8, 1\)"):
        fit(good[:, 1:], labels, good)
    with pytest.raises(InvalidInputError, match=r"images.*shape \(0, 8, 8, 1\)"):
        fit(good, labels, good[:0])
    with pytest.raises(InvalidInputError, match=r"images.*finite"):
        score_rivals(fitted, network.model, np.full_like(good[:1], np.nan))
    with pytest.raises(InvalidInputError, match=r"images.*shape"):
        score_rivals(fitted, network.model, images)


def test_another_networks_features_are_refused(network: Network) -> None:
    images, labels = images_of_classes(N, 1)
    fitted = fit_rivals(network, _batch(images), labels, _batch(images))

    with pytest.raises(InvalidInputError, match=rf"features.*\(N, {F}\).*\(1, 128\)"):
        score_rivals(fitted, load_network("plain").model, np.zeros((1, 28, 28, 1), np.float32))


@pytest.fixture
def small_mnist(monkeypatch: pytest.MonkeyPatch) -> tuple[np.ndarray, np.ndarray]:
    """MNIST of 120 images of two classes, the last 20 of which look like no other."""
    images, labels = images_of_classes(120, 1, size=28, num_classes=2)
    images = images.copy()
    images[100:] = 255 - images[100:]
    monkeypatch.setattr(rivals, "load_mnist_train", lambda: (images, labels.astype(np.uint8)))
    return images, labels


def test_complete_fits_once_on_the_first_five_sixths(
    small_mnist: tuple[np.ndarray, np.ndarray], tmp_path: Path
) -> None:
    images, labels = small_mnist
    network = store_small_network(tmp_path, size=28, num_classes=2)
    seen: list[tuple[int, int]] = []

    assert complete_rivals("small", tmp_path, lambda *at: seen.append(at)) is True

    assert seen[-1] == (120, 120)
    expected = fit_rivals(network, images[:100, ..., None], labels[:100], images[100:, ..., None])
    path = rivals_path("small", tmp_path)
    assert path.name == "small.rivals.npz"
    loaded = load_rivals("small", tmp_path)
    assert loaded.num_images == 100
    assert all(one.num_images == 20 for one in loaded.distributions.values())
    points = images[::7, ..., None]
    scores = score_rivals(loaded, network.model, points)
    for name, values in score_rivals(expected, network.model, points).items():
        np.testing.assert_allclose(scores[name], values, rtol=1e-3)
    written = path.stat().st_mtime_ns
    assert complete_rivals("small", tmp_path) is False
    assert path.stat().st_mtime_ns == written


@pytest.mark.usefixtures("small_mnist")
def test_complete_fits_anew_what_is_of_other_weights_or_damaged(tmp_path: Path) -> None:
    store_small_network(tmp_path, size=28, num_classes=2)
    complete_rivals("small", tmp_path)

    other = store_small_network(tmp_path, seed=1, size=28, num_classes=2)
    with pytest.raises(DamagedFileError, match="other weights"):
        load_rivals("small", tmp_path)
    assert complete_rivals("small", tmp_path) is True
    assert load_rivals("small", tmp_path).weights_sha256 == other.card.weights_sha256

    path = rivals_path("small", tmp_path)
    path.write_bytes(path.read_bytes()[:500])
    assert complete_rivals("small", tmp_path) is True
    assert complete_rivals("small", tmp_path) is False


def test_complete_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(MissingDataError, match=r"plain\.json"):
        complete_rivals("plain", tmp_path)
    store_small_network(tmp_path, size=28, num_classes=2)
    monkeypatch.setattr("core.images.sources.find_mnist", lambda: None)
    with pytest.raises(MissingDataError, match="MNIST is not on this machine"):
        complete_rivals("small", tmp_path)
    assert not rivals_path("small", tmp_path).exists()


def test_saved_is_where_it_is_looked_for(network: Network, tmp_path: Path) -> None:
    images, labels = images_of_classes(N, 1)
    fitted = fit_rivals(network, _batch(images), labels, _batch(images))

    assert save_rivals(fitted, tmp_path) == rivals_path("small", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["small.rivals.npz"]


@pytest.mark.parametrize("name", ["mc", "plain"])
def test_shipped_rivals_know_the_validation_images(name: str, mnist_data: Path) -> None:
    shipped = load_rivals(name)
    data = load_reference_data("validation")

    scores = score_rivals(shipped, load_network(name).model, data.images)

    assert shipped.num_images == 50_000
    for rival, values in scores.items():
        assert shipped.distributions[rival].num_images == 10_000
        for share in (0.1, 0.5, 0.9, 0.99):
            at = float(np.quantile(values, share))
            assert shipped.share_below(rival, at) == pytest.approx((values < at).mean(), abs=3e-3)


@pytest.mark.parametrize("name", ["mc", "plain"])
def test_kmnist_is_less_certain_than_test_digits_by_every_shipped_rival(
    name: str, mnist_data: Path, labrador_data: Path
) -> None:
    shipped, model = load_rivals(name), load_network(name).model

    known = score_rivals(shipped, model, load_reference_data("test", limit=1_000).images)
    strangers = score_rivals(shipped, model, load_reference_data("kmnist", limit=1_000).images)

    for rival in RIVALS:
        assert auroc(known[rival], strangers[rival]) > 0.5, rival
