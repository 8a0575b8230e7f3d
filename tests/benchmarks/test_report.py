"""Sections in benchmarks/README.md."""

import pytest

from benchmarks.cases.accelerator import accelerator
from benchmarks.cases.common import Setting
from benchmarks.cases.registry import CASES
from benchmarks.machine import Machine
from benchmarks.report import README, section_text, write_section
from benchmarks.section import Section
from core.errors import InvalidInputError

MACHINE = Machine("A processor", "CPU, 2 cores", "Linux x86_64", {"Keras": "3.1", "NumPy": "2.1"})


def test_section_says_what_made_it_and_on_what():
    text = section_text(Section("sweep", "A sweep", "A table."), MACHINE, 7)

    assert text.startswith("### A sweep\n\nA table.\n\n")
    assert "`python -m benchmarks --only sweep --rounds 7` on A processor; CPU, 2 cores;" in text
    assert "Keras 3.1, NumPy 2.1" in text


def test_writing_replaces_one_section_and_nothing_else(tmp_path):
    page = tmp_path / "page.md"
    marks = "<!-- begin of {0} -->\nold {0}\n<!-- end of {0} -->\n"
    page.write_text("# Head\n" + marks.format("sweep") + "between\n" + marks.format("shapes"))
    write_section("sweep", "new", page)
    write_section("sweep", "newer", page)

    assert page.read_text() == (
        "# Head\n<!-- begin of sweep -->\nnewer\n<!-- end of sweep -->\nbetween\n"
        + marks.format("shapes")
    )


def test_page_without_marks_is_refused(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# Head\n")
    with pytest.raises(InvalidInputError, match="begin of sweep"):
        write_section("sweep", "new", page)


def test_readme_has_a_place_for_every_case():
    page = README.read_text(encoding="utf-8")

    assert [name for name in CASES if f"<!-- begin of {name} -->" not in page] == []


def test_no_accelerator_is_said_in_a_sentence():
    section = accelerator(Setting(3, MACHINE))

    assert "No accelerator was found: TensorFlow computes on CPU, 2 cores." in section.text
    assert "--only accelerator --write" in section.text
    assert not section.results
