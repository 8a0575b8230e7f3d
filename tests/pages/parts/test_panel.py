"""The panel's sentences: what they claim must be so."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from core.inference.samples import McSummary
from core.uncertainty.classes import DIGITS, Classes
from core.uncertainty.policy import Policy
from pages.parts.answers import Answer
from pages.parts.panel import measures_html, of_items, verdict_html
from pages.parts.policies import NO_POLICY


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
    assert of_items(share, "test digit") == words


PETS = Classes(("cat", "sausage dog", "<b>x</b>", "Labrador", "owl", "fox", "wolf"))


def said(*shares: float, policy: Policy = NO_POLICY, classes: Classes = PETS) -> Answer:
    """An answer of five passes that all say the same of one image."""
    passes = np.tile(np.array(shares, dtype=np.float32), (5, 1, 1))
    engine: Any = SimpleNamespace(facts=SimpleNamespace(classes=classes), quantiles=None)
    return Answer(McSummary.from_samples(passes), passes[0, 0], engine, policy)


SURE_OF_X = (0.01, 0.02, 0.9, 0.03, 0.02, 0.01, 0.01)


def test_a_class_with_a_name_is_named_and_stays_text():
    html = verdict_html(said(*SURE_OF_X))
    assert "It’s “&lt;b&gt;x&lt;/b&gt;”." in html
    assert "5 of 5 passes say “&lt;b&gt;x&lt;/b&gt;”. Runner-up: “Labrador”" in html
    assert "“&lt;b&gt;x&lt;/b&gt;”, 90.0% sure" in html
    assert "<b>" not in html
    unsure = verdict_html(
        said(
            *(0.3, 0.3, 0.4, 0, 0, 0, 0), policy=Policy({"predictive_entropy": 0.1}, num_classes=7)
        )
    )
    assert "It may be “&lt;b&gt;x&lt;/b&gt;”." in unsure and "<b>" not in unsure


def test_a_digit_is_called_as_ever():
    html = verdict_html(said(*[0.0] * 8, 1.0, 0.0, classes=DIGITS))
    assert "It’s an 8." in html and "5 of 5 passes say 8." in html and "“8”, 100.0% sure" in html


def test_measures_scale_with_the_number_of_classes():
    html = measures_html(said(*[1 / 7] * 7))
    assert "ln 7 = 1.95" in html
    assert "width:100.00%" in html
    assert "test digits" not in html
