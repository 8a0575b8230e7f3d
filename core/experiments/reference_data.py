"""The reference sets by name: what should be answered, and what should be refused."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError, MissingDataError
from ..images import as_batch, ink_image, load_mnist_test, load_mnist_train, rotate
from ..images.kmnist import KMNIST_CHECKSUM, load_kmnist_test
from ..images.pen_digits import PEN_DIGITS_CHECKSUM, load_pen_digits
from ..images.sources import MISSING_ADVICE, TEST_CHECKSUM, TRAIN_CHECKSUM, MnistTest
from .scoring import Images
from .study_plan import StudyImages, StudyPlan

NO_LABEL = -1  # of an image that shows no digit

ANGLES = tuple(range(15, 181, 15))
ROTATED_SETS = tuple(f"rotated-{angle}" for angle in ANGLES)
REFERENCE_SETS = ("validation", "test", *ROTATED_SETS, "kmnist", "pen-digits")

_NUM_ROTATED = 1_000


@dataclass(frozen=True, eq=False)
class ReferenceData:
    """One reference set.

    Attributes:
        name: one of `REFERENCE_SETS`.
        images: shape (N, 28, 28, 1), bytes or numbers in [0, 1].
        labels: shape (N,), the digit that an image shows, or `NO_LABEL`.
        positions: shape (N,), place of each image in the data set that it comes from: the
            60,000 training images for validation, the 10,000 test images for the rotated ones.
        checksum: of that data set.
    """

    name: str
    images: Images
    labels: npt.NDArray[np.int64]
    positions: npt.NDArray[np.int64]
    checksum: str

    def __len__(self) -> int:
        return len(self.labels)


def load_reference_data(name: str, limit: int | None = None) -> ReferenceData:
    """Load a reference set.

    Args:
        name: one of `REFERENCE_SETS`. "validation" are the last 10,000 training images of
            MNIST, on which networks are not trained; "rotated-15" to "rotated-180" the same
            thousand test images, those of the studies, turned counter-clockwise by so many
            degrees; "kmnist" characters of which none is a digit; "pen-digits" digits written
            on a tablet, drawn as the canvas draws.
        limit: the first so many images only; all if None.

    Raises:
        InvalidInputError: there is no such set, or the limit is not 1 or more.
        MissingDataError: its data set is not on this machine.
        DamagedFileError: the file of its data set is damaged.
    """
    if limit is not None and limit < 1:
        raise InvalidInputError("limit", expected="a whole number, 1 or more", received=limit)
    if name == "validation":
        return _validation(limit)
    if name == "test":
        mnist = _mnist_test()
        return _set(name, mnist.x[..., None], mnist.y, np.arange(len(mnist)), TEST_CHECKSUM, limit)
    if name in ROTATED_SETS:
        return _rotated(name, ANGLES[ROTATED_SETS.index(name)], limit)
    if name == "kmnist":
        x = load_kmnist_test()[..., None]
        strangers = np.full(len(x), NO_LABEL)
        return _set(name, x, strangers, np.arange(len(x)), KMNIST_CHECKSUM, limit)
    if name == "pen-digits":
        inks, digits = zip(*load_pen_digits(limit=limit), strict=True)
        images = np.stack([ink_image(ink) for ink in inks])
        places = np.arange(len(images))
        return _set(name, images, np.array(digits), places, PEN_DIGITS_CHECKSUM, limit)
    raise InvalidInputError(
        "reference set", expected=f"one of {', '.join(REFERENCE_SETS)}", received=name
    )


def _validation(limit: int | None) -> ReferenceData:
    x, y = load_mnist_train()
    # As `split_training_data` splits, which would scale all 60,000 images.
    places = np.arange(len(x) - len(x) // 6, len(x))
    return _set("validation", x[places][..., None], y[places], places, TRAIN_CHECKSUM, limit)


def _rotated(name: str, degrees: float, limit: int | None) -> ReferenceData:
    mnist = _mnist_test()
    plan = StudyPlan("rotation", num_images=_NUM_ROTATED)
    places = StudyImages.choose(plan, mnist.y).first[:limit]
    turned = np.stack([rotate(image, degrees) for image in as_batch(mnist.x[places])])
    return _set(name, turned, mnist.y[places], places, TEST_CHECKSUM, limit)


def _mnist_test() -> MnistTest:
    mnist = load_mnist_test()
    if mnist is None:
        raise MissingDataError(f"MNIST is not on this machine. {MISSING_ADVICE}")
    return mnist


def _set(
    name: str,
    images: Images,
    labels: npt.NDArray[np.integer],
    positions: npt.NDArray[np.int64],
    checksum: str,
    limit: int | None,
) -> ReferenceData:
    return ReferenceData(
        name, images[:limit], labels[:limit].astype(np.int64), positions[:limit], checksum
    )
