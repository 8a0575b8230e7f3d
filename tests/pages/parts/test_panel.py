"""The panel's sentences: what they claim must be so."""

from __future__ import annotations

import pytest

from pages.parts.panel import _of_test_digits


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.0, "no test digit"),
        (0.004, "<1% of test digits"),
        (0.97, "97% of test digits"),
        (0.9949, "over 99% of test digits"),
        (0.9999, "over 99% of test digits"),
        (1.0, "all test digits"),
    ],
)
def test_share_of_test_digits_is_all_of_them_only_when_it_is(share, words):
    assert _of_test_digits(share) == words
