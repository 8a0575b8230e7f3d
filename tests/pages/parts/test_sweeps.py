"""Sweeps beside the page: kept, shared, and shown as they grow."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from core.errors import InvalidInputError
from core.experiments import SweepRecipe, stream_sweep
from core.experiments.sweep import BLOCK_ROWS
from core.images import ink_image, write_digit
from core.uncertainty.classes import Classes
from pages.parts import sweeps
from pages.parts.engine import load_engine
from pages.parts.settings import Settings

SETTINGS = Settings("mc", 10, 0)


def recipe(**changes: Any) -> SweepRecipe:
    image = ink_image(write_digit(3, 17))
    parts: dict[str, Any] = {"kind": "rotation", "images": (image,), "num_samples": 10}
    return SweepRecipe(**{**parts, **changes})


def test_visitors_who_ask_for_one_sweep_at_once_share_its_passes() -> None:
    sampler = load_engine("mc").sampler
    before = sampler.passes_run
    results: list[Any] = []
    askers = [
        threading.Thread(target=lambda: results.append(sweeps.sweep(recipe(seed=91), SETTINGS)))
        for _ in range(4)
    ]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert sampler.passes_run - before == 360
    assert len({id(result) for result in results}) == 1 and results[0].is_complete


@pytest.mark.parametrize(
    "changes", [{"num_steps": 12}, {"stop": 90.0}, {"labels": (3,)}, {"seed": 93}]
)
def test_another_recipe_is_another_sweep(changes: dict[str, Any]) -> None:
    first = sweeps.sweep(recipe(seed=92), SETTINGS)
    other = sweeps.sweep(recipe(**{"seed": 92, **changes}), SETTINGS)
    assert other is not first
    assert sweeps.sweep(recipe(seed=92), SETTINGS) is first


def test_a_sweep_that_takes_long_is_returned_as_far_as_it_is(monkeypatch: Any) -> None:
    go_on = threading.Event()
    grown = stream_sweep

    def slow(*arguments: Any, **options: Any) -> Any:
        for result in grown(*arguments, **options):
            yield result
            go_on.wait(10)

    monkeypatch.setattr("core.experiments.sweep.BLOCK_ROWS", 120)
    monkeypatch.setattr(sweeps, "stream_sweep", slow)
    monkeypatch.setattr(sweeps, "_PATIENCE", 0.05)
    asked = recipe(seed=94)
    part = sweeps.sweep(asked, SETTINGS)
    assert part.num_steps == 12 and not part.is_complete
    go_on.set()
    monkeypatch.setattr(sweeps, "_PATIENCE", 10.0)
    assert sweeps.sweep(asked, SETTINGS).is_complete


def test_an_error_is_told_and_the_next_try_is_a_new_one() -> None:
    asked = recipe(labels=(11,), seed=95)
    for _ in range(2):
        with pytest.raises(InvalidInputError, match="from 0 to 9"):
            sweeps.sweep(asked, SETTINGS)


def test_the_plain_network_is_asked_about_the_same_images() -> None:
    from core.experiments import score_one_pass
    from core.networks import load_network

    result = sweeps.with_plain(sweeps.sweep(recipe(seed=96), SETTINGS))
    assert result.plain is not None
    expected = score_one_pass(load_network("plain").model, result.images)
    np.testing.assert_allclose(result.plain, expected, atol=1e-6)


def test_other_names_of_the_same_classes_are_another_sweep() -> None:
    first = sweeps.sweep(recipe(seed=95), SETTINGS)
    names = Classes(("none", *"123456789"))
    other = sweeps.sweep(recipe(seed=95, classes=names), SETTINGS)
    assert other is not first and other.classes is names


def test_a_sweep_that_takes_too_much_memory_is_refused_before_it_begins(monkeypatch) -> None:
    monkeypatch.setattr("core.experiments.sweep.MAX_SWEEP_BYTES", 30_000)
    with pytest.raises(InvalidInputError, match="num_steps"):
        sweeps.sweep(recipe(seed=96), SETTINGS)


@pytest.mark.parametrize(
    ("milliseconds", "rows"), [(None, None), (1.0, BLOCK_ROWS), (500.0, 2_000)]
)
def test_a_slow_network_is_asked_for_less_at_a_time(milliseconds: Any, rows: int | None) -> None:
    report = SimpleNamespace(milliseconds=milliseconds)
    engine: Any = SimpleNamespace(facts=SimpleNamespace(own=SimpleNamespace(report=report)))
    assert sweeps._block_rows(engine) == rows
