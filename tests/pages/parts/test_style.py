"""The style sheet's tokens are the palette's."""

from core.figures.palette import PALETTE
from pages.parts.style import LOGO, LOGO_ICON, token_css


def test_token_css_has_every_token_in_both_themes():
    css = token_css(":host")
    for name, (light, dark) in PALETTE.items():
        assert f"--lb-{name}:light-dark({light},{dark})" in css
    assert css.startswith(":host{")


def test_logos_need_no_font():
    for logo in (LOGO, LOGO_ICON):
        assert "<text" not in logo.read_text(encoding="utf-8")
