"""How well each measure puts wrong answers, and strangers, behind right ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from ..uncertainty import (
    MEASURES,
    TWIN_MEASURES,
    Band,
    aurc,
    auroc,
    bootstrap_band,
    coverage_at_risk,
    excess_aurc,
    fpr_at_tpr,
    risk_at_coverage,
    strangers_accepted,
)
from .comparisons import Columns, SideBySide, side_by_side
from .intervals import NUM_RESAMPLES, Intervals
from .set_scores import SetScores

MAIN_MEASURE = "predictive_entropy"  # fixed beforehand, as in the studies
MAIN_FOR_STRANGERS = "mutual_information"  # likewise
RISKS = (0.005, 0.01, 0.02)
COVERAGE = 0.8  # at which the accuracy is reported
COVERAGES = tuple(float(share) for share in np.linspace(0.5, 1.0, 51))  # of the curves

Who = Literal["committee", "twin"]


@dataclass(frozen=True, slots=True)
class Ranking:
    """One measure's ranking of the answers to one set.

    Attributes:
        who: whose measure.
        measure: its name.
        data: the set.
        aurc: area under the risk-coverage curve.
        excess_aurc: less that of the ideal ranking of the same answers.
        coverage_at_risk: by each of `RISKS`.
        accuracy: among the most certain `COVERAGE` of the images.
    """

    who: Who
    measure: str
    data: str
    aurc: float
    excess_aurc: float
    coverage_at_risk: Mapping[float, float]
    accuracy: float


@dataclass(frozen=True, slots=True)
class StrangerRanking:
    """How one measure tells strangers from test images.

    Attributes:
        who: whose measure.
        measure: its name.
        auroc: how often a stranger is less certain than a test image.
        fpr95: share of the test images refused where 95% of the strangers are.
        accepted95: share of the strangers accepted where 95% of the test images are.
    """

    who: Who
    measure: str
    auroc: float
    fpr95: float
    accepted95: float


@dataclass(frozen=True, slots=True)
class Curve:
    """Selective risk at `COVERAGES`, with 95% intervals, each on its own."""

    who: Who
    measure: str
    data: str
    risk: Band


def rank(one: SetScores) -> tuple[Ranking, ...]:
    """Return every measure's ranking of a set, the committee's first."""
    return tuple(
        Ranking(
            who,
            measure,
            one.name,
            aurc(values, wrong),
            excess_aurc(values, wrong),
            {risk: coverage_at_risk(values, wrong, risk) for risk in RISKS},
            1.0 - float(risk_at_coverage(values, wrong, COVERAGE)[0]),
        )
        for who, measure, values, wrong in _all(one)
    )


def rank_strangers(known: SetScores, strangers: SetScores) -> tuple[StrangerRanking, ...]:
    """Return how every measure tells strangers from known images, the committee's first."""
    other = {(who, measure): values for who, measure, values, _ in _all(strangers)}
    return tuple(
        StrangerRanking(
            who,
            measure,
            auroc(values, other[who, measure]),
            fpr_at_tpr(values, other[who, measure]),
            strangers_accepted(values, other[who, measure]),
        )
        for who, measure, values, _ in _all(known)
    )


def compare_rankings(
    one: SetScores, rankings: Sequence[Ranking], intervals: Intervals | int = NUM_RESAMPLES
) -> tuple[SideBySide, ...]:
    """Compare the main measure, and the best for each figure, with the twin's best for it."""
    pairs = []
    for figure, sign in (("aurc", 1), ("accuracy_at_80", -1)):
        key = "accuracy" if sign < 0 else figure
        own = _best([each for each in rankings if each.who == "committee"], key, sign)
        other = _best([each for each in rankings if each.who == "twin"], key, sign)
        for measure in dict.fromkeys((MAIN_MEASURE, own)):
            chosen = measure != MAIN_MEASURE
            pairs.append((figure, measure, other, chosen))
            if figure == "aurc":
                pairs.append(("excess_aurc", measure, other, chosen))
    own_names = {measure for _, measure, _, _ in pairs}
    twin_names = {measure for _, _, measure, _ in pairs}
    columns: dict[str, npt.NDArray[Any]] = {
        "wrong": ~one.right,
        "twin wrong": ~one.twin_right,
        **{name: one.uncertainty(name) for name in own_names},
        **{f"twin {name}": one.twin_uncertainty(name) for name in twin_names},
    }

    def values(drawn: Columns) -> list[tuple[float, float]]:
        def areas(prefix: str, names: set[str]) -> dict[tuple[str, str], float]:
            wrong = drawn[f"{prefix}wrong"]
            ideal = aurc(wrong.astype(np.float64), wrong)
            made = {}
            for figure, own, other, _ in pairs:
                name = other if prefix else own
                ranked = drawn[f"{prefix}{name}"]
                if figure == "accuracy_at_80":
                    made[figure, name] = 1.0 - float(risk_at_coverage(ranked, wrong, COVERAGE)[0])
                elif figure == "aurc" and (figure, name) not in made:
                    made[figure, name] = aurc(ranked, wrong)
                    made["excess_aurc", name] = made[figure, name] - ideal
            return made

        ours, theirs = areas("", own_names), areas("twin ", twin_names)
        return [(ours[figure, own], theirs[figure, other]) for figure, own, other, _ in pairs]

    return tuple(
        side_by_side(
            [(figure, figure == "accuracy_at_80") for figure, *_ in pairs],
            one.name,
            columns,
            values,
            measures=[(own, other, chosen) for _, own, other, chosen in pairs],
            intervals=intervals,
        )
    )


def compare_strangers(
    known: SetScores,
    strangers: SetScores,
    rankings: Sequence[StrangerRanking],
    intervals: Intervals | int = NUM_RESAMPLES,
) -> tuple[SideBySide, ...]:
    """Compare the AUROC of the main and the best measure with the twin's best.

    Known images and strangers are drawn each among themselves.
    """
    own = _best([each for each in rankings if each.who == "committee"], "auroc", -1)
    other = _best([each for each in rankings if each.who == "twin"], "auroc", -1)
    measures = list(dict.fromkeys((MAIN_FOR_STRANGERS, own)))
    if own == MAIN_FOR_STRANGERS:
        # Told once more by the other measure that is fixed beforehand.
        measures.append(MAIN_MEASURE)
    columns = {
        name: np.concatenate([known.uncertainty(name), strangers.uncertainty(name)])
        for name in measures
    }
    columns["twin"] = np.concatenate(
        [known.twin_uncertainty(other), strangers.twin_uncertainty(other)]
    )
    is_stranger = np.repeat([False, True], [known.num_images, strangers.num_images])

    def values(drawn: Columns) -> list[tuple[float, float]]:
        # Strata keep their sizes and their order: known images first.
        of = {name: auroc(*np.split(drawn[name], [known.num_images])) for name in drawn}
        return [(of[name], of["twin"]) for name in measures]

    fixed = (MAIN_FOR_STRANGERS, MAIN_MEASURE)
    return tuple(
        side_by_side(
            [("auroc", True)] * len(measures),
            strangers.name,
            columns,
            values,
            measures=[(name, other, name not in fixed) for name in measures],
            strata=is_stranger,
            intervals=intervals,
        )
    )


def risk_curves(
    one: SetScores, rankings: Sequence[Ranking], intervals: Intervals | int = NUM_RESAMPLES
) -> tuple[Curve, Curve]:
    """Return the risk-coverage curves of the main measure and of the twin's best by AURC."""
    other = _best([each for each in rankings if each.who == "twin"], "aurc", 1)

    def curve(who: Who, measure: str, values: Any, wrong: Any) -> Curve:
        band = Intervals.of(intervals).band(
            lambda num: bootstrap_band(
                lambda ranked, is_wrong: risk_at_coverage(ranked, is_wrong, COVERAGES),
                values,
                wrong,
                num_resamples=num,
            )
        )
        return Curve(who, measure, one.name, band)

    return (
        curve("committee", MAIN_MEASURE, one.uncertainty(MAIN_MEASURE), ~one.right),
        curve("twin", other, one.twin_uncertainty(other), ~one.twin_right),
    )


def _best(rankings: Sequence[Any], figure: str, sign: int) -> str:
    return str(min(rankings, key=lambda each: sign * getattr(each, figure)).measure)


def _all(one: SetScores) -> list[tuple[Who, str, npt.NDArray[Any], npt.NDArray[Any]]]:
    return [
        *(("committee", name, one.uncertainty(name), ~one.right) for name in MEASURES),
        *(("twin", name, one.twin_uncertainty(name), ~one.twin_right) for name in TWIN_MEASURES),
    ]
