"""The live panel: verdict, histograms, the measures, and the twin beside the committee."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from functools import lru_cache

import streamlit as st

from core.figures import class_histograms_spec, numbers, softmax_bars_spec
from core.figures.lying_bars import MOST_PAIRS
from core.figures.paired_bars import stand
from core.figures.refusal import refusal_words
from core.figures.shown_classes import num_shown
from core.inference import McSummary
from core.uncertainty import MEASURES, confidence, predicted_class, runner_up
from core.uncertainty.classes import Classes
from core.uncertainty.measures import Measure

from .answers import Answer
from .live_figure import live_figure

_AGREED = 0.9  # share of the passes that makes "It's a 3." of "Perhaps a 3."
_WORDS = {
    "confidence": numbers.share,
    "predictive_entropy": numbers.entropy,
    "expected_entropy": numbers.entropy,
    "mutual_information": numbers.entropy,
    "variance": numbers.variance,
    "variation_ratio": numbers.share,
}


def show_panel(
    answer: Answer,
    key: str,
    *,
    true_labels: Sequence[int] = (),
    tag: str = "",
    shown: Sequence[int] | None = None,
    under: Callable[[], None] | None = None,
) -> None:
    """Show what the committee says of one image.

    Args:
        answer: about it.
        key: of the page, for the figures to stay in place.
        true_labels: the right classes, where they are known.
        tag: put on the histograms once they are shown.
        shown: of many classes those to show, so that they keep their places; the likeliest if None.
        under: shows something under the histograms.
    """
    classes = answer.engine.facts.classes
    st.html(verdict_html(answer))
    st.html(histograms_head(answer, true_labels))
    wide, narrow = (
        class_histograms_spec(
            answer.summary,
            true_labels=true_labels,
            class_names=classes.names,
            compact=compact,
            shown=shown,
        )
        for compact in (False, True)
    )
    live_figure(wide, f"{key}.histograms", label=described(answer), tag=tag, narrow=narrow)
    if under is not None:
        under()
    with st.container(key=f"{key}-sure"):
        measures, bars = st.columns([480, 188], gap="small")
    with measures:
        st.html(measures_html(answer))
    with bars:
        st.html('<div class="lb-head close"><b>Twin and committee</b></div>')
        live_figure(
            softmax_bars_spec(answer.summary, answer.twin, class_names=classes.names),
            f"{key}.bars",
            label=(
                "Mean softmax of the passes beside the softmax of the twin, for each"
                f" {classes.noun}."
            ),
        )
        st.html(
            '<p class="lb-note">The committee: the passes together. The twin: the same network in'
            f" one pass, nothing dropped.{_chosen_bars(classes)}</p>"
        )


def histograms_head(answer: Answer, true_labels: Sequence[int] = ()) -> str:
    """Return what stands over the histograms: what they are, and how to read them."""
    passes, classes = numbers.passes(answer.summary.num_samples), answer.engine.facts.classes
    known = f"red: the true {classes.noun} · " if true_labels else ""
    verb = "scores" if answer.summary.num_samples == 1 else "score"
    number = num_shown(len(classes))
    some = f"{numbers.some_of(number, len(classes))} {classes.plural}"
    which = f"each {classes.noun}" if number == len(classes) else some
    return (
        f'<div class="lb-head close"><b>How {passes} {verb} {which}</b>'
        f"<span>{known}left: “surely not” · right: “surely” · framed: the favourite</span></div>"
    )


def verdict_html(answer: Answer) -> str:
    """Return what the network says, which limits refuse that, and what its twin says beside it.

    There is room for the limits under what is accepted too, so that nothing moves from one answer
    to the next.
    """
    summary, classes = answer.summary, answer.engine.facts.classes
    state, icon, voice, said, why = "", "", _voice(answer), _said(answer), ""
    if answer.policy.limits:
        decision = answer.policy.decide(summary, _quoted(classes))
        said = html.escape(decision.reasons[0])
        if decision.accepted[0]:
            state, icon = " accepted", "check_circle"
            voice = f"It’s {classes.one(int(predicted_class(summary)[0]))}."
        else:
            state, icon, voice = " refused", "help", "I don’t know. Please check."
        why = f'<p class="lb-why">{html.escape(refusal_words(answer.policy, summary))}</p>'
        icon = f'<span class="lb-icon" aria-hidden="true">{icon}</span>'
    twin = int(answer.twin.argmax())
    sure = numbers.share(float(answer.twin[twin]))
    return (
        f'<div class="lb-verdict{state}" role="status">{icon}<div>'
        f'<div class="lb-voice">{html.escape(voice)}</div>'
        f"<p>{said}</p>{why}"
        '</div><div class="lb-twin"><span>The twin, one pass, says</span>'
        f'<div class="lb-small-voice">“{html.escape(classes.names[twin])}”, {sure} sure</div>'
        '<span class="aside">What most people deploy</span></div></div>'
    )


def _voice(answer: Answer) -> str:
    """Return what the network says where no policy speaks: sure, or not so sure."""
    summary = answer.summary
    winner = int(predicted_class(summary)[0])
    agreed = summary.votes[0, winner] >= _AGREED * summary.num_samples
    one = answer.engine.facts.classes.one(winner)
    return f"It’s {one}." if agreed else f"Perhaps {one}."


def _said(answer: Answer) -> str:
    summary, names = answer.summary, _quoted(answer.engine.facts.classes)
    winner, second = int(predicted_class(summary)[0]), int(runner_up(summary)[0])
    share = numbers.short_share(float(summary.mean[0, second]))
    runner_up_said = "" if share == "0%" else f" Runner-up: {names[second]}, mean softmax {share}."
    return html.escape(
        f"{numbers.count(int(summary.votes[0, winner]))} of"
        f" {numbers.count(summary.num_samples)} passes say {names[winner]}.{runner_up_said}"
    )


def measures_html(answer: Answer) -> str:
    """Return the six measures as rows: name, bar, value with its error, place among test digits."""
    summary = answer.summary
    expected = float(MEASURES["expected_entropy"].value(summary)[0])
    rows = []
    for name, measure in MEASURES.items():
        zone, broken = _limit(answer, measure)
        value = float(measure.value(summary)[0])
        error = _error(name, float(measure.standard_error(summary)[0]), summary)
        upper = measure.upper(summary.num_classes)
        # Expected entropy and mutual information add up to the predictive entropy above them.
        start = expected if name == "mutual_information" else 0.0
        inside = name in ("expected_entropy", "mutual_information")
        rows.append(
            f'<div class="lb-measure{" inside" if inside else ""}{broken}">'
            f'<span class="name">{measure.label}</span>'
            f'<div class="lb-track"><i style="left:{100 * start / upper:.2f}%;'
            f'width:{max(100 * value / upper, 0.6):.2f}%"></i>{zone}</div>'
            f"<div><b>{_WORDS[name](value)}</b><small>± {error}</small></div>"
            f"<small>{measure.explanation}</small>"
            f'<small class="place">{html.escape(_place(measure, value, answer))}</small></div>'
        )
    unit = f"Entropies in nats; their bars end at ln {numbers.count(summary.num_classes)} = "
    scale = numbers.entropy(MEASURES["predictive_entropy"].upper(summary.num_classes))
    return (
        '<div class="lb-head"><b>How sure is that?</b></div>'
        f'<div class="lb-measures">{"".join(rows)}</div>'
        f'<p class="lb-note">{unit}{scale}. ±: standard error from so many passes.</p>'
    )


def _limit(answer: Answer, measure: Measure) -> tuple[str, str]:
    """Return the zone beyond a measure's limit in its track, and the row's state."""
    limit = answer.policy.limits.get(measure.name)
    if limit is None:
        return "", ""
    held = bool(
        answer.policy.held_limits({n: MEASURES[n].value(answer.summary) for n in MEASURES})[
            measure.name
        ][0]
    )
    at = 100 * limit / measure.upper(answer.summary.num_classes)
    left, right = (at, 0.0) if measure.higher_is_less_certain else (0.0, 100 - at)
    return (
        f'<em style="left:{left:.2f}%;right:{right:.2f}%"></em><s style="left:{at:.2f}%"></s>',
        " holds" if held else " breaks",
    )


def _place(measure: Measure, value: float, answer: Answer) -> str:
    quantiles = answer.engine.quantiles
    if quantiles is None:
        return ""
    share = quantiles.share_below(measure.name, value)
    word = "more uncertain" if measure.higher_is_less_certain else "less confident"
    return f"{word} than {of_items(share, f'test {answer.engine.item}')}"


def of_items(share: float, item: str) -> str:
    """Say a share of what was measured, without letting rounding make it all or none of it.

    Args:
        share: of them.
        item: what one of them is, as "test digit".
    """
    if share == 0.0:
        return f"no {item}"
    if share == 1.0:
        return f"all {item}s"
    if share > 0.99:
        return f"over 99% of {item}s"
    return f"{numbers.short_share(share)} of {item}s"


def _error(name: str, error: float, summary: McSummary) -> str:
    if summary.num_samples == 1:
        return "?"  # one pass says nothing of how much passes differ
    if name in ("confidence", "variation_ratio"):
        return numbers.share(error)
    return f"{error:.3f}"


@lru_cache(maxsize=16)
def _quoted(classes: Classes) -> tuple[str, ...]:
    return classes.quoted


def _chosen_bars(classes: Classes) -> str:
    """Say which classes the bars are of, where they are not of all."""
    if stand(classes.names) or len(classes) <= MOST_PAIRS:
        return ""
    return f" Shown: the {MOST_PAIRS} {html.escape(classes.plural)} that either gives most."


def described(answer: Answer) -> str:
    """Return what a person is told who cannot see the histograms."""
    classes = answer.engine.facts.classes
    winner = classes.names[int(predicted_class(answer.summary)[0])]
    sure = numbers.share(float(confidence(answer.summary)[0]))
    return (
        f"Histograms of the softmax samples for each {classes.noun}. Favourite: {winner}, mean"
        f" {sure}."
    )
