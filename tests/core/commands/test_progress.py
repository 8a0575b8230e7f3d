from __future__ import annotations

import io
import time

import pytest

from core.commands.progress import ProgressBar, work_bar


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_file_gets_one_line_a_bar() -> None:
    stream = io.StringIO()
    bar = ProgressBar(stream)

    bar.show("epoch 1", 1, 2, "loss 0.5")
    bar.finish("epoch 1", "loss 0.4")
    bar.finish("epoch 2")

    assert stream.getvalue() == (
        "epoch 1 [========================] 100%  loss 0.4\n"
        "epoch 2 [========================] 100%\n"
    )


def test_terminal_draws_over_the_line_and_wipes_what_was_longer() -> None:
    stream = _Terminal()
    bar = ProgressBar(stream)

    bar.show("score", 1, 4, "a long note behind the bar")
    bar.finish("score")

    first, second = stream.getvalue().removeprefix("\r").split("\r")
    assert first == "score [======                  ]  25%  a long note behind the bar"
    assert second == "score [========================] 100%".ljust(len(first)) + "\n"


def test_terminal_is_not_drawn_at_every_step() -> None:
    stream = _Terminal()
    bar = ProgressBar(stream)

    for done in range(1_000):
        bar.show("score", done, 1_000)

    assert stream.getvalue().count("\r") < 1_000


def test_unknown_total_shows_an_empty_bar_and_too_much_a_full_one() -> None:
    unknown, over = _Terminal(), _Terminal()

    ProgressBar(unknown).show("MNIST", 5, 0, "5 MB")
    ProgressBar(over).show("MNIST", 9, 3)

    assert unknown.getvalue() == f"\rMNIST [{' ' * 24}]   0%  5 MB"
    assert over.getvalue() == f"\rMNIST [{'=' * 24}] 100%"


def test_file_gets_whole_lines_now_and_then_and_no_control_characters(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 1_000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    stream = io.StringIO()
    bar = ProgressBar(stream)

    for done in range(1, 100):
        now += 1.0
        bar.show("test", done, 100, f"{done}/100")
    now += 1.0
    bar.finish("test", "100 images")

    lines = stream.getvalue().splitlines()
    assert [line.split("%  ")[1] for line in lines] == [
        "30/100",
        "60/100",
        "90/100",
        "100 images",
    ]
    assert stream.getvalue().replace("\n", "").isprintable()


def test_line_fits_the_terminal_and_the_bar_gives_way_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lines = []
    for columns in (200, 80, 60, 20):
        stream = _Terminal()
        monkeypatch.setattr(ProgressBar, "_columns", lambda self, columns=columns: columns)
        ProgressBar(stream).show("test, 1,000 passes", 1, 2, "5,000/10,000, 96/s, 0:52, 0:52 left")
        lines.append(stream.getvalue().removeprefix("\r"))

    rest = " 50%  5,000/10,000, 96/s, 0:52, 0:52 left"
    assert lines[0] == f"test, 1,000 passes [{'=' * 12}{' ' * 12}] {rest}"
    assert lines[1].endswith(rest) and "[====" in lines[1] and len(lines[1]) == 79
    assert lines[2] == f"test, 1,000 passes {rest}"[:59] and "[" not in lines[2]
    assert len(lines[3]) == 19


def test_work_bar_draws_each_part_with_its_own_times(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = 1_000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    show = work_bar()
    for label in ("validation", "test"):
        for done in (100, 200, 300):
            now += 10.0
            show(label, done, 300)

    full = "=" * 24
    assert capsys.readouterr().err == (
        f"validation [{full}] 100%  300 images, 10/s, 0:30\n"
        f"test [{full}] 100%  300 images, 10/s, 0:30\n"
    )
