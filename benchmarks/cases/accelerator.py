"""A test set on an accelerator, where there is one."""

from __future__ import annotations

from benchmarks.cases.common import NETWORK, PASSES, Setting
from benchmarks.contender import Contender
from benchmarks.contenders import keras_calls, our_sampler
from benchmarks.rounds import measure
from benchmarks.section import Section, paragraphs
from benchmarks.table import contender_table
from benchmarks.timing import Timing

TITLE = "10,000 images on an accelerator, 1,000 passes each"
_NUM_IMAGES = 10_000
_SAMPLED = 1_000

_SOME = {"network": NETWORK, "images": str(_SAMPLED), "passes": PASSES}
_SHARE = _SAMPLED / _NUM_IMAGES
CONTENDERS = (
    Contender("Keras, compiled tiled call", keras_calls.tiled_several, _SOME, share=_SHARE),
    Contender("sampler", our_sampler.summary, {**_SOME, "images": str(_NUM_IMAGES)}),
)


def accelerator(setting: Setting) -> Section:
    """Measure on the accelerator, or say that there is none."""
    if not setting.machine.has_accelerator:
        return Section(
            "accelerator",
            TITLE,
            f"No accelerator was found: TensorFlow computes on {setting.machine.device}. Where"
            " there is one, `python -m benchmarks --only accelerator --write` in the environment"
            " of `requirements-gpu.txt` puts the table here.",
        )
    results = measure(CONTENDERS, setting.fewer_rounds(5))
    sampler = results.of("sampler")
    return Section(
        "accelerator",
        TITLE,
        paragraphs(
            contender_table(results.timings, sampler, note=_note),
            f"The tiled call was measured on {_SAMPLED:,} images and scaled to {_NUM_IMAGES:,}. On"
            f" {setting.machine.device}.",
        ),
        (results,),
    )


def _note(timing: Timing) -> str:
    return "" if timing.name.startswith("sampler") else timing.note
