"""What a sweep takes, and what it takes to bring it home as animation, table and file.

    python -m benchmarks.experiments [--rounds 9]

36 steps of the built-in handwriting, 1,000 passes each.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

from core.experiments import SweepRecipe, SweepResult, run_sweep
from core.experiments.sweep_file import sweep_bytes
from core.experiments.sweep_table import sweep_csv
from core.figures import animation_html, post_gif, sweep_spec
from core.images import ink_image, write_digit
from core.inference import McSampler
from core.networks import describe_device, load_network


def main() -> int:
    """Run the rounds and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    sampler = McSampler(load_network("mc").model)
    images = tuple(ink_image(write_digit(digit, 17)) for digit in (4, 1))
    recipes = [
        SweepRecipe("rotation", images[:1], (4,)),
        SweepRecipe("blending", images, (4, 1)),
        SweepRecipe("noise", images[:1], (4,)),
    ]
    print(f"{describe_device()}, {rounds} rounds")
    for recipe in recipes:
        _measure(f"{recipe.kind}, sweep", partial(run_sweep, recipe, sampler), rounds)
        result = run_sweep(recipe, sampler)
        for name, make in (
            ("figure of the page", _figure),
            ("GIF", post_gif),
            ("web page", animation_html),
            ("CSV", sweep_csv),
            ("NPZ without samples", sweep_bytes),
        ):
            _measure(f"{recipe.kind}, {name}", partial(make, result), rounds)
    return 0


def _figure(result: SweepResult) -> str:
    return json.dumps(sweep_spec(result))


def _measure(name: str, make: Callable[[], Any], rounds: int) -> None:
    seconds = []
    made: Any = None
    for turn in range(rounds + 1):
        start = time.perf_counter()
        made = make()
        if turn:  # the first one compiles and imports
            seconds.append(time.perf_counter() - start)
    size = f"   {len(made) / 2**10:7,.0f} KiB" if isinstance(made, (bytes, str)) else ""
    spread = f"{1e3 * min(seconds):.0f} to {1e3 * max(seconds):.0f}"
    print(f"{name:30} median {1e3 * statistics.median(seconds):7.0f} ms   ({spread}){size}")


if __name__ == "__main__":
    raise SystemExit(main())
