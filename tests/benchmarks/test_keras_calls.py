"""The Keras contenders do what is claimed of them."""

import numpy as np
import pytest

from benchmarks.contenders import floor, keras_calls, our_sampler
from benchmarks.contenders.keras_calls import network_named, stochastic
from benchmarks.own_models import OWN_MODELS
from benchmarks.pictures import inputs_for, pictures
from benchmarks.shapes import SHAPES, build_shape
from core.inference import McSampler

TURNED = pictures("sweep")[4:5]


def test_stochastic_model_shares_its_layers_and_differs_from_pass_to_pass():
    model = network_named("mc")
    active = stochastic(model)

    assert active.layers[1:] == model.layers
    passes = active(np.repeat(TURNED, 8, axis=0)).numpy()
    assert np.ptp(passes, axis=0).max() > 0.01
    twin = model(TURNED).numpy()
    np.testing.assert_array_equal(model(TURNED).numpy(), twin)


@pytest.mark.parametrize("name", [*SHAPES, *OWN_MODELS])
def test_tiled_mean_of_every_shape_agrees_with_the_sampler(name):
    model = network_named(name)
    image = TURNED if name in SHAPES else inputs_for(model, "1")
    passes = 500
    tiled = stochastic(model)(np.repeat(image, passes, axis=0)).numpy()
    ours = McSampler(model).sample(image, passes).probs_tnc[:, 0]

    error = np.sqrt((ours.var(axis=0) + tiled.var(axis=0)) / passes)
    assert error.min() > 0
    assert (np.abs(ours.mean(axis=0) - tiled.mean(axis=0)) <= 4.5 * error + 1e-5).all()


def test_batch_normalised_shape_keeps_its_statistics():
    model = build_shape("batch_normalised")
    before = model.get_weights()
    stochastic(model)(np.repeat(TURNED, 4, axis=0))

    assert len(before) == 16  # two BatchNorms of four, four layers of two
    for one, other in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_same_shape_has_the_same_weights_twice():
    one, other = build_shape("residual"), build_shape("residual")
    for first, second in zip(one.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize(
    "make",
    [
        keras_calls.eager_loop,
        keras_calls.compiled_loop,
        keras_calls.tiled,
        keras_calls.tiled_in_chunks,
        keras_calls.tiled_several,
        keras_calls.predict,
        our_sampler.samples,
        our_sampler.summary,
    ],
)
def test_every_contender_runs(make):
    task = make("mc", "2", 60)
    task.run()

    assert task.share == (0.1 if make is keras_calls.eager_loop else 1.0)


def test_floor_says_what_it_chose():
    task = floor.floor(500)
    task.run()

    assert "passes a chunk" in task.note
