"""A sweep of 36 steps, a thousand passes at each."""

from __future__ import annotations

from benchmarks.cases.common import NETWORK, PASSES, Setting, budget
from benchmarks.contender import Contender
from benchmarks.contenders import keras_calls, our_sampler, torch_calls
from benchmarks.rounds import measure
from benchmarks.section import Section, left_out_sentences, paragraphs
from benchmarks.table import contender_table, duration, ratio_cell
from benchmarks.timing import ratio

TITLE = "A sweep of 36 steps, 1,000 passes each"
SECONDS_BUDGET = 0.6
TILED_BUDGET = 4.5

_TORCH = {"images": "sweep", "passes": PASSES}
_KERAS = {"network": NETWORK, **_TORCH}
CONTENDERS = (
    Contender("Keras, compiled tiled call", keras_calls.tiled, _KERAS),
    Contender("Keras, compiled tiled call in chunks", keras_calls.tiled_in_chunks, _KERAS),
    Contender("PyTorch, tiled in one batch", torch_calls.tiled, _TORCH),
    Contender("PyTorch, tiled in chunks", torch_calls.tiled_in_chunks, _TORCH),
    Contender("sampler, summaries", our_sampler.summary, _KERAS),
)


def sweep(setting: Setting) -> Section:
    """Measure a turned digit."""
    results = measure(CONTENDERS, setting.fewer_rounds(3))
    sampler = results.of("sampler, summaries")
    tiled = results.of("Keras, compiled tiled call")
    assert sampler and tiled
    seconds, ahead = sampler.spread.median, ratio(tiled, sampler)
    return Section(
        "sweep",
        TITLE,
        paragraphs(
            contender_table(
                results.timings, sampler, note=lambda t: "" if t is sampler else t.note
            ),
            left_out_sentences(results),
            "\n".join(
                [
                    budget(
                        f"under {SECONDS_BUDGET} s: {duration(seconds)}",
                        kept=seconds < SECONDS_BUDGET,
                    ),
                    budget(
                        f"{TILED_BUDGET} times or more ahead of the compiled tiled call:"
                        f" {ratio_cell(ahead)}",
                        kept=ahead.median >= TILED_BUDGET,
                    ),
                ]
            ),
        ),
        (results,),
    )
