"""`evaluate --zoo` on tiny networks and noise."""

from __future__ import annotations

import dataclasses
import json
import shutil
import signal
from pathlib import Path
from typing import Any

import pytest

from core.commands.evaluate_zoo import DOCUMENT, TRIAL_FOLDER, report
from core.commands.evaluation_table import markdown
from core.commands.main import main
from core.commands.zoo_page import page
from core.commands.zoo_tables import all_tables
from core.experiments import zoo_sets
from core.experiments.zoo_table import ENSEMBLE
from core.experiments.zoo_table_file import FILE_NAME, load_zoo_table, save_zoo_table
from core.figures.zoo_image import PICTURE
from core.inference import McSampler
from core.networks import load_card
from core.networks.zoo_plan import ENSEMBLE_MEMBERS
from core.uncertainty import Interval
from tests.core.experiments.zoo_networks import noise_set, store_tiny, store_tiny_zoo
from tests.core.experiments.zoo_tables import made_table, with_difference

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def noise(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(zoo_sets, "load_reference_data", noise_set)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stored")
    store_tiny_zoo(folder)
    (folder / "rate-01.keras").write_bytes(b"PK")
    return folder


@pytest.fixture
def zoo(stored: Path, tmp_path: Path) -> Path:
    """A folder with tiny networks, one of them damaged."""
    return shutil.copytree(stored, tmp_path / "zoo")


def test_trial_writes_into_a_folder_of_its_own_and_says_who_is_left_out(
    zoo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", "--zoo", "--folder", str(zoo), "--limit", "20"]) == 0

    trial = tmp_path / TRIAL_FOLDER
    assert {path.name for path in trial.iterdir()} == {FILE_NAME, DOCUMENT, PICTURE}
    assert not (zoo / FILE_NAME).exists() and not (tmp_path / "docs").exists()
    assert [row.name for row in load_zoo_table(trial).rows] == ["mc", "plain", ENSEMBLE]
    text = (trial / DOCUMENT).read_text(encoding="utf-8")
    assert "    python -m core evaluate --zoo --limit 20\n" in text
    assert "* rate-01: The weights of the network rate-01 were changed" in text
    assert f"]({PICTURE})" in text and str(tmp_path) not in text
    printed = capsys.readouterr().out
    assert "All passes: doubts" in printed and "Each network was trained once." in printed
    assert "Left out: rate-01. The weights of the network rate-01 were changed" in printed


def test_stopped_evaluation_says_how_to_go_on_and_prints_json_alone(
    zoo: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = 0
    summarise = McSampler.summarise

    def stopped(self: McSampler, *arguments: Any, **named: Any) -> Any:
        nonlocal asked
        asked += 1
        if asked == 2:
            signal.raise_signal(signal.SIGINT)
        return summarise(self, *arguments, **named)

    monkeypatch.setattr(McSampler, "summarise", stopped)
    out = tmp_path / "out"
    command = ["evaluate", "--zoo", "--folder", str(zoo), "--out", str(out), "--json"]
    assert main(command) == 130
    state = out / "zoo.evaluation.partial.npz"
    assert f"Stopped. What is done is kept in {state};" in capsys.readouterr().err

    assert main(command) == 0

    captured = capsys.readouterr()
    assert "Going on from zoo.evaluation.partial.npz." in captured.err
    assert "Left out: rate-01" in captured.err
    # A whole evaluation of networks of one's own: their table stands beside them.
    table = load_zoo_table(zoo)
    assert json.loads(captured.out) == json.loads((zoo / FILE_NAME).read_text())
    assert [row.num_samples for row in table.rows] == [100, 1, 5]
    assert {path.name for path in out.iterdir()} == {DOCUMENT, PICTURE}
    assert "    python -m core evaluate --zoo\n" in (out / DOCUMENT).read_text(encoding="utf-8")


def test_times_are_taken_anew_and_nothing_else_changes(
    zoo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [row for row in made_table().rows if row.name in ("mc", "plain", ENSEMBLE)]
    rows = [
        dataclasses.replace(
            row,
            weights_sha256=tuple(
                load_card(name, zoo).weights_sha256
                for name in (ENSEMBLE_MEMBERS if row.name == ENSEMBLE else (row.name,))
            ),
        )
        for row in rows
    ]
    save_zoo_table(dataclasses.replace(made_table(), rows=rows), zoo / FILE_NAME)
    before = load_zoo_table(zoo)
    monkeypatch.setattr(
        "core.experiments.zoo_speed.measure_speed",
        lambda answers: {name: Interval(9.0 + len(name), 9.0, 30.0) for name in answers},
    )
    command = ["evaluate", "--zoo", "--times", "--folder", str(zoo), "--out", str(tmp_path / "o")]

    assert main(command) == 0

    after = load_zoo_table(zoo)
    found = {row.name: (row.milliseconds, row.twin_milliseconds) for row in after.rows}
    own = Interval(9.0 + len("mc"), 9.0, 30.0), Interval(9.0 + len("mc, once"), 9.0, 30.0)
    assert found["mc"] == own
    assert found["plain"] == (Interval(9.0 + len("plain, once"), 9.0, 30.0), None)
    assert found[ENSEMBLE] == (Interval(9.0 + len(ENSEMBLE), 9.0, 30.0), None)
    times = [
        dataclasses.replace(
            row, milliseconds=old.milliseconds, twin_milliseconds=old.twin_milliseconds
        )
        for row, old in zip(after.rows, before.rows, strict=True)
    ]
    assert dataclasses.replace(after, rows=tuple(times), machine=before.machine) == before
    assert "11.00 (9.00 to 30.00)" in (tmp_path / "o" / DOCUMENT).read_text(encoding="utf-8")

    store_tiny(zoo, "plain", 99, rate=None)
    capsys.readouterr()
    assert main(command) == 2
    assert "plain, ensemble cannot be timed" in capsys.readouterr().err
    assert load_zoo_table(zoo) == after


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--zoo", "--network", "mc"], "--network. Expected either one network or --zoo"),
        (["--limit", "5"], "--limit. Expected it together with --zoo"),
        (["--times"], "--times. Expected it together with --zoo"),
        (["--zoo", "--times", "--limit", "5"], "--times. Expected no other passes or images"),
        (["--zoo", "--times", "--folder", "zoo"], "The table of the zoo is missing"),
        (["--num-samples", "5"], "--num-samples. Expected it together with --zoo"),
        (["--zoo", "--folder", "nowhere"], "No network of the zoo can be measured"),
        (["--zoo", "--limit", "0", "--folder", "zoo"], "limit"),
        (["--zoo", "--num-samples", "0", "--folder", "zoo"], "num_samples"),
        (["--zoo", "--folder", "zoo", "--out", "taken"], "can be written to"),
    ],
)
def test_bad_input_is_a_sentence_and_2(
    arguments: list[str],
    told: str,
    zoo: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "taken").write_text("")
    monkeypatch.setattr(zoo_sets, "load_reference_data", checked_noise)

    assert main(["evaluate", *arguments]) == 2

    captured = capsys.readouterr()
    assert told in captured.err and captured.out == ""


def checked_noise(name: str, limit: int | None = None) -> Any:
    from core.experiments.reference_data import load_reference_data

    return noise_set(name, limit) if limit is None else load_reference_data(name, limit)


def test_tables_are_whole_and_the_page_fits_the_line() -> None:
    table = with_difference(made_table(), "elu", "auroc", Interval(0.02, 0.01, 0.03))
    table = with_difference(table, "block", "nll", Interval(0.00001, 0.000005, 0.000015))
    assert len(all_tables(table)) == 8
    for each in all_tables(table):
        assert all(len(row) == len(each.head) for row in each.rows)
        assert len({line.count("|") for line in markdown(each).splitlines()}) == 1

    text = page(table, {"tanh": "It is damaged."}, "x")

    assert text == page(table, {"tanh": "It is damaged."}, "x")
    assert "+0.0200 (+0.0100 to +0.0300) better" in text and "(+0.0000 to +0.0000) a seed?" in text
    assert "## Left out" in text and "## Left out" not in page(table, {}, "x")
    prose = [line for line in text.splitlines() if not line.startswith(("|", "!", "    "))]
    assert max(map(len, prose)) <= 100
    assert "The activation ELU is better than ReLU in AUROC" in " ".join(text.split())
    assert "The activation ELU is better than ReLU" in " ".join(report(table).split())


def test_shipped_document_is_what_the_shipped_table_says() -> None:
    text = (ROOT / "docs" / DOCUMENT).read_text(encoding="utf-8")

    assert text == page(load_zoo_table(), {}, "python -m core evaluate --zoo")
    assert (ROOT / "docs" / PICTURE).is_file()
