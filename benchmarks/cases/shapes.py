"""Networks of other shapes: the plan that the sampler chooses, and what it saves."""

from __future__ import annotations

from collections.abc import Mapping

from benchmarks.cases.common import PASSES, Setting
from benchmarks.contender import Contender
from benchmarks.contenders import keras_calls, our_sampler
from benchmarks.rounds import measure
from benchmarks.section import Section, paragraphs
from benchmarks.shapes import SHAPES
from benchmarks.table import duration_cell, markdown, ratio_cell
from benchmarks.timing import Results, ratio

TITLE = "Networks of other shapes, one image, 1,000 passes"
SAMPLER, TILED = "sampler", "Keras, compiled tiled call in chunks"


def shapes(setting: Setting) -> Section:
    """Measure every shape beside the compiled tiled call, all in one batch or in chunks."""
    return compare("shapes", TITLE, {name: shape.title for name, shape in SHAPES.items()}, setting)


def compare(section: str, title: str, networks: Mapping[str, str], setting: Setting) -> Section:
    """Measure networks beside the compiled tiled call.

    Args:
        section: name of the case.
        title: its heading.
        networks: what each is, by the name that it is built by.
        setting: how to measure.
    """
    rounds = setting.fewer_rounds(3)
    results = [measure(_two(name), rounds) for name in networks]
    return Section(
        section,
        title,
        paragraphs(
            markdown(
                ["network", "sampler", "tiled, as is fastest", "times", "chosen"],
                [
                    _row(name, told, each)
                    for (name, told), each in zip(networks.items(), results, strict=True)
                ],
            ),
            "The plans, as `print(sampler.plan)` tells them:",
            "\n".join(
                f"* {told}. {_note(each, SAMPLER, name)}"
                for (name, told), each in zip(networks.items(), results, strict=True)
            ),
        ),
        results,
    )


def _two(name: str) -> tuple[Contender, Contender]:
    arguments = {"network": name, "images": "1", "passes": PASSES}
    return (
        Contender(TILED, keras_calls.tiled_in_chunks, arguments, group=name),
        Contender(SAMPLER, our_sampler.samples, arguments, group=name),
    )


def _row(name: str, told: str, results: Results) -> list[str]:
    sampler, tiled = results.of(SAMPLER, name), results.of(TILED, name)
    assert sampler and tiled
    return [
        told,
        duration_cell(sampler.spread),
        duration_cell(tiled.spread),
        ratio_cell(ratio(tiled, sampler)),
        tiled.note,
    ]


def _note(results: Results, contender: str, name: str) -> str:
    timing = results.of(contender, name)
    return "" if timing is None else timing.note
