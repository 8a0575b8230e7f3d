from __future__ import annotations

import io

from core.commands.progress import ProgressBar


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
