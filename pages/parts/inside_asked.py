"""What is asked on the page Inside: of which image, with which rates, and about which bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from core.experiments.layer_shares import LayerShares
from core.figures.inside_histograms import Bar
from core.store import array_checksum

from .answers import Image, Rates, engine_of
from .drawing import Looked
from .inside_look import Look, look, shares
from .inside_rates import LayerRate, asked_rates, rates_state
from .settings import Settings


@dataclass(frozen=True)
class Asked:
    """A question.

    Attributes:
        looked: what is looked at, and how far it is drawn.
        image: that it is.
        settings: with which the network is asked.
        layers: its dropout layers, with their rates now.
        picked: the bar whose passes are looked at.
    """

    looked: Looked
    image: Image
    settings: Settings
    layers: Sequence[LayerRate]
    picked: Bar | None

    @property
    def rates(self) -> Rates:
        """The rates while sampling, as they are asked."""
        return asked_rates(self.layers)

    @property
    def rests(self) -> bool:
        """Whether neither pen nor sliders move, so that there is time for what takes longer."""
        return not (self.looked.pen_down or rates_state(self.settings.network).moving)

    @property
    def tag(self) -> str:
        """Tells what is shown from all else, for who waits for it."""
        rates = ",".join(f"{layer.rate:g}" for layer in self.layers)
        return f"{self.looked.tag}:{rates}:{rates_state(self.settings.network).tag}"

    @property
    def key(self) -> tuple[object, ...]:
        """What tells it from other questions, whatever bar is picked."""
        return (
            engine_of(self.settings).identity,
            array_checksum(self.image),
            self.settings.num_samples,
            self.settings.seed,
            self.rates,
        )

    @cached_property  # the largest of looks fit no cache, and three parts of a page take one
    def look(self) -> Look:
        """A look inside the passes.

        Raises:
            LabradorError: there are too many units and passes.
        """
        return look(self.image, self.settings, self.rates)

    def shares(self) -> LayerShares:
        """Return how much each layer adds to the passes' disagreement."""
        return shares(self.image, self.settings, self.rates)
