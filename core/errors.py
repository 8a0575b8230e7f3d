"""The errors that Labrador raises at its boundaries.

Each message is one short paragraph a person can act on: the argument, what was expected,
what came and what to do. Pages show it as it is.
"""

from __future__ import annotations

_LONGEST_SHOWN = 120


class LabradorError(Exception):
    """Base of all errors that Labrador raises on purpose."""


class InvalidInputError(LabradorError, ValueError):
    """An argument, an upload or a link that cannot be used.

    Args:
        argument: name of what was wrong, as the caller knows it.
        expected: what would have been right, a noun phrase.
        received: what came, shown shortened.
        advice: what to do about it, a whole sentence; may be empty.
    """

    def __init__(self, argument: str, *, expected: str, received: object, advice: str = "") -> None:
        self.argument = argument
        self.expected = expected
        self.received = shorten(received)
        self.advice = advice
        message = (
            f"Invalid value for {argument}. Expected {expected}. Received: {self.received}."
            f" {advice}"
        )
        super().__init__(message.strip())


class MissingDataError(LabradorError, FileNotFoundError):
    """Data that Labrador needs is not on this machine; the message says how to get it."""


class DamagedFileError(LabradorError):
    """A file is there but is not what it was when it was written."""


class NoActiveDropoutError(InvalidInputError):
    """A model without a single active dropout layer: every pass would be the same."""


class UnsupportedLayerError(InvalidInputError):
    """A layer that the sampler cannot make stochastic, and would otherwise leave silently off."""


def shorten(value: object) -> str:
    """Return `repr(value)`, strings without quotes, cut to a readable length."""
    text = value if isinstance(value, str) else repr(value)
    text = " ".join(text.split())
    if len(text) > _LONGEST_SHOWN:
        text = f"{text[: _LONGEST_SHOWN - 1]}…"
    return text or "nothing"
