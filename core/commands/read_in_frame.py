"""From what a person names on the command line to an image as a network of their own sees it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import InvalidInputError
from ..limits import MAX_UPLOAD_BYTES
from .read_image import printable, read_image

if TYPE_CHECKING:
    from ..images import Frame, ResolvedImage

_OTHER_KINDS = ("mnist", "hand", "ink", "img")


def read_in_frame(source: str, frame: Frame) -> ResolvedImage:
    """Return the image that a reference or a path names, in a frame and without a label.

    A picture is taken as a whole, in colour where the frame is; what a reference names is stretched
    to the frame. The digit that it shows is none of the network's classes.

    Args:
        source: as of `read_image`.
        frame: of the network.

    Raises:
        InvalidInputError: there is no such image.
        MissingDataError: it is MNIST's, and MNIST is not on this machine.
    """
    from ..images import ImageReference, ResolvedImage, in_frame
    from ..images.fit_picture import picture_in_frame

    kind, _, rest = source.partition(":")
    if kind in _OTHER_KINDS:
        resolved = read_image(source)
        return replace(resolved, image=in_frame(resolved.image, frame), label=None)
    path = Path(rest if kind == "file" else source)
    image = picture_in_frame(_content(path), printable(path.name), frame, centred=False)
    return ResolvedImage(image, None, path.name, ImageReference("file", str(path)))


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            # One byte more than allowed is enough to know that it is too many.
            return file.read(MAX_UPLOAD_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InvalidInputError(
            "image file",
            expected="a PNG, JPEG or other image file",
            received=f"{printable(str(path))} ({reason})",
        ) from error
