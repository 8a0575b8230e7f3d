from dataclasses import asdict
from typing import Any

import plotly.graph_objects as go
import pytest

from core.figures.palette import DARK, LIGHT, PALETTE, TOKENS, Palette, fade, themed

THEMES = [pytest.param(LIGHT, id="light"), pytest.param(DARK, id="dark")]
ON_THE_PAGE = ["ink", "ink2", "accepted_text", "dont_know_text", "wrong_text", "true_class"]
MARKS = ["accepted_fill", "dont_know_fill", "wrong_fill", "others", "twin", "stranger"]


def channel(value: int) -> float:
    share = value / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4


def luminance(colour: str) -> float:
    red, green, blue = (channel(int(colour[i : i + 2], 16)) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio."""
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


def test_contrast_of_black_on_white_is_21() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)


@pytest.mark.parametrize("palette", THEMES)
@pytest.mark.parametrize("token", ON_THE_PAGE)
def test_text_on_the_page_and_on_cells_can_be_read(palette: Palette, token: str) -> None:
    assert contrast(asdict(palette)[token], palette.bg) >= 4.5
    assert contrast(asdict(palette)[token], palette.surf) >= 4.5


@pytest.mark.parametrize("palette", THEMES)
@pytest.mark.parametrize("verdict", ["accepted", "dont_know", "wrong"])
def test_verdict_on_its_own_tint_can_be_read(palette: Palette, verdict: str) -> None:
    colours = asdict(palette)
    assert contrast(colours[f"{verdict}_text"], colours[f"{verdict}_tint"]) >= 4.5
    assert contrast(palette.ink, colours[f"{verdict}_tint"]) >= 4.5


@pytest.mark.parametrize("palette", THEMES)
def test_text_on_controls_can_be_read(palette: Palette) -> None:
    assert contrast(palette.ctl_text, palette.ctl) >= 4.5


@pytest.mark.parametrize("palette", THEMES)
@pytest.mark.parametrize("token", MARKS)
def test_marks_stand_out_from_the_page(palette: Palette, token: str) -> None:
    assert contrast(asdict(palette)[token], palette.bg) >= 3.0


def test_palette_table_has_both_themes_for_every_token() -> None:
    assert PALETTE["ink"] == ("#1F242B", "#EDE9E2")
    assert set(PALETTE) == set(asdict(TOKENS))
    assert all(light != dark for light, dark in PALETTE.values())


def test_fade_of_a_colour_and_of_a_token() -> None:
    assert fade("#10907A", 0.32) == "rgba(16,144,122,0.32)"
    assert fade(TOKENS.others, 0.32) == "var(--others/0.32)"


def test_themed_replaces_tokens_everywhere_in_a_dictionary() -> None:
    figure: dict[str, Any] = {
        "data": [{"marker": {"color": ["var(--ink)", "var(--ink/0.5)"]}, "y": [1, 2]}],
        "layout": {"title": {"text": "<span style='color:var(--wrong_text)'>no</span>"}},
    }
    dark = themed(figure, dark=True)
    assert dark["data"][0]["marker"]["color"] == ["rgba(237,233,226,1)", "rgba(237,233,226,0.5)"]
    assert dark["data"][0]["y"] == [1, 2]
    assert dark["layout"]["title"]["text"] == "<span style='color:rgba(231,161,220,1)'>no</span>"
    assert figure["data"][0]["marker"]["color"] == ["var(--ink)", "var(--ink/0.5)"]


def test_themed_of_a_plotly_figure_is_one_too() -> None:
    figure = go.Figure(go.Bar(y=[1], marker={"color": TOKENS.ink}))
    assert themed(figure, dark=False).data[0].marker.color == "rgba(31,36,43,1)"


def test_themed_of_an_unknown_token_is_refused() -> None:
    with pytest.raises(KeyError, match="inc"):
        themed({"color": "var(--inc)"}, dark=True)


def test_tokens_pass_plotlys_validators_wherever_a_figure_needs_them() -> None:
    trace = go.Bar(
        y=[1], marker={"color": [TOKENS.ink], "line": {"color": fade(TOKENS.others, 0.75)}}
    )
    assert trace.marker.line.color == "var(--others/0.75)"
