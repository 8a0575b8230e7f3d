"""What a case gives: a title, sentences and tables, and the numbers behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.timing import Results


@dataclass(frozen=True, slots=True)
class Section:
    """One case's part of the report.

    Attributes:
        name: of the case.
        title: its heading.
        text: tables and sentences, as Markdown.
        results: what was measured.
    """

    name: str
    title: str
    text: str
    results: Sequence[Results] = field(default_factory=tuple)

    def as_json(self) -> dict[str, Any]:
        """Return the numbers as JSON can hold them."""
        return {
            "title": self.title,
            "contenders": [
                {
                    "group": timing.contender.group,
                    "name": timing.name,
                    "arguments": dict(timing.contender.arguments),
                    "cores": timing.contender.cores,
                    "seconds": timing.seconds,
                    "median": timing.spread.median,
                    "peak_bytes": timing.peak,
                    "loaded_bytes": timing.loaded,
                    "idle_processor_share": timing.idle_share,
                    "note": timing.note,
                }
                for results in self.results
                for timing in results.timings
            ],
            "left_out": [
                {"group": contender.group, "name": contender.name, "reason": reason}
                for results in self.results
                for contender, reason in results.left_out
            ],
        }


def left_out_sentences(results: Results) -> str:
    """Return why contenders are missing, each reason once; an empty text if none is."""
    return " ".join(dict.fromkeys(reason for _, reason in results.left_out))


def paragraphs(*parts: str) -> str:
    """Return the parts that are not empty, an empty line between."""
    return "\n\n".join(part for part in parts if part)
