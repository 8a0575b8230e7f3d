from __future__ import annotations

import numpy as np
import pytest

from core.errors import InvalidInputError
from core.uncertainty import Certificates, fit_certificates

N, F, K = 500, 7, 4  # the data lie in a subspace of F - K dimensions


@pytest.fixture(scope="module")
def basis() -> np.ndarray:
    """F orthonormal directions; the data vary along the first F - K."""
    directions, _ = np.linalg.qr(np.random.default_rng(1).normal(size=(F, F)))
    return directions


@pytest.fixture(scope="module")
def features(basis: np.ndarray) -> np.ndarray:
    rng = np.random.default_rng(2)
    within = rng.normal(scale=[3.0, 2.0, 1.0], size=(N, F - K)) @ basis[:, : F - K].T
    return np.asarray(5.0 + within + rng.normal(scale=1e-3, size=(N, F)))


def _projector(columns: np.ndarray) -> np.ndarray:
    return np.asarray(columns @ np.linalg.pinv(columns))


def test_certificates_span_what_the_data_leave_out(features: np.ndarray, basis: np.ndarray) -> None:
    certificates = fit_certificates(features, K)

    left_out = basis[:, F - K :]
    np.testing.assert_allclose(
        _projector(certificates.directions), left_out @ left_out.T, atol=1e-3
    )
    assert (certificates.num_features, certificates.num_certificates) == (F, K)


def test_score_at_a_distance_from_the_subspace_is_its_square(
    features: np.ndarray, basis: np.ndarray
) -> None:
    certificates = fit_certificates(features, K)
    distances = np.array([0.5, 1.0, 3.0])
    off = np.outer(distances, basis[:, -2])
    # However far along the data's own directions, that does not count.
    points = features.mean(axis=0) + 2.0 * basis[:, 0] - 4.0 * basis[:, 2] + off

    np.testing.assert_allclose(certificates.scores(points), distances**2, rtol=2e-2)


def test_mean_training_score_is_the_sum_of_the_smallest_eigenvalues(features: np.ndarray) -> None:
    for k in range(1, F + 1):
        expected = np.linalg.eigvalsh(np.cov(features.T, bias=True))[:k].sum()
        scores = fit_certificates(features, k).scores(features)
        assert scores.mean() == pytest.approx(expected, rel=1e-3)


def test_no_other_orthonormal_directions_and_no_other_centre_say_less(features: np.ndarray) -> None:
    best = fit_certificates(features, K).scores(features).mean()
    rng = np.random.default_rng(3)
    for _ in range(50):
        others = np.linalg.qr(rng.normal(size=(F, K)))[0]
        centre = features.mean(axis=0) + rng.normal(scale=0.01, size=F)
        assert (((features - centre) @ others) ** 2).sum(axis=1).mean() > best


def test_gradient_descent_on_the_papers_objective_arrives_at_the_same() -> None:
    rng = np.random.default_rng(4)
    num_images, size, k, weight = 300, 5, 2, 10.0
    rotation = np.linalg.qr(rng.normal(size=(size, size)))[0]
    spread = np.array([1.5, 1.2, 1.0, 0.4, 0.2])
    features = 0.8 + rng.normal(scale=spread, size=(num_images, size)) @ rotation.T
    certificates = fit_certificates(features, k)
    variances = np.linalg.eigvalsh(np.cov(features.T, bias=True))[:k]

    columns, intercept = rng.normal(scale=0.5, size=(size, k)), np.zeros(k)
    for _ in range(6_000):
        said = features @ columns + intercept
        apart = columns.T @ columns - np.eye(k)
        slope = 2.0 * features.T @ said / num_images + 4.0 * weight * columns @ apart
        columns = columns - 0.005 * slope
        intercept = intercept - 0.005 * 2.0 * said.mean(axis=0)

    squared_error = (said**2).sum(axis=1).mean()
    penalty = weight * (apart**2).sum()
    # Each direction of variance v is left short: v s^2 + w (s^2 - 1)^2 is least at 1 - v / (2 w).
    least = (variances - variances**2 / (4.0 * weight)).sum()
    assert squared_error + penalty == pytest.approx(least, rel=1e-4)
    assert squared_error == pytest.approx(certificates.scores(features).mean(), rel=0.02)
    np.testing.assert_allclose(_projector(columns), _projector(certificates.directions), atol=1e-3)
    np.testing.assert_allclose(intercept, -features.mean(axis=0) @ columns, atol=1e-3)


def test_score_does_not_change_with_rotation_shift_or_order(features: np.ndarray) -> None:
    rng = np.random.default_rng(5)
    rotation = np.linalg.qr(rng.normal(size=(F, F)))[0]
    points = rng.normal(scale=4.0, size=(11, F))
    expected = fit_certificates(features, K).scores(points)

    turned = fit_certificates(features[::-1] @ rotation - 3.0, K)

    np.testing.assert_allclose(turned.scores(points @ rotation - 3.0), expected, rtol=1e-3)
    np.testing.assert_allclose(
        turned.scores((points @ rotation - 3.0)[4:5]), expected[4], rtol=1e-3
    )


def test_score_grows_with_the_square_of_the_scale(features: np.ndarray) -> None:
    points = np.random.default_rng(6).normal(size=(11, F))

    scaled = fit_certificates(10.0 * features, K).scores(10.0 * points)

    np.testing.assert_allclose(
        scaled, 100.0 * fit_certificates(features, K).scores(points), rtol=1e-3
    )


def test_unit_that_never_fired_is_a_certificate_and_its_firing_counts_as_it_is() -> None:
    features = np.random.default_rng(7).random((N, 6))
    features[:, 2] = 0.0
    certificates = fit_certificates(features)
    fired = features[:9].copy()
    fired[:, 2] = 1.5

    assert certificates.num_certificates == 3
    np.testing.assert_allclose(
        certificates.scores(fired), certificates.scores(features[:9]) + 1.5**2, rtol=1e-5
    )


def test_half_of_the_features_are_certified_and_all_directions_that_never_varied() -> None:
    features = np.random.default_rng(8).random((N, 9))

    assert fit_certificates(features).num_certificates == 4
    assert fit_certificates(features[:, :1]).num_certificates == 1
    features[:, 2:8] = 3.0
    features[:, 8] = 2.0 * features[:, 0]
    certificates = fit_certificates(features)
    assert certificates.num_certificates == 7
    assert certificates.scores(features).max() < 1e-9


def test_what_is_fitted_is_float32_and_cannot_be_changed(features: np.ndarray) -> None:
    certificates = fit_certificates(features)

    for array in (certificates.centre, certificates.directions):
        assert array.dtype == np.float32
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1.0
    assert certificates.scores(features.astype(np.float32)).dtype == np.float64


@pytest.mark.parametrize(
    ("value", "match"),
    [
        (np.full((3, F), np.nan), r"features.*finite.*NaN"),
        (np.full((3, F), np.inf), r"features.*finite"),
        (np.zeros((3, F - 1)), rf"features.*\(N, {F}\).*\(3, {F - 1}\)"),
        (np.zeros(F), r"features.*shape \(7,\)"),
        (np.zeros((0, F)), r"features.*at least one"),
        (np.array([["a"] * F]), r"features.*numbers"),
    ],
)
def test_bad_features_are_refused(features: np.ndarray, value: np.ndarray, match: str) -> None:
    with pytest.raises(InvalidInputError, match=match):
        fit_certificates(features).scores(value)


def test_features_to_fit_on_that_are_not_finite_are_refused(features: np.ndarray) -> None:
    broken = features.copy()
    broken[3, 2] = np.nan

    with pytest.raises(InvalidInputError, match=r"features.*finite"):
        fit_certificates(broken)


@pytest.mark.parametrize("number", [0, F + 1, -1])
def test_a_number_of_certificates_that_cannot_be_is_refused(
    features: np.ndarray, number: int
) -> None:
    with pytest.raises(InvalidInputError, match=rf"num_certificates.*1 to {F}.*{number}"):
        fit_certificates(features, number)


@pytest.mark.parametrize("change", ["scaled", "short", "nan", "double", "flat"])
def test_parts_that_are_no_certificates_are_refused(features: np.ndarray, change: str) -> None:
    fitted = fit_certificates(features, K)
    centre, directions = fitted.centre.copy(), fitted.directions.copy()
    if change == "scaled":
        directions *= np.float32(1.01)
    elif change == "short":
        centre = centre[:-1]
    elif change == "nan":
        directions[0, 0] = np.nan
    elif change == "double":
        directions = directions.astype(np.float64)
    else:
        directions = directions[:, 0]

    with pytest.raises(InvalidInputError, match="certificates"):
        Certificates(centre, directions)
