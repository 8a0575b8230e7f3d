"""A policy's limits as a short text for links: `predictive_entropy:0.46,confidence:0.8`."""

from __future__ import annotations

import re

from ..errors import InvalidInputError
from .measures import MEASURES
from .policy import Policy

NO_LIMITS = "none"
_DIGITS = 6
_MAX_CHARACTERS = 400
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?(?:e-?[0-9]{1,3})?")


def policy_to_text(policy: Policy) -> str:
    """Return the limits, each to six significant digits, in the order of `MEASURES`.

    Name, network and provenance are left out. A policy without limits is `none`.
    """
    return (
        ",".join(f"{name}:{limit:.{_DIGITS}g}" for name, limit in policy.limits.items())
        or NO_LIMITS
    )


def policy_from_text(text: str, *, name: str = "From a link", num_classes: int = 10) -> Policy:
    """Return a policy with the limits of a link, for any network.

    Args:
        text: as `policy_to_text` makes it, in any order.
        name: of the policy.
        num_classes: C, which bounds the limits.

    Raises:
        InvalidInputError: another text, an unknown measure, a measure twice, or a limit out of
            its measure's range.
    """
    if text == NO_LIMITS:
        return Policy({}, name=name, num_classes=num_classes)
    limits: dict[str, float] = {}
    for part in text[: _MAX_CHARACTERS + 1].split(","):
        measure, _, number = part.partition(":")
        if (
            len(text) > _MAX_CHARACTERS
            or measure not in MEASURES
            or measure in limits
            or not _NUMBER.fullmatch(number)
        ):
            raise InvalidInputError(
                "policy",
                expected=f"limits as measure:number, each of {', '.join(MEASURES)} once at most",
                received=text,
            )
        limits[measure] = float(number)
    return Policy(limits, name=name, num_classes=num_classes)
