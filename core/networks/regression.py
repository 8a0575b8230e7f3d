"""A small network for the classic example: one number in, one number out, dropout in between."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError
from ..inference.regressor import McRegressor

UPDATES = 3_000
DEFAULT_CURVE_RATE = 0.1
_BATCH_SIZE = 32  # of one size for however many points: nothing is compiled anew for another one
_STEPS_A_CALL = 50  # updates between two looks at the progress
_LEARNING_RATE = 3e-3
_UNITS = 128
_BENDS = 3.0  # biases of the first layer: its units bend all over the picture, not only at 0

Progress = Callable[[int, int], None]


class CurveNetwork:
    """A network for curves, 1-128-128-1 with GELU and dropout after both hidden layers.

    It is trained from scratch by each call of `train`, from the same initial weights and with the
    same masks, so what it says depends on its points alone, not on those that it had before. What
    was compiled is kept: a second training takes a second less than the first.

    GELU, because the band of a network of saturating units (tanh) is as wide outside as inside.

    Args:
        rate: share of units that a pass drops, in training and after it.
        seed: of the initial weights and of training's masks.

    Raises:
        InvalidInputError: the rate is not inside (0, 1).
    """

    def __init__(self, rate: float = DEFAULT_CURVE_RATE, seed: int = 0) -> None:
        if not (math.isfinite(rate) and 0.0 < rate < 1.0):
            raise InvalidInputError(
                "rate", expected="a number between 0 and 1, both excluded", received=rate
            )
        self.rate = rate
        self._seed = seed
        self.model: Any = _build(rate, seed)
        self.sampler = McRegressor(self.model)
        # Of one training at a time; whoever samples the network afterwards holds it as well.
        self.lock = threading.RLock()
        self._compiled_for = 0
        self._initial: list[npt.NDArray[Any]] = []

    def train(
        self,
        x: npt.NDArray[Any],
        y: npt.NDArray[Any],
        progress: Progress | None = None,
        updates: int = UPDATES,
    ) -> None:
        """Fit points by Adam on the squared error.

        Args:
            x: shape (N,), standardised.
            y: shape (N,), standardised.
            progress: called with the updates done and their number now and then; what it raises
                ends the training, and the next one begins anew all the same.
            updates: of the weights; the learning rate falls along half a cosine over them all.
        """
        with self.lock:
            self._begin(updates)
            # One long epoch, in which each point comes many times: an epoch of its own for each
            # pass through a few points would cost ten times as much.
            order = _order(len(x), updates * _BATCH_SIZE, self._seed)
            rows = [np.asarray(each, dtype=np.float32)[order, None] for each in (x, y)]
            callbacks = [] if progress is None else [_Reporter(progress, updates)]
            self.model.fit(
                *rows, batch_size=_BATCH_SIZE, shuffle=False, callbacks=callbacks, verbose=0
            )

    def _begin(self, updates: int) -> None:
        """Put weights, optimiser and the state of the dropout layers back to where they were."""
        if self._compiled_for != updates:
            self.model.compile(
                optimizer=keras.optimizers.Adam(
                    keras.optimizers.schedules.CosineDecay(_LEARNING_RATE, updates)
                ),
                loss="mse",
                steps_per_execution=min(_STEPS_A_CALL, updates),
                # XLA takes longer to compile than such a network takes to train.
                jit_compile="auto" if keras.backend.backend() == "jax" else False,
            )
            self.model.optimizer.build(self.model.trainable_variables)
            self._compiled_for = updates
        variables = [*self.model.variables, *self.model.optimizer.variables]
        if not self._initial:
            self._initial = [np.array(keras.ops.convert_to_numpy(each)) for each in variables]
        for variable, value in zip(variables, self._initial, strict=True):
            variable.assign(value)


class _Reporter(keras.callbacks.Callback):  # type: ignore[misc]  # Keras has no type stubs
    """Turns Keras' callbacks into calls of a progress function."""

    def __init__(self, progress: Progress, updates: int) -> None:
        super().__init__()
        self._progress = progress
        self._updates = updates

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        self._progress(0, self._updates)

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        self._progress(min(batch + 1, self._updates), self._updates)


def _order(num_points: int, length: int, seed: int) -> npt.NDArray[np.intp]:
    """Return which point comes when: all of them, shuffled, again and again."""
    rng = np.random.default_rng(seed)
    rounds = [rng.permutation(num_points) for _ in range(-(-length // num_points))]
    return np.concatenate(rounds)[:length]


def _build(rate: float, seed: int) -> Any:
    layers = keras.layers
    # Explicit seeds: equal seeds give equal networks whatever Keras drew before.
    kernels = [keras.initializers.HeNormal(seed=1_000 * seed + place) for place in range(3)]
    bends = keras.initializers.RandomUniform(-_BENDS, _BENDS, seed=1_000 * seed + 3)
    return keras.Sequential(
        [
            keras.Input((1,), name="x"),
            layers.Dense(
                _UNITS, "gelu", kernel_initializer=kernels[0], bias_initializer=bends, name="dense1"
            ),
            layers.Dropout(rate, seed=1_000 * seed + 4, name="dropout1"),
            layers.Dense(_UNITS, "gelu", kernel_initializer=kernels[1], name="dense2"),
            layers.Dropout(rate, seed=1_000 * seed + 5, name="dropout2"),
            layers.Dense(1, kernel_initializer=kernels[2], name="y"),
        ],
        name="curve",
    )
