"""An ensemble: networks trained from different seeds, asked together. The expensive yardstick.

References:
    Lakshminarayanan, Pritzel & Blundell 2017, *Simple and Scalable Predictive Uncertainty
    Estimation using Deep Ensembles*.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError
from ..inference.backend import compile_function, to_numpy, to_tensor
from ..inference.samples import McSamples, McSummary
from .zoo import Network, load_network
from .zoo_plan import ENSEMBLE_MEMBERS


class Ensemble:
    """Networks that answer together, each with one pass without dropout: M members are M passes.

    Threads may share one.

    Args:
        networks: M of them, 2 or more, of the same input and the same classes.

    Raises:
        InvalidInputError: fewer than 2, or of different shapes.
    """

    def __init__(self, networks: Sequence[Network]) -> None:
        shapes = {(one.model.input_shape, one.model.output_shape) for one in networks}
        if len(networks) < 2 or len(shapes) != 1:
            raise InvalidInputError(
                "networks",
                expected="two or more networks of the same input and classes",
                received=f"{len(networks)} of {len(shapes)} shapes",
            )
        self.networks = tuple(networks)
        variables = [each for one in networks for each in one.model.variables]
        self._function = compile_function(self._passes, variables)

    @property
    def members(self) -> tuple[Any, ...]:
        """The Keras models."""
        return tuple(one.model for one in self.networks)

    @property
    def num_members(self) -> int:
        """M."""
        return len(self.networks)

    @property
    def weights_sha256(self) -> tuple[str, ...]:
        """Of each member's file."""
        return tuple(one.card.weights_sha256 for one in self.networks)

    def sample(self, images: npt.NDArray[np.float32]) -> McSamples:
        """Return each member's softmax, shape (M, N, C).

        Args:
            images: shape (N, *input shape), float32.

        Raises:
            InvalidInputError: images of another shape.
        """
        shape = tuple(self.members[0].input_shape[1:])
        if images.ndim != len(shape) + 1 or tuple(images.shape[1:]) != shape or not len(images):
            raise InvalidInputError(
                "images",
                expected=f"a batch of shape (N, {', '.join(map(str, shape))}), N at least 1",
                received=f"shape {images.shape}",
            )
        answers = self._function(to_tensor(np.ascontiguousarray(images, dtype=np.float32)))
        return McSamples(np.stack([to_numpy(each) for each in answers]))

    def summarise(self, images: npt.NDArray[np.float32]) -> McSummary:
        """Return the sums over the members; arguments and errors as `sample`."""
        return self.sample(images).summary()

    def _passes(self, images: Any) -> list[Any]:
        return [model(images, training=False) for model in self.members]


def load_ensemble(folder: Path | None = None) -> Ensemble:
    """Load the plain networks of the zoo as an ensemble.

    Args:
        folder: where they are; the shipped networks' folder if None.

    Raises:
        MissingDataError: one of them is not there.
        DamagedFileError: one of them is not what it was when it was written.
    """
    return Ensemble([load_network(name, folder) for name in ENSEMBLE_MEMBERS])
