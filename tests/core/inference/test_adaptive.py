"""Adaptive passes: the first ones of those that `sample` runs, and as many as a rule asks for."""

import numpy as np
import pytest

from core.errors import InvalidInputError
from core.experiments.reference_data import load_reference_data
from core.inference import McSampler, McSummary
from core.inference.adaptive import Settling, decide_adaptively
from core.networks import load_network
from core.uncertainty import Policy


class Recorded:
    """Passes that were drawn before: of image i those of `samples[:, i]`."""

    def __init__(self, samples, images, runs):
        self.samples, self.images, self.runs = samples, images, runs

    def run(self, passes):
        self.runs.append((self.images.tolist(), passes))
        return self.samples[passes, self.images]

    def keep(self, which):
        self.images = self.images[which]


class SettlesWhere:
    """Accepts class 0, and settles each image after as many passes as its first softmax says."""

    def accepts(self, summary):
        return summary.sum_p.argmax(axis=1) == 0

    def watch(self, num_images, num_classes, error):
        return _Watch()


class _Watch:
    def __init__(self):
        self.seen = 0
        self.due = np.zeros(0, dtype=np.int64)

    def add(self, probs_tnc):
        if not self.seen:
            self.due = np.round(probs_tnc[0, :, 2] * 1e4).astype(np.int64)
            self.due[probs_tnc[0].max(axis=1) == 1.0] = 10
            self.winner = probs_tnc[0].argmax(axis=1)
        self.seen += len(probs_tnc)
        after = np.where((self.due > 0) & (self.due <= self.seen), self.due, 0)
        return Settling(after, self.winner == 0, self.winner, after)

    def keep(self, which):
        self.due, self.winner = self.due[which], self.winner[which]


def samples_due(due, passes=300):
    """Passes of images that all agree; class 1 is ahead on every other image."""
    rare = np.array(due) / 1e4
    rows = np.stack([0.9 - rare, 0.1 + 0.0 * rare, rare], axis=1)
    rows[1::2] = rows[1::2, [1, 0, 2]]
    return np.tile(rows.astype(np.float32), (passes, 1, 1))


def decided(samples, rule, max_samples=300, **more):
    runs: list[tuple[list[int], slice]] = []
    found = decide_adaptively(
        lambda images: Recorded(samples, images, runs),
        samples.shape[1],
        samples.shape[2],
        rule,
        max_samples,
        0.01,
        **more,
    )
    return found, runs


@pytest.mark.parametrize("at_a_time", [1_000, 2])
def test_images_stop_at_the_first_look_after_they_settle(at_a_time):
    due = [5, 40, 0, 200, 299]
    found, runs = decided(samples_due(due), SettlesWhere(), at_a_time=at_a_time)
    np.testing.assert_array_equal(found.settled_after, due)
    np.testing.assert_array_equal(found.settled, [True, True, False, True, True])
    assert (found.num_samples >= due).all() and (found.num_samples <= 300).all()
    assert found.num_samples[2] == found.num_samples[4] == 300 > found.num_samples[3]
    np.testing.assert_array_equal(found.predicted, [0, 1, 0, 1, 0])
    np.testing.assert_array_equal(found.accepted, [True, False, True, False, True])
    # Each image met each pass once, in order, up to where it stopped.
    for image, count in enumerate(found.num_samples):
        met = [passes for images, passes in runs if image in images]
        assert [one.start for one in met] == [0, *(one.stop for one in met[:-1])]
        assert met[-1].stop == count


def test_summaries_are_those_of_the_passes_that_were_run():
    rng = np.random.default_rng(0)
    samples = rng.dirichlet([1.0, 1.0, 1.0], (300, 5)).astype(np.float32)
    samples[0] = samples_due([5, 40, 0, 200, 299])[0]
    found, _ = decided(samples, SettlesWhere())
    for image, count in enumerate(found.num_samples):
        expected = McSummary.from_samples(samples[:count, image : image + 1])
        assert found.summary(image).num_samples == count
        np.testing.assert_allclose(found.summary(image).sum_pp, expected.sum_pp)
        np.testing.assert_allclose(found.mean[image], expected.mean[0])


def test_what_settles_on_another_class_than_the_passes_say_goes_on():
    samples = samples_due([40, 40])
    samples[1:, 1] = samples[0, 0]  # its first pass was alone in saying 1
    found, _ = decided(samples, SettlesWhere())
    np.testing.assert_array_equal(found.settled_after, [40, 0])
    np.testing.assert_array_equal(found.num_samples[1], 300)


@pytest.fixture(scope="module")
def mc():
    return McSampler(load_network("mc").model)


@pytest.fixture(scope="module")
def images():
    from core.images import ink_image, write_digit

    return np.stack([ink_image(write_digit(digit, 3)) for digit in range(7)])


@pytest.mark.parametrize("masks", ["shared", "independent"])
def test_the_passes_are_the_first_ones_that_sample_runs(mc, images, masks):
    policy = Policy({"predictive_entropy": 0.3})
    samples = mc.sample(images, 220, seed=4, rates=0.4, masks=masks).probs_tnc
    before = mc.passes_run
    found = mc.decide(images, policy, 220, 0.05, seed=4, rates=0.4, masks=masks)
    assert len(set(found.num_samples.tolist())) > 1
    for image, count in enumerate(found.num_samples):
        expected = samples[:count, image].mean(axis=0)
        np.testing.assert_allclose(found.mean[image], expected, atol=1e-5)
    assert mc.passes_run - before == found.num_samples.sum()
    whole = McSummary.from_samples(samples)
    unsettled = ~found.settled
    np.testing.assert_array_equal(found.accepted[unsettled], policy.accepts(whole)[unsettled])


def test_chunks_and_company_change_no_decision(images):
    model = load_network("mc").model
    policy = Policy({"mutual_information": 0.2})
    found = McSampler(model).decide(images, policy, 300)
    small = McSampler(model, chunk_rows=90).decide(images, policy, 300)
    alone = McSampler(model).decide(images[2:3], policy, 300)
    np.testing.assert_array_equal(small.settled_after, found.settled_after)
    np.testing.assert_allclose(small.mean, found.mean, atol=1e-5)
    assert alone.settled_after[0] == found.settled_after[2]
    np.testing.assert_allclose(alone.mean[0], found.mean[2], atol=1e-5)


def test_one_pass_is_all_there_is_to_decide_on(mc, images):
    found = mc.decide(images, Policy({"confidence": 0.5}), max_samples=1)
    np.testing.assert_array_equal(found.num_samples, np.ones(7))
    assert not found.settled.any()


@pytest.mark.parametrize("error", [0.0, 1.0, -0.1, float("nan"), True, "0.01", None])
def test_an_error_that_is_no_probability_is_refused(mc, images, error):
    with pytest.raises(InvalidInputError, match="error"):
        mc.decide(images, Policy(), error=error)


@pytest.mark.parametrize("max_samples", [0, -1, 1.5, 10**9, True])
def test_passes_out_of_range_are_refused(mc, images, max_samples):
    with pytest.raises(InvalidInputError, match="max_samples"):
        mc.decide(images, Policy(), max_samples)


@pytest.mark.parametrize("policy", [None, 0.5, {"confidence": 0.5}])
def test_what_is_no_policy_is_refused(mc, images, policy):
    with pytest.raises(InvalidInputError, match="policy"):
        mc.decide(images, policy)


def test_decisions_on_test_digits_are_those_of_a_thousand_passes(mc, mnist_data):
    digits = load_reference_data("test", 500).images.astype(np.float32) / np.float32(255.0)
    policy = Policy({"predictive_entropy": 0.4692})
    found = mc.decide(digits, policy)
    whole = mc.summarise(digits, 1000)
    same = (found.accepted == policy.accepts(whole)) & (
        found.predicted == whole.sum_p.argmax(axis=1)
    )
    assert same.mean() >= 0.998
    assert found.settled.mean() > 0.9 and found.num_samples.mean() < 250


def test_what_is_printed_is_short_and_an_image_that_is_not_there_is_refused():
    found, _ = decided(samples_due([20, 40]), SettlesWhere())
    assert "McSummary" not in repr(found)
    with pytest.raises(InvalidInputError, match="image"):
        found.summary(2)


def test_a_policy_for_more_classes_than_the_network_has_is_refused():
    with pytest.raises(InvalidInputError, match="with 3 classes"):
        Policy({"predictive_entropy": 2.2}).watch(1, 3, 0.01)
    Policy({"predictive_entropy": 1.0}).watch(1, 3, 0.01)  # within what three classes can reach
