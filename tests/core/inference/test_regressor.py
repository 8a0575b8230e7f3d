"""The regressor in closed form, against plain Keras under the same masks, and its contract."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from core.errors import InvalidInputError, NoActiveDropoutError
from core.inference import McRegressor, McSampler, regressor
from tests.core.inference.reference import reference_samples, reference_twin

layers = keras.layers


def linear_network(rate: float) -> tuple[keras.Sequential, np.ndarray]:
    """y = sum_i w_i m_i x_i + 2, and its w."""
    model = keras.Sequential([keras.Input((4,)), layers.Dropout(rate), layers.Dense(1)])
    weights = np.array([0.5, -1.0, 2.0, 0.25], dtype=np.float32)
    model.layers[-1].set_weights([weights[:, None], np.array([2.0])])
    return model, weights


def mixed_network(outputs: int = 3) -> keras.Model:
    """Two inputs, BatchNorm with statistics of its own, dropout before and after, any values."""
    keras.utils.set_random_seed(2)
    rows, more = keras.Input((4,)), keras.Input((2,))
    first = layers.BatchNormalization()
    features = first(layers.Dense(6)(layers.Dropout(0.2)(rows)))
    joined = layers.Concatenate()([layers.Activation("tanh")(features), more])
    out = layers.Dense(outputs)(layers.Dropout(0.4)(layers.Dense(8, activation="relu")(joined)))
    rng = np.random.default_rng(3)
    first.set_weights([rng.uniform(0.5, 2.0, w.shape) for w in first.get_weights()])
    return keras.Model([rows, more], 100.0 * out)


@pytest.fixture
def inputs() -> list[np.ndarray]:
    """Five inputs of two kinds."""
    rng = np.random.default_rng(0)
    return [rng.normal(size=(5, sides)).astype(np.float32) for sides in (4, 2)]


@pytest.mark.parametrize("rate", [0.1, 0.5])
def test_mean_and_variance_of_a_linear_network_are_known(rate):
    model, weights = linear_network(rate)
    x = np.array([[1.0, 2.0, -1.0, 3.0], [0.0, 0.0, 0.0, 0.0]], dtype=np.float32)
    summary = McRegressor(model).summarise(x, num_samples=20_000, seed=4)
    mean = x @ weights + 2.0
    variance = ((weights * x) ** 2).sum(axis=1) * rate / (1.0 - rate)
    error = summary.mean_standard_error[:, 0]
    assert (np.abs(summary.mean[:, 0] - mean) <= 4 * error).all()
    np.testing.assert_allclose(error, np.sqrt(variance / 20_000), rtol=0.05)
    np.testing.assert_allclose(summary.variance[:, 0], variance, rtol=0.05)
    assert summary.variance[1, 0] == 0.0 and summary.mean[1, 0] == 2.0


def test_quantiles_of_one_unit_are_its_two_values():
    model = keras.Sequential([keras.Input((1,)), layers.Dropout(0.25), layers.Dense(1)])
    model.layers[-1].set_weights([np.array([[3.0]]), np.array([1.0])])
    summary = McRegressor(model).summarise(np.ones((1, 1)), 2_000, levels=(0.2, 0.3, 0.9))
    assert summary.quantiles.ravel().tolist() == [1.0, 5.0, 5.0]


@pytest.mark.parametrize("chunk_rows", [None, 1, 7])
@pytest.mark.parametrize("masks", ["shared", "independent"])
def test_sample_equals_plain_keras_under_the_same_masks(masks, chunk_rows, inputs):
    model = mixed_network()
    ours = McRegressor(model, chunk_rows=chunk_rows).sample(inputs, 7, seed=11, masks=masks)
    ids = None if masks == "shared" else range(5)
    theirs = reference_samples(model, inputs, 7, 11, [0.2, 0.4], ids)
    assert ours.values_tnd.shape == (7, 5, 3)
    np.testing.assert_allclose(ours.values_tnd, theirs, rtol=1e-4, atol=1e-3)
    assert np.ptp(ours.values_tnd, axis=0).max() > 1.0
    np.testing.assert_allclose(
        McRegressor(model).twin(inputs), reference_twin(model, inputs), rtol=1e-4, atol=1e-3
    )


@pytest.mark.parametrize("masks", ["shared", "independent"])
def test_summary_is_that_of_the_samples_whatever_the_batches(masks, inputs, monkeypatch):
    model = mixed_network()
    exact = McRegressor(model).sample(inputs, 53, seed=2, masks=masks).values_tnd
    for kept, chunk_rows in ((1, 3), (53 * 3 * 4 * 2, 20), (2**26, None)):
        monkeypatch.setattr(regressor, "REGRESSION_BYTES", kept)  # inputs by 1, by 2, all at once
        summary = McRegressor(model, chunk_rows=chunk_rows).summarise(
            inputs, 53, seed=2, masks=masks
        )
        assert summary.num_samples == 53
        quantiles = np.quantile(exact.astype(np.float64), summary.levels, axis=0)
        np.testing.assert_allclose(summary.quantiles, quantiles, rtol=1e-4, atol=1e-3)
        np.testing.assert_allclose(summary.mean, exact.mean(axis=0), rtol=1e-4, atol=1e-3)
        np.testing.assert_allclose(summary.variance, exact.var(axis=0), rtol=1e-3, atol=1e-3)


def test_quantiles_equal_numpys_of_the_samples_exactly(inputs):
    sampler = McRegressor(mixed_network())
    samples = sampler.sample(inputs, 40).values_tnd.astype(np.float64)
    summary = sampler.summarise(inputs, 40, levels=(0.1, 0.5, 0.99))
    np.testing.assert_array_equal(summary.quantiles, np.quantile(samples, (0.1, 0.5, 0.99), axis=0))


def test_scalar_outputs_are_one_output():
    model, _ = linear_network(0.3)
    scalar = keras.Model(model.inputs, keras.ops.squeeze(model.outputs[0], axis=-1))
    x = np.random.default_rng(0).normal(size=(3, 4)).astype(np.float32)
    ours, theirs = (McRegressor(each).sample(x, 9).values_tnd for each in (scalar, model))
    assert ours.shape == (9, 3, 1)
    np.testing.assert_allclose(ours, theirs, atol=1e-6)
    assert McRegressor(scalar).twin(x).shape == (3, 1)
    assert McRegressor(scalar).summarise(x, 9).mean.shape == (3, 1)


def test_same_seed_gives_the_masks_of_the_classifier():
    rng = np.random.default_rng(0)
    rows = keras.Input((4,))
    dropped = layers.Dropout(0.5)(layers.Dense(6, activation="relu")(rows))
    logits = layers.Dense(3)(dropped)
    x = rng.normal(size=(5, 4)).astype(np.float32)
    values = McRegressor(keras.Model(rows, logits)).sample(x, 60, seed=9).values_tnd
    probs = McSampler(keras.Model(rows, logits), outputs="logits").sample(x, 60, seed=9).probs_tnc
    np.testing.assert_allclose(probs, keras.ops.softmax(values), atol=1e-6)


def test_refuses_what_it_cannot_do_by_name(inputs):
    with pytest.raises(NoActiveDropoutError):
        McRegressor(keras.Sequential([keras.Input((4,)), layers.Dense(1)]))
    maps = keras.Sequential([keras.Input((4, 2)), layers.Dropout(0.5), layers.Dense(1)])
    with pytest.raises(InvalidInputError, match="Flatten"):
        McRegressor(maps)
    sampler = McRegressor(mixed_network())
    for arguments in (
        {"levels": (0.9, 0.1)},
        {"num_samples": 0},
        {"rates": 1.0},
        {"masks": "own"},
        {"image_ids": range(5)},
    ):
        with pytest.raises(InvalidInputError) as caught:
            sampler.summarise(inputs, **arguments)
        assert caught.value.argument.startswith(next(iter(arguments)))
    with pytest.raises(InvalidInputError, match=r"inputs\[1\]"):
        sampler.sample([inputs[0], inputs[1][:, :1]])
    model, _ = linear_network(0.3)
    with pytest.raises(InvalidInputError, match=r"single input into a batch with input\[None\]"):
        McRegressor(model).twin(np.ones(4))
    with pytest.raises(InvalidInputError, match="Use summarise"):
        McRegressor(model).sample(np.ones((6_000, 4)), num_samples=100_000)


def test_refuses_values_that_are_no_numbers():
    model, _ = linear_network(0.3)
    model.layers[-1].set_weights([np.full((4, 1), np.nan), np.zeros(1)])
    with pytest.raises(InvalidInputError, match="finite"):
        McRegressor(model).summarise(np.ones((2, 4)), 5)
