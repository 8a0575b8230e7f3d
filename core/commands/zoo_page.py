"""The document on what moves the uncertainty, all of it computed from the zoo's table."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from ..experiments.zoo_findings import zoo_findings
from ..experiments.zoo_table import BASE
from ..figures.zoo_image import PICTURE
from ..uncertainty import RIVALS
from .evaluation_default import paragraph
from .evaluation_table import Table, markdown
from .zoo_tables import (
    difference_tables,
    figure_tables,
    member_table,
    rival_table,
    twin_tables,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..experiments.zoo_table import ZooRow, ZooTable

_ALTERNATIVE = (
    "Every network of the zoo by every figure, with 95% intervals: all passes together, one pass"
    " without dropout, and how far networks lie apart that differ in their seed only"
)
_DEFINITIONS = (
    "**The zoo.** Every network but the plain ones differs from the base in one thing: the rate of"
    " its dropout layers, its activation, or what its dropout drops: whole feature maps, as the"
    " post's do, single elements, or blocks of neighbours. All are trained alike, and asked with"
    " the rates that they were trained with.",
    "**All passes.** The committee's answer is the class of largest mean softmax. The plain network"
    " has one pass. The ensemble's passes are one of each of its members.",
    "**One pass.** The same weights with dropout off: the twin.",
    "**NLL**, in nats, and **ECE**, the expected calibration error over 15 bins of equal mass, as"
    " the answers come and after scaling: by one temperature, fitted on validation for each network"
    " and each way to ask it. An interval of an ECE allows for the noise of its bins and may leave"
    " out the value itself.",
    "**AURC.** Area under the risk-coverage curve of the test digits, ordered by predictive"
    " entropy. Better answers lower it as well as a better order.",
    "**AUROC.** How often a KMNIST character is less certain than a test digit: by mutual"
    " information, and of one pass by its entropy.",
    "**False accepts, turned.** A thousand test digits, turned by 15° to 180° in twelve steps: the"
    " share that is answered wrong, with a predictive entropy under which 95% of validation is"
    " accepted. A network can let in fewer wrong answers by letting in fewer of any kind.",
    "**Time.** From one image to its answer and all measures of it: median, and the middle half of"
    " the runs, which took turns.",
    "**Intervals** are of resampled images, 95%; a turned image is drawn with all its angles."
    " Differences are paired: the same resamples for both. Temperatures and thresholds are kept as"
    " they are. They say nothing about training a network again. For that there are the plain"
    " networks: “a seed?” behind a difference is said where it is clear on these images, and no"
    " larger than the range over seeds. Five plain networks tell a range roughly, and one of"
    " networks without dropout.",
)

_OWN_LESS = (
    "“Own less this” is the figure of all the network's passes, by predictive entropy or, to"
    " KMNIST, by mutual information, less that of the score; of the plain network, by its entropy."
    " “Better” and “worse” are of the network's own. The answers of a score are those of one pass"
    " without dropout, so that AURC and false accepts also tell these answers apart. Both are of"
    " the same weights, so that no seed comes between them."
)


def page(table: ZooTable, left_out: Mapping[str, str], command: str) -> str:
    """Return the document as Markdown.

    Args:
        table: everything computed.
        left_out: why each network that is not in the table could not be measured, by name.
        command: that makes the document again.
    """
    sizes = {name: size for name, size in table.sizes.items() if not name.startswith("rotated-")}
    many = next((row.num_samples for row in table.rows if row.twin), 1)
    parts = [
        "# What moves the uncertainty",
        paragraph(
            "The answer of Monte-Carlo dropout depends on the network: on its rates, its activation"
            " and its kind of dropout. Here networks that differ in one thing stand beside each"
            " other, with an ensemble as the expensive yardstick, and with scores that one pass"
            " gives."
        ),
        f"    {command}",
        paragraph(
            "makes this page, its picture and the table that the app shows; nothing in it is"
            f" written by hand. A committee has T = {many:,} passes of seed {table.seed}. Images:"
            f" {', '.join(f'{size:,} of {name}' for name, size in sizes.items())}."
            f" Intervals are of {table.num_resamples} bootstrap resamples. There are"
            f" {_num_intervals(table)} of differences; of so many a few leave out zero by chance."
            f" Times are of this machine: {table.machine}."
        ),
        *_left_out(left_out),
        "## What comes out",
        *(paragraph(text) for text in zoo_findings(table)),
        f"![{_ALTERNATIVE}]({PICTURE})",
        paragraph(
            "Filled: all passes; hollow: one pass of the same weights. Lines are 95% intervals, of"
            " times the middle half of the runs. Accuracy and AUROC are better higher, all others"
            " lower. The band is the base give or take the range over"
            " seeds: what lies in it may be no more than a seed makes. Intervals of two networks"
            " may overlap where their paired difference, below, is clear."
        ),
        "## Words",
        _list([*_DEFINITIONS, *_rivals()]),
        *_section("All passes", figure_tables(table)),
        *_section("One pass without dropout", twin_tables(table)),
        *_section(f"Less the base, `{BASE}`", difference_tables(table)),
        *_section("The ensemble's members, each alone", [member_table(table)]),
        *_section("Scores of one pass", [rival_table(table)], _OWN_LESS),
        "## Weights",
        "The first digits of their sha256.",
        _list([f"{row.title}, `{row.name}`: {_weights(row)}" for row in table.rows]),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _section(title: str, tables: list[Table], text: str = "") -> list[str]:
    """Return a heading, its tables and what they mean; nothing where they are empty."""
    full = [markdown(table) for table in tables if table.rows]
    return [f"## {title}", *full, paragraph(text)] if full else []


def _rivals() -> list[str]:
    return [
        f"**{each.label}.** One pass: {each.explanation} ({each.source})."
        for each in RIVALS.values()
    ]


def _left_out(left_out: Mapping[str, str]) -> list[str]:
    if not left_out:
        return []
    return ["## Left out", _list([f"{name}: {reason}" for name, reason in left_out.items()])]


def _list(texts: Sequence[str]) -> str:
    return "\n".join(
        textwrap.fill(f"* {text}", 100, subsequent_indent="  ", break_on_hyphens=False)
        for text in texts
    )


def _weights(row: ZooRow) -> str:
    return ", ".join(f"`{each[:12]}`" for each in row.weights_sha256)


def _num_intervals(table: ZooTable) -> int:
    return sum(
        len(row.differences) + sum(len(each.differences) for each in row.rivals)
        for row in table.rows
    )
