"""The live panel: verdict, ten histograms, the measures, and the twin beside the committee."""

from __future__ import annotations

import html
from collections.abc import Sequence

import streamlit as st

from core.figures import class_histograms_spec, numbers, softmax_bars_spec
from core.figures.refusal import refusal_words
from core.inference import McSummary
from core.uncertainty import MEASURES, confidence, predicted_class, runner_up
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
) -> None:
    """Show what the committee says of one image.

    Args:
        answer: about it.
        key: of the page, for the figures to stay in place.
        true_labels: the right classes, where they are known.
        tag: put on the histograms once they are shown.
    """
    passes = numbers.passes(answer.summary.num_samples)
    st.html(verdict_html(answer))
    known = "red: the true digit · " if true_labels else ""
    verb = "scores" if answer.summary.num_samples == 1 else "score"
    st.html(
        f'<div class="lb-head close"><b>How {passes} {verb} each digit</b>'
        f"<span>{known}left: “surely not” · right: “surely” · framed: the favourite</span></div>"
    )
    spec = class_histograms_spec(answer.summary, true_labels=true_labels)
    live_figure(
        spec,
        f"{key}.histograms",
        label=_described(answer),
        tag=tag,
        narrow=class_histograms_spec(answer.summary, true_labels=true_labels, compact=True),
    )
    with st.container(key=f"{key}-sure"):
        measures, bars = st.columns([480, 188], gap="small")
    with measures:
        st.html(measures_html(answer))
    with bars:
        st.html('<div class="lb-head close"><b>Twin and committee</b></div>')
        live_figure(
            softmax_bars_spec(answer.summary, answer.twin),
            f"{key}.bars",
            label="Mean softmax of the passes beside the softmax of the twin, for each digit.",
        )
        st.html(
            '<p class="lb-note">The committee: the passes together. The twin: the same network in'
            " one pass, nothing dropped.</p>"
        )


def verdict_html(answer: Answer) -> str:
    """Return what the network says, which limits refuse that, and what its twin says beside it.

    There is room for the limits under what is accepted too, so that nothing moves from one answer
    to the next.
    """
    summary = answer.summary
    state, icon, voice, said, why = "", "", _voice(answer), _said(answer), ""
    if answer.policy.limits:
        decision = answer.policy.decide(summary)
        said = html.escape(decision.reasons[0])
        if decision.accepted[0]:
            state, icon = " accepted", "check_circle"
            voice = f"It’s {_a(int(predicted_class(summary)[0]))}."
        else:
            state, icon, voice = " refused", "help", "I don’t know. Please check."
        why = f'<p class="lb-why">{html.escape(refusal_words(answer.policy, summary))}</p>'
        icon = f'<span class="lb-icon" aria-hidden="true">{icon}</span>'
    twin = int(answer.twin.argmax())
    sure = numbers.share(float(answer.twin[twin]))
    return (
        f'<div class="lb-verdict{state}" role="status">{icon}<div>'
        f'<div class="lb-voice">{voice}</div>'
        f"<p>{said}</p>{why}"
        '</div><div class="lb-twin"><span>The twin, one pass, says</span>'
        f'<div class="lb-small-voice">“{twin}”, {sure} sure</div>'
        '<span class="aside">What most people deploy</span></div></div>'
    )


def _voice(answer: Answer) -> str:
    """Return what the network says where no policy speaks: sure, or not so sure."""
    summary = answer.summary
    winner = int(predicted_class(summary)[0])
    agreed = summary.votes[0, winner] >= _AGREED * summary.num_samples
    return f"It’s {_a(winner)}." if agreed else f"Perhaps {_a(winner)}."


def _said(answer: Answer) -> str:
    summary = answer.summary
    winner, second = int(predicted_class(summary)[0]), int(runner_up(summary)[0])
    share = numbers.short_share(float(summary.mean[0, second]))
    runner_up_said = "" if share == "0%" else f" Runner-up: {second}, mean softmax {share}."
    return (
        f"{numbers.count(int(summary.votes[0, winner]))} of"
        f" {numbers.count(summary.num_samples)} passes say {winner}.{runner_up_said}"
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
    unit = f"Entropies in nats; their bars end at ln {summary.num_classes} = "
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
    return f"{word} than {_of_test_digits(share)}"


def _of_test_digits(share: float) -> str:
    """Say a share without letting rounding make it all or none of them."""
    if share == 0.0:
        return "no test digit"
    if share == 1.0:
        return "all test digits"
    if share > 0.99:
        return "over 99% of test digits"
    return f"{numbers.short_share(share)} of test digits"


def _error(name: str, error: float, summary: McSummary) -> str:
    if summary.num_samples == 1:
        return "?"  # one pass says nothing of how much passes differ
    if name in ("confidence", "variation_ratio"):
        return numbers.share(error)
    return f"{error:.3f}"


def _a(digit: int) -> str:
    return f"an {digit}" if digit == 8 else f"a {digit}"


def _described(answer: Answer) -> str:
    winner = int(predicted_class(answer.summary)[0])
    sure = numbers.share(float(confidence(answer.summary)[0]))
    return f"Histograms of the softmax samples for each digit. Favourite: {winner}, mean {sure}."
