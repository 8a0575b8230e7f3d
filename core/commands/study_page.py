"""The page about the studies, `docs/study.md`: made from the result files, never by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ..figures import numbers
from ..figures.study_text import (
    MAIN_MEASURE,
    UNTOUCHED,
    findings,
    point_name,
    signed,
    softmax_limit,
    study_sentence,
)
from ..uncertainty import MEASURES

if TYPE_CHECKING:
    from ..experiments.bootstrap import Estimates
    from ..experiments.study_report import Outcome, Rates, Study
    from ..uncertainty.resampling import Interval

_TITLES = {
    "rotation": "Turned all the way round",
    "blending": "Blended with another digit",
    "noise": "Buried in noise",
}
_EVERY = 3  # steps that the page shows
_MAIN_POINTS = ("best", "c95")
_RIGHT = {
    "rotation": "A turned 6 is still a 6, though at 180° it looks like a 9: such answers count as"
    " wrong, the committee's and the twin's alike.",
    "blending": "An answer is right if it is the class of either image. The digit of a row below is"
    " that of the first image.",
    "noise": "Each image has its own order of pixels and its own grains.",
}

_INTRODUCTION = """# Not just this image

A sweep over one image shows what can happen. A study runs the same sweep over many test images and
counts. This page is written by the command that runs one, from the numbers in `models/`; do not
edit it.

    python -m core study rotation
    python -m core study blending
    python -m core study noise

## What is compared

* **Committee and twin.** The committee's answer is the class with the largest mean softmax over T
  Monte-Carlo-dropout passes. The twin is the same weights with dropout off: one pass.
* **Rule.** The twin's answer is accepted if its softmax is over a threshold. The committee's is
  accepted if one measure of its passes is on the certain side of a limit.
* **Upright digits**: images as they are. Where digits are blended, the same images are called
  unblended, and where they are buried in noise, clean.
* **Coverage**: the share of all answers that is accepted. **False accept**: a wrong answer that is
  accepted; its rate is over all answers, right and wrong.
* **Operating points.** The twin at a softmax of 0.5; the twin at its *best threshold*, the one with
  the fewest wrong answers accepted plus right answers refused; and thresholds that accept 99% and
  95% of upright digits. At each point every measure's limit is set so that it accepts as many
  upright digits as the twin does. A measure that takes few values, as the variation ratio, can
  accept a few more, because ties are accepted together.
* **Fitted on validation, reported on test.** Thresholds and limits come from validation images
  alone: the coverage from all of them upright, the best threshold from the same sweep over as many
  of them as the study has test images. Where the twin refuses about one upright digit in a
  thousand, as at 0.5 and for some sweeps at its best threshold, the measures' limits rest on a
  dozen images; 99% and 95% are the steadier points.
* **Intervals** are 95% bootstrap intervals over images; the steps of one image are not independent,
  images are. Each resample draws the test images anew, and the validation images too, on which all
  limits are then set again: where few validation images decide a limit, the interval is wide. Each
  image meets passes of its own, so chance in the passes is within the intervals as well. Several
  dozen of them stand on this page, and of so many a few miss by chance.
  Differences are in percentage points.
* **Main measure**: the predictive entropy, chosen beforehand. The other measures are there to be
  seen, not to be picked from.

Equal coverage of upright digits is not equal coverage of what the sweep makes of them. A rule can
accept fewer wrong answers by accepting fewer answers of any kind. So each table has the right
answers accepted beside the false accepts, and each study ends with a comparison without a limit:
how often a right answer is more certain than a wrong one.
"""


def study_page(studies: Sequence[Study]) -> str:
    """Return the page as Markdown.

    Args:
        studies: what there is, of one network.
    """
    parts = [_INTRODUCTION]
    for study in studies:
        parts.append(_section(study))
    return "\n".join(parts)


def outcome_rows(study: Study, point: str) -> list[list[str]]:
    """Return a table of the rules at one operating point, its header first."""
    rows = [
        [
            "rule",
            "limit",
            f"{UNTOUCHED[study.kind]}, validation",
            "coverage",
            "false accepts",
            "minus the twin's",
            "right accepted",
            "minus the twin's",
        ]
    ]
    for outcome in study.outcomes:
        if outcome.rule.point != point:
            continue
        fewer, price = outcome.more_false_accepts, outcome.more_right_accepted
        rows.append(
            [
                _who(outcome.rule.who),
                _limit(outcome),
                f"{100 * outcome.rule.upright_coverage:.2f}%",
                numbers.share(outcome.coverage.overall.value),
                _share_with_interval(outcome.false_accepts.overall),
                "" if fewer is None else _difference_with_interval(fewer.overall),
                numbers.share(outcome.right_accepted.value),
                "" if price is None else _difference_with_interval(price),
            ]
        )
    return rows


def _section(study: Study) -> str:
    lines = [
        f"## {_TITLES[study.kind]}",
        "",
        f"Network `{study.network}`, {numbers.count(study.num_images)} test images,"
        f" {study.num_steps} steps, T = {numbers.count(study.num_samples)} passes a step, seed"
        f" {study.seed}; limits from {numbers.count(study.num_upright)} {UNTOUCHED[study.kind]}"
        f" validation images. {_RIGHT[study.kind]}",
        "",
        study_sentence(study),
        "",
        "### What comes out",
        "",
        *(f"* {finding}" for finding in findings(study)),
        "",
    ]
    for point in dict.fromkeys(each.rule.point for each in study.outcomes):
        name = point_name(study, point)
        lines += [
            f"### Over all steps: {name}",
            "",
            *_markdown(outcome_rows(study, point)),
            "",
        ]
    for axis, title in (("step", "By step"), ("digit", "By digit, over all steps")):
        for point in _MAIN_POINTS:
            name = point_name(study, point)
            lines += [f"### {title}: {name}", "", "The committee with its predictive entropy.", ""]
            lines += [*_markdown(_compared_rows(study, axis, point)), ""]
    lines += [
        "### In order, without a limit",
        "",
        "The share of pairs of a right and a wrong answer in which the right one is more certain"
        " (the area under the ROC curve); 50% is chance.",
        "",
        *_markdown(_ranking_rows(study)),
        "",
    ]
    return "\n".join(lines)


def _compared_rows(study: Study, axis: str, point: str) -> list[list[str]]:
    """Twin and main measure at a point, by "step" or by "digit", the header first."""
    what = {"rotation": "turned by", "blending": "α", "noise": "pixels"}[study.kind]
    rows = [
        [
            what if axis == "step" else "digit",
            "right: committee",
            "twin",
            "false accepts: committee",
            "twin",
            "difference",
            "coverage: committee",
            "twin",
        ]
    ]
    twin, committee = study.outcome(point, "twin"), study.outcome(point, MAIN_MEASURE)
    is_step = axis == "step"
    for place in range(0, study.num_steps, _EVERY) if is_step else range(len(study.digits)):
        shares = [
            numbers.share(_along(rates, axis)[place].value)
            for rates in (
                study.accuracy["committee"],
                study.accuracy["twin"],
                committee.false_accepts,
                twin.false_accepts,
                committee.coverage,
                twin.coverage,
            )
        ]
        assert committee.more_false_accepts is not None
        apart = _difference_with_interval(_along(committee.more_false_accepts, axis)[place])
        name = _value(study, place) if is_step else str(study.digits[place])
        rows.append([name, *shares[:4], apart, *shares[4:]])
    return rows


def _along(rates: Rates, axis: str) -> Estimates:
    return rates.by_step if axis == "step" else rates.by_digit


def _ranking_rows(study: Study) -> list[list[str]]:
    rows = [["certainty", "pairs in order", "minus the twin's"]]
    for who, share in study.ranking.items():
        gain = study.more_ranking.get(who)
        rows.append(
            [
                _who(who),
                "" if share is None else _share_with_interval(share),
                "" if gain is None else _difference_with_interval(gain),
            ]
        )
    return rows


def _who(who: str) -> str:
    return "twin's softmax" if who == "twin" else MEASURES[who].label.lower()


def _limit(outcome: Outcome) -> str:
    rule = outcome.rule
    if rule.who == "twin":
        return f"> {softmax_limit(rule.threshold)}"
    sign = "<" if MEASURES[rule.who].higher_is_less_certain else ">"
    return f"{sign} {rule.threshold:.3f}"


def _value(study: Study, place: int) -> str:
    value = float(study.values[place])
    if study.kind == "rotation":
        return numbers.angle(value)
    return numbers.weight(value) if study.kind == "blending" else numbers.share(value)


def _share_with_interval(interval: Interval) -> str:
    return (
        f"{numbers.share(interval.value)} ({100 * interval.low:z.1f} to {100 * interval.high:z.1f})"
    )


def _difference_with_interval(interval: Interval) -> str:
    return f"{signed(interval.value)} ({signed(interval.low)} to {signed(interval.high)})"


def _markdown(rows: Iterable[Sequence[str]]) -> list[str]:
    header, *body = rows
    ruler = ["---", *("---:" for _ in header[1:])]
    return [f"| {' | '.join(row)} |" for row in (header, ruler, *body)]
