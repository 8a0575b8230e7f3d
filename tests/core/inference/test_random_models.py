"""The sampler against plain Keras on random models: LABRADOR_RANDOM_MODELS says on how many."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from core.inference import McSampler
from tests.core.inference.chooser import CHOICES, Chooser
from tests.core.inference.describe import describe
from tests.core.inference.random_models import DROPOUTS, random_models
from tests.core.inference.reference import reference_samples, reference_twin
from tests.core.inference.tally import TALLY

MODELS = int(os.environ.get("LABRADOR_RANDOM_MODELS", "300"))
TOLERANCE = 1e-5


@dataclass(frozen=True, repr=False)
class Case:
    """A model, images and the arguments of a call."""

    model: keras.Model
    images: Any
    chunk_rows: int | None
    arguments: dict[str, Any]

    def __repr__(self) -> str:
        """All that a report of a difference needs."""
        shapes = [array.shape for array in keras.tree.flatten(self.images)]
        return f"{describe(self.model)}\n{shapes=} chunk_rows={self.chunk_rows} {self.arguments}"

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        """Hypothesis would show a dataclass by its fields."""
        printer.text(repr(self))

    @property
    def names(self) -> list[str]:
        """Of the dropout layers."""
        found = self.model._flatten_layers()
        return list(dict.fromkeys(layer.name for layer in found if isinstance(layer, DROPOUTS)))


@st.composite
def cases(draw: Callable[[Any], Any]) -> Case:
    """A random model with random arguments."""
    model = draw(random_models())
    choose = Chooser(draw(CHOICES))
    rng = np.random.default_rng(choose.whole(0, 255))
    num_images = choose.of([3, 2])
    images = [
        rng.normal(size=(num_images, *given.shape[1:])).astype(np.float32) for given in model.inputs
    ]
    arguments: dict[str, Any] = {
        "num_samples": choose.of([5, 4]),
        "seed": choose.whole(0, 255),
        "masks": choose.of(["shared", "independent"]),
    }
    if arguments["masks"] == "independent" and choose.yes(50):
        arguments["image_ids"] = [40, 2, 9][:num_images]
    case = Case(
        model, images if len(images) > 1 else images[0], choose.of([None, None, 4]), arguments
    )
    if choose.yes(25):
        # Never below the rates of all other layers: some layer has to stay active.
        arguments["rates"] = choose.of([0.35, {choose.of(case.names): 0.35}])
    return case


@settings(
    max_examples=MODELS,
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
)
@given(cases())
def compare(case: Case) -> None:
    """One model: samples, twin, weights."""
    model, images, arguments = case.model, case.images, case.arguments
    weights = model.get_weights()
    sampler = McSampler(model, chunk_rows=case.chunk_rows)
    ours = sampler.sample(images, **arguments).probs_tnc
    twin = sampler.twin(images)

    positions: dict[str, list[int]] = {}
    for spec in sampler.plan.stochastic:
        positions.setdefault(spec.name, []).append(spec.position)
    rates = arguments.get("rates", {})
    ids = None
    if arguments["masks"] == "independent":
        ids = arguments.get("image_ids", range(ours.shape[1]))
    theirs = reference_samples(
        model,
        images,
        arguments["num_samples"],
        arguments["seed"],
        rates if isinstance(rates, dict) else dict.fromkeys(case.names, rates),
        ids,
        positions,
    )
    assert ours.shape == theirs.shape
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=TOLERANCE)
    np.testing.assert_allclose(twin, reference_twin(model, images), rtol=0, atol=TOLERANCE)
    for now, then in zip(model.get_weights(), weights, strict=True):
        np.testing.assert_array_equal(now, then)
    difference = float(np.abs(ours - theirs).max())
    TALLY.add(model, sampler.plan, difference, float(np.ptp(theirs, axis=0).max()))


def test_samples_of_random_models_equal_plain_keras_under_the_same_masks():
    compare()
    assert TALLY.models >= MODELS
    # What was compared is not mostly models whose masks do not matter, or that run as they are.
    assert TALLY.moved > 0.8 * TALLY.models
    assert TALLY.rewritten > 0.03 * TALLY.models or MODELS < 100
