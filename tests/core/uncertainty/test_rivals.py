from __future__ import annotations

import numpy as np
import pytest

from core.errors import InvalidInputError
from core.uncertainty import (
    RIVALS,
    FittedRivals,
    energy_score,
    fit_certificates,
    fit_mahalanobis,
    log_odds,
)

N, F, C = 300, 6, 4


@pytest.fixture(scope="module")
def labels() -> np.ndarray:
    return np.arange(N) % C


@pytest.fixture(scope="module")
def features(labels: np.ndarray) -> np.ndarray:
    """Features of which the class shows in the first C, and the others hardly move."""
    rng = np.random.default_rng(0)
    spread = [1.0] * C + [0.1] * (F - C)
    return np.asarray(5.0 * np.eye(C, F)[labels] + rng.normal(scale=spread, size=(N, F)))


@pytest.fixture(scope="module")
def fitted(features: np.ndarray, labels: np.ndarray) -> FittedRivals:
    return FittedRivals.fit(features, labels, C)


def test_rivals_are_in_their_order_and_can_be_spoken_of() -> None:
    assert list(RIVALS) == ["max_softmax", "energy", "mahalanobis", "certificates"]
    for name, rival in RIVALS.items():
        assert rival.name == name and rival.label and rival.explanation
        assert any(year in rival.source for year in ("2017", "2018", "2019", "2020"))


def test_scores_are_those_of_each_rival_alone(
    fitted: FittedRivals, features: np.ndarray, labels: np.ndarray
) -> None:
    logits = features[:, :C]

    scores = fitted.scores(features, logits)

    assert list(scores) == list(RIVALS)
    assert all(one.shape == (N,) and one.dtype == np.float64 for one in scores.values())
    np.testing.assert_array_equal(scores["max_softmax"], -log_odds(logits))
    np.testing.assert_array_equal(scores["energy"], energy_score(logits))
    np.testing.assert_array_equal(
        scores["mahalanobis"], fit_mahalanobis(features, labels, C).scores(features)
    )
    np.testing.assert_array_equal(
        scores["certificates"], fit_certificates(features).scores(features)
    )
    assert (fitted.num_features, fitted.num_classes) == (F, C)


def test_what_is_no_class_and_moves_what_never_moved_is_less_certain_by_every_rival(
    fitted: FittedRivals, features: np.ndarray
) -> None:
    strange = np.full((1, F), 1.25)
    strange[0, C:] = 2.0

    known = fitted.scores(features, features[:, :C])
    of_stranger = fitted.scores(strange, strange[:, :C])

    for name in RIVALS:
        assert (of_stranger[name] > np.quantile(known[name], 0.95)).all(), name


def test_images_do_not_depend_on_one_another(fitted: FittedRivals, features: np.ndarray) -> None:
    whole = fitted.scores(features, features[:, :C])

    alone = fitted.scores(features[7:8], features[7:8, :C])

    for name in RIVALS:
        np.testing.assert_allclose(alone[name], whole[name][7:8], rtol=1e-12)


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ("nan feature", r"features.*finite"),
        ("nan logit", r"logits.*finite"),
        ("wide", rf"features.*\(N, {F}\)"),
        ("classes", rf"logits.*\(N, {C}\)"),
        ("count", r"logits.*those of 9 images.*those of 8"),
        ("none", r"features.*at least one"),
    ],
)
def test_bad_features_and_logits_are_refused(
    fitted: FittedRivals, features: np.ndarray, change: str, match: str
) -> None:
    rows, logits = features[:9].copy(), features[:9, :C].copy()
    if change == "nan feature":
        rows[2, 3] = np.nan
    elif change == "nan logit":
        logits[2, 3] = np.nan
    elif change == "wide":
        rows = np.hstack([rows, rows])
    elif change == "classes":
        logits = logits[:, :-1]
    elif change == "count":
        logits = logits[:-1]
    else:
        rows, logits = rows[:0], logits[:0]

    with pytest.raises(InvalidInputError, match=match):
        fitted.scores(rows, logits)


def test_certificates_and_distances_of_other_features_are_refused(
    fitted: FittedRivals, features: np.ndarray
) -> None:
    with pytest.raises(InvalidInputError, match=rf"rivals.*of {F} features.*of {F - 1}\."):
        FittedRivals(fit_certificates(features[:, 1:]), fitted.mahalanobis)
