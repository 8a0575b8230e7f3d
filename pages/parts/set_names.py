"""What people call the reference sets."""

from __future__ import annotations

_TITLES = {
    "validation": "Validation {items}",
    "test": "Test {items}",
    "pen-digits": "Pen digits",
    "kmnist": "KMNIST characters",
    "strangers": "Your strangers",
}
_SHORT = {"pen-digits": "Pen digits", "kmnist": "KMNIST", "strangers": "Strangers"}
_ONE = {
    "validation": "Validation image",
    "test": "Test image",
    "pen-digits": "Pen digit",
    "kmnist": "KMNIST character",
    "strangers": "Stranger",
}
_TURNED = "rotated-"


def set_title(name: str, item: str = "digit") -> str:
    """Return a set's name in a menu: `Turned by 45°`.

    Args:
        name: of the set.
        item: what one of its images is called, as the scores say.
    """
    if is_turned(name):
        return f"Turned by {_degrees(name)}°"
    return _TITLES.get(name, "Nothing").format(items=f"{item}s")


def short_title(name: str) -> str:
    """Return a set's name beside a figure: `Turned 45°`."""
    return f"Turned {_degrees(name)}°" if is_turned(name) else _SHORT.get(name, set_title(name))


def one_of(name: str) -> str:
    """Return what one image of a set is called: `Test image`."""
    if is_turned(name):
        return f"Test image turned by {_degrees(name)}°,"
    return _ONE.get(name, "Image")


def is_set(name: str) -> bool:
    """Return whether a set can have this name."""
    return name in _TITLES or is_turned(name)


def is_turned(name: str) -> bool:
    """Return whether a set is of test digits that were turned."""
    return name.startswith(_TURNED) and name.removeprefix(_TURNED).isdecimal()


def _degrees(name: str) -> str:
    return name.removeprefix(_TURNED)
