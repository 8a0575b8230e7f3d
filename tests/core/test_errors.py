"""Errors say which argument, what was expected, what came and what to do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import (
    DamagedFileError,
    InvalidInputError,
    LabradorError,
    MissingDataError,
    NoActiveDropoutError,
    UnsupportedLayerError,
    shorten,
)


def test_invalid_input_says_argument_expectation_value_and_advice():
    error = InvalidInputError(
        "num_samples", expected="an integer from 1 to 100000", received=-3, advice="Use 1000."
    )

    assert str(error) == (
        "Invalid value for num_samples. Expected an integer from 1 to 100000. Received: -3."
        " Use 1000."
    )
    assert (error.argument, error.received, error.advice) == ("num_samples", "-3", "Use 1000.")


def test_invalid_input_without_advice_ends_with_the_value():
    error = InvalidInputError("seed", expected="an integer", received="x")

    assert str(error) == "Invalid value for seed. Expected an integer. Received: x."


@pytest.mark.parametrize(
    ("error_type", "caught_as"),
    [
        (InvalidInputError, ValueError),
        (NoActiveDropoutError, InvalidInputError),
        (UnsupportedLayerError, InvalidInputError),
        (MissingDataError, FileNotFoundError),
        (DamagedFileError, LabradorError),
    ],
)
def test_error_is_caught_as_labradors_and_as_pythons(error_type, caught_as):
    assert issubclass(error_type, LabradorError)
    assert issubclass(error_type, caught_as)


def test_shorten_keeps_a_short_value_as_it_is():
    assert shorten("ink:abc") == "ink:abc"
    assert shorten(float("nan")) == "nan"
    assert shorten(["a", None]) == "['a', None]"


def test_shorten_empty_says_nothing():
    assert shorten("") == shorten(" \n\t ") == "nothing"


def test_shorten_long_value_ends_in_an_ellipsis():
    assert shorten("x" * 121) == "x" * 119 + "…"
    assert shorten("x" * 120) == "x" * 120


@given(st.text() | st.binary() | st.lists(st.integers()))
def test_shorten_any_value_is_one_short_line(value):
    text = shorten(value)

    assert 1 <= len(text) <= 120
    assert len(text.splitlines()) == 1
