"""A thousand passes of one image."""

from __future__ import annotations

from benchmarks.cases.common import NETWORK, PASSES, Setting, budget
from benchmarks.contender import Contender
from benchmarks.contenders import floor, keras_calls, our_sampler, torch_calls
from benchmarks.rounds import measure
from benchmarks.section import Section, left_out_sentences, paragraphs
from benchmarks.table import contender_table, ratio_cell
from benchmarks.timing import Results, Timing, ratio

TITLE = "One image, 1,000 passes"
FLOOR_BUDGET = 1.8
TILED_BUDGET = 4.5

_TORCH = {"images": "1", "passes": PASSES}
_KERAS = {"network": NETWORK, **_TORCH}
CONTENDERS = (
    Contender("Keras, eager loop", keras_calls.eager_loop, _KERAS),
    Contender("Keras, loop of a compiled call", keras_calls.compiled_loop, _KERAS),
    Contender("Keras, `predict` on a tiled batch", keras_calls.predict, _KERAS),
    Contender("Keras, compiled tiled call", keras_calls.tiled, _KERAS),
    Contender(
        "Keras, compiled tiled call in chunks",
        keras_calls.tiled_in_chunks,
        {**_KERAS, "whole": False},
    ),
    Contender("PyTorch, loop", torch_calls.loop, _TORCH),
    Contender("PyTorch, tiled in one batch", torch_calls.tiled, _TORCH),
    Contender("PyTorch, tiled in chunks", torch_calls.tiled_in_chunks, _TORCH),
    Contender("PyTorch, compiled, in chunks", torch_calls.compiled_in_chunks, _TORCH),
    Contender("sampler, summary", our_sampler.summary, _KERAS),
    Contender("sampler", our_sampler.samples, _KERAS),
    Contender("floor", floor.floor, {"passes": PASSES}),
)


def one_image(setting: Setting) -> Section:
    """Measure every contender on one image."""
    results = measure(CONTENDERS, setting.rounds)
    sampler = results.of("sampler")
    return Section(
        "one_image",
        TITLE,
        paragraphs(
            contender_table(results.timings, sampler, note=_note),
            left_out_sentences(results),
            _budgets(results),
        ),
        (results,),
    )


def _note(timing: Timing) -> str:
    return "" if timing.name.startswith("sampler") else timing.note


def _budgets(results: Results) -> str:
    sampler, floor_, tiled = (
        results.of(name) for name in ("sampler", "floor", "Keras, compiled tiled call")
    )
    assert sampler and floor_ and tiled  # none of them is ever left out
    above, ahead = ratio(sampler, floor_), ratio(tiled, sampler)
    return "\n".join(
        [
            budget(
                f"within {FLOOR_BUDGET} times the floor: {ratio_cell(above)}",
                kept=above.median <= FLOOR_BUDGET,
            ),
            budget(
                f"{TILED_BUDGET} times or more ahead of the compiled tiled call:"
                f" {ratio_cell(ahead)}",
                kept=ahead.median >= TILED_BUDGET,
            ),
        ]
    )
