"""A batch is asked as any image is, whatever else is in it, and can be stopped."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from core.errors import InvalidInputError
from core.experiments.batch import BatchRun, run_batch, thumbnails_of
from core.experiments.batch_decisions import decide_batch, summarise_batch
from core.experiments.batch_result import BatchResult
from core.images import BatchItem
from core.uncertainty import MEASURES, Policy
from core.uncertainty.classes import Classes
from core.uncertainty.measures import predicted_class

ANIMALS = Classes(("cat", "dog", "Labrador"))
IMAGES = np.random.default_rng(1).random((47, 28, 28, 1), dtype=np.float32)
BAD = 11


def items(count: int = 47) -> Iterator[BatchItem]:
    for index in range(count):
        if index == BAD:
            yield BatchItem("bad", None, 2, "It is damaged.")
        else:
            label = None if index % 4 == 0 else index % 3
            yield BatchItem(f"image {index}", IMAGES[index], label)


@pytest.fixture(scope="module")
def result(sampler) -> BatchResult:
    return run_batch(sampler, items(), classes=ANIMALS, num_samples=30, seed=4, num_expected=47)


def test_an_image_has_the_numbers_it_has_alone(sampler, result) -> None:
    summary = sampler.summarise(IMAGES[20][None], num_samples=30, seed=4)
    twin = sampler.twin(IMAGES[20][None])[0]
    for name, measure in MEASURES.items():
        assert result.measures[name][20] == pytest.approx(measure.value(summary)[0], abs=1e-5)
    assert result.predicted[20] == predicted_class(summary)[0]
    assert result.twin_predicted[20] == twin.argmax()
    assert result.twin_confidence[20] == pytest.approx(twin.max(), abs=1e-6)


def test_what_could_not_be_read_is_a_row_without_numbers(result) -> None:
    assert len(result) == 47 and result.is_complete
    assert not result.is_read[BAD] and result.is_read.sum() == 46
    assert result.problems[BAD] == "It is damaged." and result.labels[BAD] == 2
    assert np.isnan(result.measures["confidence"][BAD]) and result.predicted[BAD] == -1
    assert not result.is_labelled[BAD] and not result.right[BAD]
    assert result.class_name(result.predicted[BAD]) == ""


@pytest.mark.parametrize("measure", MEASURES)
def test_the_most_uncertain_come_first_and_what_could_not_be_read_last(result, measure) -> None:
    order = result.order(measure)
    values = result.measures[measure][order]
    assert order[-1] == BAD and sorted(order) == list(range(47))
    steps = np.diff(values[:-1])
    assert (steps >= 0).all() if measure == "confidence" else (steps <= 0).all()


@pytest.mark.parametrize("limits", [{}, {"predictive_entropy": 1.05}, {"confidence": 0.4}])
def test_verdicts_are_those_of_the_policy_itself(sampler, result, limits) -> None:
    policy = Policy(limits, name="Mine", num_classes=3)
    decisions = decide_batch(result, policy)
    read = np.delete(np.arange(47), BAD)
    direct = policy.decide(sampler.summarise(IMAGES[read], num_samples=30, seed=4), ANIMALS.names)
    np.testing.assert_array_equal(decisions.accepted[read], direct.accepted)
    assert [decisions.reasons[place] for place in read] == list(direct.reasons)
    assert [decisions.broken[place] for place in read] == list(direct.broken)
    assert decisions.verdicts[BAD] == "could not be read" and decisions.broken[BAD] == ()
    assert decisions.reasons[BAD] == "It is damaged." and not decisions.accepted[BAD]
    if limits == {"predictive_entropy": 1.05}:
        assert 0 < direct.accepted.sum() < 46  # or there is nothing to tell apart


def test_a_policy_for_another_number_of_classes_is_refused(result) -> None:
    with pytest.raises(InvalidInputError, match="limits for 3 classes"):
        decide_batch(result, Policy({"predictive_entropy": 1.0}))
    assert decide_batch(result, Policy()).accepted.sum() == 46


def test_the_summary_counts_the_labelled_only_where_they_matter(result) -> None:
    decisions = decide_batch(result, Policy({"predictive_entropy": 1.05}, num_classes=3))
    summary = summarise_batch(result, decisions)
    known = [place for place in range(47) if place != BAD and place % 4]
    assert (summary.num_items, summary.num_read, summary.num_labelled) == (47, 46, len(known))
    right = [result.predicted[place] == place % 3 for place in known]
    assert summary.num_right == sum(right)
    accepted = decisions.accepted[known]
    assert summary.outcome is not None and summary.outcome.num_accepted == accepted.sum()
    assert summary.outcome.num_false == (accepted & ~np.array(right)).sum()
    # The twin accepts as many, its most confident ones.
    surest = np.argsort(-result.twin_confidence[known])[: accepted.sum()]
    wrong = ~result.twin_right[known][surest]
    assert summary.twin_risk == pytest.approx(wrong.mean())


def test_without_labels_nothing_is_said_of_right_and_wrong(sampler) -> None:
    plain = [BatchItem("a", IMAGES[0]), BatchItem("b", None, problem="Gone.")]
    result = run_batch(sampler, plain, classes=ANIMALS, num_samples=5)
    summary = summarise_batch(result, decide_batch(result, Policy()))
    assert summary.outcome is None and summary.twin_risk is None and summary.num_labelled == 0


def test_nothing_read_is_a_result_too(sampler) -> None:
    bad = [BatchItem(name, None, problem="Gone.") for name in "ab"]
    for source in (bad, []):
        result = run_batch(sampler, source, classes=ANIMALS, num_samples=5)
        decisions = decide_batch(result, Policy({"variance": 0.1}, num_classes=3))
        assert len(result) == len(source) and not decisions.accepted.any()
        assert result.is_read.dtype == bool and result.thumbnails is None
        assert summarise_batch(result, decisions).num_read == 0
        assert len(result.order()) == len(source)


def test_progress_that_raises_stops_and_keeps_what_is_done(sampler) -> None:
    seen: list[tuple[int, int]] = []

    class EnoughError(Exception):
        pass

    def progress(done: int, total: int) -> None:
        seen.append((done, total))
        raise EnoughError

    part = run_batch(
        sampler, items(), classes=ANIMALS, num_samples=5, num_expected=47, progress=progress
    )
    assert seen == [(20, 47)] and len(part) == 20 and not part.is_complete
    assert part.num_expected == 47 and part.names[0] == "image 0"


def test_an_interruption_from_the_keyboard_keeps_what_is_done(sampler) -> None:
    def interrupted() -> Iterator[BatchItem]:
        yield from items(30)
        raise KeyboardInterrupt

    run = BatchRun(sampler, ANIMALS, num_samples=5)
    with pytest.raises(KeyboardInterrupt):
        run.run(interrupted())
    assert len(run.result()) == 20 and not run.result().is_complete


def test_progress_tells_how_much_is_done_and_ends_full(sampler) -> None:
    seen: list[tuple[int, int]] = []
    run_batch(
        sampler,
        items(),
        classes=ANIMALS,
        num_samples=5,
        num_expected=50,
        progress=lambda done, total: seen.append((done, total)),
    )
    assert seen == [(20, 50), (40, 50), (47, 47)]


def test_a_mistake_in_the_settings_is_raised_not_kept(sampler) -> None:
    with pytest.raises(InvalidInputError, match="num_samples"):
        run_batch(sampler, items(), classes=ANIMALS, num_samples=0)


def test_an_answer_that_is_no_distribution_spoils_no_other_row() -> None:
    import keras

    from core.inference import McSampler

    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [
            keras.Input((4,)),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(3, kernel_initializer="ones", activation="softmax"),
        ]
    )
    rows = np.ones((5, 4), np.float32)
    rows[2] = 3e38  # their sum is no float32
    source = [BatchItem(str(index), row) for index, row in enumerate(rows)]
    result = run_batch(McSampler(model), source, classes=ANIMALS, num_samples=20)
    assert result.is_read.tolist() == [True, True, False, True, True]
    assert "no distribution" in result.problems[2] and result.thumbnails is None


def test_thumbnails_are_small_and_whole_where_that_fits() -> None:
    assert thumbnails_of(IMAGES).shape == (47, 28, 28, 1)
    np.testing.assert_allclose(thumbnails_of(IMAGES) / 255.0, IMAGES, atol=0.5 / 255 + 1e-6)
    large = np.zeros((2, 100, 70, 3), np.float32)
    large[:, :50] = 1.0
    small = thumbnails_of(large)
    assert small.shape == (2, 25, 18, 3) and small.dtype == np.uint8
    assert (small[:, :12] == 255).all() and (small[:, 13:] == 0).all()


def test_the_result_keeps_thumbnails_in_their_rows(result) -> None:
    assert result.thumbnails is not None and result.thumbnails.shape == (47, 28, 28, 1)
    assert not result.thumbnails[BAD].any()
    np.testing.assert_array_equal(result.thumbnails[12], thumbnails_of(IMAGES[12:13])[0])
