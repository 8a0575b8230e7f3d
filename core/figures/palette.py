"""The palette: what each colour means, in the light and in the dark theme.

A figure is built with one of three palettes. `LIGHT` and `DARK` hold real colours.
`TOKENS` holds the tokens' names as `var(--ink)`, a form that Plotly's validators let pass:
a page that is open in a browser resolves them there, for the theme shown now, and again
when the theme is switched, without a run in Python.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from types import MappingProxyType
from typing import Any, TypeVar, cast

_T = TypeVar("_T")
_TOKEN = re.compile(r"var\(--([a-z0-9_]+)(?:/([0-9.]+))?\)")


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours by meaning; a colour only ever says something about an answer.

    Attributes:
        bg: the page; `side` the sidebar; `surf` a histogram cell or an input.
        line: hairlines, tracks and borders.
        ink: text, and what the committee says; `ink2` secondary text and ticks.
        ctl: controls; `ctl_text` the text on them.
        accepted_text: an accepted answer, or a right one; `accepted_fill` on marks,
            `accepted_tint` behind text.
        dont_know_text: "I don't know", with fill and tint.
        wrong_text: a wrong answer, with fill and tint.
        true_class: the true class in softmax histograms, never "wrong"; `others` the other classes.
        twin: the twin's lines and hollow bars, never text.
        stranger: images from outside of what the network was trained on.
    """

    bg: str
    side: str
    surf: str
    line: str
    ink: str
    ink2: str
    ctl: str
    ctl_text: str
    accepted_text: str
    accepted_fill: str
    accepted_tint: str
    dont_know_text: str
    dont_know_fill: str
    dont_know_tint: str
    wrong_text: str
    wrong_fill: str
    wrong_tint: str
    true_class: str
    others: str
    twin: str
    stranger: str


LIGHT = Palette(
    bg="#FCFBF8",
    side="#F4F1EA",
    surf="#F4F1EA",
    line="#E2DCD0",
    ink="#1F242B",
    ink2="#575D66",
    ctl="#2B3A4E",
    ctl_text="#FFFFFF",
    accepted_text="#0B6B5C",
    accepted_fill="#10907A",
    accepted_tint="#E1F1ED",
    dont_know_text="#7E5200",
    dont_know_fill="#C07D0C",
    dont_know_tint="#FBF0D9",
    wrong_text="#8A2878",
    wrong_fill="#8F2C7C",
    wrong_tint="#F6E6F3",
    true_class="#C9303B",
    others="#2C6BB3",
    twin="#7A808A",
    stranger="#57402C",
)

DARK = Palette(
    bg="#14161A",
    side="#1B1E22",
    surf="#1E2126",
    line="#343941",
    ink="#EDE9E2",
    ink2="#ABA79F",
    ctl="#D9CFBC",
    ctl_text="#14161A",
    accepted_text="#62CFB8",
    accepted_fill="#4CC9B0",
    accepted_tint="#12302B",
    dont_know_text="#F2BE58",
    dont_know_fill="#E8AE3C",
    dont_know_tint="#362A12",
    wrong_text="#E7A1DC",
    wrong_fill="#C766B6",
    wrong_tint="#391F36",
    true_class="#F2696E",
    others="#6BA6E8",
    twin="#8D939C",
    stranger="#A07B58",
)

TOKENS = Palette(**{field.name: f"var(--{field.name})" for field in fields(Palette)})

PALETTE: Mapping[str, tuple[str, str]] = MappingProxyType(
    {name: (light, asdict(DARK)[name]) for name, light in asdict(LIGHT).items()}
)
"""Token -> (light, dark), for the browser."""


def hover_label(palette: Palette) -> dict[str, Any]:
    """Return how the boxes look that appear under the pointer."""
    return {
        "bgcolor": palette.bg,
        "bordercolor": palette.ink2,
        # Plotly takes Arial here, whatever the rest of the figure has.
        "font": {"color": palette.ink, "size": 13, "family": '"Source Sans", sans-serif'},
        "align": "left",
    }


def fade(colour: str, alpha: float) -> str:
    """Return the colour, `#RRGGBB` or a token, with an opacity between 0 and 1."""
    if colour.startswith("var("):
        return f"{colour[:-1]}/{alpha:g})"
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha:g})"


def themed(figure: _T, *, dark: bool) -> _T:
    """Return the figure with its tokens replaced by the colours of one theme.

    Args:
        figure: a `plotly.graph_objects.Figure`, or its plain dictionary, built with `TOKENS`.
        dark: whether to take `DARK` rather than `LIGHT`.

    Raises:
        KeyError: a token that the palette does not have.
    """
    colours = asdict(DARK if dark else LIGHT)
    if isinstance(figure, dict):
        return cast(_T, _replaced(figure, colours))
    plotly_figure: Any = figure
    return cast(_T, type(plotly_figure)(_replaced(plotly_figure.to_plotly_json(), colours)))


def _replaced(value: Any, colours: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return _TOKEN.sub(lambda match: _colour(match, colours), value)
    if isinstance(value, dict):
        return {key: _replaced(item, colours) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_replaced(item, colours) for item in value]
    return value


def _colour(match: re.Match[str], colours: Mapping[str, str]) -> str:
    # Never "#rrggbb": inside a data URI a bare # would end it.
    return fade(colours[match[1]], float(match[2] or 1.0))
