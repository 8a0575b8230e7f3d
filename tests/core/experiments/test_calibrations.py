from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from core.errors import InvalidInputError
from core.experiments.calibrations import calibrate
from core.experiments.comparisons import find
from tests.core.experiments.evaluations import made_set, twins


def test_temperature_comes_from_validation_and_improves_a_distorted_softmax() -> None:
    validation, test = (made_set(name, 400, sharpness=3.0) for name in ("validation", "test"))
    # Half the logits: too modest, and a temperature of about a half mends it.
    halved = []
    for one in (validation, test):
        assert one.log_mean is not None
        logs = 0.5 * one.log_mean.astype(np.float64)
        logs -= np.log(np.exp(logs).sum(axis=1, keepdims=True))
        halved.append(dataclasses.replace(one, log_mean=logs.astype(np.float16)))
    plain, _ = calibrate(validation, test, 10)

    made, compared = calibrate(halved[0], halved[1], 10)

    assert [(each.who, each.temperature is None) for each in made] == [
        ("committee", True),
        ("twin", True),
        ("committee", False),
        ("twin", False),
    ]
    before, _, after, _ = made
    assert after.nll < before.nll and after.brier < before.brier
    assert after.ece.value < before.ece.value
    assert after.temperature is not None and plain[2].temperature is not None
    assert after.temperature == pytest.approx(0.5 * plain[2].temperature, rel=0.02)
    assert after.nll == pytest.approx(plain[2].nll, abs=1e-3)
    assert find(compared, "nll_scaled", "test").committee == pytest.approx(after.nll)
    assert find(compared, "brier", "test").committee == pytest.approx(before.brier)


def test_same_probabilities_are_calibrated_alike() -> None:
    sets = [twins(made_set(name)) for name in ("validation", "test")]

    (one, two, three, four), compared = calibrate(sets[0], sets[1], 10)

    assert one.nll == two.nll and three.temperature == four.temperature
    assert all(row.difference.value == 0.0 and row.better == "neither" for row in compared)


def test_set_without_distributions_is_refused() -> None:
    bare = dataclasses.replace(made_set("test"), twin_log_softmax=None)

    with pytest.raises(InvalidInputError, match="distributions of test"):
        calibrate(made_set("validation"), bare, 5)
