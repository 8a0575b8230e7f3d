"""What classes are called where there is little room: cut to fit, and never markup."""

from __future__ import annotations

import html
import unicodedata
from collections import Counter
from collections.abc import Sequence

# Widths of Source Sans' bold letters in shares of the font's size, by groups; the widest of each.
_WIDTHS = {
    letter: width
    for letters, width in (
        ("ijlI|',.:; ", 0.3),
        ("-!()/[]\\{}f", 0.34),
        ("tr", 0.4),
        ("szc*?", 0.47),
        ("_0123456789#$+<=>^~aegvxyJFLY", 0.53),
        ('bdhknopquABCEPSTVXZ`"', 0.6),
        ("DGHKNOQRU&", 0.68),
        ("wMW", 0.81),
        ("m%@", 0.9),
    )
    for letter in letters
}
_OTHER, _FULL = 0.9, 1.05  # of scripts with letters, and of what is square, as 犬
_DOTS = "…"
_FEWEST = 3  # letters of a name that are worth showing


def plotly_text(text: str) -> str:
    """Return a text that Plotly shows as it is, in labels and in templates.

    Plotly takes a subset of HTML for markup, links among it, and `%{` for a place to fill in.
    """
    return html.escape(text, quote=False).replace("%{", "%&#123;")


def text_width(text: str, size: float) -> float:
    """Return about how many pixels a text takes, bold, in the pages' font of a size."""
    return size * sum(map(_letter_width, text))


def fitting(text: str, room: float, size: float) -> str:
    """Return a text, cut at its end where it would take more than some pixels."""
    if text_width(text, size) <= room:
        return text
    kept = _head(text, room - text_width(_DOTS, size), size).rstrip()
    return f"{kept or text[:1]}{_DOTS}"


def fitting_names(names: Sequence[str], room: float, size: float) -> tuple[str, ...]:
    """Return names that fit into some pixels; those that would read alike are cut inside.

    Names that differ only in what would have to be cut are told apart by their ends, as
    "Labrador, yel…" and "Labrador, yel…" by "Labrad…yellow" and "Labrad…w-white".
    """
    cut = [fitting(name, room, size) for name in names]
    alike = {text for text, number in Counter(cut).items() if number > 1}
    return tuple(
        _cut_inside(name, room, size) if text in alike and text != name else text
        for name, text in zip(names, cut, strict=True)
    )


def is_worth_showing(text: str, name: str) -> bool:
    """Return whether what is left of a name after cutting still says something."""
    return text == name or len(text) > _FEWEST


def _cut_inside(text: str, room: float, size: float) -> str:
    half = (room - text_width(_DOTS, size)) / 2
    head, tail = _head(text, half, size), _head(text[::-1], half, size)[::-1]
    return f"{head.rstrip()}{_DOTS}{tail.lstrip()}" if head and tail else fitting(text, room, size)


def _head(text: str, room: float, size: float) -> str:
    taken = 0.0
    for place, letter in enumerate(text):
        taken += size * _letter_width(letter)
        if taken > room:
            return text[:place]
    return text


def _letter_width(letter: str) -> float:
    width = _WIDTHS.get(letter)
    if width is None and ord(letter) < 0x250:  # Ä is as wide as A
        width = _WIDTHS.get(unicodedata.normalize("NFD", letter)[0])
    if width is not None:
        return width
    return _FULL if ord(letter) > 0x1100 else _OTHER
