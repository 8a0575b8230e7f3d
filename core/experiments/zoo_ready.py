"""The networks of the zoo loaded and made ready to be asked, without those that cannot be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ..errors import LabradorError
from ..networks.zoo import Network, load_network
from ..networks.zoo_plan import ENSEMBLE_MEMBERS, VARIES, ZOO_NETWORKS
from ..store import file_sha256
from .rivals import load_rivals, rivals_path
from .rivals_file import RivalsOfNetwork
from .zoo_answers import Summarise
from .zoo_table import ENSEMBLE

if TYPE_CHECKING:
    from ..inference import McSampler
    from ..networks.ensemble import Ensemble

OnePass = Callable[[npt.NDArray[np.float32]], npt.NDArray[np.float32]]


@dataclass(frozen=True, eq=False)
class Ready:
    """One row of the table to be: a network, or the ensemble.

    Attributes:
        name: as of `ZooRow`, as are title, varies, weights_sha256 and num_samples.
        title: for people.
        varies: what it differs in from the base.
        weights_sha256: of each file.
        num_samples: passes of one answer.
        model: the Keras model; None for the ensemble.
        summarise: all passes together; None for the plain network, which has one.
        once: one pass without dropout, from images to softmax; None for the ensemble.
        rivals: scores of one pass, fitted on its features; None where there are none.
        rivals_sha256: of their file.
    """

    name: str
    title: str
    varies: str
    weights_sha256: tuple[str, ...]
    num_samples: int
    model: Any
    summarise: Summarise | None
    once: OnePass | None
    rivals: RivalsOfNetwork | None = None
    rivals_sha256: str = ""


@dataclass(frozen=True, eq=False)
class ReadyZoo:
    """What can be asked.

    Attributes:
        rows: in the order of the table.
        members: of the ensemble; empty unless all of them are here.
        left_out: why each of the others is missing, by name; also of scores of one pass, without
            which their network is measured.
    """

    rows: tuple[Ready, ...]
    members: tuple[Network, ...]
    left_out: dict[str, str]


def ready_zoo(folder: Path | None, num_samples: int, seed: int) -> ReadyZoo:
    """Load what can be loaded; a network that is missing or damaged is left out, with its reason.

    Args:
        folder: where the networks are; the shipped ones' folder if None.
        num_samples: T, passes of a committee.
        seed: of the passes.
    """
    rows: list[Ready] = []
    networks: dict[str, Network] = {}
    left_out: dict[str, str] = {}
    for name in dict.fromkeys((*ZOO_NETWORKS, *ENSEMBLE_MEMBERS)):
        try:
            networks[name] = load_network(name, folder)
            if name in ZOO_NETWORKS:
                rows.append(_ready(networks[name], num_samples, seed))
        except LabradorError as error:
            left_out[name] = str(error)
    for place, row in enumerate(rows):
        try:
            rows[place] = replace(
                row,
                rivals=load_rivals(row.name, folder),
                rivals_sha256=file_sha256(rivals_path(row.name, folder)),
            )
        except LabradorError as error:
            left_out[f"{row.name}, scores of one pass"] = str(error)
    absent = [name for name in ENSEMBLE_MEMBERS if name not in networks]
    if absent:
        left_out[ENSEMBLE] = f"It needs all of its members, and lacks {', '.join(absent)}."
        return ReadyZoo(tuple(rows), (), left_out)
    members = tuple(networks[name] for name in ENSEMBLE_MEMBERS)
    try:
        rows.append(_ready_ensemble(members))
    except LabradorError as error:
        left_out[ENSEMBLE] = str(error)
    return ReadyZoo(tuple(rows), members, left_out)


def _ready(network: Network, num_samples: int, seed: int) -> Ready:
    from ..inference import McSampler

    name, card, model = network.name, network.card, network.model
    sampler = McSampler(model) if VARIES[name] != "yardstick" else None
    return Ready(
        name=name,
        title=card.title,
        varies=VARIES[name],
        weights_sha256=(card.weights_sha256,),
        num_samples=num_samples if sampler else 1,
        model=model,
        summarise=_summarise(sampler, num_samples, seed) if sampler else None,
        once=sampler.twin if sampler else _one_pass(model),
    )


def _ready_ensemble(members: tuple[Network, ...]) -> Ready:
    from ..networks.ensemble import Ensemble

    ensemble: Ensemble = Ensemble(members)
    return Ready(
        name=ENSEMBLE,
        title=f"Ensemble of {ensemble.num_members} plain networks",
        varies="yardstick",
        weights_sha256=ensemble.weights_sha256,
        num_samples=ensemble.num_members,
        model=None,
        summarise=ensemble.summarise,
        once=None,
    )


def _summarise(sampler: McSampler, num_samples: int, seed: int) -> Summarise:
    return lambda images: sampler.summarise(images, num_samples=num_samples, seed=seed)


def _one_pass(model: Any) -> OnePass:
    """Return a plain network's pass, compiled as the sampler compiles its twin's."""
    from ..inference.backend import compile_function, to_numpy, to_tensor

    function = compile_function(lambda images: model(images, training=False), model.variables)
    return lambda images: to_numpy(function(to_tensor(images)))
