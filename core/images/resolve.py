"""From an image reference to the image."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ..errors import InvalidInputError, MissingDataError
from ..limits import MAX_UPLOAD_BYTES
from .fit_picture import picture_in_frame
from .frame import MNIST_FRAME
from .handwriting import write_digit
from .ink_text import decode_ink
from .normalise import ink_image
from .references import ImageReference, unpack_image
from .sources import MISSING_ADVICE, MnistTest


@dataclass(frozen=True, eq=False)
class ResolvedImage:
    """An image with what is known of it.

    Args:
        image: shape (28, 28, 1), in [0, 1], ink bright on dark; of a picture of somebody's own, or
            in the frame of another network, that frame's shape.
        label: the digit it shows, where that is known.
        title: what a person calls it, as "Test image 5, a 1".
        reference: what names it.
    """

    image: npt.NDArray[np.float32]
    label: int | None
    title: str
    reference: ImageReference


def resolve(reference: ImageReference, mnist: MnistTest | None = None) -> ResolvedImage:
    """Return the image that a reference names.

    Args:
        reference: what names it.
        mnist: the test set, for `mnist:` references.

    Raises:
        MissingDataError: the reference is to MNIST, and MNIST is not there; or to a picture that
            only the session has in which it was uploaded.
        InvalidInputError: there is no such file, no image in it, or no ink.
    """
    payload = reference.payload
    if reference.kind == "mnist":
        if mnist is None:
            raise MissingDataError(
                f"Test image {payload} is one of MNIST's, and MNIST is not on this machine."
                f" {MISSING_ADVICE}"
            )
        image, label = mnist.image(int(payload)), mnist.label(int(payload))
        return ResolvedImage(image, label, f"Test image {payload}, {_a(label)}", reference)
    if reference.kind == "hand":
        digit, variant = (int(part) for part in payload.split("-"))
        image = ink_image(write_digit(digit, variant))
        return ResolvedImage(image, digit, f"Handwriting {variant}, {_a(digit)}", reference)
    if reference.kind == "ink":
        return ResolvedImage(ink_image(decode_ink(payload)), None, "Your drawing", reference)
    if reference.kind == "img":
        return ResolvedImage(unpack_image(payload), None, "Your image", reference)
    if reference.kind == "own":
        raise MissingDataError(
            "This picture is kept only in the visit in which it was uploaded. Upload it again."
        )
    path = Path(payload)
    image = picture_in_frame(_read_file(path), path.name, MNIST_FRAME, centred=True)
    return ResolvedImage(image, None, path.name, reference)


def _a(digit: int) -> str:
    return f"an {digit}" if digit == 8 else f"a {digit}"


def _read_file(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            # One byte more than allowed is enough to know that it is too many.
            return file.read(MAX_UPLOAD_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise InvalidInputError(
            "image file",
            expected="a PNG, JPEG or other image file",
            received=f"{path} ({reason})",
        ) from error
