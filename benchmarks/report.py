"""The report: sections as Markdown, each kept in benchmarks/README.md between two marks."""

from __future__ import annotations

from pathlib import Path

from benchmarks.machine import Machine
from benchmarks.section import Section
from core.errors import InvalidInputError
from core.store import write_atomically

README = Path(__file__).resolve().parent / "README.md"


def section_text(section: Section, machine: Machine, rounds: int) -> str:
    """Return a section with its heading, and a foot that says what made it and on what."""
    command = f"python -m benchmarks --only {section.name} --rounds {rounds}"
    return f"### {section.title}\n\n{section.text}\n\n`{command}` on {machine}."


def write_section(name: str, text: str, path: Path = README) -> None:
    """Put a section's text between its marks, and leave the rest of the file as it is.

    Args:
        name: of the section.
        text: its Markdown.
        path: the file.

    Raises:
        InvalidInputError: the file has no such marks.
    """
    begin, end = (f"<!-- {word} of {name} -->" for word in ("begin", "end"))
    page = path.read_text(encoding="utf-8")
    before, found, rest = page.partition(begin)
    _, closed, after = rest.partition(end)
    if not (found and closed):
        raise InvalidInputError(
            "path",
            expected=f"a file with the lines {begin} and {end}",
            received=path.name,
            advice="Add the two lines where the section belongs.",
        )
    write_atomically(path, f"{before}{begin}\n{text}\n{end}{after}")
