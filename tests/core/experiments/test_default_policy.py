from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from core.errors import DamagedFileError, InvalidInputError
from core.experiments.default_policy import (
    fit_default_policy,
    fit_promise,
    limits_at_coverage,
    load_default_policy,
    policy_path,
    rounded_limit,
)
from core.experiments.reference_scores import load_reference
from core.networks import load_card
from core.uncertainty import MEASURES, Policy, find_promise, save_policy
from tests.core.experiments.evaluations import made_scores, made_set


def test_two_limits_together_accept_the_share_and_are_as_strict_as_each_other() -> None:
    rng = np.random.default_rng(0)
    one = made_set("validation", 2_000)
    # Two measures that go their own ways, so that both limits bite.
    values = {
        **one.measures,
        "predictive_entropy": rng.random(2_000).astype(np.float32),
        "mutual_information": (0.5 * rng.random(2_000)).astype(np.float32),
    }
    one = dataclasses.replace(one, measures=values)

    limits = limits_at_coverage(one, 0.9)

    accepted = Policy(limits).decide_values(one.measures)
    assert 0.9 <= accepted.mean() < 0.905
    alone = [
        Policy({name: limit}).decide_values(one.measures).mean() for name, limit in limits.items()
    ]
    assert alone[0] == pytest.approx(alone[1], abs=0.002)
    assert alone[0] == pytest.approx(np.sqrt(0.9), abs=0.01)  # independent: shares multiply


def test_one_limit_is_the_threshold_at_that_coverage() -> None:
    one = made_set("validation", 1_000)
    for measure in ("predictive_entropy", "confidence"):
        limits = limits_at_coverage(one, 0.8, [measure])
        accepted = Policy(limits).decide_values(one.measures)
        assert list(limits) == [measure] and 0.8 <= accepted.mean() < 0.805


def test_limit_is_rounded_to_the_side_that_accepts() -> None:
    assert rounded_limit("variance", 0.12341) == 0.1235
    assert rounded_limit("confidence", -0.98765) == 0.9876
    assert rounded_limit("confidence", -0.00001) == 0.0
    upper = MEASURES["predictive_entropy"].upper(10)
    assert rounded_limit("predictive_entropy", upper) == upper


def test_no_measure_and_no_validation_are_refused() -> None:
    scores = made_scores()
    with pytest.raises(InvalidInputError, match="at least one measure"):
        limits_at_coverage(scores.sets["validation"], 0.9, [])
    with pytest.raises(InvalidInputError, match="coverage"):
        limits_at_coverage(scores.sets["validation"], 1.5)
    without = dataclasses.replace(scores, sets={"test": scores.sets["test"]})
    with pytest.raises(InvalidInputError, match="python -m core score"):
        fit_default_policy(without)


def test_promise_is_that_of_find_promise_or_none() -> None:
    scores = made_scores(800)
    validation = scores.sets["validation"]
    found = find_promise(validation.uncertainty("variance"), ~validation.right, 0.1)
    assert found is not None

    policy = fit_promise(scores, target=0.1, measure="variance")

    assert policy is not None and policy.limits == {"variance": found.threshold}
    assert policy.name == "Promise 10%" and policy.model_sha256 == scores.weights_sha256
    assert "95% confidence" in policy.provenance.guarantee
    lower = fit_promise(scores, target=0.1, measure="confidence")
    assert lower is not None and 0.0 < lower.limits["confidence"] < 1.0
    assert fit_promise(made_scores(20), target=0.001) is None


def test_shipped_policy_is_what_the_validation_images_give() -> None:
    shipped = load_default_policy()

    assert shipped is not None and shipped == fit_default_policy(load_reference())
    assert shipped.fits(load_card().weights_sha256)
    validation = load_reference().sets["validation"]
    assert 0.95 <= shipped.decide_values(validation.measures).mean() < 0.951


def test_network_without_a_policy_has_none_and_a_damaged_one_is_told(tmp_path: Path) -> None:
    assert load_default_policy("mc", tmp_path) is None
    save_policy(Policy({"variance": 0.1}), policy_path("mc", tmp_path))
    loaded = load_default_policy("mc", tmp_path)
    assert loaded is not None and loaded.limits == {"variance": 0.1}

    policy_path("mc", tmp_path).write_text("{}")
    with pytest.raises(DamagedFileError, match=r"mc\.policy\.json"):
        load_default_policy("mc", tmp_path)
    with pytest.raises(InvalidInputError, match="network"):
        load_default_policy("../mc", tmp_path)
