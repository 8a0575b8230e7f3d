"""Made-up looks inside a committee, of which it is known what there is to find."""

from __future__ import annotations

import numpy as np

from core.experiments.inside import Inside
from core.inference import McSamples
from core.inference.dropped import DroppedUnits

MASKED = ("conv1", "dense1")
PASSES = 400


def made_up(*, matters: bool, seed: int = 0, passes: int = PASSES) -> Inside:
    """Passes over three classes; 5 maps of 4 by 6 and 7 units, each dropped half of the time.

    Where it matters, a pass that dropped map 2 gives class 0 some 0.4 less and class 1 as much
    more, and one that dropped unit 3 gives class 0 some 0.2 more.
    """
    rng = np.random.default_rng(seed)
    maps, units = rng.random((passes, 5)) < 0.5, rng.random((passes, 7)) < 0.5
    first = 0.5 + 0.02 * rng.standard_normal(passes)
    if matters:
        first += 0.2 * (~maps[:, 2]) - 0.2 * maps[:, 2] + 0.2 * units[:, 3] - 0.1
    first = np.clip(first, 0.02, 0.9)
    probs = np.stack([first, 0.95 - first, np.full(passes, 0.05)], axis=1)
    return Inside(
        McSamples(probs[:, None].astype(np.float32)),
        (
            DroppedUnits("dropout1", "SpatialDropout2D", 0.5, (1, 1, 5), maps, 0),
            DroppedUnits("dropout2", "Dropout", 0.5, (7,), units, 1),
        ),
        (
            rng.random((4, 6, 5), dtype=np.float32),
            np.arange(7, dtype=np.float32) - 2.0,
        ),
    )


def in_parts(seed: int = 0) -> Inside:
    """As where it matters, but each of the 3 by 4 places of 2 maps is dropped on its own."""
    rng = np.random.default_rng(seed)
    places = rng.random((PASSES, 3, 4, 2)) < 0.3
    share = places[..., 1].mean(axis=(1, 2))
    first = np.clip(0.8 - share + 0.01 * rng.standard_normal(PASSES), 0.01, 0.99)
    probs = np.stack([first, 1.0 - first], axis=1)[:, None].astype(np.float32)
    dropped = DroppedUnits("dropout", "Dropout", 0.3, (3, 4, 2), places.reshape(PASSES, -1), 0)
    return Inside(McSamples(probs), (dropped,), (rng.random((3, 4, 2), dtype=np.float32),))
