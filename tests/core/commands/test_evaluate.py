from __future__ import annotations

import dataclasses
import json
import re
import signal
from pathlib import Path
from typing import Any

import pytest

from core.commands.evaluate import DOCUMENT, report
from core.commands.evaluation_findings import findings
from core.commands.evaluation_page import page
from core.commands.evaluation_table import markdown
from core.commands.evaluation_tables import all_tables, target_table
from core.commands.main import main
from core.experiments.default_policy import fit_default_policy, load_default_policy
from core.experiments.evaluation import evaluate
from core.experiments.reference_scores import reference_path
from core.figures.evaluation_image import PICTURES
from core.networks import NetworkCard, load_card
from core.networks.cards import write_card
from core.uncertainty import Interval, bootstrap_band
from tests.core.experiments.evaluations import made_evaluation, made_scores

ROOT = Path(__file__).parents[3]


@pytest.fixture
def zoo(tmp_path: Path) -> Path:
    """A folder with a card and small reference scores; neither weights nor images."""
    folder = tmp_path / "zoo"
    card: NetworkCard = load_card("mc")
    write_card(card, folder)
    scores = dataclasses.replace(made_scores(), weights_sha256=card.weights_sha256)
    scores.save(reference_path("mc", folder))
    return folder


def test_command_prints_every_table_and_writes_the_document(
    zoo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "new" / "docs"
    assert main(["evaluate", "--folder", str(zoo), "--out", str(out)]) == 0

    printed = capsys.readouterr().out
    for title in ("The figures to reach", "Accuracy", "Strangers", "Rules for a default policy"):
        assert title in printed
    assert "Where the twin is better" in printed and str(tmp_path / "zoo") not in printed
    assert {path.name for path in out.iterdir()} == {DOCUMENT, *PICTURES}
    text = (out / DOCUMENT).read_text(encoding="utf-8")
    assert load_card("mc").weights_sha256 in text and str(tmp_path) not in text
    assert "This network comes with none." in text
    assert all(f"]({name})" in text for name in PICTURES)


def test_two_runs_write_the_same_bytes(zoo: Path, tmp_path: Path) -> None:
    outs = [tmp_path / "a", tmp_path / "b"]
    for out in outs:
        files = ["--json", str(out / "all.json"), "--out", str(out)]
        assert main(["evaluate", "--folder", str(zoo), *files]) == 0

    for path in outs[0].iterdir():
        assert path.read_bytes() == (outs[1] / path.name).read_bytes()
    document = json.loads((outs[0] / "all.json").read_text())
    assert document["network"] == "mc" and document["num_resamples"] == 500


def test_json_on_stdout_is_json_and_nothing_else(
    zoo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", "--folder", str(zoo), "--out", str(tmp_path / "o"), "--json"]) == 0

    captured = capsys.readouterr()
    assert len(json.loads(captured.out)["targets"]) == 5
    assert captured.err.splitlines()[-1].startswith("Written:")


def test_bad_input_is_a_sentence_and_2(
    zoo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "taken").write_text("")
    for arguments, told in (
        (["--folder", str(tmp_path / "nowhere")], "python -m core train"),
        (["--network", "resnet", "--folder", str(zoo)], "one of mc"),
        (["--folder", str(zoo), "--out", str(tmp_path / "taken")], "can be written to"),
    ):
        assert main(["evaluate", *arguments]) == 2
        captured = capsys.readouterr()
        assert told in captured.err and captured.err.count("\n") == 1
        assert captured.out == ""


def test_tables_are_whole_and_hold_no_nan() -> None:
    for table in all_tables(made_evaluation()):
        assert table.rows and all(len(row) == len(table.head) for row in table.rows)
        text = markdown(table)
        assert "nan" not in text and "inf" not in text.replace("mutual inf", "")
        assert len({line.count("|") for line in text.splitlines()}) == 1


def test_missed_target_is_said_and_no_error() -> None:
    made = made_evaluation()
    scaled = dataclasses.replace(made.calibrations[2], nll=1.0)
    calibrations = (*made.calibrations[:2], scaled, made.calibrations[3])

    rows = target_table(dataclasses.replace(made, calibrations=calibrations)).rows

    assert "NLL" in rows[-1][0] and rows[-1][-1] == "missed"
    assert target_table(made).rows[-1][-1] == "met"


@pytest.mark.parametrize(
    ("low", "high", "head"),
    [
        (0.1, 0.3, "Where the committee is better"),
        (-0.1, 0.3, "Where there is no clear difference"),
        (-0.3, -0.1, "Where the twin is better"),
    ],
)
def test_finding_stands_where_its_interval_puts_it(low: float, high: float, head: str) -> None:
    made = made_evaluation()
    apart = Interval((low + high) / 2, low, high)
    rows = [dataclasses.replace(row, difference=apart) for row in made.stranger_differences]

    said = dict(findings(dataclasses.replace(made, stranger_differences=tuple(rows))))

    assert list(said) == [
        "Where the committee is better",
        "Where there is no clear difference",
        "Where the twin is better",
    ]
    assert "KMNIST" in said[head]
    assert sum("KMNIST" in text for text in said.values()) == 1


def test_page_of_the_same_evaluation_is_the_same_and_fits_the_line() -> None:
    made = made_evaluation()
    scores = made_scores()
    default = fit_default_policy(scores)
    made = evaluate(scores, default, num_resamples=5)

    text = page(made, default, "x")

    assert text == page(made, default, "x")
    assert "“95% of validation” accepts an answer with predictive entropy up to" in text
    assert "(the default)" in text
    prose = [line for line in text.splitlines() if not line.startswith(("|", "!", "    "))]
    assert max(map(len, prose)) <= 100
    assert report(made).count("(the default)") == 1


def test_shipped_document_is_of_the_shipped_network_and_policy() -> None:
    text = (ROOT / "docs" / DOCUMENT).read_text(encoding="utf-8")

    assert f"`{load_card('mc').weights_sha256}`" in text
    assert "    python -m core evaluate\n" in text and "missed" not in text
    assert all((ROOT / "docs" / name).is_file() for name in PICTURES)
    default = load_default_policy()
    assert default is not None
    for limit in default.limits.values():
        assert f"up to {limit:.4f}" in text.replace("\n", " ")
    # Said plainly: the twin ranks pen digits better.
    worse = re.search(r"\*\*Where the twin is better\.\*\*(.*?)\n\n", text, re.DOTALL)
    assert worse and "pen digits" in worse[1]


def test_stopped_evaluation_says_how_to_go_on_and_ends_with_the_same_bytes(
    zoo: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    asked = 0
    stop_at: int | None = None

    def counted(*arguments: Any, **named: Any) -> Any:
        nonlocal asked
        if asked == stop_at:
            signal.raise_signal(signal.SIGINT)
        asked += 1
        return bootstrap_band(*arguments, **named)

    monkeypatch.setattr("core.experiments.comparisons.bootstrap_band", counted)
    assert main(["evaluate", "--folder", str(zoo), "--out", str(whole)]) == 0
    all_asked, asked, stop_at = asked, 0, 9
    assert "evaluation [========================] 100%  52 intervals" in capsys.readouterr().err

    assert main(["evaluate", "--folder", str(zoo), "--out", str(parts), "--json"]) == 130

    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == (
        f"Stopped. What is done is kept in {parts / 'mc.evaluation.partial.npz'}; the same command"
        " goes on from there.\n"
    )
    stop_at = None
    assert main(["evaluate", "--folder", str(zoo), "--out", str(parts), "--json"]) == 0

    captured = capsys.readouterr()
    assert asked == all_asked
    assert json.loads(captured.out)["network"] == "mc"
    assert captured.err.startswith("Going on from mc.evaluation.partial.npz.\n")
    assert sorted(parts.iterdir()) == sorted(parts / path.name for path in whole.iterdir())
    for path in whole.iterdir():
        assert path.read_bytes() == (parts / path.name).read_bytes()


def test_kept_intervals_of_other_scores_are_refused(
    zoo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    state = tmp_path / "state.npz"
    evaluate(dataclasses.replace(made_scores(90)), num_resamples=500, state=state)
    content = state.read_bytes()
    arguments = ["evaluate", "--folder", str(zoo), "--out", str(tmp_path / "out")]

    assert main([*arguments, "--state", str(state)]) == 2

    assert "state.npz, which is of another evaluation" in capsys.readouterr().err
    assert state.read_bytes() == content and not (tmp_path / "out").exists()
