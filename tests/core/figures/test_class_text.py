from __future__ import annotations

import pytest

from core.figures.class_text import (
    fitting,
    fitting_names,
    is_worth_showing,
    plotly_text,
    text_width,
)


def test_no_name_is_markup_or_a_place_to_fill_in() -> None:
    assert plotly_text("<b>x</b>") == "&lt;b&gt;x&lt;/b&gt;"
    assert plotly_text("<a href='x'>") == "&lt;a href='x'&gt;"
    assert plotly_text("R&D &lt;") == "R&amp;D &amp;lt;"
    assert "%{" not in plotly_text("%{x}")


def test_a_name_that_fits_stays_and_another_is_cut_at_its_end() -> None:
    assert fitting("cat", text_width("cat", 13), 13) == "cat"
    cut = fitting("a very long name", 60.0, 13)
    assert cut.endswith("…") and "a very long name".startswith(cut[:-1])
    assert text_width(cut, 13) <= 60.0
    assert fitting("abc", 1.0, 13) == "a…"


def test_letters_are_as_wide_as_they_are() -> None:
    assert text_width("iii", 10) < text_width("xxx", 10) < text_width("WWW", 10)
    assert text_width("Ä", 10) == text_width("A", 10)
    assert text_width("犬", 10) > 10.0


def test_names_that_would_read_alike_are_told_apart_by_their_ends() -> None:
    names = ("Labrador, yellow", "Labrador, brown", "cat")
    one, other, cat = fitting_names(names, 70.0, 13)
    assert one != other and one.startswith("Lab") and one.endswith("low")
    assert other.endswith("own") and cat == "cat"
    assert all(text_width(name, 13) <= 70.0 for name in (one, other))


@pytest.mark.parametrize(("text", "is_it"), [("a…", False), ("sau…", True), ("ab", True)])
def test_next_to_nothing_of_a_name_is_not_worth_showing(text: str, is_it: bool) -> None:
    assert is_worth_showing(text, "ab" if text == "ab" else "sausage dog") is is_it
