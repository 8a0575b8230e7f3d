"""Each layer's share of the disagreement: alone, left out, and without compiling anything anew."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

from core.errors import InvalidInputError, NoActiveDropoutError
from core.experiments.layer_shares import Estimate, layer_shares
from core.inference import McSampler, backend
from core.uncertainty.measures import mutual_information, mutual_information_standard_error

layers = keras.layers
PASSES = 120
NOTHING = Estimate(0.0, 0.0)


def sampler_of(*rates: float) -> McSampler:
    """A network with a dropout layer for each rate."""
    keras.utils.set_random_seed(2)
    stack: list[Any] = [keras.Input((6, 5, 1)), layers.Flatten()]
    for number, rate in enumerate(rates):
        stack += [layers.Dense(9, activation="tanh"), layers.Dropout(rate, name=f"drop{number}")]
    return McSampler(keras.Sequential([*stack, layers.Dense(3, activation="softmax")]))


@pytest.fixture
def image() -> np.ndarray:
    return np.random.default_rng(0).random((6, 5, 1), dtype=np.float32)


def estimate(sampler: McSampler, image: np.ndarray, rates: Any) -> Any:
    summary = sampler.summarise(image[None], PASSES, 3, rates)
    value, error = mutual_information(summary), mutual_information_standard_error(summary)
    return pytest.approx((float(value[0]), float(error[0])), rel=1e-4)


def pair(found: Estimate) -> tuple[float, float]:
    return found.value, found.error


def test_layers_are_on_alone_and_left_out(image):
    sampler = sampler_of(0.5, 0.2, 0.4)
    shares = layer_shares(sampler, image, num_samples=PASSES, seed=3)

    assert shares.layers == ("drop0", "drop1", "drop2") and shares.rates == (0.5, 0.2, 0.4)
    assert pair(shares.whole) == estimate(sampler, image, None)
    for number in range(3):
        off = {name: 0.0 for name in shares.layers if name != f"drop{number}"}
        assert pair(shares.alone[number]) == estimate(sampler, image, off)
        assert pair(shares.without[number]) == estimate(sampler, image, {f"drop{number}": 0.0})
        assert shares.alone[number].value > 0.0 and shares.alone[number].error > 0.0
    assert len({each.value for each in (*shares.alone, *shares.without, shares.whole)}) == 7


def test_rates_are_those_that_are_set(image):
    sampler = sampler_of(0.5, 0.2)
    shares = layer_shares(sampler, image, num_samples=PASSES, seed=3, rates={"drop1": 0.6})
    assert shares.rates == (0.5, 0.6)
    assert pair(shares.whole) == estimate(sampler, image, {"drop1": 0.6})
    assert pair(shares.alone[1]) == estimate(sampler, image, {"drop0": 0.0, "drop1": 0.6})
    assert layer_shares(sampler, image, num_samples=9, rates=0.1).rates == (0.1, 0.1)


def test_single_layer_is_the_whole_and_without_it_no_pass_differs(image):
    sampler = sampler_of(0.4)
    shares = layer_shares(sampler, image, num_samples=PASSES)
    assert shares.alone == (shares.whole,) and shares.without == (NOTHING,)
    assert sampler.passes_run == PASSES


def test_layer_at_rate_nought_makes_nothing_and_leaving_it_out_changes_nothing(image):
    sampler = sampler_of(0.5, 0.0, 0.3)
    shares = layer_shares(sampler, image, num_samples=PASSES)
    assert shares.alone[1] == NOTHING and shares.without[1] == shares.whole
    # Of two layers that are on, one alone is the other left out: three settings, not seven.
    assert shares.alone[0] == shares.without[2] and shares.alone[2] == shares.without[0]
    assert sampler.passes_run == 3 * PASSES


def test_layers_do_not_add_up(image):
    """Not by chance: more errors apart than any noise would make them."""
    shares = layer_shares(sampler_of(0.5, 0.5, 0.5), image, num_samples=3_000)
    total = sum(each.value for each in shares.alone)
    error = sum(each.error for each in (shares.whole, *shares.alone))  # at most, masks are shared
    assert abs(total - shares.whole.value) > 3 * error


def test_no_setting_is_compiled_anew(image, monkeypatch):
    traces: list[str] = []
    plain = backend.compile_function

    def counting(body: Any, variables: Any) -> Any:
        def traced(*arguments: Any) -> Any:
            traces.append(str(body))  # Python runs a body once for each trace
            return body(*arguments)

        return plain(traced, variables)

    monkeypatch.setattr("core.inference.compiled.compile_function", counting)
    sampler = sampler_of(0.5, 0.2, 0.4)
    sampler.summarise(image[None], PASSES)
    before = len(traces)
    layer_shares(sampler, image, num_samples=PASSES)
    layer_shares(sampler, image, num_samples=PASSES, seed=8, rates={"drop0": 0.9, "drop2": 0.0})
    assert before > 0 and len(traces) == before
    sampler.summarise(image[None], PASSES + 1)
    sampler.summarise(np.stack([image, image]), PASSES)
    assert len(traces) > before  # what would be seen


def test_bad_rates_are_refused(image):
    sampler = sampler_of(0.5, 0.2)
    with pytest.raises(NoActiveDropoutError, match="all passes would be the same"):
        layer_shares(sampler, image, rates=0.0)
    with pytest.raises(NoActiveDropoutError):
        layer_shares(sampler, image, rates={"drop0": 0, "drop1": 0})
    wrong: list[Any] = [1.0, float("nan"), "half", {"drop9": 0.5}, {"drop1": float("nan")}]
    for bad in wrong:
        with pytest.raises(InvalidInputError, match="rates"):
            layer_shares(sampler, image, rates=bad)
    assert sampler.passes_run == 0
