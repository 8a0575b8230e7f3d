from __future__ import annotations

import dataclasses

import pytest

from core.experiments.zoo_findings import verdict, zoo_findings
from core.experiments.zoo_table import BASE, ENSEMBLE, ZOO_FIGURES, ZooTable
from core.uncertainty import RIVALS, Interval
from tests.core.experiments.zoo_tables import (
    around,
    made_table,
    with_difference,
    with_rival_difference,
    with_row,
)


def about(table: ZooTable, start: str) -> str:
    """Return the paragraph that says a sentence which begins so."""
    (found,) = (text for text in zoo_findings(table) if start in text)
    return found[found.index(start) :]


@pytest.mark.parametrize(
    ("difference", "expected"),
    [
        (Interval(0.004, 0.002, 0.006), "better"),
        (Interval(-0.004, -0.006, -0.002), "worse"),
        (Interval(0.004, -0.001, 0.009), "unclear"),
        (Interval(-0.004, -0.009, 0.001), "unclear"),
        (Interval(0.0009, 0.0005, 0.0013), "seed"),
        (Interval(-0.0009, -0.0013, -0.0005), "seed"),
    ],
)
def test_verdict_needs_the_interval_and_more_than_the_range_of_seeds(
    difference: Interval, expected: str
) -> None:
    members = {"accuracy": Interval(0.99, 0.9895, 0.9905)}

    assert verdict("accuracy", difference, members) == expected


def test_verdict_turns_where_lower_is_better_and_without_seeds_needs_the_interval_only() -> None:
    for figure, of in ZOO_FIGURES.items():
        rises = verdict(figure, Interval(0.004, 0.002, 0.006), {})
        assert rises == ("better" if of.higher_is_better else "worse")


def test_table_without_clear_differences_says_so_of_every_network() -> None:
    said = " ".join(zoo_findings(made_table()))

    # Six of the base's kind, the plain network and the ensemble.
    assert said.count("is neither clearly better nor clearly worse than") == 8
    assert "is better than 0.5" not in said and "seed might make" in said
    assert said.count("not clearly different from") == 3


@pytest.mark.parametrize(
    ("difference", "expected"),
    [
        (
            Interval(0.02, 0.015, 0.025),
            "A dropout rate of 0.1 is better than 0.5 in AUROC to KMNIST (0.9880 against 0.9880).",
        ),
        (Interval(-0.02, -0.025, -0.015), "A dropout rate of 0.1 is worse than 0.5 in AUROC"),
        (
            Interval(0.02, -0.001, 0.041),
            "A dropout rate of 0.1 is neither clearly better nor clearly worse than 0.5 in any"
            " figure. A dropout rate of 0.3",
        ),
        (
            Interval(0.001, 0.0005, 0.0015),
            "A dropout rate of 0.1 is neither clearly better nor clearly worse than 0.5 in any"
            " figure. In AUROC to KMNIST it differs by no more than a seed might make.",
        ),
    ],
)
def test_sentence_of_a_network_follows_its_difference(difference: Interval, expected: str) -> None:
    table = with_difference(made_table(), "rate-01", "auroc", difference)

    assert about(table, "A dropout rate of 0.1").startswith(expected)


@pytest.mark.parametrize(
    ("name", "figure", "expected"),
    [
        (
            "rate-03",
            "ece",
            "Beyond what a seed might make, the rate moves ECE; the activation moves no figure"
            " clearly; the kind of dropout moves no figure clearly.",
        ),
        (
            "block",
            "nll_scaled",
            "Beyond what a seed might make, the rate moves no figure clearly; the activation moves"
            " no figure clearly; the kind of dropout moves NLL after scaling.",
        ),
    ],
)
def test_overview_names_what_is_moved_and_what_is_not(
    name: str, figure: str, expected: str
) -> None:
    table = with_difference(made_table(), name, figure, Interval(0.01, 0.008, 0.012))

    assert zoo_findings(table)[1] == expected
    seed = with_difference(made_table(), name, figure, Interval(1e-6, 0.5e-6, 2e-6))
    assert zoo_findings(seed)[1].count("no figure clearly") == 3


def test_better_and_worse_stand_beside_what_tells_nothing() -> None:
    table = with_difference(made_table(), "elu", "nll", Interval(-0.01, -0.012, -0.008))
    table = with_difference(table, "elu", "false_accepts", Interval(0.03, 0.02, 0.04))

    said = about(table, "The activation ELU")

    assert said.startswith(
        "The activation ELU is better than ReLU in NLL (0.0360 against 0.0360) and worse in false"
        " accepts of turned digits (6.00% against 6.00%). In accuracy,"
    )
    assert said.endswith("and AUROC to KMNIST there is no clear difference.")


def test_yardsticks_are_told_with_what_they_cost() -> None:
    table = with_difference(made_table(), ENSEMBLE, "accuracy", Interval(0.004, 0.003, 0.005))

    said = about(table, "The ensemble of 5 plain networks")

    assert said.startswith(
        "The ensemble of 5 plain networks is better than the base's committee of 100 passes in"
        " accuracy (99.10% against 99.10%)."
    )
    assert said.endswith(
        "It takes 12 ms from an image to its answer, after 5 trainings, the committee 4.0 ms."
    )
    assert "The plain network in its one pass is neither" in about(table, "The plain network")


@pytest.mark.parametrize(
    ("value", "part", "best", "worse"),
    [
        (0.02, "is better than energy (0.9880), and not clearly different from", 0, 0),
        (-0.02, "is worse than energy (0.9880), and not clearly different from", 0, 1),
    ],
)
def test_one_pass_is_told_by_the_sign_of_its_difference(
    value: float, part: str, best: int, worse: int
) -> None:
    table = with_rival_difference(made_table(), BASE, "energy", "auroc", around(value, 0.005))

    assert part in about(table, "In AUROC to KMNIST the committee (0.9880)")
    assert f"in AUROC to KMNIST on {best}, and worse than at least one on {worse}" in about(
        table, "Of the 7 networks with dropout"
    )

    wider = with_rival_difference(made_table(), BASE, "energy", "auroc", around(value, 0.05))
    assert zoo_findings(wider) == zoo_findings(made_table())


def test_committee_better_than_every_score_is_counted() -> None:
    table = made_table()
    for name in (BASE, "block"):
        for rival in RIVALS:
            table = with_rival_difference(
                table, name, rival, "false_accepts", Interval(-0.02, -0.03, -0.01)
            )

    assert "in false accepts of turned digits on 2, and worse than at least one on 0." in about(
        table, "Of the 7 networks with dropout"
    )
    assert (
        "One pass takes 0.50 ms from an image to its answer, the committee's 100 passes take"
        " 4.0 ms." in about(table, "One pass against many")
    )


def test_without_the_plain_networks_nothing_is_said_of_seeds() -> None:
    table = dataclasses.replace(made_table(), members={})
    table = with_difference(table, "tanh", "accuracy", Interval(0.0001, 0.00005, 0.0002))

    said = zoo_findings(table)

    assert "could not all be measured" in said[0]
    assert "seed might make" not in " ".join(said)
    assert "The activation tanh is better than ReLU in accuracy" in " ".join(said)


def test_without_base_or_scores_the_rest_is_told() -> None:
    table = made_table()
    no_base = dataclasses.replace(
        table,
        rows=[dataclasses.replace(row, differences={}) for row in table.rows if row.name != BASE],
    )
    assert len(zoo_findings(no_base)) == 2
    assert "The base network could not be measured" in zoo_findings(no_base)[1]

    no_scores = with_row(table, BASE, rivals=())
    assert not any("One pass against" in text for text in zoo_findings(no_scores))
