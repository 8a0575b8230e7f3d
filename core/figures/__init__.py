"""What is shown: the palette, how numbers read, and the Plotly figures."""

from .histograms import class_histograms_figure, class_histograms_spec
from .palette import DARK, LIGHT, PALETTE, TOKENS, Palette, themed
from .softmax_bars import softmax_bars_figure, softmax_bars_spec

__all__ = [
    "DARK",
    "LIGHT",
    "PALETTE",
    "TOKENS",
    "Palette",
    "class_histograms_figure",
    "class_histograms_spec",
    "softmax_bars_figure",
    "softmax_bars_spec",
    "themed",
]
