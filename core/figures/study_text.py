"""A study in words: what it shows, where the committee is better than the twin and where not."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from ..uncertainty.measures import MEASURES
from . import numbers

if TYPE_CHECKING:
    from ..experiments.study_report import Study
    from ..uncertainty.resampling import Interval

MAIN_MEASURE = "predictive_entropy"  # chosen before anything was computed

DONE: Mapping[str, str] = MappingProxyType(
    {
        "rotation": "turned all the way round",
        "blending": "blended with another digit",
        "noise": "buried in noise",
    }
)
"""What happens to the images, by kind."""

UNTOUCHED: Mapping[str, str] = MappingProxyType(
    {"rotation": "upright", "blending": "unblended", "noise": "clean"}
)
"""What an image is to which that has not happened, by kind."""


def study_sentence(study: Study, point: str = "best", measure: str = MAIN_MEASURE) -> str:
    """Say how a measure compares with the twin over all images and steps, and its price.

    Args:
        study: what came out.
        point: the operating point.
        measure: which of the committee's.

    Raises:
        InvalidInputError: there is no such rule.
    """
    twin, committee = study.outcome(point, "twin"), study.outcome(point, measure)
    fewer, price = committee.more_false_accepts, committee.more_right_accepted
    assert fewer is not None and price is not None
    shares = (
        numbers.share(twin.false_accepts.overall.value),
        numbers.share(committee.false_accepts.overall.value),
    )
    digits = f"{numbers.count(study.num_images)} test digit{'s' if study.num_images != 1 else ''}"
    right = numbers.share(committee.right_accepted.value)
    right_twin = numbers.share(twin.right_accepted.value)
    if price.excludes_zero:
        cost = f"It accepts {'fewer' if price.value < 0 else 'more'} right answers: {right}"
        cost += f" of all answers are right and accepted, with the twin {right_twin}."
    else:
        cost = f"Both accept about as many right answers: {right} of all, the twin {right_twin}."
    return (
        f"Over {digits} {DONE[study.kind]}, {_twin_at(study, point)} gives a wrong answer and has"
        f" it accepted {shares[0]} of the time; the committee with its"
        f" {MEASURES[measure].label.lower()}, accepting as many {UNTOUCHED[study.kind]} digits,"
        f" {shares[1]}:"
        f" {difference(fewer.overall)}. {cost}"
    )


def difference(interval: Interval) -> str:
    """Say a difference in false accepts with its interval: `2.2 points fewer (95% ...)`."""
    if not interval.excludes_zero:
        return (
            "no clear difference"
            f" (95% interval {signed(interval.low)} to {signed(interval.high)} points)"
        )
    if interval.value < 0:
        ends = f"{_points(-interval.high)} to {_points(-interval.low)}"
        return f"{_points(-interval.value)} points fewer (95% interval {ends})"
    ends = f"{_points(interval.low)} to {_points(interval.high)}"
    return f"{_points(interval.value)} points more (95% interval {ends}), so the twin does better"


def findings(study: Study) -> list[str]:
    """Return a study's findings, a paragraph each: accuracy, each operating point, ranking."""
    gain = study.accuracy["difference"].overall
    committee, twin = (study.accuracy[who].overall.value for who in ("committee", "twin"))
    accuracy = (
        f"Over all steps the committee is right {numbers.share(committee)} of the time and the"
        f" twin {numbers.share(twin)}: {_more_or_less(gain)}."
    )
    return [accuracy, *(_at_point(study, point) for point in _points_of(study)), _ranking(study)]


def signed(value: float) -> str:
    """A difference of shares in percentage points, with its sign: `+2.2`, `−0.4`, `0.0`."""
    text = f"{100.0 * value:+z.1f}"
    return "0.0" if text in ("+0.0", "-0.0") else text.replace("-", "−")


def point_name(study: Study, point: str) -> str:
    """Return what an operating point is called, with the twin's threshold."""
    threshold = softmax_limit(study.outcome(point, "twin").rule.threshold)
    digits = f"{UNTOUCHED[study.kind]} digits"
    return {
        "best": f"the twin at its best threshold (softmax over {threshold})",
        "half": "the twin at 0.5",
        "c99": f"99% of {digits} accepted (the twin's softmax over {threshold})",
        "c95": f"95% of {digits} accepted (the twin's softmax over {threshold})",
    }[point]


def softmax_limit(threshold: float) -> str:
    """A limit on a softmax, near 1 with as many decimals as it takes: `0.71`, `0.9951`."""
    return f"{threshold:.2f}" if threshold < 0.95 else f"{threshold:.4f}"


def _twin_at(study: Study, point: str) -> str:
    if point == "half":
        return "the twin at a threshold of 0.5"
    if point == "best":
        return "the twin at its best threshold"
    return f"the twin at a threshold that accepts {point[1:]}% of {UNTOUCHED[study.kind]} digits"


def _points_of(study: Study) -> list[str]:
    return list(dict.fromkeys(each.rule.point for each in study.outcomes))


def _at_point(study: Study, point: str) -> str:
    better, worse, unclear, cheap = [], [], [], []
    for name, measure in MEASURES.items():
        outcome = study.outcome(point, name)
        fewer, price = outcome.more_false_accepts, outcome.more_right_accepted
        assert fewer is not None and price is not None
        label = f"{measure.label.lower()} ({signed(fewer.overall.value)} points)"
        if not fewer.overall.excludes_zero:
            unclear.append(label)
        elif fewer.overall.value < 0:
            better.append(label)
            if not (price.excludes_zero and price.value < 0):
                cheap.append(measure.label.lower())
        else:
            worse.append(label)
    parts = []
    if better:
        parts.append(f"Fewer wrong answers are accepted than from the twin with {_listed(better)}.")
        parts.append(_price_of(better, cheap))
    if unclear:
        parts.append(f"No clear difference with {_listed(unclear)}: the interval includes zero.")
    if worse:
        parts.append(f"The twin is better than {_listed(worse)}.")
    rate = numbers.share(study.outcome(point, "twin").false_accepts.overall.value)
    name = point_name(study, point)
    where = f"With {name}" if name[0].isdigit() else name.replace("the twin at", "At")
    return f"{where} the twin's false-accept rate is {rate}. {' '.join(parts)}"


def _price_of(better: list[str], cheap: list[str]) -> str:
    """Say which of the better measures accept clearly fewer right answers than the twin."""
    if len(cheap) == len(better):
        nobody = "It does not accept" if len(better) == 1 else "None of them accepts"
        return f"{nobody} clearly fewer right answers."
    if not cheap:
        everybody = "It pays" if len(better) == 1 else "All of them pay"
        return f"{everybody} for it with right answers that are refused."
    others = "the other pays" if len(better) - len(cheap) == 1 else "the others pay"
    return (
        f"Of these, {_listed(cheap)} {'does' if len(cheap) == 1 else 'do'} so without accepting"
        f" clearly fewer right answers; {others} with right ones."
    )


def _ranking(study: Study) -> str:
    twin = study.ranking["twin"]
    gains = {name: study.more_ranking[name] for name in MEASURES}
    if twin is None or any(each is None for each in gains.values()):
        return "There are no pairs of a right and a wrong answer to put in order."
    better: list[str] = []
    worse: list[str] = []
    unclear: list[str] = []
    for name, gain in gains.items():
        share = study.ranking[name]
        assert gain is not None and share is not None
        label = f"{MEASURES[name].label.lower()} ({numbers.share(share.value)})"
        group = unclear if not gain.excludes_zero else better if gain.value > 0 else worse
        group.append(label)
    parts = [
        f"Whatever the limit: in {numbers.share(twin.value)} of all pairs of a right and a wrong"
        " answer the twin's softmax is higher for the right one."
    ]
    if better:
        parts.append(f"Better at this: {_listed(better)}.")
    if unclear:
        parts.append(f"Not clearly different: {_listed(unclear)}.")
    if worse:
        parts.append(f"Worse: {_listed(worse)}.")
    return " ".join(parts)


def _more_or_less(interval: Interval) -> str:
    ends = f"95% interval {signed(interval.low)} to {signed(interval.high)} points"
    if not interval.excludes_zero:
        return f"no clear difference ({ends})"
    verdict = "more" if interval.value > 0 else "less"
    return f"{_points(abs(interval.value))} points {verdict} for the committee ({ends})"


def _points(value: float) -> str:
    return f"{100.0 * value:z.1f}"


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
