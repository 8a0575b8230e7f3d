"""The plan of the zoo: which networks are compared, and what each of them is there to show."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# What each differs in from the first.
VARIES: Mapping[str, str] = MappingProxyType(
    {
        "mc": "",
        "rate-01": "rate",
        "rate-03": "rate",
        "tanh": "activation",
        "elu": "activation",
        "element": "dropout",
        "block": "dropout",
        "plain": "yardstick",
    }
)
ZOO_NETWORKS = tuple(VARIES)
ENSEMBLE_MEMBERS = ("plain", "plain-1", "plain-2", "plain-3", "plain-4")
SHIPPED_NETWORKS = (*ZOO_NETWORKS, *ENSEMBLE_MEMBERS[1:])
