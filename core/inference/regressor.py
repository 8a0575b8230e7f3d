"""A Keras regression network made stochastic: what its passes say of a value, and how sure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError
from ..limits import DEFAULT_NUM_SAMPLES, REGRESSION_BYTES
from .arguments import Inputs, MaskSharing, Rates
from .graph import read_graph
from .passes import Call, ModelPasses
from .plan import Plan
from .regression_samples import (
    DEFAULT_LEVELS,
    RegressionSamples,
    RegressionSummary,
    check_levels,
)

_FLOAT_BYTES = 4

Values = npt.NDArray[np.float32]


class McRegressor:
    """Runs many stochastic passes of a Keras model that gives values, not classes.

    The passes are those of `McSampler`: the same layers are active, and the same seed gives the
    same masks.

    Args:
        model: a built sequential or functional Keras model with one output of shape (N, D), or
            (N,), which is D = 1. Any values; a scale that was taken off them is yours to put back.
        chunk_rows: inputs times passes computed at a time; None lets the sampler choose.

    Raises:
        InvalidInputError: no such model.
        NoActiveDropoutError: the model has no dropout layer.
        UnsupportedLayerError: dropout is hidden where it cannot be made active.

    References:
        Gal & Ghahramani 2016, *Dropout as a Bayesian Approximation*.
    """

    def __init__(self, model: Any, *, chunk_rows: int | None = None) -> None:
        graph = read_graph(model)
        shape = graph.output_shape
        if len(shape) > 1 or not all(shape):
            raise InvalidInputError(
                "model",
                expected="one that gives D values for each input, D known",
                received=f"an output of shape {shape}",
                advice="End it in keras.layers.Flatten().",
            )
        self._shape = tuple(side or 0 for side in shape)
        self._passes = ModelPasses(model, graph, chunk_rows, noun="input")

    @property
    def plan(self) -> Plan:
        """Which layers are stochastic, and what is computed once."""
        return self._passes.plan

    @property
    def weights_checksum(self) -> str:
        """A sha256 over the model's weights: who it was that gave these numbers."""
        return self._passes.weights_checksum

    @property
    def passes_run(self) -> int:
        """Passes computed so far, each input counted."""
        return self._passes.passes_run

    def sample(
        self,
        inputs: Inputs,
        num_samples: int = DEFAULT_NUM_SAMPLES,
        seed: int = 0,
        rates: Rates | None = None,
        masks: MaskSharing = "shared",
        image_ids: Sequence[int] | None = None,
    ) -> RegressionSamples:
        """Return every pass's values.

        Args:
            inputs: shape (N, *input shape); for a model with several inputs one such array for
                each, in the order of `model.inputs`.
            num_samples: T, the number of passes.
            seed: the same seed gives the same masks, bit for bit, everywhere.
            rates: dropout rates to use instead of the model's own: one number for all layers,
                or a mapping from layer names.
            masks: "shared": all inputs meet the same T subnetworks, so each pass is a function.
                "independent": each input meets its own, drawn by its id.
            image_ids: shape (N,), whole numbers from 0; needed by "independent" masks only,
                0 to N - 1 by default.

        Returns:
            Values of shape (T, N, D).

        Raises:
            InvalidInputError: an argument is out of range, or the values would not fit memory.
        """
        return RegressionSamples(
            self._collect(self._passes.call(inputs, num_samples, seed, rates, masks, image_ids))
        )

    def summarise(
        self,
        inputs: Inputs,
        num_samples: int = DEFAULT_NUM_SAMPLES,
        seed: int = 0,
        rates: Rates | None = None,
        masks: MaskSharing = "shared",
        image_ids: Sequence[int] | None = None,
        levels: Sequence[float] = DEFAULT_LEVELS,
    ) -> RegressionSummary:
        """Return mean, variance and quantiles over all passes.

        Exact quantiles need all values of an input at once, so inputs come in batches that keep
        64 MiB of values, or in batches of one where its T * D values are more than that. N adds
        nothing to it but the summary itself.

        Args:
            inputs: as for `sample`, as are `num_samples` to `image_ids`.
            num_samples: as for `sample`.
            seed: as for `sample`.
            rates: as for `sample`.
            masks: as for `sample`.
            image_ids: as for `sample`.
            levels: of the quantiles, rising shares from 0 to 1.

        Raises:
            InvalidInputError: an argument is out of range, or the model gave NaN or infinity.
        """
        call = self._passes.call(inputs, num_samples, seed, rates, masks, image_ids)
        chosen = check_levels(levels)
        bytes_an_input = call.num_samples * int(np.prod(self._shape)) * _FLOAT_BYTES
        size = max(1, REGRESSION_BYTES // bytes_an_input)
        return RegressionSummary.stack(
            RegressionSummary.from_samples(self._collect(part), chosen)
            for part in (
                call.of(slice(start, start + size)) for start in range(0, call.num_images, size)
            )
        )

    def twin(self, inputs: Inputs) -> Values:
        """Return the values of one pass with dropout off, shape (N, D)."""
        values = self._passes.twin(inputs)
        return values.reshape(len(values), -1)

    def _collect(self, call: Call) -> Values:
        """Run all passes of a call, shape (T, N, D)."""
        values = self._passes.collect(
            call,
            self._shape,
            lambda chunk: chunk,
            "Use summarise, which goes through the inputs in batches, or fewer passes.",
        )
        return values.reshape(*values.shape[:2], -1)
