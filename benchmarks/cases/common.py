"""What the cases share."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.machine import Machine

PASSES = 1000
NETWORK = "mc"


@dataclass(frozen=True, slots=True)
class Setting:
    """How a case is to be measured.

    Attributes:
        rounds: of what takes milliseconds; what takes seconds is content with fewer.
        machine: that it is measured on.
    """

    rounds: int
    machine: Machine

    def fewer_rounds(self, part: int) -> int:
        """Return a part of the rounds, three or more unless fewer were asked for."""
        return max(min(3, self.rounds), self.rounds // part)


def budget(what: str, *, kept: bool) -> str:
    """Return a line on a budget."""
    return f"* {what}: {'kept' if kept else 'not kept'}."
