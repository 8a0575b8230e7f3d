"""What is shown: the palette, how numbers read, and the Plotly figures.

Figures are loaded when they are first used: the palette and the numbers, which every page needs
at once, do not wait for Plotly, Pillow and SciPy.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .palette import DARK, LIGHT, PALETTE, TOKENS, Palette, themed

if TYPE_CHECKING:
    from .animation import animation_html
    from .gif import post_gif
    from .histograms import class_histograms_figure, class_histograms_spec
    from .overlay import Overlay
    from .softmax_bars import softmax_bars_figure, softmax_bars_spec
    from .study import study_figure, study_spec
    from .study_text import study_sentence
    from .sweep import sweep_figure, sweep_spec
    from .thumbnails import data_uri

_LATER = {
    "Overlay": "overlay",
    "animation_html": "animation",
    "class_histograms_figure": "histograms",
    "class_histograms_spec": "histograms",
    "data_uri": "thumbnails",
    "post_gif": "gif",
    "softmax_bars_figure": "softmax_bars",
    "softmax_bars_spec": "softmax_bars",
    "study_figure": "study",
    "study_sentence": "study_text",
    "study_spec": "study",
    "sweep_figure": "sweep",
    "sweep_spec": "sweep",
}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_LATER[name]}", __name__), name)


__all__ = [
    "DARK",
    "LIGHT",
    "PALETTE",
    "TOKENS",
    "Overlay",
    "Palette",
    "animation_html",
    "class_histograms_figure",
    "class_histograms_spec",
    "data_uri",
    "post_gif",
    "softmax_bars_figure",
    "softmax_bars_spec",
    "study_figure",
    "study_sentence",
    "study_spec",
    "sweep_figure",
    "sweep_spec",
    "themed",
]
