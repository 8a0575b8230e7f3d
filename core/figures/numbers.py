"""How numbers read: one place for decimals, so that figures and sentences agree."""

from __future__ import annotations

_NONE = 0.0005  # a share below it is as good as none
_LITTLE = 0.01


def share(value: float) -> str:
    """A share or a softmax in words, one decimal: `94.8%`."""
    return f"{100.0 * value:z.1f}%"  # z: a rounded -0.0 would read as a mistake


def short_share(value: float) -> str:
    """A share where there is little room: `95%`, `<1%`, and `0%` only if under 0.05%."""
    if value < _NONE:
        return "0%"
    if value < _LITTLE:
        return "<1%"
    return f"{100.0 * value:.0f}%"


def softmax(value: float) -> str:
    """A softmax beside a softmax axis, where nothing is in %: `0.79`."""
    return f"{value:z.2f}"


def entropy(value: float) -> str:
    """An entropy or mutual information in nats, the unit said elsewhere: `0.25`."""
    return f"{value:z.2f}"


def variance(value: float) -> str:
    """A variance: `0.013`."""
    return f"{value:z.3f}"


def count(value: int) -> str:
    """Passes and other counts: `1,000`."""
    return f"{value:,}"


def passes(value: int) -> str:
    """A number of passes: `1,000 passes`, `1 pass`."""
    return f"{count(value)} pass{'es' if value != 1 else ''}"


def some_of(part: int, whole: int) -> str:
    """A few of a few: `14 of 36`."""
    return f"{count(part)} of {count(whole)}"


def risk(value: float) -> str:
    """A rate of mistakes where it is decided upon, two decimals below ten percent: `0.11%`."""
    return f"{100.0 * value:.{1 if value >= 0.1 else 2}f}%"


def per_thousand(value: float) -> str:
    """A rate as how many of a thousand, one decimal: `1.1`, and `<0.1` for what is not none."""
    text = f"{1000.0 * value:.1f}"
    return "<0.1" if value > 0.0 and text == "0.0" else text


def angle(degrees: float) -> str:
    """An angle: `90°`, `7.5°`, `−30°`."""
    return f"{_trimmed(degrees, 1)}°".replace("-", "−")


def weight(alpha: float) -> str:
    """A blending weight without needless zeros: `0.5`, `0.37`."""
    return _trimmed(alpha, 2)


def pixels(value: float) -> str:
    """A share of the pixels: `30%`, `7.5%`."""
    return f"{_trimmed(100.0 * value, 1)}%"


def _trimmed(value: float, decimals: int) -> str:
    text = f"{value:z.{decimals}f}"
    return text.rstrip("0").rstrip(".")
