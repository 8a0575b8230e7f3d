"""The sampler against plain Keras under the same masks, and its contract."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import keras
import numpy as np
import pytest

from core.errors import InvalidInputError, NoActiveDropoutError, UnsupportedLayerError
from core.inference import McSampler, McSummary
from tests.core.inference.reference import reference_samples

layers = keras.layers


def post_network(side: int = 12, rate: float = 0.5) -> keras.Sequential:
    """The post's architecture, small."""
    keras.utils.set_random_seed(7)
    return keras.Sequential(
        [
            keras.Input((side, side, 1)),
            layers.Conv2D(4, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.SpatialDropout2D(rate),
            layers.Conv2D(6, 3, activation="relu"),
            layers.SpatialDropout2D(rate),
            layers.Flatten(),
            layers.Dense(8, activation="relu"),
            layers.Dropout(rate),
            layers.Dense(10, activation="softmax"),
        ]
    )


def batch_norm_network() -> keras.Sequential:
    """BatchNorm with statistics that training mode would not use."""
    model = keras.Sequential(
        [
            keras.Input((12, 12, 1)),
            layers.Conv2D(4, 3),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Dropout(0.3),
            layers.Conv2D(5, 3),
            layers.BatchNormalization(),
            layers.GlobalAveragePooling2D(),
            layers.Dense(10, activation="softmax"),
        ]
    )
    rng = np.random.default_rng(3)
    for layer in model.layers:
        if isinstance(layer, layers.BatchNormalization):
            layer.set_weights([rng.uniform(0.5, 2.0, w.shape) for w in layer.get_weights()])
    return model


def dense_network() -> keras.Sequential:
    """Dropout on the images themselves: nothing comes before it."""
    return keras.Sequential(
        [
            keras.Input((12, 12, 1)),
            layers.Dropout(0.2, noise_shape=(None, 12, 1, 1)),
            layers.Flatten(),
            layers.Dense(7, activation="tanh"),
            layers.Dropout(0.5),
            layers.Dense(10, activation="softmax"),
        ]
    )


def nested_network() -> keras.Sequential:
    """Dropout inside a model inside the model."""
    inner = keras.Sequential(
        [keras.Input((25,)), layers.Dropout(0.4), layers.Dense(9, activation="relu")]
    )
    return keras.Sequential(
        [
            keras.Input((12, 12, 1)),
            layers.AveragePooling2D(2),
            layers.Conv2D(1, 2),
            layers.Flatten(),
            inner,
            layers.Dropout(0.25),
            layers.Dense(10, activation="softmax"),
        ]
    )


NETWORKS = [post_network, batch_norm_network, dense_network, nested_network]
RATES = {
    "post_network": [0.5, 0.5, 0.5],
    "batch_norm_network": [0.3],
    "dense_network": [0.2, 0.5],
    "nested_network": [0.4, 0.25],
}


@pytest.fixture
def images() -> np.ndarray:
    """Three images, so that no two axes have the same size."""
    return np.random.default_rng(0).random((3, 12, 12, 1), dtype=np.float32)


@pytest.mark.parametrize("build", NETWORKS, ids=lambda build: build.__name__)
@pytest.mark.parametrize("chunk_rows", [None, 1, 7])
def test_sample_equals_plain_keras_under_the_same_masks(build, chunk_rows, images):
    model = build()
    ours = McSampler(model, chunk_rows=chunk_rows).sample(images, num_samples=5, seed=11)
    theirs = reference_samples(model, images, 5, 11, RATES[build.__name__])
    assert ours.probs_tnc.shape == (5, 3, 10)
    np.testing.assert_allclose(ours.probs_tnc, theirs, atol=1e-5)
    # The passes differ, so equality above is not an equality of twins.
    assert np.ptp(ours.probs_tnc, axis=0).max() > 1e-3


def test_sample_with_independent_masks_equals_plain_keras_for_each_image(images):
    model, ids = post_network(), [40, 2, 9]
    ours = McSampler(model).sample(
        images, num_samples=5, seed=3, masks="independent", image_ids=ids
    )
    theirs = reference_samples(model, images, 5, 3, [0.5] * 3, ids)
    np.testing.assert_allclose(ours.probs_tnc, theirs, atol=1e-5)


def test_sample_with_other_rates_equals_plain_keras_at_those_rates(images):
    model = post_network()
    names = [layer.name for layer in model.layers if isinstance(layer, layers.Dropout)]
    sampler = McSampler(model)
    ours = sampler.sample(images, num_samples=5, rates={names[1]: 0.1, names[2]: 0.0})
    theirs = reference_samples(model, images, 5, 0, [0.5, 0.1, 0.0])
    np.testing.assert_allclose(ours.probs_tnc, theirs, atol=1e-5)
    everywhere = sampler.sample(images, num_samples=5, rates=0.2)
    np.testing.assert_allclose(
        everywhere.probs_tnc, reference_samples(model, images, 5, 0, [0.2] * 3), atol=1e-5
    )


def test_sample_in_another_batch_position_gives_the_same_samples(images):
    sampler = McSampler(post_network())
    together = sampler.sample(images, num_samples=60).probs_tnc
    alone = sampler.sample(images[2:], num_samples=60).probs_tnc
    turned = sampler.sample(images[::-1], num_samples=60).probs_tnc
    np.testing.assert_allclose(together[:, 2:], alone, atol=1e-5)
    np.testing.assert_allclose(together, turned[:, ::-1], atol=1e-5)


def test_sample_with_fewer_passes_gives_the_first_of_more(images):
    sampler = McSampler(post_network())
    np.testing.assert_allclose(
        sampler.sample(images, num_samples=130).probs_tnc[:73],
        sampler.sample(images, num_samples=73).probs_tnc,
        atol=1e-5,
    )


def test_sample_with_another_seed_gives_other_samples(images):
    sampler = McSampler(post_network())
    first, second = (sampler.sample(images, num_samples=20, seed=seed) for seed in (0, 1))
    assert np.abs(first.probs_tnc - second.probs_tnc).max() > 1e-2


def test_sample_leaves_weights_statistics_and_predictions_as_they_were(images):
    model = batch_norm_network()
    weights, before = model.get_weights(), model.predict(images, verbose=0)
    McSampler(model).sample(images, num_samples=20)
    for now, then in zip(model.get_weights(), weights, strict=True):
        np.testing.assert_array_equal(now, then)
    np.testing.assert_array_equal(model.predict(images, verbose=0), before)


def test_mean_and_variance_agree_with_training_mode_calls():
    """No BatchNorm here, so `training=True` is plain MC dropout with Keras' own masks."""
    model = post_network()
    image = np.random.default_rng(5).random((1, 12, 12, 1), dtype=np.float32)
    passes = 20_000
    ours = McSampler(model).sample(image, num_samples=passes, seed=8).probs_tnc[:, 0]
    theirs = np.asarray(model(np.repeat(image, passes, axis=0), training=True))
    for power in (1, 2):
        difference = (ours**power).mean(axis=0) - (theirs**power).mean(axis=0)
        error = np.sqrt(((ours**power).var(axis=0) + (theirs**power).var(axis=0)) / passes)
        assert (np.abs(difference) < 4 * error).all()
    spread = ours.var(axis=0) - theirs.var(axis=0)
    fourth = [((p - p.mean(axis=0)) ** 4).mean(axis=0) - p.var(axis=0) ** 2 for p in (ours, theirs)]
    assert (np.abs(spread) < 4 * np.sqrt(sum(fourth) / passes)).all()


@pytest.mark.parametrize("build", NETWORKS, ids=lambda build: build.__name__)
def test_twin_equals_the_model_in_inference_mode(build, images):
    model = build()
    np.testing.assert_allclose(
        McSampler(model, chunk_rows=2).twin(images), model(images, training=False), atol=1e-6
    )


def test_summarise_equals_the_summary_of_the_samples_whatever_the_chunks(images):
    model = post_network()
    whole = McSampler(model).sample(images, num_samples=53, seed=2).summary()
    for chunk_rows in (2, 11, 10_000):
        summary = McSampler(model, chunk_rows=chunk_rows).summarise(images, num_samples=53, seed=2)
        assert summary.num_samples == 53
        np.testing.assert_allclose(summary.sum_p, whole.sum_p, atol=1e-4)
        np.testing.assert_allclose(summary.sum_pp, whole.sum_pp, atol=1e-4)
        assert summary.votes.sum() == 53 * 3


def test_stream_yields_running_summaries_and_ends_with_all_passes(images):
    sampler = McSampler(post_network())
    running = list(sampler.stream(images, num_samples=103))
    assert [summary.num_samples for summary in running] == [21, 42, 63, 84, 103]
    np.testing.assert_allclose(
        running[0].sum_p, sampler.summarise(images, num_samples=21).sum_p, atol=1e-4
    )
    np.testing.assert_allclose(
        running[-1].sum_p, sampler.summarise(images, num_samples=103).sum_p, atol=1e-4
    )


def test_stream_refuses_bad_arguments_at_the_call(images):
    with pytest.raises(InvalidInputError):
        McSampler(post_network()).stream(images, num_samples=0)


def test_twenty_threads_through_one_sampler_equal_the_serial_result(images):
    sampler = McSampler(post_network(), chunk_rows=40)

    def ask(seed: int) -> np.ndarray:
        return sampler.sample(images, num_samples=64, seed=seed % 5).probs_tnc

    with ThreadPoolExecutor(20) as pool:
        together = list(pool.map(ask, range(40)))
    for seed, samples in enumerate(together):
        np.testing.assert_allclose(samples, ask(seed), atol=1e-5)


def test_sample_after_clear_session_gives_the_same_samples(images):
    model = post_network()
    sampler = McSampler(model)
    before = sampler.sample(images, num_samples=20).probs_tnc
    keras.backend.clear_session()
    np.testing.assert_allclose(sampler.sample(images, num_samples=20).probs_tnc, before, atol=1e-6)
    # Another sampler of the same network, named by counters that start anew.
    np.testing.assert_allclose(
        McSampler(model).sample(images, num_samples=20).probs_tnc, before, atol=1e-6
    )


def test_passes_run_counts_each_image(images):
    sampler = McSampler(post_network())
    sampler.sample(images, num_samples=20)
    sampler.summarise(images[:1], num_samples=5)
    assert sampler.passes_run == 65


def test_plan_names_what_is_computed_once_and_what_in_every_pass():
    plan = McSampler(post_network()).plan
    assert [spec.kind for spec in plan.stochastic] == ["SpatialDropout2D"] * 2 + ["Dropout"]
    assert [spec.num_units for spec in plan.stochastic] == [4, 6, 8]
    assert [name.split("_")[0] for name in plan.once] == ["conv2d", "max", "responses of conv2d"]
    assert len(plan.every_pass) == 6
    assert "Computed once for each image: conv2d" in str(plan)


def test_sampler_refuses_a_model_without_dropout_and_names_what_to_add():
    model = keras.Sequential([keras.Input((4,)), layers.Dense(3, activation="softmax")])
    with pytest.raises(NoActiveDropoutError, match=r"keras\.layers\.Dropout"):
        McSampler(model)


def test_sample_refuses_rates_that_are_all_zero(images):
    with pytest.raises(NoActiveDropoutError, match="above 0"):
        McSampler(post_network()).sample(images, rates=0.0)


@pytest.mark.parametrize(
    "rate", [1, 1.0, np.float32(1), -1e-9, float("nan"), np.nan, float("inf"), "0.5", None, [0.5]]
)
@pytest.mark.parametrize("position", [0, 2])
def test_sample_refuses_a_rate_of_one_layer_and_names_the_layer(images, rate, position):
    sampler = McSampler(post_network())
    name = sampler.dropout_layers[position].name
    with pytest.raises(InvalidInputError, match=f"rates, layer {name}") as caught:
        sampler.sample(images, num_samples=2, rates={name: rate})
    assert not isinstance(caught.value, NoActiveDropoutError)


def test_sample_refuses_an_unknown_layer_and_names_those_there_are(images):
    sampler = McSampler(post_network())
    with pytest.raises(InvalidInputError, match=sampler.dropout_layers[1].name):
        sampler.sample(images, num_samples=2, rates={"no such layer": 0.5})


def test_sample_refuses_rates_that_are_zero_by_name_or_by_default(images):
    sampler = McSampler(post_network())
    with pytest.raises(NoActiveDropoutError, match="above 0"):
        sampler.sample(images, rates={spec.name: 0 for spec in sampler.dropout_layers})


def test_sampler_accepts_a_rate_of_zero_that_a_call_raises(images):
    model = post_network(rate=0.0)
    with pytest.raises(NoActiveDropoutError):
        McSampler(model).sample(images, num_samples=5)
    ours = McSampler(model).sample(images, num_samples=5, rates=0.5).probs_tnc
    np.testing.assert_allclose(ours, reference_samples(model, images, 5, 0, [0.5] * 3), atol=1e-5)


@pytest.mark.parametrize(
    "layer",
    [
        layers.LSTM(3, dropout=0.5),
        layers.Bidirectional(layers.LSTM(3, recurrent_dropout=0.5)),
        layers.TimeDistributed(layers.Dropout(0.5)),
    ],
    ids=lambda layer: type(layer).__name__,
)
def test_sampler_refuses_hidden_dropout_by_name(layer):
    model = keras.Sequential(
        [
            keras.Input((4, 2)),
            layers.Dropout(0.5),
            layer,
            layers.Flatten(),
            layers.Dense(3, activation="softmax"),
        ]
    )
    with pytest.raises(UnsupportedLayerError, match=layer.name):
        McSampler(model)


@pytest.mark.parametrize("masks", ["shared", "independent"])
@pytest.mark.parametrize("shared_axes", [(1, 3), (0, 2), (3,)])
def test_sample_of_volumes_with_masks_shared_along_some_axes_equals_plain_keras(masks, shared_axes):
    noise_shape = [None, 4, 5, 3, 2]
    for axis in shared_axes:
        noise_shape[axis + 1] = 1
    model = keras.Sequential(
        [
            keras.Input((4, 5, 3, 2)),
            layers.Dropout(0.4, noise_shape=noise_shape),
            layers.Conv3D(2, 2, activation="relu"),
            layers.Dropout(0.4, noise_shape=(None, 3, 1, 2, 1)),
            layers.Flatten(),
            layers.Dense(3, activation="softmax"),
        ]
    )
    images = np.random.default_rng(0).normal(size=(3, 4, 5, 3, 2)).astype(np.float32)
    ours = McSampler(model).sample(images, num_samples=5, masks=masks).probs_tnc
    ids = None if masks == "shared" else range(3)
    theirs = reference_samples(model, images, 5, 0, [0.4, 0.4], ids)
    np.testing.assert_allclose(ours, theirs, atol=1e-5)


def test_sampler_accepts_a_recurrent_layer_without_dropout():
    model = keras.Sequential(
        [
            keras.Input((4, 2)),
            layers.SpatialDropout1D(0.5),
            layers.LSTM(3, dropout=0.0),
            layers.Dense(3, activation="softmax"),
        ]
    )
    images = np.ones((2, 4, 2), dtype=np.float32)
    theirs = reference_samples(model, images, 5, 0, [0.5])
    np.testing.assert_allclose(
        McSampler(model).sample(images, num_samples=5).probs_tnc, theirs, atol=1e-5
    )


def test_sampler_refuses_a_subclassed_model():
    class Own(keras.Model):
        """Keras knows no graph of it."""

        def call(self, inputs):
            return inputs

    with pytest.raises(InvalidInputError, match="functional"):
        McSampler(Own())


@pytest.mark.parametrize(
    ("arguments", "argument"),
    [
        ({"num_samples": 0}, "num_samples"),
        ({"num_samples": -5}, "num_samples"),
        ({"num_samples": 1_000_000}, "num_samples"),
        ({"num_samples": float("nan")}, "num_samples"),
        ({"num_samples": "many"}, "num_samples"),
        ({"num_samples": True}, "num_samples"),
        ({"seed": -1}, "seed"),
        ({"seed": 2**32}, "seed"),
        ({"rates": 1.0}, "rates"),
        ({"rates": -0.1}, "rates"),
        ({"rates": float("nan")}, "rates"),
        ({"rates": float("inf")}, "rates"),
        ({"rates": "0.5"}, "rates"),
        ({"rates": [0.5, 0.5, 0.5]}, "rates"),
        ({"rates": True}, "rates"),
        ({"rates": {"no_such_layer": 0.5}}, "rates"),
        ({"masks": "own"}, "masks"),
        ({"image_ids": [1, 2, 3]}, "image_ids"),
        ({"masks": "independent", "image_ids": [1]}, "image_ids"),
        ({"masks": "independent", "image_ids": [1, 2, -3]}, "image_ids"),
    ],
)
def test_sample_refuses_bad_arguments_by_name(arguments, argument, images):
    with pytest.raises(InvalidInputError) as caught:
        McSampler(post_network()).sample(images, **arguments)
    assert caught.value.argument.startswith(argument)


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (np.zeros((12, 12, 1)), r"image\[None\]"),
        (np.zeros((0, 12, 12, 1)), "N at least 1"),
        (np.zeros((2, 12, 13, 1)), "12, 12, 1"),
        (np.full((1, 12, 12, 1), np.nan), "finite"),
        (np.array([["ink"]]), "batch of shape"),
    ],
)
def test_sample_refuses_images_of_another_shape_or_kind(bad, words):
    with pytest.raises(InvalidInputError, match=words):
        McSampler(post_network()).sample(bad)


def test_sample_refuses_a_model_that_ends_in_logits(images):
    model = keras.Sequential(
        [keras.Input((12, 12, 1)), layers.Flatten(), layers.Dropout(0.5), layers.Dense(10)]
    )
    with pytest.raises(InvalidInputError, match="softmax"):
        McSampler(model).summarise(images, num_samples=5)


def test_sample_refuses_more_samples_than_memory_should_hold(images):
    many = np.repeat(images, 200, axis=0)
    with pytest.raises(InvalidInputError, match="summarise"):
        McSampler(post_network()).sample(many, num_samples=100_000)


def test_summary_of_a_call_is_a_summary(images):
    assert isinstance(McSampler(post_network()).summarise(images, num_samples=2), McSummary)
