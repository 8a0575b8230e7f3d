from __future__ import annotations

import dataclasses
import json
import math
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.errors import DamagedFileError, InvalidInputError, MissingDataError
from core.experiments.zoo_table import BASE, ENSEMBLE
from core.experiments.zoo_table_file import (
    as_kept,
    load_zoo_table,
    save_zoo_table,
    stale_rows,
    zoo_table_path,
)
from core.networks import load_card, models_folder
from core.networks.zoo_plan import ZOO_NETWORKS
from core.uncertainty import Interval
from tests.core.experiments.zoo_tables import made_table, with_row


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a table in it, and no network."""
    save_zoo_table(made_table(), zoo_table_path(tmp_path))
    return tmp_path


def test_saved_and_loaded_is_the_same_to_six_digits(folder: Path) -> None:
    loaded, made = load_zoo_table(folder), made_table()

    assert [row.name for row in loaded.rows] == [row.name for row in made.rows]
    assert (loaded.seed, loaded.num_resamples, loaded.machine) == (0, 500, "CPU, 2 cores")
    assert dict(loaded.sizes) == dict(made.sizes)
    for ours, its in zip(loaded.rows, made.rows, strict=True):
        assert (ours.title, ours.varies, ours.num_samples) == (
            its.title,
            its.varies,
            its.num_samples,
        )
        assert ours.weights_sha256 == its.weights_sha256
        for part in ("figures", "twin", "differences"):
            for name, interval in getattr(its, part).items():
                found = getattr(ours, part)[name]
                assert found.low == pytest.approx(interval.low, rel=1e-5)
                assert found.value == pytest.approx(interval.value, rel=1e-5)
        assert [each.rival for each in ours.rivals] == [each.rival for each in its.rivals]
        assert (ours.twin_milliseconds is None) == (its.twin_milliseconds is None)
    save_zoo_table(loaded, folder / "again.json")
    assert (folder / "again.json").read_bytes() == zoo_table_path(folder).read_bytes()


def test_table_as_kept_is_the_one_that_is_loaded(folder: Path) -> None:
    third = Interval(1 / 3, 1 / 7, 2 / 3)
    table = with_row(made_table(), "tanh", milliseconds=third)
    save_zoo_table(table, zoo_table_path(folder))

    assert as_kept(table) == load_zoo_table(folder) != table
    assert as_kept(table).row("tanh").milliseconds.value == 0.333333


def test_shipped_table_is_of_the_shipped_networks() -> None:
    table = load_zoo_table()

    assert [row.name for row in table.rows] == [*ZOO_NETWORKS, ENSEMBLE]
    assert stale_rows(table) == ()
    assert (table.sizes["validation"], table.sizes["test"], table.sizes["kmnist"]) == (10_000,) * 3
    assert table.sizes["rotated-90"] == 1_000 and table.num_resamples == 500
    for row in table.rows:
        assert bool(row.rivals) == (row.name != ENSEMBLE)
        assert row.num_samples == {"yardstick": 1}.get(row.varies, 100) or row.name == ENSEMBLE
    # The twin's figures are those of the evaluation, which asked the same pass.
    twin = table.row(BASE).twin
    assert twin["nll"].value == pytest.approx(0.0232, abs=5e-5)
    assert twin["ece_scaled"].value == pytest.approx(0.0022, abs=5e-5)
    assert zoo_table_path().stat().st_size < 50_000


def test_value_outside_its_interval_survives(folder: Path) -> None:
    row = made_table().row("tanh")
    noise = {**row.figures, "ece": Interval(0.002, 0.0, 0.0015)}

    save_zoo_table(with_row(made_table(), "tanh", figures=noise), zoo_table_path(folder))

    assert load_zoo_table(folder).row("tanh").figures["ece"] == Interval(0.002, 0.0, 0.0015)


def test_missing_table_is_told_with_the_command_that_makes_it(tmp_path: Path) -> None:
    with pytest.raises(MissingDataError, match="python -m core evaluate --zoo"):
        load_zoo_table(tmp_path)


def test_number_that_is_none_is_not_written(tmp_path: Path) -> None:
    times = Interval(math.nan, 1.0, 2.0)

    with pytest.raises(InvalidInputError, match="numbers only"):
        save_zoo_table(with_row(made_table(), "elu", milliseconds=times), tmp_path / "t.json")

    assert not list(tmp_path.iterdir())


def _of(name: str, *path: Any, value: Any) -> Callable[[Any], None]:
    def change(document: Any) -> None:
        place = next(row for row in document["rows"] if row["name"] == name)
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = value

    return change


@pytest.mark.parametrize(
    "change",
    [
        _of("mc", "figures", "accuracy", 0, value=math.nan),
        _of("mc", "figures", "accuracy", 2, value=1.01),
        _of("mc", "figures", "ece", 1, value=-0.01),
        _of("mc", "figures", "nll", 0, value="0.03"),
        _of("mc", "figures", "nll", value=[0.03, 0.02]),
        _of("mc", "figures", "auroc", value=[0.5, 0.6, 0.4]),
        _of("mc", "figures", "sharpness", value=[0.5, 0.4, 0.6]),
        _of("mc", "twin", value={"accuracy": [0.5, 0.4, 0.6]}),
        _of("mc", "twin", value={}),
        _of("tanh", "differences", "auroc", 1, value=-1.5),
        _of("tanh", "differences", value={}),
        _of("elu", "rivals", 0, "differences", value={}),
        _of("elu", "rivals", 0, "rival", value=""),
        _of("elu", "milliseconds", 1, value=-1.0),
        _of("block", "weights_sha256", value=["abc"]),
        _of("block", "varies", value="weather"),
        _of("block", "num_samples", value=0),
        _of("block", "title", value=7),
        _of("block", "name", value="mc"),
        _of("ensemble", "weights_sha256", value=["0" * 64]),
        lambda document: document.update(rows=[]),
        lambda document: document["rows"].reverse(),
        lambda document: document.update(format="labrador zoo 9"),
        lambda document: document.update(num_resamples=True),
        lambda document: document.pop("members"),
        lambda document: document["sizes"].update(test=0.5),
    ],
)
def test_damaged_tables_are_refused(folder: Path, change: Callable[[Any], None]) -> None:
    path = zoo_table_path(folder)
    document = json.loads(path.read_text())
    change(document)
    path.write_text(json.dumps(document))

    with pytest.raises(DamagedFileError, match=r"zoo\.table\.json is damaged .*evaluate --zoo"):
        load_zoo_table(folder)


@pytest.mark.parametrize("text", ["[]", "3", '{"format": "labrador zoo 1"', ""])
def test_file_that_is_no_table_is_refused(folder: Path, text: str) -> None:
    zoo_table_path(folder).write_text(text)

    with pytest.raises(DamagedFileError, match=r"zoo\.table\.json"):
        load_zoo_table(folder)


def test_rows_of_other_weights_are_named_and_those_without_a_card_are_not(folder: Path) -> None:
    shutil.copy(models_folder() / "mc.json", folder)
    shutil.copy(models_folder() / "plain.json", folder)
    table = load_zoo_table(folder)
    right = (load_card("mc").weights_sha256,)

    assert stale_rows(table, folder) == (BASE, "plain", ENSEMBLE)
    assert stale_rows(with_row(table, BASE, weights_sha256=right), folder) == ("plain", ENSEMBLE)

    plain = (load_card("plain").weights_sha256,)
    current = with_row(table, BASE, weights_sha256=right)
    current = with_row(current, "plain", weights_sha256=plain)
    rest = table.row(ENSEMBLE).weights_sha256[1:]
    current = with_row(current, ENSEMBLE, weights_sha256=plain + rest)
    assert stale_rows(current, folder) == ()
    assert stale_rows(dataclasses.replace(table, rows=()), folder) == ()
