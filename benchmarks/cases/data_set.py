"""A whole test set of 10,000 images, a thousand passes each."""

from __future__ import annotations

from benchmarks.cases.common import NETWORK, PASSES, Setting, budget
from benchmarks.contender import Contender
from benchmarks.contenders import keras_calls, our_sampler, torch_calls
from benchmarks.rounds import measure
from benchmarks.section import Section, left_out_sentences, paragraphs
from benchmarks.table import contender_table, duration
from benchmarks.timing import Timing

TITLE = "10,000 images, 1,000 passes each"
SECONDS_BUDGET = 150.0
BYTES_BUDGET = 1.5 * 10**9
NUM_IMAGES = 10_000
SAMPLED = 50

_TORCH = {"images": str(SAMPLED), "passes": PASSES}
_KERAS = {"network": NETWORK, **_TORCH}
_SHARE = SAMPLED / NUM_IMAGES
SOME = (
    Contender("Keras, compiled tiled call", keras_calls.tiled, _KERAS, share=_SHARE),
    Contender(
        "Keras, compiled tiled call in chunks", keras_calls.tiled_in_chunks, _KERAS, share=_SHARE
    ),
    Contender("PyTorch, tiled in one batch", torch_calls.tiled, _TORCH, share=_SHARE),
    Contender("PyTorch, tiled in chunks", torch_calls.tiled_in_chunks, _TORCH, share=_SHARE),
    Contender("sampler, summaries", our_sampler.summary, _KERAS, share=_SHARE),
)
ALL = Contender(
    "sampler, all 10,000 images",
    our_sampler.summary,
    {"network": NETWORK, "images": str(NUM_IMAGES), "passes": PASSES},
)


def data_set(setting: Setting) -> Section:
    """Measure some images with everyone, and all with the sampler, once."""
    some = measure(SOME, setting.fewer_rounds(5))
    sampler = some.of("sampler, summaries")
    whole = measure([ALL], 1)
    (all_of_it,) = whole.timings
    seconds = all_of_it.spread.median
    return Section(
        "data_set",
        TITLE,
        paragraphs(
            contender_table(some.timings, sampler, note=_note),
            f"Measured on {SAMPLED} images and scaled to {NUM_IMAGES:,}. The sampler was also run"
            f" on all of them, once: {duration(seconds)}, and {all_of_it.peak / 10**9:.2f} GB"
            " resident at most.",
            left_out_sentences(some),
            "\n".join(
                [
                    budget(
                        f"under {SECONDS_BUDGET:.0f} s: {duration(seconds)}",
                        kept=seconds < SECONDS_BUDGET,
                    ),
                    budget(
                        f"under {BYTES_BUDGET / 10**9} GB: {all_of_it.peak / 10**9:.2f} GB",
                        kept=all_of_it.peak < BYTES_BUDGET,
                    ),
                ]
            ),
        ),
        (some, whole),
    )


def _note(timing: Timing) -> str:
    return "" if timing.name.startswith("sampler") else timing.note
