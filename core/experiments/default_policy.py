"""The policy that comes with a network: two limits, that together accept 95% of its digits."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ..errors import InvalidInputError
from ..networks.cards import require_network_name
from ..networks.zoo import DEFAULT_NETWORK, models_folder
from ..uncertainty import (
    MEASURES,
    Policy,
    Provenance,
    find_promise,
    load_policy,
    threshold_at_coverage,
)
from .reference_scores import ReferenceScores
from .set_scores import SetScores

DEFAULT_COVERAGE = 0.95
DEFAULT_MEASURES = ("predictive_entropy", "mutual_information")
_DECIMALS = 4  # of a limit, rounded to the side that accepts
_DATA = "the last 10,000 training images of MNIST, on which the network was not trained"


def policy_path(name: str = DEFAULT_NETWORK, folder: Path | None = None) -> Path:
    """Return where a network's default policy is kept.

    Raises:
        InvalidInputError: no network can have this name.
    """
    return (folder or models_folder()) / f"{require_network_name(name)}.policy.json"


def load_default_policy(name: str = DEFAULT_NETWORK, folder: Path | None = None) -> Policy | None:
    """Load the default policy of a network; None if it has none.

    Raises:
        InvalidInputError: no network can have this name.
        DamagedFileError: there is a file, and it is no policy.
    """
    try:
        return load_policy(policy_path(name, folder))
    except FileNotFoundError:
        return None


def limits_at_coverage(
    validation: SetScores,
    coverage: float = DEFAULT_COVERAGE,
    measures: Sequence[str] = DEFAULT_MEASURES,
    num_classes: int = 10,
) -> dict[str, float]:
    """Return limits that together accept at least this share, each as strict as the others.

    Each limit alone accepts one same share of the images, the lowest for which all of them
    together accept `coverage`.

    Args:
        validation: answers that the limits are fitted on.
        coverage: above 0, up to 1.
        measures: names of `MEASURES`, at least one.
        num_classes: C, which bounds the limits.

    Returns:
        By measure, rounded to four decimals to the side that accepts.

    Raises:
        InvalidInputError: no measure, an unknown one, or a coverage that cannot be.
    """
    if not measures:
        raise InvalidInputError("measures", expected="at least one measure", received="none")
    values = {name: validation.uncertainty(name) for name in measures}
    # Place of an image among all, ties included: the share that a limit at its value accepts.
    shares = np.stack(
        [np.searchsorted(np.sort(one), one, side="right") / len(one) for one in values.values()]
    )
    share = threshold_at_coverage(shares.max(axis=0), coverage)
    return {
        name: rounded_limit(name, threshold_at_coverage(one, share), num_classes)
        for name, one in values.items()
    }


def rounded_limit(measure: str, uncertainty: float, num_classes: int = 10) -> float:
    """Return a threshold of `SetScores.uncertainty` as a limit of a policy, in four decimals."""
    scale = 10.0**_DECIMALS
    if not MEASURES[measure].higher_is_less_certain:
        return max(math.floor(-uncertainty * scale) / scale, 0.0)
    return min(math.ceil(uncertainty * scale) / scale, MEASURES[measure].upper(num_classes))


def fit_default_policy(scores: ReferenceScores) -> Policy:
    """Fit the default policy on a network's validation images.

    Raises:
        InvalidInputError: they were not scored.
    """
    guarantee = "none for other data"
    if not scores.is_own:
        guarantee += "; docs/evaluation.md tells what came out there"
    return Policy(
        limits=limits_at_coverage(validation_of(scores), num_classes=scores.num_classes),
        name="95% of validation",
        model_sha256=scores.weights_sha256,
        provenance=Provenance(
            data=data_of(scores),
            target=(
                "limits on predictive entropy and mutual information, each as strict as the other,"
                f" that together accept 95% of these {scores.item}s"
            ),
            guarantee=guarantee,
        ),
        num_classes=scores.num_classes,
    )


def fit_promise(
    scores: ReferenceScores,
    *,
    target: float,
    confidence: float = 0.95,
    measure: str = "predictive_entropy",
) -> Policy | None:
    """Fit a policy of one limit that promises a risk; None where that is not possible.

    Args:
        scores: of the network.
        target: of the share of wrong answers among the accepted, above 0, below 1.
        confidence: that it is kept, above 0, below 1.
        measure: a name of `MEASURES`.

    Raises:
        InvalidInputError: validation was not scored, or a value is out of its range.
    """
    validation = validation_of(scores)
    found = find_promise(
        validation.uncertainty(measure), ~validation.right, target, confidence=confidence
    )
    if found is None:
        return None
    # Not rounded: the promise is of this threshold. The file's float32 is kept as it is.
    value = found.threshold if MEASURES[measure].higher_is_less_certain else -found.threshold
    return Policy(
        limits={measure: value},
        name=f"Promise {100 * target:g}%",
        model_sha256=scores.weights_sha256,
        provenance=Provenance(
            data=data_of(scores),
            target=f"at most {100 * target:g}% wrong among the accepted",
            guarantee=(
                f"with {100 * confidence:g}% confidence, on {scores.item}s like those it was fitted"
                f" on; none for other {'rows' if scores.item == 'row' else 'images'}"
            ),
        ),
        num_classes=scores.num_classes,
    )


def data_of(scores: ReferenceScores) -> str:
    """Return in words what limits are fitted on, for a policy's provenance."""
    if not scores.is_own:
        return _DATA
    return (
        f"{validation_of(scores).num_images:,} labelled {scores.item}s that the network's owner"
        " gave: the half that limits are fitted on"
    )


def validation_of(scores: ReferenceScores) -> SetScores:
    """Return the answers to the validation images.

    Raises:
        InvalidInputError: they were not scored.
    """
    if "validation" not in scores.sets:
        raise InvalidInputError(
            "reference scores",
            expected="those of validation images",
            received=", ".join(scores.sets),
            advice=""
            if scores.is_own
            else f"Run `python -m core score --network {scores.network}`.",
        )
    return scores.sets["validation"]
