"""The batch of a session: its answers, and what was made of them for the page."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import streamlit as st

from core.experiments.batch_decisions import BatchDecisions, decide_batch
from core.experiments.batch_result import BatchResult
from core.experiments.batch_table import Origin
from core.figures.small_picture import picture_uri
from core.uncertainty.policy import Policy

from .networks import NetworkFacts

_KEPT = "batch.kept"


@dataclass(eq=False)
class KeptBatch:
    """What a run has come to; it goes with the session, and nothing of it is on the disk.

    Attributes:
        result: the answers.
        facts: of the network that was asked.
        network: its name in the settings.
        identity: of the network as it was.
    """

    result: BatchResult
    facts: NetworkFacts
    network: str
    identity: str
    _decisions: BatchDecisions | None = None
    _pictures: dict[int, str] = field(default_factory=dict)

    @property
    def origin(self) -> Origin:
        """Whose answers these are."""
        return Origin(self.facts.title, self.facts.sha256)

    def decide(self, policy: Policy) -> BatchDecisions:
        """Return what a policy makes of the answers; no pass is run.

        Raises:
            InvalidInputError: it is for another number of classes.
        """
        if self._decisions is None or self._decisions.policy != policy:
            self._decisions = decide_batch(self.result, policy)
        return self._decisions

    def picture(self, place: int) -> str:
        """Return an image's address, "" where there is none."""
        if self.result.thumbnails is None or not self.result.is_read[place]:
            return ""
        if place not in self._pictures:
            self._pictures[place] = picture_uri(self.result.thumbnails[place])
        return self._pictures[place]

    def pixels(self, place: int) -> npt.NDArray[np.float32] | None:
        """Return an image whole, shape (28, 28, 1) in [0, 1]; None where it was another size."""
        thumbnails = self.result.thumbnails
        frame = self.facts.frame
        if thumbnails is None or frame is None or not self.result.is_read[place]:
            return None
        if frame.shape != (28, 28, 1):
            return None
        return np.asarray(thumbnails[place] / np.float32(255.0), np.float32)


def keep(batch: KeptBatch) -> None:
    """Keep a batch for this session, in place of the one before."""
    st.session_state[_KEPT] = batch


def kept_batch() -> KeptBatch | None:
    """Return the batch of this session."""
    batch: KeptBatch | None = st.session_state.get(_KEPT)
    return batch
