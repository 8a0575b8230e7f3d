"""What a network tells apart: its classes by name, and what one of them is called."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..errors import InvalidInputError
from ..limits import MAX_CLASS_NAME

_VOWELS = frozenset("aeiouAEIOU")


@dataclass(frozen=True, slots=True)
class Classes:
    """The C classes of a network.

    Names come from people, so they can be anything on one line: whoever shows one escapes it.

    Attributes:
        names: one for each class, in the order of the softmax.
        noun: what one of them is, as in "which digit it is".

    Raises:
        InvalidInputError: fewer than two names, one twice, or one that is no short line of text.
    """

    names: tuple[str, ...]
    noun: str = "class"

    def __post_init__(self) -> None:
        names: Any = self.names
        if not isinstance(names, tuple) or len(names) < 2:
            raise InvalidInputError(
                "class names", expected="two names or more, one for each class", received=names
            )
        for name in names:
            if not (
                isinstance(name, str)
                and name.strip()
                and name.isprintable()
                and len(name) <= MAX_CLASS_NAME
            ):
                raise InvalidInputError(
                    "class names",
                    expected=f"names on one line, of at most {MAX_CLASS_NAME} characters",
                    received=name,
                )
        if len(set(names)) != len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise InvalidInputError(
                "class names", expected="another name for each class", received=f"{twice} twice"
            )

    @classmethod
    def numbered(cls, num_classes: int) -> Classes:
        """Return classes that are called by their numbers."""
        return cls(tuple(map(str, range(num_classes))))

    def __len__(self) -> int:
        return len(self.names)

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    @property
    def plural(self) -> str:
        """The noun for several: "digits", "classes"."""
        return f"{self.noun}{'es' if self.noun.endswith('s') else 's'}"

    @property
    def quoted(self) -> tuple[str, ...]:
        """All names as they stand among words: "3", of other classes than digits "“shoe”"."""
        return self.names if self.noun == "digit" else tuple(f"“{name}”" for name in self.names)

    def one(self, index: int) -> str:
        """Return a class in a sentence: "a 3", "an 8"; of other classes than digits "“shoe”"."""
        name = self.names[index]
        return with_article(name) if self.noun == "digit" else f"“{name}”"


def with_article(name: str) -> str:
    """Return a name behind "a" or "an"; one in quotation marks as it is."""
    if name.startswith("“"):
        return name
    # By sound: an eight, an eleven, an eighteen.
    an = name[:1] in _VOWELS or name.startswith("8") or name in ("11", "18")
    return f"{'an' if an else 'a'} {name}"


DIGITS = Classes(tuple("0123456789"), "digit")
