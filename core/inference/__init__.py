"""A thousand passes: samples, masks, plan, sampler and regressor.

The sampler loads TensorFlow, so it is imported when it is first asked for: the data types,
the measures and the figures do without.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .adaptive import AdaptiveDecisions
from .dropped import DroppedUnits
from .regression_samples import RegressionSamples, RegressionSummary
from .samples import McSamples, McSummary

if TYPE_CHECKING:
    from .features import twin_features
    from .logits import twin_logits, twin_logits_or_logs
    from .plan import Plan
    from .regressor import McRegressor
    from .sampler import McSampler

_LATER = {
    "McRegressor": "regressor",
    "McSampler": "sampler",
    "Plan": "plan",
    "twin_features": "features",
    "twin_logits": "logits",
    "twin_logits_or_logs": "logits",
}

__all__ = [
    "AdaptiveDecisions",
    "DroppedUnits",
    "McRegressor",
    "McSampler",
    "McSamples",
    "McSummary",
    "Plan",
    "RegressionSamples",
    "RegressionSummary",
    "twin_features",
    "twin_logits",
    "twin_logits_or_logs",
]


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_LATER[name]}", __name__), name)
