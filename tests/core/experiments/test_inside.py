"""Inside the committee: the passes of a bar are those it counts, and what they dropped is found."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.stats import fisher_exact, linregress

from core.errors import InvalidInputError, NoActiveDropoutError
from core.experiments.inside import Inside, look_inside, passes_in_bar
from core.inference import McSampler, McSamples
from core.inference.dropblock import DropBlock2D

layers = keras.layers
PASSES, CLASSES = 300, 4


def samples_of(probs: np.ndarray) -> McSamples:
    """Samples of one image from shape (T, C)."""
    return McSamples(np.asarray(probs, dtype=np.float32)[:, None])


def network(*dropouts: Any) -> keras.Sequential:
    keras.utils.set_random_seed(4)
    first, second, third = dropouts
    model = keras.Sequential(
        [
            keras.Input((9, 8, 1)),
            layers.Conv2D(6, 3, activation="relu"),
            first,
            layers.Conv2D(5, 2, activation="relu"),
            second,
            layers.Flatten(),
            layers.Dense(7, activation="relu"),
            third,
            layers.Dense(CLASSES, activation="softmax"),
        ]
    )
    # Sure of itself, as trained ones are: otherwise no pass leaves the middle bars.
    model.layers[-1].set_weights([8.0 * weights for weights in model.layers[-1].get_weights()])
    return model


def by_channel() -> McSampler:
    drop, flat = layers.SpatialDropout2D, layers.Dropout
    return McSampler(network(drop(0.5, name="a"), drop(0.4, name="b"), flat(0.3, name="c")))


def in_part() -> McSampler:
    return McSampler(
        network(
            layers.Dropout(0.5, name="places"),
            DropBlock2D(0.4, 2, name="blocks"),
            layers.Dropout(0.3, name="units"),
        )
    )


@pytest.fixture(scope="module")
def image() -> np.ndarray:
    return np.random.default_rng(1).random((9, 8, 1), dtype=np.float32)


@pytest.fixture(scope="module")
def inside(image) -> Inside:
    return look_inside(by_channel(), image, num_samples=PASSES, seed=6)


# Edges as they come out of a softmax in float32, and just beside them.
EDGES = np.arange(11, dtype=np.float32) / np.float32(10)
BESIDE = np.concatenate([np.nextafter(EDGES, np.float32(to)) for to in (-1, 2)])
NUMBERS = st.one_of(
    st.sampled_from([float(each) for each in (*EDGES, *BESIDE) if 0 <= each <= 1]),
    st.floats(0, 1, width=32),
)


@given(hnp.arrays(np.float32, st.integers(1, 12), elements=NUMBERS))
def test_passes_of_a_bar_are_those_that_the_histogram_counts(first: np.ndarray) -> None:
    samples = samples_of(np.stack([first, 1 - first], axis=1))
    histogram = samples.summary().histogram[0]
    for label in (0, 1):
        bars = np.stack([passes_in_bar(samples, label, bar) for bar in range(10)])
        assert bars.sum(axis=1).tolist() == histogram[label].tolist()
        assert (bars.sum(axis=0) == 1).all()


def test_passes_of_every_bar_of_a_network_are_those_that_its_histogram_counts(inside):
    counts = inside.summary.histogram[0]
    for label in range(CLASSES):
        for bar in range(10):
            behind = inside.behind(label, bar)
            assert behind.num_passes == counts[label, bar]
            assert behind.num_passes + behind.num_rest == PASSES
    assert (counts > 0).sum() > 12  # some bars to tell apart


def test_bars_are_closed_on_the_left_and_the_last_on_both_sides():
    samples = samples_of(np.array([[0.0, 1.0], [0.5, 0.5], [0.49, 0.51], [1.0, 0.0]]))
    told = {bar: passes_in_bar(samples, 0, bar).nonzero()[0].tolist() for bar in range(10)}
    assert told == {bar: {0: [0], 4: [2], 5: [1], 9: [3]}.get(bar, []) for bar in range(10)}


def test_inside_holds_samples_masks_and_features_of_the_same_call(inside, image):
    sampler = by_channel()
    np.testing.assert_allclose(
        inside.samples.probs_tnc, sampler.sample(image[None], PASSES, 6).probs_tnc, atol=1e-6
    )
    for ours, theirs in zip(inside.dropped, sampler.dropped(PASSES, 6), strict=True):
        np.testing.assert_array_equal(ours.dropped, theirs.dropped)
    assert inside.layers == ("a", "b", "c") and inside.by_share == (False, False, False)
    assert [each.shape for each in inside.features] == [(7, 6, 6), (6, 5, 5), (7,)]


def test_behind_a_bar_are_drops_votes_and_winners(inside):
    label = inside.favourite
    bar = int(inside.summary.histogram[0, label].argsort()[-2])
    behind = inside.behind(label, bar)
    chosen = passes_in_bar(inside.samples, label, bar)
    found, votes = behind.differences, behind.votes
    assert found is not None and votes is not None

    assert np.bincount(found.layer).tolist() == [6, 5, 7]
    gone = inside.dropped[1].dropped[:, 3]
    row = np.flatnonzero((found.layer == 1) & (found.unit == 3))[0]
    counts = [[(gone & of).sum(), (~gone & of).sum()] for of in (chosen, ~chosen)]
    assert found.p[row] == pytest.approx(fisher_exact(counts).pvalue)
    assert found.share_of_chosen[row] == pytest.approx(gone[chosen].mean())

    probs = inside.samples.probs_tnc[:, 0]
    np.testing.assert_allclose(votes.mean_of_chosen, probs[chosen].mean(axis=0), rtol=1e-5)
    favourites = probs.argmax(axis=1)
    assert behind.wins.tolist() == [int((favourites[chosen] == c).sum()) for c in range(CLASSES)]
    assert (behind.wins + behind.wins_of_rest).tolist() == inside.summary.votes[0].tolist()


def test_bar_that_is_empty_or_holds_all_passes_has_nothing_to_compare(inside):
    sure = samples_of(np.tile([0.05, 0.05, 0.0, 0.9], (PASSES, 1)))
    certain = Inside(sure, inside.dropped, inside.features)
    everybody, nobody = certain.behind(3, 9), certain.behind(3, 2)
    assert (everybody.num_passes, everybody.num_rest) == (PASSES, 0)
    assert (nobody.num_passes, nobody.num_rest) == (0, PASSES)
    for behind in (everybody, nobody):
        assert behind.differences is None and behind.votes is None
    assert everybody.wins.tolist() == nobody.wins_of_rest.tolist() == [0, 0, 0, PASSES]


def test_effects_are_of_the_favourite_unless_another_class_is_asked_for(inside):
    values = inside.samples.probs_tnc[:, 0]
    for asked, label in ((None, inside.favourite), (0, 0), (2, 2)):
        found = inside.effects(asked)
        gone = inside.dropped[2].dropped[:, 5]
        row = np.flatnonzero((found.effects.layer == 2) & (found.effects.unit == 5))[0]
        effect = values[gone, label].mean() - values[~gone, label].mean()
        assert found.label == label
        assert found.effects.effect[row] == pytest.approx(effect, abs=1e-6)


def test_a_map_that_the_answer_hangs_on_is_found_first(image):
    """One class is fed by one map alone, so what drops it takes the answer away."""
    model = keras.Sequential(
        [
            keras.Input((9, 8, 1)),
            layers.Conv2D(12, 1, bias_initializer="ones"),
            layers.SpatialDropout2D(0.3, name="maps"),
            layers.GlobalAveragePooling2D(),
            layers.Dense(3, activation="softmax", kernel_initializer="zeros"),
        ]
    )
    kernel = np.zeros((12, 3), np.float32)
    kernel[8, 1] = 3.0
    model.layers[-1].set_weights([kernel, np.zeros(3, np.float32)])
    model.layers[0].set_weights([np.zeros((1, 1, 1, 12)), np.ones(12)])
    inside = look_inside(McSampler(model), image, num_samples=200)
    assert inside.favourite == 1
    effects = inside.effects().effects
    assert effects.p.argmin() == 8 and effects.q[8] < 1e-6 and effects.high[8] < -0.3
    assert (np.delete(effects.q, 8) > 0.05).all()
    bar = int(inside.summary.histogram[0, 1].argmax())
    behind = inside.behind(1, bar).differences
    assert behind is not None and behind.q.argmin() == 8 and behind.difference[8] == -1.0


def test_maps_dropped_in_part_are_told_by_their_shares(image):
    inside = look_inside(in_part(), image, num_samples=PASSES, seed=2)
    assert inside.by_share == (True, True, False)
    found = inside.effects()
    assert np.bincount(found.effects.layer).tolist() == [6, 5, 7]

    values = inside.samples.probs_tnc[:, 0, found.label]
    for layer, unit, sides in ((0, 4, (7, 6, 6)), (1, 2, (6, 5, 5))):
        share = inside.dropped[layer].dropped.reshape(PASSES, *sides)[..., unit].mean(axis=(1, 2))
        row = np.flatnonzero((found.effects.layer == layer) & (found.effects.unit == unit))[0]
        slope = linregress(share, values).slope
        assert found.effects.effect[row] == pytest.approx(0.1 * slope, rel=1e-4)

        bar = int(inside.summary.histogram[0, found.label].argsort()[-1])
        behind = inside.behind(found.label, bar).differences
        chosen = passes_in_bar(inside.samples, found.label, bar)
        assert behind is not None
        assert behind.share_of_chosen[row] == pytest.approx(share[chosen].mean())
        assert behind.share_of_rest[row] == pytest.approx(share[~chosen].mean())


def test_maps_are_the_features_that_come_into_a_layer(inside):
    maps = inside.maps("b")
    assert maps is not None and maps.shape == (6, 5, 5)
    np.testing.assert_array_equal(maps, inside.features[1])
    np.testing.assert_array_equal(inside.maps(1), maps)
    assert inside.maps("c") is None and inside.maps(2) is None


def test_maps_whose_channels_come_first_are_turned(image):
    model = keras.Sequential(
        [
            keras.Input((9, 8, 1)),
            layers.Conv2D(4, 1),
            layers.Permute((3, 1, 2)),
            layers.SpatialDropout2D(0.5, data_format="channels_first"),
            layers.Flatten(),
            layers.Dense(3, activation="softmax"),
        ]
    )
    turned = look_inside(McSampler(model), image, num_samples=20)
    maps = turned.maps(0)
    assert maps is not None and maps.shape == (9, 8, 4)
    np.testing.assert_array_equal(maps[..., 2], turned.features[0][2])
    assert turned.by_share == (False,) and turned.dropped[0].num_units == 4


def test_other_rates_are_those_that_the_passes_ran_with(image):
    inside = look_inside(by_channel(), image, num_samples=PASSES, rates={"a": 0.0, "b": 0.2})
    assert inside.layers == ("b", "c")
    assert [each.rate for each in inside.dropped] == [0.2, 0.3]
    assert [each.shape for each in inside.features] == [(6, 5, 5), (7,)]


def test_passes_that_drop_nothing_still_vote(image):
    blur = layers.GaussianDropout
    sampler = McSampler(network(blur(0.3), blur(0.3), blur(0.4)))
    inside = look_inside(sampler, image, num_samples=PASSES)
    assert inside.dropped == inside.features == inside.layers == ()
    label = inside.favourite
    behind = inside.behind(label, int(inside.summary.histogram[0, label].argmax()))
    assert behind.votes is not None and behind.differences is None
    with pytest.raises(InvalidInputError, match="at least one layer that drops units"):
        inside.effects()


def test_what_there_is_not_is_refused_by_name(inside, image):
    for ask, name in (
        (lambda: inside.behind(CLASSES, 0), "label"),
        (lambda: inside.behind(-1, 0), "label"),
        (lambda: inside.behind(0, 10), "bar"),
        (lambda: inside.behind(0, -1), "bar"),
        (lambda: inside.effects(7), "label"),
        (lambda: inside.maps("d"), "layer"),
        (lambda: inside.maps(3), "layer"),
        (lambda: inside.maps(-1), "layer"),
        (lambda: passes_in_bar(McSamples(np.ones((5, 2, 1), np.float32)), 0, 9), "samples"),
        (lambda: look_inside(by_channel(), image, rates=float("nan")), "rates"),
        (lambda: look_inside(by_channel(), image, rates={"a": 1}), "rates"),
        (lambda: look_inside(by_channel(), image[:5]), "images"),
    ):
        with pytest.raises(InvalidInputError) as caught:
            ask()
        assert caught.value.argument.startswith(name)
    with pytest.raises(NoActiveDropoutError, match="all passes would be the same"):
        look_inside(by_channel(), image, rates=0.0)


def test_parts_of_other_calls_are_refused(inside):
    fewer = McSamples(inside.samples.probs_tnc[:7])
    for parts in (
        (fewer, inside.dropped, inside.features),
        (inside.samples, inside.dropped, inside.features[:2]),
        (McSamples(np.full((PASSES, 2, 2), 0.5, np.float32)), inside.dropped, inside.features),
    ):
        with pytest.raises(InvalidInputError, match="one image"):
            Inside(*parts)
