"""How time grows with passes, with images, and shrinks with cores."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.cases.common import NETWORK, PASSES, Setting
from benchmarks.contender import Contender
from benchmarks.contenders import keras_calls, our_sampler, torch_calls
from benchmarks.cores import num_cores
from benchmarks.rounds import measure
from benchmarks.section import Section, left_out_sentences, paragraphs
from benchmarks.table import duration_cell, markdown, ratio_cell
from benchmarks.timing import Results, ratio

TITLE = "Scaling"
_PASSES = (100, 1_000, 10_000)
_IMAGES = (1, 10, 100, 1_000)
_MOST_TILED = 10  # images; more would take minutes and tell no more
SAMPLER, TILED, TORCH = "sampler", "Keras, compiled tiled call in chunks", "PyTorch, in chunks"


def scaling(setting: Setting) -> Section:
    """Measure over T, N and cores."""
    rounds = setting.fewer_rounds(3)
    by_passes = measure(
        [each for count in _PASSES for each in _three(f"{count:,}", "1", count)], rounds
    )
    by_images = measure(
        [
            each
            for count in _IMAGES
            for each in _three(f"{count:,}", str(count), PASSES)
            if count <= _MOST_TILED or each.name == SAMPLER
        ],
        setting.fewer_rounds(5),
    )
    cores = [count for count in (1, 2, 4, 8, 16, 32, 64) if count <= num_cores()]
    by_cores = measure(
        [each for count in cores for each in _three(f"{count}", "1", PASSES, count)], rounds
    )
    return Section(
        "scaling",
        TITLE,
        paragraphs(
            _table("T, one image", [f"{count:,}" for count in _PASSES], by_passes),
            _table("N, 1,000 passes", [f"{count:,}" for count in _IMAGES], by_images),
            _table("cores, 1,000 passes, one image", [str(count) for count in cores], by_cores),
            "On so many cores the process was kept from its start, so every library made its"
            " threads for them."
            if by_cores.timings
            else "",
            " ".join(
                dict.fromkeys(map(left_out_sentences, (by_passes, by_images, by_cores)))
            ).strip(),
        ),
        (by_passes, by_images, by_cores),
    )


def _three(group: str, images: str, passes: int, cores: int | None = None) -> tuple[Contender, ...]:
    some = {"images": images, "passes": passes}
    keras = {"network": NETWORK, **some}

    def contender(name: str, make: object, arguments: dict[str, object]) -> Contender:
        assert callable(make)
        return Contender(name, make, arguments, cores=cores, group=group)

    return (
        contender(TILED, keras_calls.tiled_in_chunks, {**keras, "whole": False}),
        contender(TORCH, torch_calls.tiled_in_chunks, some),
        contender(SAMPLER, our_sampler.summary, keras),
    )


def _table(head: str, groups: Sequence[str], results: Results) -> str:
    rows = []
    for group in groups:
        sampler = results.of(SAMPLER, group)
        if sampler is None:
            continue
        row = [group, duration_cell(sampler.spread)]
        for name in (TILED, TORCH):
            timing = results.of(name, group)
            row += (
                ["", ""]
                if timing is None
                else [duration_cell(timing.spread), ratio_cell(ratio(timing, sampler))]
            )
        rows.append(row)
    return markdown([head, SAMPLER, TILED, "times", TORCH, "times"], rows)
