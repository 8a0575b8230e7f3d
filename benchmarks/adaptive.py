"""Adaptive passes over MNIST's test set, beside 1,000 passes of every image, in one run.

    python -m benchmarks.adaptive [--images 10000] [--error 0.01]

The policy is one limit on predictive entropy that accepts 95% of the validation digits.
"""

from __future__ import annotations

import argparse
import os
import resource
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np

from core.experiments.reference_data import load_reference_data
from core.experiments.reference_scores import load_reference
from core.experiments.scoring import score
from core.inference import McSampler
from core.networks import describe_device, load_network
from core.uncertainty import Policy, threshold_at_coverage

PASSES = 1000
COVERAGE = 0.95


def main() -> int:
    """Decide, score and compare."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=int, default=10_000)
    parser.add_argument("--error", type=float, default=0.01)
    arguments = parser.parse_args()
    data = load_reference_data("test", arguments.images)
    images = data.images.astype(np.float32) / np.float32(255.0)
    validation = load_reference().sets["validation"]
    limit = threshold_at_coverage(validation.uncertainty("predictive_entropy"), COVERAGE)
    policy = Policy({"predictive_entropy": limit})
    sampler = McSampler(load_network("mc").model)
    sampler.decide(images[:200], policy, PASSES, arguments.error)  # compiles
    sampler.summarise(images[:100], PASSES)
    print(f"{describe_device()}, {len(images):,} images, entropy limit {limit:.4f} nats")

    before = _clocks()
    adaptive = sampler.decide(images, policy, PASSES, arguments.error)
    after = _clocks()
    _say("adaptive passes", before, after)
    before = _clocks()
    full = score(sampler, images, num_samples=PASSES)
    end = _clocks()
    _say(f"{PASSES:,} passes each", before, end)

    accepted = policy.decide_values(full.measures)
    same = (accepted == adaptive.accepted) & (full.predicted == adaptive.predicted)
    spread = np.percentile(adaptive.num_samples, (5, 50, 75, 90, 95))
    print(f"same decision and class: {same.mean():.3%}, {np.sum(~same)} differ")
    print(f"accepted: {adaptive.accepted.mean():.2%}, of {PASSES:,} passes {accepted.mean():.2%}")
    print(f"settled: {adaptive.settled.mean():.2%}")
    print(
        f"passes of an image: mean {adaptive.num_samples.mean():.0f}, percentiles 5, 50, 75, 90,"
        f" 95: {', '.join(f'{one:.0f}' for one in spread)}"
    )
    return 0


def _clocks() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def _say(name: str, before: tuple[float, float], after: tuple[float, float]) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    seconds, processor = (b - a for a, b in zip(before, after, strict=True))
    print(f"{name:20} {seconds:6.1f} s, of processors {processor:6.1f} s, peak {peak:.2f} GiB")


if __name__ == "__main__":
    raise SystemExit(main())
