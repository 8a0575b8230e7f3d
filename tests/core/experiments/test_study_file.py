from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.errors import DamagedFileError, InvalidInputError, MissingDataError
from core.experiments import Study, load_study, save_study, study_path
from core.experiments.recipe import KINDS, SweepKind
from core.experiments.study_file import read_study
from core.networks import load_card, models_folder
from tests.core.experiments.studies import study


@pytest.fixture(scope="module")
def report() -> Study:
    return study()


@pytest.fixture
def folder(tmp_path: Path, report: Study) -> Path:
    """A folder with the shipped network's card, and a study of it."""
    shutil.copy(models_folder() / "mc.json", tmp_path)
    save_study(study_path("rotation", "mc", tmp_path), report)
    return tmp_path


def test_saved_and_loaded_is_the_same_to_four_decimals(folder: Path, report: Study) -> None:
    loaded = load_study("rotation", folder=folder)

    assert (loaded.kind, loaded.num_images, loaded.num_samples) == ("rotation", 40, 5)
    assert loaded.values.tolist() == report.values.tolist() == [0, 60, 120, 180, 240, 300]
    for ours, its in zip(loaded.outcomes, report.outcomes, strict=True):
        assert ours.rule.limit == pytest.approx(its.rule.limit, abs=1e-8)
        assert (ours.rule.point, ours.rule.who) == (its.rule.point, its.rule.who)
        np.testing.assert_allclose(
            ours.false_accepts.by_step.high, its.false_accepts.by_step.high, atol=6e-5
        )
        assert (ours.more_coverage is None) == (its.more_coverage is None)
    again = folder / "again.json"
    save_study(again, loaded)
    assert again.read_bytes() == study_path("rotation", "mc", folder).read_bytes()


def test_rankings_that_do_not_exist_survive(tmp_path: Path, report: Study) -> None:
    path = tmp_path / "study.json"
    save_study(path, replace(report, ranking={**report.ranking, "twin": None}))

    assert read_study(path).ranking["twin"] is None


def test_missing_study_is_told_with_the_command_that_makes_it(folder: Path) -> None:
    with pytest.raises(MissingDataError, match="python -m core study noise --network mc"):
        load_study("noise", folder=folder)


def test_study_of_other_weights_is_refused(folder: Path, report: Study) -> None:
    save_study(study_path("rotation", "mc", folder), replace(report, weights_sha256="0" * 64))

    with pytest.raises(DamagedFileError, match=r"other weights.*study rotation"):
        load_study("rotation", folder=folder)


def test_study_of_another_kind_is_refused(folder: Path) -> None:
    shutil.copy(study_path("rotation", "mc", folder), study_path("noise", "mc", folder))

    with pytest.raises(DamagedFileError, match="is of rotation, not of noise"):
        load_study("noise", folder=folder)


def test_unknown_kind_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="kind"):
        load_study("shear")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change", ["truncate", "list", "rule", "shape", "nan", "counts", "values", "format", "kind"]
)
def test_damaged_studies_are_refused(folder: Path, change: str) -> None:
    path = study_path("rotation", "mc", folder)
    document = json.loads(path.read_text())
    if change == "list":
        document = []
    elif change == "rule":
        del document["outcomes"][3]
    elif change == "shape":
        document["outcomes"][2]["coverage"]["by_step"][1].pop()
    elif change == "nan":
        document["accuracy"]["twin"]["overall"][0] = float("nan")
    elif change == "counts":
        document["num_images"] += 1
    elif change == "values":
        document["values"].reverse()
    elif change in ("format", "kind"):
        document[change] = "else"
    text = json.dumps(document)
    path.write_text(text[: len(text) // 2] if change == "truncate" else text)

    with pytest.raises(DamagedFileError, match=r"mc\.study\.rotation\.json"):
        load_study("rotation", folder=folder)


@pytest.mark.parametrize("kind", KINDS)
def test_shipped_studies_are_of_the_shipped_network(kind: SweepKind) -> None:
    shipped = load_study(kind)

    assert shipped.weights_sha256 == load_card("mc").weights_sha256
    assert (shipped.num_images, shipped.num_samples, shipped.num_steps) == (1_000, 200, 36)
    assert shipped.num_upright == 10_000 and shipped.images_of_digit == (100,) * 10
    # Nothing has happened to the image at the first step yet.
    assert shipped.accuracy["committee"].by_step.value[0] > 0.98
    for outcome in shipped.outcomes:
        upright = outcome.coverage.by_step[0]
        assert upright.value == pytest.approx(outcome.rule.upright_coverage, abs=0.02)
    assert study_path(kind).stat().st_size < 150_000
