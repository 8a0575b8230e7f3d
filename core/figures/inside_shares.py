"""Every layer's share of the mutual information: on alone, and left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..experiments.layer_shares import Estimate, LayerShares
from .bars_key import hollow_marker, solid_marker
from .class_text import fitting, plotly_text
from .palette import TOKENS, Palette, hover_label

ALONE, WITHOUT, WHOLE = "on alone", "left out, the others on", "all layers on"
_TOP, _BOTTOM, _GROUP = 30, 26, 46  # pixels: the key, the ticks, and each layer's pair of bars
_ROOM = 330  # pixels that a layer's words may take, on a phone
_SIZE = 13
# Of a group, in shares of its height, from its top: where words stand and how bars lie.
_NAME_AT, _ALONE_AT, _WITHOUT_AT, _THICK = 0.4, 0.55, 0.77, 0.18
_ENDS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0)


def layer_shares_spec(
    shares: LayerShares, names: Sequence[str], *, palette: Palette = TOKENS
) -> dict[str, Any]:
    """Return the figure as a plain dictionary.

    A pair of bars a layer, with error bars of two standard errors; above them all layers together,
    whose value runs down as a line, so that it is seen how far each falls short.

    Args:
        shares: of one image.
        names: what each layer drops, in words.
        palette: colours, tokens for a live page.
    """
    rows = len(names) + 1
    all_of = (shares.whole, *shares.alone, *shares.without)
    end = _end(max(each.value + 2.0 * each.error for each in all_of))
    places = list(range(1, rows))
    whole = _bars([shares.whole], [_ALONE_AT], WHOLE, solid_marker(palette), palette)
    alone = _bars(
        shares.alone, [at + _ALONE_AT for at in places], ALONE, solid_marker(palette), palette
    )
    without = _bars(
        shares.without,
        [at + _WITHOUT_AT for at in places],
        WITHOUT,
        hollow_marker(palette),
        palette,
    )
    line = {
        "type": "scatter",
        "mode": "lines",
        "x": [round(shares.whole.value, 5)] * 2,
        "y": [_ALONE_AT, rows],
        "line": {"color": palette.ink2, "width": 1, "dash": "dot", "simplify": False},
        "hoverinfo": "skip",
    }
    words = {
        "type": "scatter",
        "mode": "text",
        "x": [0.0] * rows,
        "y": [at + _NAME_AT for at in range(rows)],
        "text": [
            plotly_text(fitting(name, _ROOM, _SIZE)) for name in ("all layers together", *names)
        ],
        "textposition": "top right",
        "textfont": {"size": _SIZE, "color": palette.ink},
        "cliponaxis": False,
        "hoverinfo": "skip",
    }
    layout = {
        "height": _TOP + rows * _GROUP + _BOTTOM,
        "margin": {"l": 4, "r": 12, "t": _TOP, "b": _BOTTOM, "pad": 0, "autoexpand": False},
        "barmode": "overlay",
        "showlegend": False,
        "hovermode": "closest",
        "hoverlabel": hover_label(palette),
        "xaxis": {
            "range": [0.0, end],
            "fixedrange": True,
            "tickvals": [0.0, end / 2, end],
            "ticktext": ["0", f"{end / 2:g}", f"{end:g}"],
            "ticks": "",
            "gridcolor": palette.line,
            "zeroline": True,
            "zerolinecolor": palette.line,
            "tickfont": {"size": 12, "color": palette.ink2},
            "ticklabeloverflow": "allow",
        },
        "yaxis": {"range": [rows, 0], "fixedrange": True, "visible": False},
        "annotations": [_key(palette)],
    }
    return {"data": [whole, alone, without, line, words], "layout": layout}


def _bars(
    estimates: Sequence[Estimate],
    places: Sequence[float],
    name: str,
    marker: dict[str, Any],
    palette: Palette,
) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "name": name,
        "x": [round(each.value, 5) for each in estimates],
        "y": list(places),
        "width": _THICK,
        "marker": marker,
        "error_x": {
            "type": "data",
            "array": [round(2.0 * each.error, 5) for each in estimates],
            "color": palette.ink2,
            "thickness": 1.5,
            "width": 3,
        },
        "cliponaxis": False,
        "hovertemplate": f"<b>%{{x:.3f}} nats</b>, {name}<extra></extra>",
    }


def _end(largest: float) -> float:
    """Return where the axis ends: a round number, so that it seldom changes."""
    return next((end for end in _ENDS if end >= largest), largest)


def _key(palette: Palette) -> dict[str, Any]:
    return {
        "xref": "paper",
        "yref": "paper",
        "x": 0.0,
        "y": 1.0,
        "xshift": -4,
        "yshift": 8,
        "xanchor": "left",
        "yanchor": "bottom",
        "showarrow": False,
        "text": (
            f"<span style='color:{palette.ink}'>■</span> {ALONE}"
            f"\u2002<span style='color:{palette.twin}'>□</span> {WITHOUT}\u2002(nats)"
        ),
        "font": {"size": 13, "color": palette.ink2},
    }
