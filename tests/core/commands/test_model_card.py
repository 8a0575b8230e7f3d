from __future__ import annotations

from dataclasses import replace

from core.commands.model_card import model_card
from tests.core.networks.test_report_json import REPORT


def test_a_card_tells_all_of_a_report() -> None:
    assert model_card(REPORT) == [
        "<b>mine</b>: 99 parameters",
        f"  File          1,234 bytes, sha256 {'a' * 64}",
        "  Input         28 x ? x 1, images of 28 x 28, grey, a guess",
        "  Pixels        from 0 to 255, a guess. Its layer rescaling multiplies by 0.00392.",
        "  Output        logits of 10 classes; a softmax is put behind them",
        "  Dropout       drop (Dropout, rate 0.5)",
        "  Passes        two differ",
        "  1,000 passes  7.5 ms",
        "  BatchNorm     2 layers, unchanged by the passes",
        "",
        "  Layers:",
        "    flatten: Flatten -> 784",
        "    dense: Dense, 10 -> 10",
        "",
        "  Stochastic layers:",
        "    drop",
    ]


def test_a_card_tells_how_much_faster_the_passes_run() -> None:
    card = model_card(replace(REPORT, tiled_milliseconds=30.0))

    assert "  1,000 passes  7.5 ms; 30.0 ms by a tiled call, 4.0 times that" in card


def test_a_card_tells_no_more_than_was_found() -> None:
    bare = replace(
        REPORT,
        input_shape=(),
        frame=None,
        range_why="",
        ending="values",
        num_classes=0,
        stochastic=(),
        num_batch_norms=0,
        plan="",
        milliseconds=None,
    )

    words = [line.split()[0] for line in model_card(bare) if line]

    assert words == ["<b>mine</b>:", "File", "Input", "Dropout", "Layers:", "flatten:", "dense:"]
    assert "  Input         none" in model_card(bare)
    assert "  Output        numbers that are no scores of classes" in model_card(
        replace(bare, range_why="It takes no images: its numbers go in as they are.")
    )


def test_a_batch_norm_that_moves_stands_out() -> None:
    assert any(
        line.endswith("CHANGED by the passes")
        for line in model_card(replace(REPORT, batch_norm_still=False))
    )
