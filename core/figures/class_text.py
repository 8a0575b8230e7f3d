"""What classes are called where there is little room: cut to fit, and never markup."""

from __future__ import annotations

import html
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence

Width = Callable[[str, int], float]  # of a text in a size, in pixels

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
_SHORT = 14  # letters of names for which there has to be room
_MOST_NAMES = 0.75  # share of all names for which there has to be
_FEWEST = 3  # letters of a name that are worth showing


def plotly_text(text: str) -> str:
    """Return a text that Plotly shows as it is, in labels and in templates.

    Plotly takes a subset of HTML for markup, links among it, and `%{` for a place to fill in.
    """
    return html.escape(text, quote=False).replace("%{", "%&#123;")


def text_width(text: str, size: int) -> float:
    """Return about how many pixels a text takes, bold, in the pages' font of a size."""
    return size * sum(map(_letter_width, text))


def fitting(
    text: str, room: float, size: int, *, width: Width = text_width, dots: str = _DOTS
) -> str:
    """Return a text, cut at its end where it would take more than some pixels.

    Args:
        text: of one line.
        room: in pixels.
        size: of the font.
        width: of a text in a size, in pixels.
        dots: what stands for the rest.
    """
    if width(text, size) <= room:
        return text
    kept = text[: _that_fit(text, room - width(dots, size), size, width)].rstrip()
    return f"{kept or text[:1]}{dots}"


def fitting_names(
    names: Sequence[str], room: float, size: int, *, width: Width = text_width, dots: str = _DOTS
) -> tuple[str, ...]:
    """Return names that fit into some pixels; those that would read alike are cut inside.

    Names that differ only in what would have to be cut are told apart by their ends, as
    "Labrador, yel…" and "Labrador, yel…" by "Labrad…yellow" and "Labrad…w-white". Arguments as of
    `fitting`.
    """
    cut = [fitting(name, room, size, width=width, dots=dots) for name in names]
    alike = {text for text, number in Counter(cut).items() if number > 1}
    return tuple(
        cut_inside(name, room, size, width=width, dots=dots) if text in alike else text
        for name, text in zip(names, cut, strict=True)
    )


def cut_inside(
    text: str, room: float, size: int, *, width: Width = text_width, dots: str = _DOTS
) -> str:
    """Return a text of which both ends are kept; arguments as of `fitting`."""
    if width(text, size) <= room:
        return text
    half = (room - width(dots, size)) / 2
    head = text[: _that_fit(text, half, size, width)].rstrip()
    tail = text[len(text) - _that_fit(text[::-1], half, size, width) :].lstrip()
    is_enough = bool(head and tail)
    return f"{head}{dots}{tail}" if is_enough else fitting(text, room, size, width=width, dots=dots)


def are_too_long(
    names: Sequence[str], room: float, size: int, *, width: Width = text_width
) -> bool:
    """Return whether names want more than some pixels: any short one, or many of the long ones."""
    too_long = [name for name in names if width(name, size) > room]
    is_short = any(len(name) <= _SHORT for name in too_long)
    return is_short or len(too_long) > (1.0 - _MOST_NAMES) * len(names)


def is_worth_showing(text: str, name: str) -> bool:
    """Return whether what is left of a name after cutting still says something."""
    return text == name or len(text) > _FEWEST


def _that_fit(text: str, room: float, size: int, width: Width) -> int:
    """Return how many of a text's first letters fit."""
    number = len(text)
    while number and width(text[:number], size) > room:
        number -= 1
    return number


def _letter_width(letter: str) -> float:
    width = _WIDTHS.get(letter)
    if width is None and ord(letter) < 0x250:  # Ä is as wide as A
        width = _WIDTHS.get(unicodedata.normalize("NFD", letter)[0])
    if width is not None:
        return width
    return _FULL if ord(letter) > 0x1100 else _OTHER
