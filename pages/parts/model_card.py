"""The card of a model that somebody brings: what the inspection found, for people."""

from __future__ import annotations

import html

from core.figures import numbers
from core.networks.model_report import ModelReport
from core.networks.own_network import OwnNetwork

_MOST_NAMES = 20
_ENDINGS = {
    "softmax": "a softmax",
    "logits": "logits; a softmax is put behind them",
    "sigmoid": "one probability; taken for two classes",
    "values": "values that are no scores of classes",
}


def facts_html(report: ModelReport) -> str:
    """Return what was found as rows of name and finding; whatever came from the file is escaped."""
    rows = "".join(
        f"<dt>{name}</dt><dd>{text}</dd>" for name, text in _rows(report).items() if text
    )
    parts = [f'<dl class="lb-card">{rows}</dl>']
    if report.plan:
        parts.append(_folded("How its passes run", report.plan))
    parts.append(_folded("Its layers", "\n".join(report.architecture)))
    return "".join(parts)


def told_html(network: OwnNetwork) -> str:
    """Return what its owner said of a network, as rows before those of its report."""
    setup = network.setup
    names = ", ".join(setup.classes.names[:_MOST_NAMES])
    more = len(setup.classes) - _MOST_NAMES
    rows = (
        f"<dt>Classes</dt><dd>{html.escape(names)}{f' and {more:,} more' if more > 0 else ''}</dd>"
    )
    if setup.frame is not None:
        rows += (
            f"<dt>Images</dt><dd>{setup.frame}; a dark pixel is {setup.dark:g}, a bright one"
            f" {setup.bright:g}</dd>"
        )
    return f'<dl class="lb-card">{rows}</dl><p class="lb-note">Found in the file:</p>'


def _rows(report: ModelReport) -> dict[str, str]:
    return {
        "File": f"{_megabytes(report.num_bytes)}, sha256 {report.sha256[:12]}…",
        "Parameters": numbers.count(report.num_parameters),
        "Takes": _takes(report),
        "Gives": _gives(report),
        "Stochastic layers": _stochastic(report),
        "Two passes differ": _yes(report.passes_differ) if report.stochastic else "",
        "BatchNorm stays still": _batch_norm(report),
        "Speed": _speed(report),
    }


def _takes(report: ModelReport) -> str:
    shape = " x ".join("any" if side is None else str(side) for side in report.input_shape)
    if report.frame is None:
        return f"{shape}: rows of numbers"
    guess = " (a guess)" if report.frame_is_guess else ""
    low, high = report.input_range
    return (
        f"{shape}: images of {report.frame}{guess}. Guess of their range: {low:g} to {high:g}."
        f" {html.escape(report.range_why)}"
    )


def _gives(report: ModelReport) -> str:
    many = f"{numbers.count(report.num_classes)} classes: " if report.num_classes else ""
    return f"{many}{_ENDINGS[report.ending]}"


def _stochastic(report: ModelReport) -> str:
    layers = [
        f"{html.escape(layer.name)} ({html.escape(layer.kind)}, {layer.rate:g} of"
        f" {numbers.count(layer.num_units)})"
        for layer in report.stochastic
    ]
    return "<br>".join(layers) or "none"


def _batch_norm(report: ModelReport) -> str:
    if not report.num_batch_norms:
        return ""
    layers = f"{report.num_batch_norms} layer{'s' if report.num_batch_norms > 1 else ''}"
    return f"{_yes(report.batch_norm_still)}, {layers}: the same weights after the passes"


def _speed(report: ModelReport) -> str:
    if report.milliseconds is None:
        return ""
    text = f"{report.milliseconds:.3g} ms for 1,000 passes of one input"
    if report.tiled_milliseconds is None:
        return text
    times = report.tiled_milliseconds / report.milliseconds
    return (
        f"{text}; Keras on a batch of 1,000 copies takes {report.tiled_milliseconds:.3g} ms,"
        f" {times:.2g} times as long. Measured once, on a machine that may have been busy."
    )


def _folded(title: str, text: str) -> str:
    return (
        f'<details class="lb-folded"><summary>{title}</summary>'
        f"<pre>{html.escape(text)}</pre></details>"
    )


def _megabytes(size: int) -> str:
    return f"{size / 2**20:.1f} MB" if size >= 2**20 else f"{size / 2**10:.0f} KB"


def _yes(right: bool) -> str:
    return "yes" if right else "no"
