from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import DamagedFileError, InvalidInputError, MissingDataError
from core.experiments.quantiles import (
    Distribution,
    MeasureQuantiles,
    load_quantiles,
    scores_path,
)
from core.experiments.scoring import Scores
from core.networks import NetworkCard, load_card
from core.uncertainty import MEASURES


@pytest.fixture(scope="module")
def card() -> NetworkCard:
    return load_card("mc")


def _scores(**measures: npt.NDArray[np.float64]) -> Scores:
    num_images = len(next(iter(measures.values())))
    return Scores(
        num_samples=50,
        seed=3,
        mean=np.full((num_images, 10), 0.1),
        predicted=np.zeros(num_images, np.int64),
        runner_up=np.ones(num_images, np.int64),
        measures={name: measures.get(name, np.arange(num_images) / 10) for name in MEASURES},
        labels=None,
    )


def test_share_is_0_below_all_and_1_above_all() -> None:
    distribution = Distribution.of(np.array([0.2, 0.4, 0.1, 0.3]))

    assert distribution.share_below(0.05) == 0.0
    assert distribution.share_below(0.1) == 0.0  # none is strictly less
    assert distribution.share_below(0.5) == 1.0
    assert distribution.share_below(0.4) == 0.75
    assert distribution.share_below(float("inf")) == 1.0
    assert distribution.share_below(float("-inf")) == 0.0


def test_share_at_a_value_that_many_share_counts_only_what_is_strictly_less() -> None:
    # As the variation ratio: most test digits have every pass agree.
    distribution = Distribution.of(np.array([0.0] * 70 + [0.001] * 10 + [0.3] * 20))

    assert distribution.share_below(0.0) == 0.0
    assert distribution.share_below(0.0005) == 0.7  # all ties are below, nothing in between
    assert distribution.share_below(0.001) == 0.7
    assert distribution.share_below(0.2) == 0.8
    assert distribution.share_below(0.3) == 0.8
    assert distribution.share_below(0.31) == 1.0


def test_share_of_equal_values_is_0_up_to_them_and_1_above() -> None:
    distribution = Distribution.of(np.zeros(5))

    assert distribution.share_below(0.0) == 0.0
    assert distribution.share_below(1e-9) == 1.0


def test_few_values_are_kept_exactly() -> None:
    values = np.random.default_rng(1).normal(size=30).round(3)

    distribution = Distribution.of(values)

    for value in np.linspace(-3, 3, 101).round(3):
        assert distribution.share_below(value) == np.mean(values < value)


def test_many_values_are_interpolated_to_a_three_hundredth_and_finer_in_the_tail() -> None:
    values = np.random.default_rng(0).exponential(size=10_000)

    distribution = Distribution.of(values)

    assert len(distribution.values) < 300
    for level, tolerance in [(0.1, 0.003), (0.5, 0.003), (0.9, 0.003), (0.97, 6e-4), (0.999, 6e-4)]:
        value = float(np.quantile(values, level))
        assert distribution.share_below(value) == pytest.approx(
            np.mean(values < value), abs=tolerance
        )


@given(
    values=st.lists(st.floats(0, 3).map(lambda value: round(value, 2)), min_size=1, max_size=400),
    left=st.floats(-1, 4),
    right=st.floats(-1, 4),
)
def test_share_never_falls_and_stays_in_0_to_1(
    values: list[float], left: float, right: float
) -> None:
    distribution = Distribution.of(np.array(values))

    low, high = (distribution.share_below(value) for value in sorted((left, right)))

    assert 0.0 <= low <= high <= 1.0


@pytest.mark.parametrize(
    ("values", "below", "up_to", "num_images"),
    [
        ([], [], [], 0),
        ([0.1, 0.1], [0, 1], [1, 2], 2),
        ([0.1, 0.2], [0, 1], [1, 2], 3),
        ([0.1, 0.2], [1, 1], [1, 2], 2),
        ([0.1, 0.2], [0, 0], [1, 2], 2),
        ([0.1, 0.2], [0, 1], [1], 2),
        ([0.1, float("nan")], [0, 1], [1, 2], 2),
    ],
)
def test_counts_of_no_distribution_are_refused(
    values: list[float], below: list[int], up_to: list[int], num_images: int
) -> None:
    with pytest.raises(InvalidInputError, match="quantiles"):
        Distribution(np.array(values), np.array(below, int), np.array(up_to, int), num_images)


def test_low_confidence_is_the_uncertain_end(card: NetworkCard) -> None:
    quantiles = MeasureQuantiles.from_scores(
        _scores(confidence=np.array([0.99, 0.98, 0.97, 0.4])), card
    )

    assert quantiles.share_below("confidence", 0.5) == pytest.approx(0.75)
    assert quantiles.share_below("confidence", 0.99) == 0.0
    assert quantiles.share_below("confidence", 0.1) == 1.0


def test_unknown_measure_and_nan_are_refused(card: NetworkCard) -> None:
    quantiles = MeasureQuantiles.from_scores(_scores(variance=np.arange(4) / 100), card)

    with pytest.raises(InvalidInputError, match="measure"):
        quantiles.share_below("doubt", 0.1)
    with pytest.raises(InvalidInputError, match="value"):
        quantiles.share_below("variance", float("nan"))


def test_saved_and_loaded_gives_the_same_shares(card: NetworkCard, tmp_path: Path) -> None:
    values = np.random.default_rng(5).exponential(size=2_000)
    quantiles = MeasureQuantiles.from_scores(_scores(predictive_entropy=values), card)
    path = scores_path("mc", tmp_path)

    quantiles.save(path)
    loaded = MeasureQuantiles.load(path, card)

    assert path.name == "mc.scores.json"
    assert (loaded.network, loaded.num_samples, loaded.seed) == ("mc", 50, 3)
    for value in np.linspace(0, 8, 57):
        assert loaded.share_below("predictive_entropy", value) == quantiles.share_below(
            "predictive_entropy", value
        )


def test_scores_of_other_weights_are_refused(card: NetworkCard, tmp_path: Path) -> None:
    other = dataclasses.replace(card, weights_sha256="0" * 64)
    path = tmp_path / "mc.scores.json"
    MeasureQuantiles.from_scores(_scores(variance=np.arange(4) / 100), other).save(path)

    with pytest.raises(DamagedFileError, match=r"other weights.*score --network mc"):
        MeasureQuantiles.load(path, card)


def test_missing_scores_are_told_with_the_command_that_makes_them(
    card: NetworkCard, tmp_path: Path
) -> None:
    with pytest.raises(MissingDataError, match=r"mc\.scores\.json.*score --network mc"):
        MeasureQuantiles.load(tmp_path / "mc.scores.json", card)


@pytest.mark.parametrize("change", ["drop_measure", "shuffle", "no_counts", "list", "truncate"])
def test_damaged_scores_are_refused(card: NetworkCard, tmp_path: Path, change: str) -> None:
    path = tmp_path / "mc.scores.json"
    MeasureQuantiles.from_scores(_scores(variance=np.arange(4) / 100), card).save(path)
    document = json.loads(path.read_text())
    if change == "drop_measure":
        del document["distributions"]["variance"]
    elif change == "shuffle":
        document["distributions"]["variance"]["values"].reverse()
    elif change == "no_counts":
        del document["distributions"]["variance"]["below"]
    elif change == "list":
        document["distributions"] = []
    text = json.dumps(document)
    path.write_text(text[: len(text) // 2] if change == "truncate" else text)

    with pytest.raises(DamagedFileError, match=r"mc\.scores\.json"):
        MeasureQuantiles.load(path, card)


def test_shipped_scores_are_of_the_shipped_network_at_a_thousand_passes(card: NetworkCard) -> None:
    quantiles = load_quantiles("mc")

    assert quantiles.weights_sha256 == card.weights_sha256
    assert quantiles.num_samples == 1000
    assert {one.num_images for one in quantiles.distributions.values()} == {10_000}
    for name, measure in MEASURES.items():
        upper = measure.upper(10)
        least, most = (0.0, upper) if measure.higher_is_less_certain else (1.0, 0.0)
        assert quantiles.share_below(name, least) == 0.0
        assert quantiles.share_below(name, most) == 1.0
