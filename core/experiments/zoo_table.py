"""The table of the zoo: how well each network does, with intervals, and no score of any image."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from ..errors import InvalidInputError
from ..uncertainty import Interval

BASE = "mc"  # that the others are compared with: they differ from it in one thing each
ENSEMBLE = "ensemble"


@dataclass(frozen=True, slots=True)
class ZooFigure:
    """A figure that every network is measured by, and how to speak of it.

    Attributes:
        name: key in `ZOO_FIGURES`, in tables and files.
        label: what a person reads.
        explanation: what it is, as half a sentence.
        unit: "share", "nats", or "" for a number without one.
        higher_is_better: which way is good.
    """

    name: str
    label: str
    explanation: str
    unit: str
    higher_is_better: bool = False


ZOO_FIGURES: Mapping[str, ZooFigure] = MappingProxyType(
    {
        figure.name: figure
        for figure in (
            ZooFigure("accuracy", "Accuracy", "test digits answered right", "share", True),
            ZooFigure("nll", "NLL", "of the test digits, as the answers come", "nats"),
            ZooFigure(
                "nll_scaled", "NLL, scaled", "after a temperature fitted on validation", "nats"
            ),
            ZooFigure("ece", "ECE", "calibration error on test digits, as they come", "share"),
            ZooFigure(
                "ece_scaled", "ECE, scaled", "after a temperature fitted on validation", "share"
            ),
            ZooFigure("aurc", "AURC", "area under risk over coverage, on test digits", ""),
            ZooFigure(
                "auroc", "AUROC", "how often a KMNIST character is less certain", "share", True
            ),
            ZooFigure(
                "false_accepts",
                "False accepts, turned",
                "wrong answers accepted, of turned digits, where 95% of validation is",
                "share",
            ),
        )
    }
)


@dataclass(frozen=True, slots=True)
class RivalRow:
    """One score of one pass, by the figures of it that need no answer but the pass' own.

    Attributes:
        rival: its name in `core.uncertainty.RIVALS`.
        figures: "aurc", "auroc" and "false_accepts", as in `ZOO_FIGURES`.
        differences: the committee's figure less this one, on the same resampled images.
    """

    rival: str
    figures: Mapping[str, Interval]
    differences: Mapping[str, Interval]


@dataclass(frozen=True, slots=True)
class ZooRow:
    """One network, or the ensemble.

    Attributes:
        name: in the zoo, or `ENSEMBLE`.
        title: for people.
        varies: what it differs in from `BASE`: "rate", "activation", "dropout", "" for the base
            itself, and "yardstick" for the plain network and the ensemble.
        weights_sha256: of its file; of an ensemble one for each member.
        num_samples: T; the members of an ensemble; 1 for the plain network.
        figures: each of `ZOO_FIGURES`, of all passes together.
        twin: the same of one pass without dropout; empty where that is all there is.
        differences: figure less that of `BASE`, on the same resampled images; empty for `BASE`.
        rivals: scores of one pass, of the same weights; empty for the ensemble.
        milliseconds: from an image to the answer of `num_samples` passes: median, with the middle
            half of the runs as its interval.
        twin_milliseconds: likewise, of one pass; None where that is all there is.
    """

    name: str
    title: str
    varies: str
    weights_sha256: tuple[str, ...]
    num_samples: int
    figures: Mapping[str, Interval]
    twin: Mapping[str, Interval]
    differences: Mapping[str, Interval]
    rivals: tuple[RivalRow, ...]
    milliseconds: Interval
    twin_milliseconds: Interval | None


@dataclass(frozen=True, slots=True)
class ZooTable:
    """Every network by every figure.

    Attributes:
        rows: of the networks that could be measured, `BASE` first.
        seed: of the passes.
        num_resamples: of every bootstrap interval, 95%.
        sizes: images by reference set.
        members: spread of the ensemble's members, each alone: for each figure the mean, lowest
            and highest. Networks that differ in nothing but their seed differ by this much.
        machine: where the times were taken.
    """

    rows: Sequence[ZooRow]
    seed: int
    num_resamples: int
    sizes: Mapping[str, int]
    members: Mapping[str, Interval]
    machine: str

    def row(self, name: str) -> ZooRow:
        """Return a network's row.

        Raises:
            InvalidInputError: it has none.
        """
        for row in self.rows:
            if row.name == name:
                return row
        names = ", ".join(row.name for row in self.rows)
        raise InvalidInputError("network", expected=f"one of {names}", received=name)
