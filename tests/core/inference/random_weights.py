"""Random weights for random models."""

from __future__ import annotations

import math

import keras
import numpy as np


def randomise(model: keras.Model, rng: np.random.Generator) -> None:
    """Weights of both signs, none zero, under which activations stay of order one."""
    for weight in model.weights:
        kind, shape = weight.path.split("/")[-1], weight.shape
        if "seed_generator" in kind:
            continue
        noise = rng.normal(size=shape)
        if kind == "moving_variance":
            value = rng.uniform(0.5, 2.0, shape)
        elif kind == "gamma":
            value = rng.uniform(0.5, 1.5, shape) * rng.choice([-1.0, 1.0], shape)
        elif "kernel" in kind:
            depthwise = kind == "depthwise_kernel" or "depthwise" in weight.path
            value = noise / math.sqrt(math.prod(shape[: -2 if depthwise else -1]))
        else:  # biases, beta, moving means, slopes of PReLU
            value = 0.6 * noise
        weight.assign(value)
