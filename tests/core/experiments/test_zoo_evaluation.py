"""The evaluation of a zoo of tiny networks on noise."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.errors import InvalidInputError, MissingDataError
from core.experiments import zoo_sets
from core.experiments.zoo_evaluation import ZooEvaluation, evaluate_zoo
from core.experiments.zoo_sets import ZOO_SETS
from core.experiments.zoo_table import BASE, ENSEMBLE, ZOO_FIGURES
from core.experiments.zoo_table_file import load_zoo_table, save_zoo_table, zoo_table_path
from core.inference import McSampler
from core.networks import load_network
from core.networks.zoo_plan import ENSEMBLE_MEMBERS
from core.uncertainty import RIVALS
from tests.core.experiments.zoo_networks import noise_set, store_tiny, store_tiny_zoo

T = 6


@pytest.fixture(autouse=True)
def noise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zoo_sets, "load_reference_data", noise_set)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("zoo")
    store_tiny_zoo(folder)
    # Damaged: its file is not the one that its card names.
    store_tiny(folder, "tanh", 3)
    (folder / "tanh.keras").write_bytes((folder / "tanh.keras").read_bytes()[:-100])
    return folder


@pytest.fixture(scope="module")
def found(folder: Path) -> ZooEvaluation:
    """What comes out of the tiny zoo."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(zoo_sets, "load_reference_data", noise_set)
        return made(folder)


class Asked(Counter[int]):
    """Images that committees were asked, by T; stops them as the keyboard does at so many."""

    stop_at = -1


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    counts = Asked()
    summarise = McSampler.summarise

    def counted(self: McSampler, images: Any, num_samples: int, seed: int) -> Any:
        if counts[num_samples] == counts.stop_at:
            raise KeyboardInterrupt
        if len(images) > 1:  # one image alone is timed
            counts[num_samples] += len(images)
        return summarise(self, images, num_samples=num_samples, seed=seed)

    monkeypatch.setattr(McSampler, "summarise", counted)
    return counts


def made(folder: Path, **changed: Any) -> ZooEvaluation:
    return evaluate_zoo(folder, **{"num_samples": T, "num_resamples": 10, **changed})


def test_networks_that_cannot_be_loaded_are_left_out_and_the_rest_is_measured(
    found: ZooEvaluation, tmp_path: Path
) -> None:
    table = found.table
    assert [row.name for row in table.rows] == ["mc", "rate-01", "plain", ENSEMBLE]
    assert "weights of the network tanh were changed" in found.left_out["tanh"]
    assert "expected elu.json" in found.left_out["elu"]
    assert "expected plain.rivals.npz" in found.left_out["plain, scores of one pass"]
    assert len(found.left_out) == 2 + 3 + 2  # tanh and elu; rate-03, element, block; two scores
    base, rate, plain, ensemble = table.rows
    assert (base.num_samples, rate.num_samples) == (T, T)
    assert (plain.num_samples, ensemble.num_samples) == (1, 5)
    for row in table.rows:
        assert list(row.figures) == list(ZOO_FIGURES)
        assert bool(row.differences) == (row.name != BASE)
        assert bool(row.twin) == (row.twin_milliseconds is not None) == (row in (base, rate))
        assert row.milliseconds.low <= row.milliseconds.value <= row.milliseconds.high
    assert [each.rival for each in base.rivals] == list(RIVALS)
    assert not rate.rivals and not ensemble.rivals
    for name in ZOO_FIGURES:
        expected = rate.figures[name].value - base.figures[name].value
        assert rate.differences[name].value == pytest.approx(expected)
    for rival in base.rivals:
        for name, apart in rival.differences.items():
            assert apart.value == pytest.approx(
                base.figures[name].value - rival.figures[name].value
            )
    assert table.members["accuracy"].low <= plain.figures["accuracy"].value
    assert table.sizes["test"] == 30 and table.sizes["rotated-90"] == 12
    # Numbers only: what was measured can be kept.
    save_zoo_table(table, zoo_table_path(tmp_path))
    assert [row.name for row in load_zoo_table(tmp_path).rows] == [row.name for row in table.rows]


def test_figures_are_of_the_networks_own_answers(found: ZooEvaluation, folder: Path) -> None:
    table = found.table
    test = noise_set("test")
    images = test.images.astype(np.float32) / np.float32(255)
    sampler = McSampler(load_network("mc", folder).model)
    mean = sampler.sample(images, num_samples=T).probs_tnc.mean(axis=0)
    right = mean.argmax(axis=1) == test.labels
    assert table.row("mc").figures["accuracy"].value == pytest.approx(right.mean())
    once = [
        np.asarray(load_network(name, folder).model(images, training=False))
        for name in ENSEMBLE_MEMBERS
    ]
    accuracies = [(each.argmax(axis=1) == test.labels).mean() for each in once]
    members = table.members["accuracy"]
    assert table.row("plain").figures["accuracy"].value == pytest.approx(accuracies[0])
    assert (members.value, members.low, members.high) == pytest.approx(
        (np.mean(accuracies), min(accuracies), max(accuracies))
    )
    together = np.mean(once, axis=0)
    nll = -np.log(together[np.arange(30), test.labels]).mean()
    assert table.row(ENSEMBLE).figures["nll"].value == pytest.approx(nll, rel=1e-4)


def test_stopped_evaluation_goes_on_and_ends_the_same(
    found: ZooEvaluation, folder: Path, tmp_path: Path, asked: Asked
) -> None:
    whole, images = found.table, sum(made_sizes().values())
    state = tmp_path / "zoo.partial.npz"
    asked.stop_at = images + 100  # in the middle of the second committee

    with pytest.raises(KeyboardInterrupt):
        made(folder, state=state)
    assert state.exists() and asked[T] == asked.stop_at
    asked.stop_at = -1

    again = made(folder, state=state).table

    assert asked[T] == 2 * images
    for one, other in zip(whole.rows, again.rows, strict=True):
        assert one.figures == other.figures and one.differences == other.differences
        assert one.twin == other.twin and one.rivals == other.rivals
    assert whole.members == again.members
    # Everything is there now: nothing is asked.
    made(folder, state=state)
    assert asked[T] == 2 * images


def test_network_trained_anew_is_asked_anew_and_no_other(tmp_path: Path, asked: Asked) -> None:
    store_tiny(tmp_path, "mc", 1)
    store_tiny(tmp_path, "rate-01", 2, rate=0.1)
    state = tmp_path / "zoo.partial.npz"
    made(tmp_path, state=state)
    all_asked = asked[T]
    store_tiny(tmp_path, "rate-01", 77, rate=0.1)

    made(tmp_path, state=state)

    assert asked[T] == all_asked + all_asked // 2
    made(tmp_path, state=state, num_samples=3)
    assert asked[3] == all_asked


def test_without_the_base_or_a_member_the_rest_is_measured(tmp_path: Path) -> None:
    store_tiny(tmp_path, "rate-01", 2, rate=0.1)
    store_tiny(tmp_path, "plain", 10, rate=None)

    found = made(tmp_path)

    assert [row.name for row in found.table.rows] == ["rate-01", "plain"]
    assert not any(row.differences for row in found.table.rows) and not found.table.members
    assert "lacks plain-1, plain-2, plain-3, plain-4" in found.left_out[ENSEMBLE]
    save_zoo_table(found.table, zoo_table_path(tmp_path))
    assert json.loads(zoo_table_path(tmp_path).read_text())["members"] == {}
    assert len(load_zoo_table(tmp_path).rows) == 2


def test_no_network_at_all_is_told(tmp_path: Path) -> None:
    with pytest.raises(MissingDataError, match=r"No network of the zoo.*train --network mc"):
        made(tmp_path)


def test_bad_arguments_are_refused(folder: Path) -> None:
    with pytest.raises(InvalidInputError, match="num_samples"):
        made(folder, num_samples=0)


def test_bars_count_every_image_and_end_full(tmp_path: Path) -> None:
    seen: list[tuple[str, str, int, int]] = []
    store_tiny(tmp_path, "mc", 1)

    made(tmp_path, bars=lambda unit: lambda *shown: seen.append((unit, *shown)))

    of_base = [shown[2:] for shown in seen if shown[1] == f"mc, {T} passes"]
    images = sum(made_sizes().values())
    assert of_base[-1] == (images, images) and of_base == sorted(of_base)
    assert seen[-1] == ("networks", "intervals", 1, 1)


def made_sizes() -> dict[str, int]:
    return {name: len(noise_set(name)) for name in ZOO_SETS}
