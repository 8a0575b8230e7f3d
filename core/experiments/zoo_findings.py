"""What the zoo's table says, in sentences that follow from its intervals.

A difference between two networks counts only where its interval leaves out zero, which speaks of
the images, and where it is larger than the plain networks' range, which speaks of the training:
they differ in nothing but their seed. A difference between a committee and one pass of the same
weights needs the first only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Literal

from ..uncertainty import RIVALS, Interval
from .zoo_table import BASE, ENSEMBLE, ZOO_FIGURES, RivalRow, ZooRow, ZooTable
from .zoo_words import IN_WORDS, listed, milliseconds_text, pair_text, value_text

Verdict = Literal["better", "worse", "seed", "unclear"]

# What is compared, and what with, as the subject and the object of a sentence.
_COMPARED: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "rate-01": ("A dropout rate of 0.1", "0.5"),
        "rate-03": ("A dropout rate of 0.3", "0.5"),
        "tanh": ("The activation tanh", "ReLU"),
        "elu": ("The activation ELU", "ReLU"),
        "element": ("Element-wise dropout", "channel-wise dropout"),
        "block": ("Block-wise dropout", "channel-wise dropout"),
    }
)

_KINDS: Mapping[str, str] = MappingProxyType(
    {"rate": "the rate", "activation": "the activation", "dropout": "the kind of dropout"}
)
_BESIDE: Mapping[Verdict, str] = MappingProxyType(
    {"better": "better than", "worse": "worse than", "unclear": "not clearly different from"}
)


def zoo_findings(table: ZooTable) -> tuple[str, ...]:
    """Return what the table says, as paragraphs of plain sentences, the ground rules first."""
    return (*zoo_overview(table), *zoo_networks(table), *zoo_one_pass(table))


def zoo_overview(table: ZooTable) -> tuple[str, ...]:
    """Return by what rule networks are told apart, and what moves which figures at all."""
    if _base(table) is None:
        missing = "The base network could not be measured, so that nothing is compared with it."
        return (_ground(table), missing)
    return (_ground(table), *_overview(_others(table), table.members))


def zoo_networks(table: ZooTable) -> tuple[str, ...]:
    """Return what each network is beside the base, a paragraph for each thing that varies."""
    base = _base(table)
    if base is None:
        return ()
    said = []
    for kind in (*_KINDS, "yardstick"):
        texts = [_network(row, base, table.members) for row in _others(table) if row.varies == kind]
        if texts:
            said.append(" ".join(texts))
    return tuple(said)


def zoo_one_pass(table: ZooTable) -> tuple[str, ...]:
    """Return what scores of one pass are beside the committees of the same weights."""
    base = _base(table)
    if base is None or not base.rivals:
        return ()
    return _one_pass(base), _one_pass_elsewhere([row for row in table.rows if row.twin])


def _base(table: ZooTable) -> ZooRow | None:
    return next((row for row in table.rows if row.name == BASE), None)


def _others(table: ZooTable) -> list[ZooRow]:
    return [row for row in table.rows if row.name != BASE]


def verdict(figure: str, difference: Interval, members: Mapping[str, Interval]) -> Verdict:
    """Return what a difference of a network from another one says.

    Args:
        figure: a name of `ZOO_FIGURES`.
        difference: in it, with its interval.
        members: as of `ZooTable`; empty where the range of seeds is not known.

    Returns:
        "unclear" where the interval holds zero; "seed" where it does not, and the difference is
        no larger than the range of networks that differ in their seed only.
    """
    if not difference.excludes_zero:
        return "unclear"
    if figure in members:
        range_of_seeds = members[figure].high - members[figure].low
        if abs(difference.value) <= range_of_seeds:
            return "seed"
    return "better" if (difference.value > 0) == ZOO_FIGURES[figure].higher_is_better else "worse"


def _ground(table: ZooTable) -> str:
    if not table.members:
        return (
            "Each network was trained once, and the plain networks that would show what a seed"
            " alone changes could not all be measured: a difference is one between these networks,"
            " and need not be one between their kinds."
        )
    ranges = [
        f"{IN_WORDS[figure]} from {value_text(figure, found.low)} to"
        f" {value_text(figure, found.high)}"
        for figure in ("accuracy", "auroc", "false_accepts")
        if (found := table.members.get(figure)) is not None
    ]
    return (
        "Each network was trained once. Plain networks that differ in nothing but their seed have"
        f" {listed(ranges)}. So a difference between two networks is told as better or worse only"
        " where its interval leaves out zero and it is larger than the range of these; where it is"
        " no larger, as no more than a seed might make."
    )


def _overview(others: Sequence[ZooRow], members: Mapping[str, Interval]) -> list[str]:
    """Return in a sentence which figures each thing that varies moves at all."""
    parts: list[str] = []
    for kind, words in _KINDS.items():
        rows = [row for row in others if row.varies == kind]
        moved = [
            IN_WORDS[figure]
            for figure in ZOO_FIGURES
            for found in [{verdict(figure, row.differences[figure], members) for row in rows}]
            if found & {"better", "worse"}
        ]
        if rows:
            parts.append(f"{words} moves {_moved(moved)}")
    if not parts:
        return []
    start = "Beyond what a seed might make" if members else "On these images"
    return [f"{start}, {'; '.join(parts)}."]


def _moved(figures: Sequence[str]) -> str:
    if len(figures) == len(ZOO_FIGURES):
        return "every figure"
    return listed(figures) if figures else "no figure clearly"


def _network(row: ZooRow, base: ZooRow, members: Mapping[str, Interval]) -> str:
    committee = f"the base's committee of {base.num_samples:,} passes"
    subject, other = _COMPARED.get(row.name, (f"The {_lower(row.title)}", committee))
    if row.name == ENSEMBLE:
        subject = f"The ensemble of {row.num_samples} plain networks"
    elif row.num_samples == 1:
        subject += " in its one pass"
    by_verdict: dict[Verdict, list[str]] = {}
    for figure, difference in row.differences.items():
        by_verdict.setdefault(verdict(figure, difference, members), []).append(figure)
    text = _contrast(subject, other, row, base, by_verdict)
    if row.varies == "yardstick":
        trainings = f", after {row.num_samples} trainings" if row.name == ENSEMBLE else ""
        text += (
            f" It takes {milliseconds_text(row.milliseconds.value)} from an image to its"
            f" answer{trainings}, the committee {milliseconds_text(base.milliseconds.value)}."
        )
    return text


def _contrast(
    subject: str,
    other: str,
    row: ZooRow,
    base: ZooRow,
    by_verdict: Mapping[Verdict, Sequence[str]],
) -> str:
    """Return a network's sentences: better and worse with numbers, then what tells nothing."""
    parts: list[str] = []
    sides: tuple[Verdict, Verdict] = ("better", "worse")
    for name in sides:
        if figures := by_verdict.get(name):
            than = "" if parts else f" than {other}"
            parts.append(f"{name}{than} in {listed([_pair(each, row, base) for each in figures])}")
    if parts:
        text = f"{subject} is {' and '.join(parts)}."
    else:
        text = f"{subject} is neither clearly better nor clearly worse than {other} in any figure."
    if figures := by_verdict.get("seed"):
        names = listed([IN_WORDS[each] for each in figures])
        text += f" In {names} it differs by no more than a seed might make."
    if parts and (figures := by_verdict.get("unclear")):
        text += f" In {listed([IN_WORDS[each] for each in figures])} there is no clear difference."
    return text


def _pair(figure: str, row: ZooRow, base: ZooRow) -> str:
    ours, theirs = (each.figures[figure].value for each in (row, base))
    return f"{IN_WORDS[figure]} ({pair_text(figure, ours, theirs)})"


def _one_pass(base: ZooRow) -> str:
    """Return what the scores of one pass do beside the committee of the same weights."""
    sentences = []
    for figure in base.rivals[0].differences:
        by_verdict: dict[Verdict, list[str]] = {}
        for rival in base.rivals:
            value = value_text(figure, rival.figures[figure].value)
            found = _of_committee(figure, rival)
            by_verdict.setdefault(found, []).append(f"{_rival(rival)} ({value})")
        own = value_text(figure, base.figures[figure].value)
        parts = [
            f"{words} {listed(by_verdict[name])}"
            for name, words in _BESIDE.items()
            if name in by_verdict
        ]
        sentences.append(f"In {IN_WORDS[figure]} the committee ({own}) is {', and '.join(parts)}.")
    text = "One pass against many, with the base's weights. " + " ".join(sentences)
    if base.twin:
        pairs = [
            f"{IN_WORDS[figure]} {value_text(figure, base.twin[figure].value)} against"
            f" {value_text(figure, base.figures[figure].value)}"
            for figure in ("accuracy", "nll", "nll_scaled", "ece")
        ]
        text += f" The answers themselves, of one pass against the committee's: {listed(pairs)}."
    if base.twin_milliseconds is not None:
        text += (
            f" One pass takes {milliseconds_text(base.twin_milliseconds.value)} from an image to"
            f" its answer, the committee's {base.num_samples:,} passes take"
            f" {milliseconds_text(base.milliseconds.value)}."
        )
    return text


def _one_pass_elsewhere(rows: Sequence[ZooRow]) -> str:
    """Return on how many networks the committee is better than every score, or worse than one."""
    rows = [row for row in rows if row.rivals]
    parts = []
    for figure in rows[0].rivals[0].differences:
        verdicts = [{_of_committee(figure, rival) for rival in row.rivals} for row in rows]
        best = sum(found == {"better"} for found in verdicts)
        beaten = sum("worse" in found for found in verdicts)
        parts.append(f"in {IN_WORDS[figure]} on {best}, and worse than at least one on {beaten}")
    return (
        f"Of the {len(rows)} networks with dropout that were scored so, the committee is better"
        f" than each of these scores {'; '.join(parts)}."
    )


def _of_committee(figure: str, rival: RivalRow) -> Verdict:
    """Return what the committee is beside a score of one pass of its own weights."""
    return verdict(figure, rival.differences[figure], {})


def _rival(rival: RivalRow) -> str:
    label = RIVALS[rival.rival].label
    return label if rival.rival == "mahalanobis" else _lower(label)


def _lower(title: str) -> str:
    """Return a title inside a sentence; an abbreviation stays as it is."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]
