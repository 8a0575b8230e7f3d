"""The post's sweeps made again: which, with which seeds, of which network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..errors import InvalidInputError
from ..images.references import parse_reference
from ..images.resolve import resolve
from ..images.sources import MnistTest
from .claims import Claim, post_claims
from .comparison import Comparison, compare
from .post import post_curve
from .recipe import SweepKind, SweepRecipe
from .sweep import SweepResult, run_sweep

if TYPE_CHECKING:
    from ..inference import McSampler

MOST_SEEDS = 100
_NOISE_REFERENCES = ("mnist:5",)


@dataclass(frozen=True, slots=True, eq=False)
class Reproduction:
    """The post's sweeps on one of our networks.

    Attributes:
        network: its name.
        rotations: one for each seed, from seed 0 on.
        blendings: likewise.
        noise: with seed 0; the post shows none, but its ends are known.
    """

    network: str
    rotations: tuple[SweepResult, ...]
    blendings: tuple[SweepResult, ...]
    noise: SweepResult

    @property
    def num_seeds(self) -> int:
        """How many seeds there are."""
        return len(self.rotations)

    @property
    def num_samples(self) -> int:
        """T, the passes at each step."""
        return self.noise.num_samples

    @property
    def weights_checksum(self) -> str:
        """Of the network that was asked."""
        return self.noise.weights_checksum

    def sweeps(self, kind: SweepKind) -> tuple[SweepResult, ...]:
        """Return the rotations or the blendings."""
        return self.rotations if kind == "rotation" else self.blendings

    def comparisons(self, kind: SweepKind) -> tuple[Comparison, ...]:
        """Lay each of the rotations or blendings beside the post's."""
        return tuple(compare(result) for result in self.sweeps(kind))

    def claims(self) -> tuple[Claim, ...]:
        """Put the post's claims to the sweeps."""
        return post_claims(self.rotations, self.blendings)


def reproduce(
    sampler: McSampler,
    mnist: MnistTest,
    *,
    network: str = "",
    num_seeds: int = 5,
    num_samples: int,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Reproduction:
    """Compute the post's rotation and blending with several seeds, and a noise.

    Args:
        sampler: of the network to ask.
        mnist: the test set, the post's images among it.
        network: its name.
        num_seeds: seeds 0 to this, less one.
        num_samples: T, passes at each step.
        progress: told how many sweeps of all are done.

    Raises:
        InvalidInputError: an argument is out of range.
    """
    check_num_seeds(num_seeds)
    kinds: tuple[SweepKind, ...] = ("rotation", "blending")
    wanted = [(kind, seed) for kind in kinds for seed in range(num_seeds)] + [("noise", 0)]
    results: dict[SweepKind, list[SweepResult]] = {"rotation": [], "blending": [], "noise": []}
    for done, (kind, seed) in enumerate(wanted):
        progress(done, len(wanted))
        recipe = _recipe(kind, mnist, network=network, num_samples=num_samples, seed=seed)
        results[kind].append(run_sweep(recipe, sampler))
    progress(len(wanted), len(wanted))
    return Reproduction(
        network=network,
        rotations=tuple(results["rotation"]),
        blendings=tuple(results["blending"]),
        noise=results["noise"][0],
    )


def check_num_seeds(num_seeds: int) -> None:
    """Refuse a number of seeds that is none.

    Raises:
        InvalidInputError: it is not from 1 to MOST_SEEDS.
    """
    if not 1 <= num_seeds <= MOST_SEEDS:
        raise InvalidInputError(
            "seeds", expected=f"a whole number from 1 to {MOST_SEEDS}", received=num_seeds
        )


def _recipe(
    kind: SweepKind, mnist: MnistTest, *, network: str, num_samples: int, seed: int
) -> SweepRecipe:
    curve = post_curve(kind)
    references = _NOISE_REFERENCES if curve is None else curve.references
    images = [resolve(parse_reference(reference), mnist) for reference in references]
    return SweepRecipe(
        kind=kind,
        images=tuple(each.image for each in images),
        labels=tuple(each.label for each in images),
        references=references,
        num_samples=num_samples,
        seed=seed,
        network=network,
    )
