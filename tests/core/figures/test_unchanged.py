"""What the shipped network's pages are drawn from stays as it is, to the last key.

The hashes were taken before figures could show other classes than ten digits. Pictures are left
out: how they are packed depends on the machine.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

import numpy as np

from core.experiments.recipe import SweepRecipe
from core.experiments.sweep import SweepResult
from core.figures import class_histograms_spec, softmax_bars_spec, sweep_spec
from core.figures.animation import animation_document
from core.figures.overlay import Overlay
from core.figures.palette import LIGHT, TOKENS
from core.inference.samples import McSummary

STEPS, PASSES = 36, 50

AS_IT_WAS = {
    "histograms": "41d67b28e5a910c6f9428c387f63d7907118be9bb5aae14253d5165aace6e0b8",
    "histograms of a phone": "d8b97c0fe9d74b55beb7a88ee24a6f5c84977ec9c1f61c2299ba297086d20872",
    "bars": "f3ba53438aaa7778da2cfb6713affa62e79631cfd67549b3733b153950aca2e3",
    "sweeps": "02871a43756f93c4886a8409ef4a8d5e2d2f165288490bdf739a683b30d7c8b4",
    "sweeps of a phone": "a008a414bc568c4d9fcf5ae722e9692955081132403418596f03d9e12cc9eea5",
    "animations": "905db5f2d089a921ed08e21952a40b647595f821a948dce9b3e95702a29f1a08",
}


def digits(num_images: int) -> McSummary:
    """Ten classes, and a committee that moves from the last to the first."""
    place = np.linspace(9.0, 0.0, num_images)[:, None]
    wave = np.sin(np.arange(PASSES)[:, None, None] * (1.0 + np.arange(10.0)))
    scores = -((np.arange(10.0) - place) ** 2) / 4.0 + 1.5 * wave
    weights = np.exp(scores)
    return McSummary.from_samples(weights / weights.sum(axis=2, keepdims=True))


def sweep(kind: Any, *labels: int) -> SweepResult:
    pixels = (np.arange(2 * 784) % 251 / 250.0).astype(np.float32).reshape(2, 28, 28, 1)
    number = 2 if kind == "blending" else 1
    recipe = SweepRecipe(
        kind=kind,
        images=tuple(pixels[:number]),
        labels=labels,
        references=("mnist:5", "hand:4-2")[:number],
        num_steps=STEPS,
        num_samples=PASSES,
        network="mc",
    )
    summary = digits(STEPS)
    twin = summary.mean.astype(np.float32)
    images = np.repeat(pixels[:1], STEPS, axis=0)
    return SweepResult(recipe, images, summary, twin, "0" * 64, twin[::-1].copy())


def digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(without_pictures(value), sort_keys=True).encode()).hexdigest()


def without_pictures(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_pictures(each) for key, each in value.items() if key != "source"}
    if isinstance(value, list | tuple):
        return [without_pictures(each) for each in value]
    return "" if isinstance(value, str) and value.startswith("data:") else value


def histograms(*, compact: bool) -> list[Any]:
    return [
        class_histograms_spec(
            digits(5)[step], true_labels=true, palette=palette, compact=compact, total=total
        )
        for step in range(5)
        for true, palette, total in (((), TOKENS, None), ((3, 9), LIGHT, 1000))
    ]


def sweeps(*, compact: bool) -> list[Any]:
    limits = {"predictive_entropy": 0.4, "mutual_information": 0.3, "variation_ratio": 0.2}
    return [
        sweep_spec(
            each,
            selected=3,
            accepted=None if not limited else [step % 2 == 0 for step in range(STEPS)],
            limits=limited,
            threshold=0.5,
            overlays=(Overlay.of(each, "that"),),
            parts=parts,
            compact=compact,
        )
        for each in (sweep("rotation", 1), sweep("blending", 4, 1), sweep("noise"))
        for limited in ({}, limits)
        for parts in (False, True)
    ]


def test_everything_about_ten_digits_is_as_it_was() -> None:
    bars = [softmax_bars_spec(digits(3)[k], digits(3).mean[2 - k]) for k in range(3)]
    found = {
        "histograms": digest(histograms(compact=False)),
        "histograms of a phone": digest(histograms(compact=True)),
        "bars": digest(bars),
        "sweeps": digest(sweeps(compact=False)),
        "sweeps of a phone": digest(sweeps(compact=True)),
        "animations": digest(
            [animation_document(sweep(*each), LIGHT) for each in (("rotation", 1), ("noise",))]
        ),
    }
    assert found == AS_IT_WAS
