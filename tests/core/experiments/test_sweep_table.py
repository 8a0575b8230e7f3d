from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from core.experiments import rotation_sweep
from core.experiments.sweep_table import sweep_csv, sweep_document, sweep_rows
from core.uncertainty import MEASURES

if TYPE_CHECKING:
    from core.experiments.sweep import SweepResult
    from core.inference import McSampler


@pytest.fixture(scope="module")
def result(sampler: McSampler) -> SweepResult:
    image = np.random.default_rng(0).random((28, 28, 1)).astype(np.float32)
    return rotation_sweep(sampler, image, 1, num_steps=5, num_samples=7, seed=2)


def test_a_row_a_step_holds_values_answers_and_measures(result: SweepResult) -> None:
    rows = sweep_rows(result)
    assert [row["value"] for row in rows] == [0.0, 72.0, 144.0, 216.0, 288.0]
    assert [row["predicted"] for row in rows] == result.predicted.tolist()
    assert [row["twin_predicted"] for row in rows] == result.twin_predicted.tolist()
    assert result.right is not None
    assert [row["right"] for row in rows] == result.right.tolist()
    for name, measure in MEASURES.items():
        assert [row[name] for row in rows] == pytest.approx(measure.value(result.summary).tolist())
    for row in rows:
        assert sum(row[f"mean_{label}"] for label in range(3)) == pytest.approx(1.0)


def test_csv_reads_back_as_the_rows(result: SweepResult) -> None:
    read = list(csv.DictReader(io.StringIO(sweep_csv(result))))
    for row, again in zip(sweep_rows(result), read, strict=True):
        assert again == {name: str(value) for name, value in row.items()}


def test_the_plain_network_gets_columns_where_it_was_asked(result: SweepResult) -> None:
    assert "plain_predicted" not in sweep_rows(result)[0]
    row = sweep_rows(result.with_plain(result.twin))[0]
    assert row["plain_predicted"] == row["twin_predicted"]


def test_the_document_is_json_and_says_how_to_compute_it_again(result: SweepResult) -> None:
    document = json.loads(json.dumps(sweep_document(result)))
    recipe = document["recipe"]
    assert (recipe["kind"], recipe["num_steps"], recipe["num_samples"]) == ("rotation", 5, 7)
    assert (recipe["start"], recipe["stop"], recipe["seed"]) == (0.0, 360.0, 2)
    assert len(document["steps"]) == 5 and document["weights_checksum"]
