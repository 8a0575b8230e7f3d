"""The sampler: every pass's softmax, or the sums over them."""

from __future__ import annotations

from benchmarks.contender import Task
from benchmarks.contenders.keras_calls import load, network_named
from benchmarks.pictures import inputs_for, pictures

__all__ = ["load", "samples", "summary"]

_WARM_IMAGES = 100


def samples(network: str, images: str, passes: int) -> Task:
    """`McSampler.sample`: softmax samples, as the others hand them out."""
    from core.inference import McSampler

    model = network_named(network)
    sampler = McSampler(model)
    batch = inputs_for(model, images)
    return Task(lambda: sampler.sample(batch, passes), note=_in_short(sampler))


def summary(network: str, images: str, passes: int) -> Task:
    """`McSampler.summarise`: sums, votes and histograms instead of samples."""
    from core.inference import McSampler

    sampler = McSampler(network_named(network))
    batch = pictures(images)
    return Task(
        lambda: sampler.summarise(batch, passes),
        note=_in_short(sampler),
        warm_up=lambda: sampler.summarise(batch[:_WARM_IMAGES], passes),
    )


def _in_short(sampler: object) -> str:
    plan = sampler.plan  # type: ignore[attr-defined]
    return " ".join([f"Computed once: {', '.join(plan.once) or 'nothing'}.", *plan.notes])
