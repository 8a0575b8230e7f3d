"""The comparison's HTML: live rows, the tables, and how unusual an image is."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from core.experiments.zoo_table import BASE, ENSEMBLE
from core.inference import McSummary
from core.uncertainty import RIVALS
from pages.parts.zoo_answers import Said
from pages.parts.zoo_rivals import TEST, Unusual, unusual_html
from pages.parts.zoo_rows import ZooLine, rows_html
from pages.parts.zoo_table_html import figures_html, rivals_html
from tests.core.experiments.zoo_tables import (
    around,
    made_table,
    with_difference,
    with_rival_difference,
    with_row,
)


def answers(*passes: dict[int, float], twin: dict[int, float] | None = None) -> Said:
    """What passes say, each by its softmax of some digits."""
    probs = np.array([[[each.get(k, 0.0) for k in range(10)]] for each in passes], np.float32)
    one = None if twin is None else np.array([twin.get(k, 0.0) for k in range(10)], np.float32)
    return Said(McSummary.from_samples(probs), one)


def cells(row: str) -> list[str]:
    return re.findall(r"<td[^>]*>(.*?)</td>", row)


def test_a_row_says_answer_softmax_both_measures_and_the_pass():
    line = ZooLine("Tanh", "activation", answers({3: 1.0}, {8: 1.0}, twin={3: 0.75, 8: 0.25}))
    row = rows_html([line], "t").split("<tbody")[1]
    says, spark, mutual, entropy, twin = cells(row)
    assert says == "3"
    assert "50.0%" in spark and 'aria-label="3: 50%, 8: 50%"' in spark
    assert len(re.findall(r"height:50.0%", spark)) == 2 and spark.count("class=best") == 1
    # Two passes that are sure of different digits: all of ln 2 is disagreement.
    for cell in (mutual, entropy):
        assert "<b>0.69</b>" in cell and "width:30.10%" in cell
    assert "<i>3</i>" in twin and "75.0%" in twin
    assert "instead of ReLU" in row


def test_a_network_of_one_pass_has_no_disagreement_and_no_other_pass():
    row = rows_html([ZooLine("Plain", "yardstick", answers({3: 1.0}))], "t").split("<tbody")[1]
    _, _, mutual, entropy, twin = cells(row)
    assert "one pass has none" in mutual and "<b>0.00</b>" in entropy and twin == ""


def test_rows_without_an_answer_say_why_and_nothing_of_them_is_markup():
    table = rows_html(
        [
            ZooLine("<b>A</b>", "rate", problem="<i>gone</i>"),
            ZooLine("B", "rate"),
            ZooLine("C", "", answers({1: 1.0}, {1: 1.0}), is_asked=True),
        ],
        'x"y',
    )
    assert "&lt;b&gt;A&lt;/b&gt;" in table and "&lt;i&gt;gone&lt;/i&gt;" in table
    assert "loading …" in table and 'data-tag="x&quot;y"' in table
    assert table.count("class=asked") == 1 and "(asked on every page)" in table
    assert table.count('scope="row"') == 3 and table.count('scope="col"') == 6


def test_the_table_has_a_row_a_network_and_marks_what_is_clear():
    table = with_difference(made_table(), "rate-01", "accuracy", around(0.004, 0.001))
    table = with_difference(table, "tanh", "accuracy", around(-0.001, 0.0005))
    table = with_row(table, "elu", title="<b>E</b>")
    shown = figures_html(table, stale=("elu",))
    found = dict(re.findall(r'<th scope="row">(.*?)<small>(.*?)</tr>', shown))
    assert len(found) == 9 and "<b>E</b>" not in shown and "&lt;b&gt;E&lt;/b&gt;" in found
    base, rate, tanh = (
        cells(found[title]) for title in ("MC-dropout network", "Rate-01", "Activation tanh")
    )
    assert len(base) == 7 and "99.10%" in base[0] and "98.90 to 99.30" in base[0]
    assert "▲ better" in rate[0] and "seed" not in rate[0]
    assert "▽ worse" in tanh[0] and "as a seed might make it" in tanh[0]
    assert shown.count("<em>") == 2
    assert "4.0 ms" in base[6] and "3.9 to 4.3" in base[6]
    assert "the base, 100 passes" in found["MC-dropout network"]
    assert "1 pass" in found["Plain network"]
    assert "5 passes" in found["Ensemble of 5 plain networks"]
    assert "of other weights" in found["&lt;b&gt;E&lt;/b&gt;"]
    assert shown.count("of other weights") == 1
    assert 'tabindex="0"' in shown  # a box that scrolls


def test_the_table_of_one_pass_has_twins_no_marks_and_nothing_of_the_ensemble():
    table = with_difference(made_table(), "rate-01", "accuracy", around(0.004, 0.001))
    table = with_row(table, BASE, twin={"accuracy": around(0.5, 0.01)})
    shown = figures_html(table, one_pass=True, scaled=True)
    assert "50.00%" in shown and "<em>" not in shown and "NLL, scaled" in shown
    ensemble = shown.split(table.row(ENSEMBLE).title)[1]
    assert cells(ensemble) == ["none"] * 7
    assert "99.10%" in shown.split("Plain network")[1]


def test_rivals_stand_beside_their_committee_and_say_where_they_are_better():
    table = with_rival_difference(made_table(), BASE, "energy", "auroc", around(0.01, 0.001))
    table = with_rival_difference(table, BASE, "energy", "aurc", around(0.0001, 0.00001))
    shown = rivals_html(table.row(BASE))
    for rival in RIVALS.values():
        assert f'<th scope="col">{rival.label}' in shown
    found: dict[str, Any] = dict(re.findall(r'<th scope="row">(.*?)<small>(.*?)</tr>', shown))
    assert list(found) == ["AURC, per 1,000", "AUROC", "False accepts, turned", "Time"]
    # The committee has more of both: more AUROC is better, more AURC is worse.
    assert "▼ worse" in cells(found["AUROC"])[1]
    assert "▲ better" in cells(found["AURC, per 1,000"])[1]
    assert shown.count("<em>") == 2
    times = cells(found["Time"])
    assert len(times) == 5 and "0.50 ms" in times[0] and "4.0 ms" in times[4]


def test_how_unusual_is_said_in_words_and_on_one_scale():
    shown = unusual_html(
        "<b>mc</b>",
        {
            "One pass": [Unusual("Energy", "little said", 0.97), Unusual("Odds", "", 0.0)],
            "Passes": [
                Unusual("Mutual information", "disagree", 0.5, TEST, "0.10 nats"),
                Unusual("Entropy", "unsure", None),
            ],
        },
    )
    assert "more unusual than 97% of validation digits" in shown
    assert "more unusual than no validation digit" in shown
    assert "more unusual than 50% of test digits" in shown and "<b>0.10 nats</b>" in shown
    assert "where that lies was not measured" in shown
    assert "width:97.0%" in shown and shown.count("<i ") == 3
    assert "<b>mc</b>" not in shown
