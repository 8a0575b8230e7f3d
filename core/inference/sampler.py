"""A Keras classifier made stochastic: Monte-Carlo dropout, computed once where it can be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError
from ..limits import ADAPTIVE_BYTES, DEFAULT_NUM_SAMPLES
from .adaptive import AdaptiveDecisions, DecisionRule, check_error, decide_adaptively
from .arguments import Inputs, MaskSharing, Rates
from .dropout import DropoutSpec
from .dropped import DroppedUnits
from .endings import Outputs, classifier_graph
from .passes import Call, ModelPasses
from .plan import Plan
from .samples import McSamples, McSummary, check_distributions

_STREAM_PARTS = 5  # the first running summary comes within a fifth of the whole time

Samples = npt.NDArray[np.float32]


class McSampler:
    """Runs many stochastic passes of a Keras model.

    Dropout layers are active (Dropout, SpatialDropout, GaussianDropout, AlphaDropout), every other
    layer is in inference mode, and the model is left as it was. Nothing is kept between calls that
    a result depends on, so threads may share one sampler.

    Args:
        model: a built sequential or functional Keras model with one output, shape (N, C).
        chunk_rows: images times passes computed at a time; None lets the sampler choose.
        outputs: what comes out of the model. "softmax": distributions over C classes. "logits":
            their scores before a softmax, which is then part of every pass. "sigmoid": the
            probability of the second of two classes.

    Raises:
        InvalidInputError: no such model, or one that gives something else.
        NoActiveDropoutError: the model has no dropout layer.
        UnsupportedLayerError: dropout is hidden where it cannot be made active.
    """

    def __init__(
        self, model: Any, *, chunk_rows: int | None = None, outputs: Outputs = "softmax"
    ) -> None:
        graph = classifier_graph(model, outputs)
        self._passes = ModelPasses(model, graph, chunk_rows)
        self._num_classes = graph.output_shape[0] or 0
        self._model = model

    @property
    def plan(self) -> Plan:
        """Which layers are stochastic, and what is computed once."""
        return self._passes.plan

    @property
    def dropout_layers(self) -> tuple[DropoutSpec, ...]:
        """What each call of a dropout layer drops, by position; a layer called twice is twice."""
        return self._passes.plan.stochastic

    @property
    def weights_checksum(self) -> str:
        """A sha256 over the model's weights: who it was that gave these numbers."""
        return self._passes.weights_checksum

    def sample(
        self,
        images: Inputs,
        num_samples: int = DEFAULT_NUM_SAMPLES,
        seed: int = 0,
        rates: Rates | None = None,
        masks: MaskSharing = "shared",
        image_ids: Sequence[int] | None = None,
    ) -> McSamples:
        """Return every pass's softmax.

        Args:
            images: shape (N, *input shape); for a model with several inputs one such array for
                each, in the order of `model.inputs`.
            num_samples: T, the number of passes.
            seed: the same seed gives the same masks, bit for bit, everywhere.
            rates: dropout rates to use instead of the model's own: one number for all layers,
                or a mapping from layer names.
            masks: "shared": all images meet the same T subnetworks. "independent": each image
                meets its own, drawn by its id.
            image_ids: shape (N,), whole numbers from 0; needed by "independent" masks only,
                0 to N - 1 by default.

        Returns:
            Softmax samples of shape (T, N, C).

        Raises:
            InvalidInputError: an argument is out of range, or the samples would not fit memory.
        """
        call = self._passes.call(images, num_samples, seed, rates, masks, image_ids)
        return McSamples(
            self._passes.collect(
                call,
                (self._num_classes,),
                _checked,
                "Use summarise or stream, which keep sums instead of samples.",
            )
        )

    def summarise(
        self,
        images: Inputs,
        num_samples: int = DEFAULT_NUM_SAMPLES,
        seed: int = 0,
        rates: Rates | None = None,
        masks: MaskSharing = "shared",
        image_ids: Sequence[int] | None = None,
    ) -> McSummary:
        """Return the sums over all passes; memory does not grow with T. Arguments as `sample`."""
        call = self._passes.call(images, num_samples, seed, rates, masks, image_ids)
        return self._summary(call, call.all_passes)

    def stream(
        self,
        images: Inputs,
        num_samples: int = DEFAULT_NUM_SAMPLES,
        seed: int = 0,
        rates: Rates | None = None,
        masks: MaskSharing = "shared",
        image_ids: Sequence[int] | None = None,
    ) -> Iterator[McSummary]:
        """Yield running summaries, the last one over all passes. Arguments as `sample`."""
        # Arguments are checked at the call, not at the first summary.
        call = self._passes.call(images, num_samples, seed, rates, masks, image_ids)
        return self._stream(call)

    def decide(
        self,
        images: Inputs,
        policy: DecisionRule,
        max_samples: int = DEFAULT_NUM_SAMPLES,
        error: float = 0.01,
        seed: int = 0,
        rates: Rates | None = None,
        masks: MaskSharing = "shared",
        image_ids: Sequence[int] | None = None,
    ) -> AdaptiveDecisions:
        """Return the decisions of a policy, with no more passes than each image needs.

        An image's passes stop as soon as its decision and its predicted class have settled. They
        are the first ones of those that `sample` runs. An image close to a limit may never settle:
        its decision is that of `max_samples` passes, and it is said not to have settled.

        Args:
            images: as for `sample`, as are `seed` to `image_ids`.
            policy: under which answers are accepted, a `core.uncertainty.Policy`. Without limits
                only the predicted class has to settle.
            max_samples: T, the most passes of an image.
            error: the largest probability, for one image, that it settles on another decision or
                class than infinitely many passes would give. All images meet the same passes, so
                their errors come together.
            seed: as for `sample`.
            rates: as for `sample`.
            masks: as for `sample`.
            image_ids: as for `sample`.

        Raises:
            InvalidInputError: an argument is out of range, or no policy.
        """
        call = self._passes.call(images, max_samples, seed, rates, masks, image_ids, "max_samples")
        if not isinstance(policy, DecisionRule):
            raise InvalidInputError(
                "policy",
                expected="a core.uncertainty.Policy",
                received=type(policy).__name__,
                advice="Give Policy({'predictive_entropy': 0.5}), or load_policy(path).",
            )

        kept = self._passes.open_image_bytes(call)
        return decide_adaptively(
            lambda some: self._passes.open_images(call, some, self._num_classes),
            call.num_images,
            self._num_classes,
            policy,
            call.num_samples,
            check_error(error),
            max(1, ADAPTIVE_BYTES // max(kept, 1)),
        )

    def twin(self, images: Inputs) -> npt.NDArray[np.float32]:
        """Return the softmax of one pass with dropout off, shape (N, C)."""
        probs = self._passes.twin(images)
        check_distributions(probs[None], classes=2)
        return probs

    def layer_rates(self, rates: Rates | None = None) -> dict[str, float]:
        """Return the rate of each dropout layer by its name, as `sample` would use it.

        Raises:
            InvalidInputError: an unknown layer, or a rate outside [0, 1).
            NoActiveDropoutError: all rates are 0.
        """
        chosen = self._passes.rates(rates)
        return {spec.name: rate for spec, rate in zip(self.dropout_layers, chosen, strict=True)}

    def dropped(
        self,
        num_samples: int = DEFAULT_NUM_SAMPLES,
        seed: int = 0,
        rates: Rates | None = None,
    ) -> tuple[DroppedUnits, ...]:
        """Return which units each pass of `sample` drops, with the same arguments.

        These are the masks that all images meet; "independent" ones are not told.

        Returns:
            By position, one for each call of a dropout layer that drops units: those of a rate
            above 0, and not GaussianDropout, which scales every unit a little.

        Raises:
            InvalidInputError: an argument is out of range, or the answer would not fit memory.
        """
        return self._passes.dropped(num_samples, seed, rates)

    def dropout_inputs(self, images: Inputs) -> tuple[Samples, ...]:
        """Return what comes into each dropout layer with nothing dropped, shape (N, ...) each.

        One for each of `dropout_layers`; the features that a pass then keeps or drops.
        """
        return tuple(self._passes.dropout_inputs(images))

    @property
    def passes_run(self) -> int:
        """Passes computed so far, each image counted: what a cache saves."""
        return self._passes.passes_run

    def _stream(self, call: Call) -> Iterator[McSummary]:
        step = -(-call.num_samples // _STREAM_PARTS)
        running: McSummary | None = None
        for start in range(0, call.num_samples, step):
            part = self._summary(call, slice(start, min(start + step, call.num_samples)))
            running = part if running is None else running + part
            yield running

    def _summary(self, call: Call, passes: slice) -> McSummary:
        """Sum up some of the passes over all images of a call."""
        sums: dict[int, McSummary] = {}  # by the first image of a batch
        for images, _, part in self._passes.run(call, passes, McSummary.from_samples):
            known = sums.get(images.start)
            sums[images.start] = part if known is None else known + part
        return McSummary.stack(sums.values())


def _checked(samples: Samples) -> Samples:
    """Return samples of shape (t, n, C) that are distributions, as they are."""
    check_distributions(samples, classes=2)
    return samples
