"""The work behind a visitor's own scores, as a job runs it: it knows nothing of the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from core.errors import InvalidInputError
from core.experiments.own_images import OwnImages, gather_images
from core.experiments.own_scores import STRANGERS, score_own
from core.experiments.reference_data import NO_LABEL
from core.images import BatchFile, MnistTest, Preparation, in_frame, read_batch
from core.networks.own_network import OwnNetwork

from .jobs import Progress
from .own_scores import OwnScored, Pictures

if TYPE_CHECKING:
    from core.inference import McSampler

Work = Callable[[Progress], OwnScored]
MNIST_STRANGERS = "kmnist"


def brought_work(
    network: OwnNetwork,
    sampler: McSampler,
    labelled: Sequence[BatchFile],
    strangers: Sequence[BatchFile],
    *,
    centred: bool,
    num_samples: int,
    seed: int,
) -> Work:
    """Return the work of scoring files that somebody brought.

    Args:
        network: that is asked.
        sampler: of its model.
        labelled: what it should answer.
        strangers: what it should refuse; may be none.
        centred: whether pictures are put into the frame as MNIST's digits were.
        num_samples: T.
        seed: of the passes.
    """
    preparation = preparation_of(network, centred=centred)

    def read(files: Sequence[BatchFile], note: Progress, *, labelled: bool) -> OwnImages:
        return gather_images(
            read_batch(files, preparation),
            preparation.shape,
            labelled=labelled,
            # Only to be stopped by: the bar is of the passes, which take far longer.
            progress=lambda _done, _total: note(0, 0),
        )

    def work(note: Progress) -> OwnScored:
        known = read(labelled, note, labelled=True)
        if len(known) == 0:
            first = f" {known.left_out[0][1]}" if known.left_out else ""
            raise InvalidInputError(
                "labelled images",
                expected="images with their classes",
                received=f"none that can be used.{first}",
                advice="Put pictures into folders named by their classes, or bring a table with a"
                " column of labels.",
            )
        strange = read(strangers, note, labelled=False) if strangers else None
        if strange is not None and len(strange) == 0:
            raise InvalidInputError(
                "images to refuse",
                expected="one that can be used, or no files",
                received=f"{strange.left_out[0][0]}: {strange.left_out[0][1]}"
                if strange.left_out
                else "none",
            )
        return _scored(network, sampler, known, strange, STRANGERS, num_samples, seed, note)

    return work


def mnist_work(
    network: OwnNetwork,
    sampler: McSampler,
    digits: MnistTest,
    characters: npt.NDArray[np.uint8] | None,
    count: int,
    *,
    num_samples: int,
    seed: int,
) -> Work:
    """Return the work of scoring MNIST's test digits, chosen by chance.

    Args:
        network: of a grey frame and ten classes.
        sampler: of its model.
        digits: MNIST's test set.
        characters: what it should refuse, shape (M, 28, 28); None where they are not at hand.
        count: digits to score; of the characters it is a quarter of that.
        num_samples: T.
        seed: of the passes.
    """
    rng = np.random.default_rng(0)

    def chosen(x: npt.NDArray[np.uint8], y: npt.NDArray[np.uint8] | None, size: int) -> OwnImages:
        places = np.sort(rng.choice(len(x), min(size, len(x)), replace=False))
        labels = np.full(len(places), NO_LABEL) if y is None else y[places].astype(np.int64)
        names = tuple(f"{'Test digit' if y is not None else 'Character'} {at}" for at in places)
        return OwnImages(_framed(x[places], network), labels, names, ())

    def work(note: Progress) -> OwnScored:
        note(0, 0)
        known = chosen(digits.x, digits.y, count)
        strange = None if characters is None else chosen(characters, None, count // 4)
        return _scored(network, sampler, known, strange, MNIST_STRANGERS, num_samples, seed, note)

    return work


def preparation_of(network: OwnNetwork, *, centred: bool) -> Preparation:
    """Return how images that somebody brings become what a network takes."""
    setup = network.setup
    num_inputs = 0 if setup.frame is not None else int(network.model.inputs[0].shape[1])
    return Preparation(setup.frame, num_inputs, centred, setup.classes)


def _framed(x: npt.NDArray[np.uint8], network: OwnNetwork) -> npt.NDArray[np.uint8]:
    frame = network.setup.frame
    assert frame is not None
    if frame.shape == (*x.shape[1:], 1):
        return x[..., None]
    unit = (image[..., None].astype(np.float32) / np.float32(255.0) for image in x)
    return np.stack([np.rint(in_frame(each, frame) * 255.0).astype(np.uint8) for each in unit])


def _scored(
    network: OwnNetwork,
    sampler: McSampler,
    known: OwnImages,
    strange: OwnImages | None,
    strangers_name: str,
    num_samples: int,
    seed: int,
    note: Progress,
) -> OwnScored:
    scores = score_own(
        network,
        sampler,
        known.images,
        known.labels,
        strangers=None if strange is None else strange.images,
        strangers_name=strangers_name,
        num_samples=num_samples,
        seed=seed,
        progress=note,
    )
    pictures = dict.fromkeys(("validation", "test"), Pictures.of(known))
    left_out = known.left_out
    if strange is not None:
        pictures[strangers_name] = Pictures.of(strange)
        left_out += strange.left_out
    return OwnScored(scores, pictures, left_out)
