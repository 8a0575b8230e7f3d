"""How the figures of the zoo are spoken of: in a sentence, and as numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from .zoo_table import ZOO_FIGURES

IN_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "accuracy": "accuracy",
        "nll": "NLL",
        "nll_scaled": "NLL after scaling",
        "ece": "ECE",
        "ece_scaled": "ECE after scaling",
        "aurc": "AURC",
        "auroc": "AUROC to KMNIST",
        "false_accepts": "false accepts of turned digits",
    }
)
# What a number of each is multiplied by, its decimals, and what follows it.
_FORMS: Mapping[str, tuple[float, int, str]] = MappingProxyType(
    {
        "accuracy": (100.0, 2, "%"),
        "nll": (1.0, 4, ""),
        "nll_scaled": (1.0, 4, ""),
        "ece": (100.0, 2, "%"),
        "ece_scaled": (100.0, 2, "%"),
        "aurc": (1000.0, 3, " per 1,000"),
        "auroc": (1.0, 4, ""),
        "false_accepts": (100.0, 2, "%"),
    }
)


def value_text(figure: str, value: float, *, unit: bool = True) -> str:
    """Return a figure's value as it is read: `99.13%`, `0.165 per 1,000`, `0.9884`.

    Args:
        figure: a name of `ZOO_FIGURES`.
        value: of it.
        unit: whether to say what the number counts.
    """
    scale, decimals, after = _FORMS[figure]
    return f"{scale * value:.{decimals}f}{after if unit else ''}"


def pair_text(figure: str, first: float, second: float) -> str:
    """Return two values of a figure: `99.34% against 99.13%`, `0.17 against 0.14 per 1,000`."""
    is_word = _FORMS[figure][2].startswith(" ")
    ours = value_text(figure, first, unit=not is_word)
    return f"{ours} against {value_text(figure, second)}"


def difference_text(figure: str, value: float) -> str:
    """Return a difference of a figure with its sign and without its unit: `+0.21`, `−0.0112`."""
    scale, decimals, _ = _FORMS[figure]
    return f"{scale * value:+z.{decimals}f}".replace("-", "−")


def scaled(figure: str, value: float) -> float:
    """Return a figure's value in what `figure_head` says that it is counted in."""
    return _FORMS[figure][0] * value


def figure_head(figure: str) -> str:
    """Return a figure's label with what its numbers count: `AURC, per 1,000`, `Accuracy, %`."""
    after = _FORMS[figure][2].strip()
    return f"{ZOO_FIGURES[figure].label}, {after}" if after else ZOO_FIGURES[figure].label


def listed(words: Sequence[str]) -> str:
    """Return words as a list in a sentence: `a, b and c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def milliseconds_text(milliseconds: float) -> str:
    """Return a time with two significant digits or more: `0.34 ms`, `4.1 ms`, `120 ms`."""
    decimals = 2 if milliseconds < 1.0 else 1 if milliseconds < 10.0 else 0
    return f"{milliseconds:.{decimals}f} ms"
