"""Answers: the same question runs no pass the second time, from whichever visitor."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor, wait

import numpy as np
import pytest

from core.experiments import SweepRecipe
from core.images import ink_image, write_digit
from core.inference.samples import McSummary
from pages.parts import answers, sweeps
from pages.parts.engine import load_engine
from pages.parts.settings import Settings


@pytest.fixture
def image() -> np.ndarray:
    """A built-in writing, so that no data set is needed."""
    return ink_image(write_digit(3, 17))


def test_answer_asked_twice_runs_no_pass_the_second_time(image):
    settings = Settings("mc", 120, 4)
    sampler = load_engine("mc").sampler
    before = sampler.passes_run
    first = answers.answer(image, settings)
    assert sampler.passes_run - before == 120
    second = answers.answer(image.copy(), settings)
    assert sampler.passes_run - before == 120
    np.testing.assert_array_equal(first.summary.sum_p, second.summary.sum_p)


def test_answer_asked_twice_at_once_runs_its_passes_once(image, monkeypatch):
    settings = Settings("mc", 120, 8)
    sampler = load_engine("mc").sampler
    before, begun, finish = sampler.passes_run, threading.Event(), threading.Event()
    summarise = sampler.summarise

    def slowly(*arguments, **options):
        begun.set()
        assert finish.wait(10.0)
        return summarise(*arguments, **options)

    monkeypatch.setattr(sampler, "summarise", slowly)
    with ThreadPoolExecutor(2) as visitors:
        first = visitors.submit(answers.answer, image, settings)
        assert begun.wait(10.0)
        second = visitors.submit(answers.answer, image.copy(), settings)
        assert not wait([second], timeout=0.1).done
        finish.set()
        summaries = [each.result(10.0).summary for each in (first, second)]
    assert sampler.passes_run - before == 120
    np.testing.assert_array_equal(summaries[0].sum_p, summaries[1].sum_p)


def test_answer_that_fails_once_reaches_all_who_wait_and_is_asked_again(image, monkeypatch):
    settings = Settings("mc", 120, 9)
    sampler = load_engine("mc").sampler
    begun, finish, calls = threading.Event(), threading.Event(), list[None]()
    summarise = sampler.summarise

    def failing(*arguments, **options):
        calls.append(None)
        begun.set()
        assert finish.wait(10.0)
        raise MemoryError("not now")

    monkeypatch.setattr(sampler, "summarise", failing)
    with ThreadPoolExecutor(3) as visitors:
        asked = [visitors.submit(answers.answer, image, settings) for _ in range(3)]
        assert begun.wait(10.0)
        finish.set()
        for each in asked:
            with pytest.raises(MemoryError, match="not now"):
                each.result(10.0)
    assert len(calls) <= 3
    monkeypatch.setattr(sampler, "summarise", summarise)
    assert answers.answer(image, settings).summary.num_samples == 120


def test_answer_is_shared_and_cannot_be_changed(image):
    settings = Settings("mc", 120, 10)
    first = answers.answer(image, settings)
    with pytest.raises(ValueError, match="read-only"):
        first.summary.sum_p[:] = 0.0
    with pytest.raises(ValueError, match="read-only"):
        first.twin[0] = 0.0


@pytest.mark.parametrize("other", [Settings("mc", 121, 5), Settings("mc", 120, 6)])
def test_answer_to_another_question_runs_its_passes(image, other):
    answers.answer(image, Settings("mc", 120, 5))
    sampler = load_engine("mc").sampler
    before = sampler.passes_run
    answers.answer(image, other)
    assert sampler.passes_run - before == other.num_samples


def test_answer_at_other_rates_is_another_one_and_kept_as_well(image):
    settings, sampler = Settings("mc", 120, 11), load_engine("mc").sampler
    trained = answers.answer(image, settings)
    before = sampler.passes_run
    rates = (("dropout1", 0.1), ("dropout2", 0.5), ("dropout3", 0.2))
    other = answers.answer(image, settings, rates)
    assert sampler.passes_run - before == 120
    assert not np.array_equal(other.summary.sum_p, trained.summary.sum_p)
    wanted = sampler.summarise(image[None], 120, 11, {"dropout1": 0.1, "dropout3": 0.2})
    np.testing.assert_allclose(other.summary.sum_p, wanted.sum_p, rtol=1e-5)
    before = sampler.passes_run
    again = answers.answer(image.copy(), settings, rates)
    np.testing.assert_array_equal(other.summary.sum_p, again.summary.sum_p)
    answers.answer(image, settings, ())  # those of training, as every other page asks
    assert sampler.passes_run == before
    answers.answer(image, settings, (*rates[:2], ("dropout3", 0.25)))
    assert sampler.passes_run - before == 120


def test_rotation_asked_twice_runs_no_pass_the_second_time(image):
    settings = Settings("mc", 10, 7)
    recipe = SweepRecipe("rotation", (image,), (3,), num_samples=10, seed=7)
    sampler = load_engine("mc").sampler
    before = sampler.passes_run
    first = sweeps.sweep(recipe, settings)
    assert sampler.passes_run - before == 360
    assert sweeps.sweep(recipe, settings).values.tolist() == first.values.tolist()
    assert sampler.passes_run - before == 360


def test_what_an_answer_of_many_classes_takes_is_counted():
    summary = McSummary.from_samples(np.full((2, 1, 100), 0.01))
    size = answers._size((summary, np.zeros(100, dtype=np.float32)))
    assert 8 * 100 * 100 < size < 8 * 100 * 100 + 20_000
    ten = McSummary.from_samples(np.full((2, 1, 10), 0.1))
    assert answers._size((ten, np.zeros(10, dtype=np.float32))) < 6_000
