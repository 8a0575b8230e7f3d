"""Networks as people bring them: the plan that the sampler chooses, and what it saves."""

from __future__ import annotations

from benchmarks.cases.common import Setting
from benchmarks.cases.shapes import compare
from benchmarks.own_models import OWN_MODELS
from benchmarks.section import Section

TITLE = "Networks as people bring them, one input, 1,000 passes"


def own(setting: Setting) -> Section:
    """Measure every such network beside the compiled tiled call, all in one batch or in chunks."""
    titles = {name: model.title for name, model in OWN_MODELS.items()}
    return compare("own", TITLE, titles, setting)
