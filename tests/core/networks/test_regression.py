"""The network of the 1-D example: trained from scratch, alike each time, and stoppable."""

from __future__ import annotations

import numpy as np
import pytest

from core.errors import InvalidInputError
from core.networks.regression import CurveNetwork

UPDATES = 100


@pytest.fixture(scope="module")
def network() -> CurveNetwork:
    return CurveNetwork(rate=0.2, seed=3)


def curve(slope: float, count: int = 20) -> tuple[np.ndarray, np.ndarray]:
    x = np.linspace(-1.5, 1.5, count)
    return x, slope * x


def answers(network: CurveNetwork) -> np.ndarray:
    return network.sampler.twin(np.linspace(-2.0, 2.0, 9)[:, None])[:, 0]


def test_training_fits_the_points(network):
    x, y = curve(-1.0)
    network.train(x, y, updates=UPDATES)
    fitted = network.sampler.twin(x[:, None])[:, 0]
    assert np.sqrt(np.mean((fitted - y) ** 2)) < 0.2


def test_training_again_gives_the_same_network_whatever_came_between(network):
    network.train(*curve(-1.0), updates=UPDATES)
    first = answers(network)
    network.train(*curve(2.0, count=3), updates=UPDATES)  # another number of points as well
    between = answers(network)
    network.train(*curve(-1.0), updates=UPDATES)
    np.testing.assert_allclose(answers(network), first, atol=1e-4)
    assert np.abs(between - first).max() > 0.5


def test_progress_tells_of_the_updates_and_can_end_them(network):
    network.train(*curve(-1.0), updates=UPDATES)
    whole, told = answers(network), []
    network.train(*curve(-1.0), lambda done, total: told.append((done, total)), UPDATES)
    assert told == [(0, UPDATES), (50, UPDATES), (100, UPDATES)]

    def stop(done: int, total: int) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        network.train(*curve(2.0), stop, UPDATES)
    assert network.lock.acquire(blocking=False)
    network.lock.release()
    network.train(*curve(-1.0), updates=UPDATES)
    np.testing.assert_allclose(answers(network), whole, atol=1e-4)


def test_sampler_has_two_dropout_layers_of_the_rate(network):
    assert [spec.rate for spec in network.sampler.plan.stochastic] == [0.2, 0.2]


@pytest.mark.parametrize("rate", [0.0, 1.0, -0.1, float("nan")])
def test_rate_outside_0_and_1_is_refused(rate):
    with pytest.raises(InvalidInputError, match="rate"):
        CurveNetwork(rate)
