"""A sweep: what the committee and the twin say at each step, in panels under the images."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import plotly.graph_objects as go

from ..errors import InvalidInputError
from ..uncertainty.measures import (
    MEASURES,
    confidence,
    predictive_entropy,
    variance,
)
from .class_text import plotly_text
from .overlay import Overlay
from .palette import LIGHT, TOKENS, Palette
from .sweep_geometry import COMPACT, CROWDED, WIDE, Geometry
from .sweep_hover import hover_texts
from .sweep_layout import sweep_layout
from .sweep_lines import (
    limit_shapes,
    overlay_lines,
    parts_lines,
    single_pass_line,
    threshold_line,
)
from .sweep_marks import answer_markers, key_traces
from .sweep_names import name_of_plain, names_of_lines, names_of_overlays, names_of_parts
from .sweep_panels import entropy_top, limited_measures, within_reach
from .sweep_strip import answers_trace, band_trace, strip_images

if TYPE_CHECKING:
    from ..experiments.sweep import SweepResult


# Pixels that the key takes.
_KEY_WIDTH = 140
_POLICY_KEY_WIDTH = 580


def sweep_spec(
    result: SweepResult,
    *,
    selected: int | None = None,
    accepted: Sequence[bool] | None = None,
    twin_accepted: Sequence[bool] | None = None,
    threshold: float | None = None,
    limits: Mapping[str, float] | None = None,
    overlays: Sequence[Overlay] = (),
    parts: bool = False,
    class_names: Sequence[str] | None = None,
    palette: Palette = TOKENS,
    compact: bool = False,
) -> dict[str, Any]:
    """Return the figure of `sweep_figure` as a plain dictionary.

    With another step selected only the last trace, the band, differs.

    Args:
        result: of a sweep, which may still be growing.
        selected: the step that the band marks.
        accepted: for each step, whether the committee's answer is accepted; all are if left out.
        twin_accepted: likewise for the twin.
        threshold: the softmax over which the twin's and the plain network's answers are accepted,
            where `twin_accepted` does not say so; a line in the first panel.
        limits: of a policy, by measure; each a line in its panel, what lies beyond tinted. Those
            that so many classes cannot reach, as of a policy for more of them, are left out.
        overlays: curves to lay over the first three panels.
        parts: whether a fourth panel shows mutual information and expected entropy.
        class_names: the result's if left out.
        palette: colours, tokens for a live page.
        compact: for a phone, with fewer images and ticks.

    Raises:
        InvalidInputError: a step that is none, or verdicts or names of another number.
    """
    _check(result, selected, accepted, twin_accepted, class_names)
    limits = within_reach(limits or {}, result.num_classes)
    limited = limited_measures(limits, parts=parts)
    geometry = replace(
        COMPACT if compact else CROWDED if parts or limited else WIDE,
        has_parts=parts,
        limited=limited,
        has_long_key=result.right is not None and accepted is not None,
        most_entropy=entropy_top(result, limits, overlays),
        num_steps=result.recipe.num_steps,
    )
    names = tuple(class_names) if class_names else result.classes.names
    values = result.values.round(6).tolist()
    softmax = confidence(result.summary)
    entropy = predictive_entropy(result.summary)
    markers = answer_markers(result.right, accepted, result.num_steps, geometry, palette)
    shown = geometry.x_range(result.recipe.values)
    if threshold is not None and twin_accepted is None:
        twin_accepted = result.twin_accepted(threshold).tolist()
    answers = answers_trace(result, values, names, geometry, palette)
    panel = {
        "type": "scatter",
        "mode": "lines+markers",
        "x": values,
        "line": {"color": palette.ink, "width": 2},
        "marker": markers,
        "cliponaxis": False,
        "showlegend": False,
        "customdata": hover_texts(result, list(map(plotly_text, names))),
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    data: list[dict[str, Any]] = [
        {**panel, "name": "committee", "yaxis": "y2", "y": softmax.round(5).tolist()},
        {
            **panel,
            "name": "predictive entropy",
            "yaxis": "y3",
            "y": entropy.round(5).tolist(),
        },
        {
            **panel,
            "name": "variance",
            "yaxis": "y4",
            "y": variance(result.summary).round(6).tolist(),
        },
        *(parts_lines(result.summary, values, palette) if parts else []),
        *(
            {
                **panel,
                "name": MEASURES[name].label.lower(),
                "yaxis": geometry.limit_axes[name],
                "y": MEASURES[name].value(result.summary).round(6).tolist(),
            }
            for name in geometry.limited
        ),
        *overlay_lines(overlays, geometry.most_entropy, palette),
        *threshold_line(threshold, shown, palette),
        *_single_passes(result, values, twin_accepted, threshold, geometry, palette),
        answers,
        *key_traces(result.right is not None, accepted is not None, geometry, palette),
        band_trace(result, selected, geometry, palette),
    ]
    layout = sweep_layout(result, limits, geometry, palette, has_answers=bool(answers["x"]))
    key_width = 0 if result.right is None else _KEY_WIDTH if accepted is None else _POLICY_KEY_WIDTH
    if geometry.key_below:
        key_width = 0
    layout["annotations"] += names_of_lines(
        softmax, result.twin.max(axis=1).astype(np.float64), values, key_width, geometry, palette
    )
    layout["annotations"] += names_of_overlays(overlays, values, entropy, geometry, palette)
    if parts:
        layout["annotations"] += names_of_parts(result, values, geometry, palette)
    if result.plain is not None:
        layout["annotations"].append(
            name_of_plain(result.plain, softmax, values, geometry, palette)
        )
    tops = {axis: layout[f"yaxis{axis[1:]}"]["range"][1] for axis in geometry.limit_axes.values()}
    layout["shapes"] = limit_shapes(limits, tops, geometry, palette)
    layout["images"] = strip_images(result, accepted, geometry, palette)
    return {"data": data, "layout": layout}


def sweep_figure(
    result: SweepResult,
    *,
    selected: int | None = None,
    accepted: Sequence[bool] | None = None,
    twin_accepted: Sequence[bool] | None = None,
    threshold: float | None = None,
    limits: Mapping[str, float] | None = None,
    overlays: Sequence[Overlay] = (),
    parts: bool = False,
    class_names: Sequence[str] | None = None,
    palette: Palette = LIGHT,
    compact: bool = False,
) -> go.Figure:
    """Show a sweep: its images, and under them three panels over the same steps.

    The panels are the mean softmax of the answer, with the twin's softmax dashed, the predictive
    entropy and the variance of the answer's softmax, as in the post. Where the true class is
    known, a teal circle is a right answer, hollow where it is not accepted; a wrong one is a plum
    diamond where it is accepted, else a thin cross. A measure that the policy
    limits and that has no panel gets one.

    Args:
        result: of a sweep, which may still be growing.
        selected: the step that a band through all panels marks.
        accepted: for each step, whether the committee's answer is accepted; all are if left out.
        twin_accepted: likewise for the twin.
        threshold: the softmax over which the twin's and the plain network's answers are accepted,
            where `twin_accepted` does not say so; a line in the first panel.
        limits: of a policy, by measure; each a line in its panel, what lies beyond tinted.
        overlays: curves to lay over the first three panels.
        parts: whether a fourth panel shows mutual information and expected entropy.
        class_names: the result's if left out.
        palette: colours.
        compact: for a phone, with fewer images and ticks.

    Raises:
        InvalidInputError: a step that is none, or verdicts or names of another number.
    """
    return go.Figure(
        sweep_spec(
            result,
            selected=selected,
            accepted=accepted,
            twin_accepted=twin_accepted,
            threshold=threshold,
            limits=limits,
            overlays=overlays,
            parts=parts,
            class_names=class_names,
            palette=palette,
            compact=compact,
        )
    )


def _single_passes(
    result: SweepResult,
    values: list[float],
    twin_accepted: Sequence[bool] | None,
    threshold: float | None,
    geometry: Geometry,
    palette: Palette,
) -> list[dict[str, Any]]:
    lines = [("twin", "4px,3px", result.twin, result.twin_right, twin_accepted)]
    if result.plain is not None:
        believed = None if threshold is None else (result.plain.max(axis=1) > threshold).tolist()
        lines.append(
            ("plain network", "9px,3px,2px,3px", result.plain, result.plain_right, believed)
        )
    return [
        single_pass_line(name, dash, values, softmax, right, accepted, geometry, palette)
        for name, dash, softmax, right, accepted in lines
    ]


def _check(
    result: SweepResult,
    selected: int | None,
    accepted: Sequence[bool] | None,
    twin_accepted: Sequence[bool] | None,
    class_names: Sequence[str] | None,
) -> None:
    steps, classes = result.num_steps, result.num_classes
    last = result.recipe.num_steps - 1
    if selected is not None and not 0 <= selected <= last:
        raise InvalidInputError(
            "selected", expected=f"a step from 0 to {last}, or None", received=selected
        )
    for name, given, expected in (
        ("accepted", accepted, f"{steps} verdicts, one for each step"),
        ("twin_accepted", twin_accepted, f"{steps} verdicts, one for each step"),
        ("class_names", class_names, f"{classes} names, one for each class"),
    ):
        wanted = classes if name == "class_names" else steps
        if given is not None and len(given) != wanted:
            raise InvalidInputError(name, expected=expected, received=f"{len(given)} of them")
