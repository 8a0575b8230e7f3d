"""A batch as a table: what is in it comes out again, as CSV, as Parquet and as JSON."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path

import numpy as np
import pytest

from core.errors import InvalidInputError
from core.experiments.batch import run_batch
from core.experiments.batch_decisions import BatchDecisions, decide_batch
from core.experiments.batch_result import BatchResult
from core.experiments.batch_table import (
    Origin,
    batch_columns,
    batch_csv,
    batch_file,
    batch_metadata,
    batch_parquet,
)
from core.images import BatchItem
from core.uncertainty import MEASURES, Policy
from core.uncertainty.classes import Classes

HOSTILE = ["=1+2", "+x", "-x", "@x", 'a,"b"', "<b>x</b>", "plain"]
IMAGES = np.random.default_rng(1).random((7, 28, 28, 1), dtype=np.float32)
POLICY = Policy({"predictive_entropy": 1.05, "confidence": 0.4}, name="Mine", num_classes=3)


@pytest.fixture(scope="module")
def batch(sampler) -> tuple[BatchResult, BatchDecisions]:
    source = [
        BatchItem(name, image, index % 3 if index else None)
        for index, (name, image) in enumerate(zip(HOSTILE, IMAGES, strict=True))
    ]
    source.insert(3, BatchItem("broken", None, problem="It is damaged."))
    result = run_batch(sampler, source, classes=Classes(("cat", "=dog", "x")), num_samples=20)
    return result, decide_batch(result, POLICY)


def test_columns_say_what_is_known_and_none_of_the_rest(
    batch: tuple[BatchResult, BatchDecisions],
) -> None:
    columns = batch_columns(*batch)
    assert list(columns)[:5] == ["image", "label", "prediction", "right", "runner_up"]
    assert set(MEASURES) < set(columns) and columns["image"][3] == "broken"
    for name in ("label", "prediction", "right", "confidence", "accepted", "reason", "twin_right"):
        assert columns[name][3] is None, name
    assert columns["label"][0] is None and columns["right"][0] is None
    assert columns["prediction"][0] in ("cat", "=dog", "x")
    assert columns["problem"] == [""] * 3 + ["It is damaged."] + [""] * 4
    assert {len(column) for column in columns.values()} == {8}
    without = batch_columns(batch[0], None)
    assert set(columns) - set(without) == {"accepted", "reason", "broken"}


def test_rows_can_be_chosen_and_ordered(batch: tuple[BatchResult, BatchDecisions]) -> None:
    places = batch[0].order("variance")[:3]
    columns = batch_columns(*batch, places)
    assert columns["image"] == [batch[0].names[place] for place in places]
    assert columns["variance"] == sorted(columns["variance"], reverse=True)


def test_csv_comes_back_and_holds_no_formula(batch: tuple[BatchResult, BatchDecisions]) -> None:
    columns = batch_columns(*batch)
    rows = list(csv.DictReader(io.StringIO(batch_csv(columns), newline="")))
    assert len(rows) == 8 and list(rows[0]) == list(columns)
    assert [row["image"] for row in rows] == [
        "'=1+2", "'+x", "'-x", "broken", "'@x", 'a,"b"', "<b>x</b>", "plain",
    ]  # fmt: skip
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row.values())
    for row, confidence, accepted in zip(
        rows, columns["confidence"], columns["accepted"], strict=True
    ):
        assert (float(row["confidence"]) if row["confidence"] else None) == confidence
        assert row["accepted"] == {None: "", True: "true", False: "false"}[accepted]
    assert rows[0]["broken"] == "; ".join(columns["broken"][0])


def test_parquet_comes_back_with_types_and_what_it_depends_on(
    batch: tuple[BatchResult, BatchDecisions],
) -> None:
    from pyarrow import parquet

    columns = batch_columns(*batch)
    metadata = batch_metadata(*batch, Origin("mc", "ab" * 32))
    table = parquet.read_table(io.BytesIO(batch_parquet(columns, metadata)))
    assert table.to_pydict() == columns
    kinds = {field.name: str(field.type) for field in table.schema}
    assert kinds["predictive_entropy"] == "double" and kinds["accepted"] == "bool"
    assert kinds["image"] == "string" and kinds["broken"].startswith("list")
    kept = json.loads(table.schema.metadata[b"labrador"])
    assert kept["sha256"] == "ab" * 32 and (kept["num_samples"], kept["seed"]) == (20, 0)
    assert kept["policy"]["limits"] == dict(POLICY.limits) and kept["is_complete"] is True
    assert kept["classes"] == ["cat", "=dog", "x"]


def test_a_table_of_bad_rows_alone_keeps_its_types(
    batch: tuple[BatchResult, BatchDecisions],
) -> None:
    from pyarrow import parquet

    columns = batch_columns(*batch, np.array([3]))
    table = parquet.read_table(io.BytesIO(batch_parquet(columns, {})))
    assert str(table.schema.field("confidence").type) == "double"
    assert str(table.schema.field("prediction").type) == "string"


def test_a_file_is_what_its_ending_says(batch: tuple[BatchResult, BatchDecisions]) -> None:
    columns, metadata = batch_columns(*batch), batch_metadata(*batch, Origin("mc", ""))
    assert batch_file(Path("a.CSV"), columns, metadata) == batch_csv(columns).encode()
    assert batch_file(Path("a.parquet"), columns, metadata)[:4] == b"PAR1"
    document = json.loads(batch_file(Path("a.json"), columns, metadata))
    assert document["seed"] == 0 and document["rows"][3]["problem"] == "It is damaged."
    with pytest.raises(InvalidInputError, match=r"\.csv, \.parquet or \.json"):
        batch_file(Path("a.xlsx"), columns, metadata)


def test_parquet_without_its_package_says_how_to_get_it(
    batch: tuple[BatchResult, BatchDecisions], monkeypatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(InvalidInputError, match=r"labrador\[parquet\]"):
        batch_parquet(batch_columns(*batch), {})
