from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from sklearn.covariance import LedoitWolf

from core.errors import InvalidInputError
from core.uncertainty import Mahalanobis, fit_mahalanobis

N, F, C = 400, 5, 3


@pytest.fixture(scope="module")
def labels() -> np.ndarray:
    return np.random.default_rng(0).integers(0, C, N)


@pytest.fixture(scope="module")
def features(labels: np.ndarray) -> np.ndarray:
    rng = np.random.default_rng(1)
    mixing = rng.normal(size=(F, F))
    means = rng.normal(scale=20.0, size=(C, F))
    return np.asarray(means[labels] + rng.normal(size=(N, F)) @ mixing)


@pytest.fixture(scope="module")
def points(features: np.ndarray) -> np.ndarray:
    return features[:20] + np.random.default_rng(2).normal(scale=5.0, size=(20, F))


def test_scores_are_scipys_distances_with_scikit_learns_covariance(
    features: np.ndarray, labels: np.ndarray, points: np.ndarray
) -> None:
    means = np.stack([features[labels == each].mean(axis=0) for each in range(C)])
    centred = features - means[labels]
    inverse = np.linalg.inv(LedoitWolf(assume_centered=True).fit(centred).covariance_)
    expected = cdist(points, means, "mahalanobis", VI=inverse).min(axis=1) ** 2

    fitted = fit_mahalanobis(features, labels, C)

    assert (fitted.num_features, fitted.num_classes) == (F, C)
    np.testing.assert_allclose(fitted.scores(points), expected, rtol=1e-4)


def test_of_many_images_scores_are_distances_in_the_true_covariance() -> None:
    rng = np.random.default_rng(4)
    labels = np.arange(30_000) % C
    mixing = np.eye(F) + 0.2 * rng.normal(size=(F, F))
    means = rng.normal(scale=20.0, size=(C, F))
    features = means[labels] + rng.normal(size=(len(labels), F)) @ mixing
    points = features[:20] + rng.normal(scale=5.0, size=(20, F))
    inverse = np.linalg.inv(mixing.T @ mixing)
    expected = cdist(points, means, "mahalanobis", VI=inverse).min(axis=1) ** 2

    fitted = fit_mahalanobis(features, labels, C)

    np.testing.assert_allclose(fitted.scores(points), expected, rtol=0.05)
    # A sum of F squared standard normals.
    assert fitted.scores(features).mean() == pytest.approx(F, rel=0.01)
    assert fitted.scores(features).var() == pytest.approx(2 * F, rel=0.05)


def test_score_at_a_class_mean_is_zero_and_grows_with_the_square_of_the_distance(
    features: np.ndarray, labels: np.ndarray
) -> None:
    fitted = fit_mahalanobis(features, labels, C)
    step = np.full(F, 0.1)

    near, twice = fitted.scores(
        np.stack([fitted.class_means[1] + step, fitted.class_means[1] + 2 * step])
    )

    np.testing.assert_allclose(fitted.scores(fitted.class_means), 0.0, atol=1e-9)
    assert near > 0.0 and twice == pytest.approx(4.0 * near, rel=1e-5)


def test_score_does_not_change_with_rotation_scale_shift_or_names_of_classes(
    features: np.ndarray, labels: np.ndarray, points: np.ndarray
) -> None:
    rotation = np.linalg.qr(np.random.default_rng(3).normal(size=(F, F)))[0]
    expected = fit_mahalanobis(features, labels, C).scores(points)

    other = fit_mahalanobis((features @ rotation * 8.0 + 2.0)[::-1], (C - 1 - labels)[::-1], C)

    np.testing.assert_allclose(other.scores(points @ rotation * 8.0 + 2.0), expected, rtol=1e-3)


def test_covariance_that_is_singular_is_no_trouble(
    features: np.ndarray, labels: np.ndarray
) -> None:
    dead, copied = np.zeros((N, 1)), 2.0 * features[:, :1]
    singular = np.hstack([features, dead, copied])
    fitted = fit_mahalanobis(singular, labels, C)
    before = fitted.scores(singular[:9])
    fired, torn = singular[:9].copy(), singular[:9].copy()
    fired[:, F] += 3.0
    torn[:, F + 1] += 3.0

    assert np.isfinite(before).all() and before.max() < 100.0
    # A unit fires that never did, and one leaves another that it followed.
    assert (fitted.scores(fired) > before + 10.0).all()
    assert (fitted.scores(torn) > before + 10.0).all()


def test_two_images_a_class_that_differ_along_one_line_are_enough() -> None:
    # Ledoit and Wolf shrink nothing here: all differences are the same but for their sign.
    features = np.array([[0.0, 1.0, 5.0], [2.0, 1.0, 5.0], [7.0, 3.0, 5.0], [9.0, 3.0, 5.0]])
    fitted = fit_mahalanobis(features, np.array([0, 0, 1, 1]), 2)

    np.testing.assert_allclose(fitted.scores(features), 1.0, rtol=1e-4)
    assert np.isfinite(fitted.scores(features + 1.0)).all()


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ("nan", r"features.*finite.*NaN"),
        ("flat", r"features.*shape"),
        ("few", r"features.*more images than classes.*3 images"),
        ("missing", r"labels.*each of the 3 classes.*none of class 1\."),
        ("short", r"labels.*whole number.*for each of 400 images"),
        ("fractions", r"labels.*whole number"),
        ("outside", r"labels.*0 to 2.*0 to 3"),
        ("negative", r"labels.*0 to 2.*-1 to 2"),
        ("alike", r"features.*differ from one another.*same for all"),
        ("one class", r"at least 2"),
    ],
)
def test_what_cannot_be_fitted_is_refused(
    features: np.ndarray, labels: np.ndarray, change: str, match: str
) -> None:
    rows, classes, count = features.copy(), labels.copy(), C
    if change == "nan":
        rows[3, 1] = np.nan
    elif change == "flat":
        rows = rows[:, 0]
    elif change == "few":
        rows, classes = rows[:C], np.arange(C)
    elif change == "missing":
        classes[classes == 1] = 0
    elif change == "short":
        classes = classes[:-1]
    elif change == "fractions":
        classes = classes.astype(float)
    elif change == "outside":
        classes[5] = C
    elif change == "negative":
        classes[5] = -1
    elif change == "alike":
        rows = np.full((C, F), 0.1)[classes] * (1.0 + classes[:, None])
    else:
        classes, count = np.zeros_like(classes), 1

    with pytest.raises(InvalidInputError, match=match):
        fit_mahalanobis(rows, classes, count)


def test_other_features_than_fitted_are_refused(features: np.ndarray, labels: np.ndarray) -> None:
    fitted = fit_mahalanobis(features, labels, C)

    with pytest.raises(InvalidInputError, match=rf"features.*\(N, {F}\).*\({N}, {F - 1}\)"):
        fitted.scores(features[:, 1:])
    with pytest.raises(InvalidInputError, match=r"features.*finite"):
        fitted.scores(np.full((1, F), np.nan))


@pytest.mark.parametrize("change", ["nan", "double", "one class", "other size"])
def test_parts_that_do_not_fit_are_refused(
    features: np.ndarray, labels: np.ndarray, change: str
) -> None:
    fitted = fit_mahalanobis(features, labels, C)
    means, whitening = fitted.class_means.copy(), fitted.whitening.copy()
    if change == "nan":
        whitening[0, 0] = np.nan
    elif change == "double":
        means = means.astype(np.float64)
    elif change == "one class":
        means = means[:1]
    else:
        whitening = whitening[:-1]

    with pytest.raises(InvalidInputError, match="mahalanobis"):
        Mahalanobis(means, whitening)
