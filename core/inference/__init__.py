"""A thousand passes: samples, masks, plan and sampler.

The sampler loads TensorFlow, so it is imported when it is first asked for: the data types,
the measures and the figures do without.
"""

from typing import TYPE_CHECKING, Any

from .adaptive import AdaptiveDecisions
from .samples import McSamples, McSummary

if TYPE_CHECKING:
    from .logits import twin_logits, twin_logits_or_logs
    from .plan import Plan
    from .sampler import McSampler

__all__ = [
    "AdaptiveDecisions",
    "McSampler",
    "McSamples",
    "McSummary",
    "Plan",
    "twin_logits",
    "twin_logits_or_logs",
]


def __getattr__(name: str) -> Any:
    if name == "McSampler":
        from .sampler import McSampler

        return McSampler
    if name == "Plan":
        from .plan import Plan

        return Plan
    if name in ("twin_logits", "twin_logits_or_logs"):
        from . import logits

        return getattr(logits, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
