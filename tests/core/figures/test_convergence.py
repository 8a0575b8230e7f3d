"""The figure of a measure over the passes."""

import math

import numpy as np
import pytest

from core.figures.convergence import convergence_figure, convergence_spec
from core.figures.palette import LIGHT
from core.inference import McSamples
from core.uncertainty import MEASURES, Policy
from core.uncertainty.convergence import convergence


def over_the_passes(name="predictive_entropy", passes=300):
    rng = np.random.default_rng(0)
    samples = McSamples(rng.dirichlet([9.0, 1.0, 0.5], (passes, 1)).astype(np.float32))
    return convergence(samples, name, Policy(num_classes=3))


@pytest.mark.parametrize("name", MEASURES)
def test_figure_shows_the_value_between_its_bands(name):
    one = over_the_passes(name)
    figure = convergence_figure(one)
    high, low, above, below, value = figure.data
    assert [trace.name for trace in (low, below)] == [
        "99% confidence sequence",
        "± Monte-Carlo standard error",
    ]
    np.testing.assert_allclose(value.y, one.value, atol=1e-5)
    np.testing.assert_allclose(high.y, one.high, atol=1e-5)
    np.testing.assert_allclose(low.y, one.low, atol=1e-5)
    np.testing.assert_allclose(above.y, (one.value + one.standard_error)[1:], atol=1e-5)
    np.testing.assert_allclose(below.y, (one.value - one.standard_error)[1:], atol=1e-5)
    assert value.x[-1] == 300 and value.line.color == LIGHT.ink
    assert figure.layout.xaxis.type == "log" and figure.layout.xaxis.title.text == "passes"
    assert figure.layout.yaxis.range[1] >= max(value.y)
    assert not figure.layout.shapes


def test_limit_and_settling_are_marked():
    spec = convergence_spec(over_the_passes(), limit=0.7, settled_after=64)
    limit, settled = spec["layout"]["shapes"]
    assert limit["y0"] == limit["y1"] == 0.7
    assert settled["x0"] == settled["x1"] == 64
    words = {each["text"]: each for each in spec["layout"]["annotations"]}
    assert set(words) == {"limit", "settled: 64"}
    assert words["settled: 64"]["x"] == pytest.approx(math.log10(64))  # as Plotly wants log axes
    assert spec["layout"]["yaxis"]["range"][1] > 0.7


def test_one_pass_is_a_figure_too():
    figure = convergence_figure(over_the_passes(passes=1), settled_after=0)
    assert list(figure.data[-1].x) == [1]
