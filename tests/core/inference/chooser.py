"""Bytes as choices: what hypothesis draws, and random models are made of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TypeVar

from hypothesis import strategies as st

Choice = TypeVar("Choice")

# Enough for the largest models; what comes after the last byte is always the simplest choice.
CHOICES = st.binary(min_size=400, max_size=400)


class Chooser:
    """Turns bytes into choices, and names layers so that no two have the same name.

    All choices are one draw of hypothesis: of a model drawn choice by choice it would make five
    near copies by repeating parts of it, and most of the models compared would be the same.
    The smaller a byte, the simpler the choice, so that a failing model still shrinks.

    Args:
        choices: one byte for each choice.
        signed: whether GaussianDropout and AlphaDropout are among the dropout layers.
    """

    def __init__(self, choices: bytes, *, signed: bool = True) -> None:
        self._choices = iter(choices)
        self._names: Counter[str] = Counter()
        self.signed = signed

    def whole(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, at most 255 more; the lowest is the simplest."""
        return low + next(self._choices, 0) * (high - low + 1) // 256

    def of(self, choices: Sequence[Choice]) -> Choice:
        """One of the choices; the first is the simplest."""
        return choices[self.whole(0, len(choices) - 1)]

    def yes(self, percent: int) -> bool:
        """True in about so many of a hundred cases; False is the simpler."""
        return self.whole(0, 99) >= 100 - percent

    def name(self, kind: str) -> str:
        """A name that no other layer of this model has."""
        self._names[kind] += 1
        return f"{kind}_{self._names[kind]}"
