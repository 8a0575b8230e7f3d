"""What an inspection found out about a model, as lines for a terminal."""

from __future__ import annotations

from ..networks.model_report import ModelReport

_ENDINGS = {
    "softmax": "a softmax over {} classes",
    "logits": "logits of {} classes; a softmax is put behind them",
    "sigmoid": "one probability, of the second of {} classes",
    "values": "numbers that are no scores of classes",
}
_WIDTH = 14  # of the words on the left


def model_card(report: ModelReport) -> list[str]:
    """Return a report in readable lines, its refusal left to the caller."""
    sides = " x ".join("?" if side is None else f"{side:,}" for side in report.input_shape)
    rows = [
        ("File", f"{report.num_bytes:,} bytes, sha256 {report.sha256}"),
        ("Input", f"{sides or 'none'}{_images(report)}"),
    ]
    if report.frame is not None:
        low, high = report.input_range
        rows.append(("Pixels", f"from {low:g} to {high:g}, a guess. {report.range_why}"))
    if report.range_why:  # else it was not run
        rows.append(("Output", _ENDINGS[report.ending].format(f"{report.num_classes:,}")))
    rows.append(("Dropout", ", ".join(_dropout(report)) or "none"))
    if report.milliseconds is not None:
        rows.append(("Passes", "two differ" if report.passes_differ else "all the same"))
        rows.append(("1,000 passes", _speed(report)))
    if report.num_batch_norms:
        still = "unchanged" if report.batch_norm_still else "CHANGED"
        layers = f"{report.num_batch_norms:,} layer{'s' if report.num_batch_norms > 1 else ''}"
        rows.append(("BatchNorm", f"{layers}, {still} by the passes"))
    lines = [f"{report.name}: {report.num_parameters:,} parameters"]
    lines += [f"  {word:<{_WIDTH}}{what}" for word, what in rows]
    lines += ["", "  Layers:", *(f"    {line}" for line in report.architecture)]
    if report.plan:
        lines += ["", *(f"  {line}" for line in report.plan.splitlines())]
    return lines


def _images(report: ModelReport) -> str:
    if report.frame is None:
        return ", no image" if report.input_shape else ""
    return f", images of {report.frame}{', a guess' if report.frame_is_guess else ''}"


def _dropout(report: ModelReport) -> list[str]:
    return [f"{layer.name} ({layer.kind}, rate {layer.rate:g})" for layer in report.stochastic]


def _speed(report: ModelReport) -> str:
    assert report.milliseconds is not None
    ours = f"{report.milliseconds:,.1f} ms"
    if report.tiled_milliseconds is None:
        return ours
    times = report.tiled_milliseconds / report.milliseconds
    return f"{ours}; {report.tiled_milliseconds:,.1f} ms by a tiled call, {times:.1f} times that"
