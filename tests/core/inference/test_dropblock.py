"""DropBlock: squares, as often as was asked for, and the same passes as by plain Keras."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from core.errors import InvalidInputError
from core.inference import McSampler
from core.inference.dropblock import DropBlock2D
from core.inference.masks import PASSES_PER_BLOCK, Blocks, pass_masks
from tests.core.inference.reference import reference_samples, reference_twin

RATE = 0.4


def _masks(rate: float, size: int, maps: tuple[int, int, int], stop: int = 200) -> np.ndarray:
    units = int(np.prod(maps))
    masks = pass_masks(3, 0, units, rate, 0, stop, kind="DropBlock2D", blocks=Blocks(size, maps))
    return masks.reshape(stop, *maps)


def _is_union_of_squares(dropped: np.ndarray, size: int) -> bool:
    """Whether each dropped place of a map lies in a square, cut by the border, that is dropped."""
    height, width = dropped.shape
    covered = np.zeros_like(dropped)
    for top in range(1 - size, height):
        for left in range(1 - size, width):
            square = np.s_[max(top, 0) : top + size, max(left, 0) : left + size]
            if dropped[square].all():
                covered[square] = True
    return bool((covered == dropped).all())


@pytest.mark.parametrize(("rate", "size"), [(0.1, 2), (0.5, 3), (0.9, 3)])
def test_every_place_is_dropped_at_the_rate_and_kept_ones_are_scaled(rate, size):
    masks = _masks(rate, size, (6, 5, 40), 400)

    np.testing.assert_array_equal(np.unique(masks), np.array([0.0, 1.0 / (1.0 - rate)], np.float32))
    # 16,000 masks of each place, corners too; five standard errors.
    of_places = (masks == 0).mean(axis=(0, 3))
    assert np.abs(of_places - rate).max() < 5 * np.sqrt(rate * (1 - rate) / 16_000)


def test_what_is_dropped_are_squares():
    dropped = _masks(0.3, 3, (7, 8, 4), 50) == 0

    maps = dropped.transpose(0, 3, 1, 2).reshape(-1, 7, 8)
    assert all(_is_union_of_squares(each, 3) for each in maps)
    single = pass_masks(3, 0, 7 * 8 * 4, 0.3, 0, 50).reshape(50, 7, 8, 4) == 0
    assert not _is_union_of_squares(single[0, :, :, 0], 3)


def test_masks_of_blocks_are_a_part_of_the_whole_and_of_those_at_a_higher_rate():
    whole = _masks(RATE, 3, (5, 5, 2), 3 * PASSES_PER_BLOCK)
    part = pass_masks(3, 0, 50, RATE, 30, 70, kind="DropBlock2D", blocks=Blocks(3, (5, 5, 2)))

    np.testing.assert_array_equal(part.reshape(40, 5, 5, 2), whole[30:70])
    assert ((whole > 0) >= (_masks(0.7, 3, (5, 5, 2), 3 * PASSES_PER_BLOCK) > 0)).all()


@pytest.fixture(scope="module")
def model() -> keras.Model:
    layers = keras.layers
    keras.utils.set_random_seed(5)
    return keras.Sequential(
        [
            keras.Input((9, 8, 2)),
            layers.Conv2D(6, 3, activation="relu"),
            DropBlock2D(RATE, 2),
            layers.Conv2D(5, 3, activation="tanh"),
            DropBlock2D(RATE, 3),
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(4, activation="softmax"),
        ]
    )


@pytest.mark.parametrize("ids", [None, [4, 0, 9]], ids=["shared", "independent"])
def test_sampler_runs_the_passes_of_plain_keras_under_the_same_masks(model, ids):
    images = np.random.default_rng(0).random((3, 9, 8, 2), dtype=np.float32)
    sampler = McSampler(model)

    samples = sampler.sample(
        images, 120, seed=7, masks="shared" if ids is None else "independent", image_ids=ids
    ).probs_tnc

    expected = reference_samples(model, images, 120, 7, [RATE, RATE, 0.5], ids)
    np.testing.assert_allclose(samples, expected, atol=1e-5)
    np.testing.assert_allclose(sampler.twin(images), reference_twin(model, images), atol=1e-6)
    assert [spec.kind for spec in sampler.plan.stochastic][:2] == ["DropBlock2D"] * 2


def test_layer_drops_in_training_only_and_keeps_the_mean():
    keras.utils.set_random_seed(0)
    layer, ones = DropBlock2D(0.5, 3), np.ones((300, 6, 6, 8), np.float32)

    np.testing.assert_array_equal(layer(ones), ones)
    dropped = np.asarray(layer(ones, training=True))
    assert set(np.unique(dropped)) == {0.0, 2.0}
    assert np.abs(dropped.mean(axis=(0, 3)) - 1.0).max() < 0.15
    assert not np.array_equal(dropped, np.asarray(layer(ones, training=True)))
    np.testing.assert_array_equal(DropBlock2D(0.0)(ones, training=True), ones)


def test_layer_is_saved_and_loaded(model, tmp_path):
    model.save(tmp_path / "block.keras")

    loaded = keras.saving.load_model(tmp_path / "block.keras")

    layer = loaded.layers[1]
    assert isinstance(layer, DropBlock2D) and (layer.rate, layer.block_size) == (RATE, 2)


@pytest.mark.parametrize(
    ("rate", "size", "name"),
    [(1.0, 3, "rate"), (-0.1, 3, "rate"), (float("nan"), 3, "rate"), (0.5, 0, "block_size")],
)
def test_layer_refuses_what_is_out_of_range(rate, size, name):
    with pytest.raises(InvalidInputError, match=name):
        DropBlock2D(rate, size)
