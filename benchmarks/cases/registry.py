"""The cases by name, in the order in which they are measured."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.cases.accelerator import accelerator
from benchmarks.cases.common import Setting
from benchmarks.cases.data_set import data_set
from benchmarks.cases.one_image import one_image
from benchmarks.cases.own import own
from benchmarks.cases.scaling import scaling
from benchmarks.cases.shapes import shapes
from benchmarks.cases.sweep import sweep
from benchmarks.section import Section

CASES: dict[str, Callable[[Setting], Section]] = {
    "one_image": one_image,
    "sweep": sweep,
    "data_set": data_set,
    "scaling": scaling,
    "shapes": shapes,
    "own": own,
    "accelerator": accelerator,
}
