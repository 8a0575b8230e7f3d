"""What is shown: the palette, how numbers read, and the Plotly figures."""

from .histograms import class_histograms_figure, class_histograms_spec
from .palette import DARK, LIGHT, PALETTE, TOKENS, Palette, themed
from .softmax_bars import softmax_bars_figure, softmax_bars_spec
from .sweep import sweep_figure, sweep_spec
from .thumbnails import data_uri

__all__ = [
    "DARK",
    "LIGHT",
    "PALETTE",
    "TOKENS",
    "Palette",
    "class_histograms_figure",
    "class_histograms_spec",
    "data_uri",
    "softmax_bars_figure",
    "softmax_bars_spec",
    "sweep_figure",
    "sweep_spec",
    "themed",
]
