"""From what a person names on the command line to an image."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..images.file_names import printable

if TYPE_CHECKING:
    from ..images import ResolvedImage

__all__ = ["is_reference", "printable", "read_image"]

_REFERENCE_KINDS = ("mnist", "hand", "ink", "img", "file")


def is_reference(source: str) -> bool:
    """Whether a source names an image by a reference, of a file of its own even (`file:...`)."""
    return source.partition(":")[0] in _REFERENCE_KINDS


def read_image(source: str) -> ResolvedImage:
    """Return the image that a reference or a path names.

    Args:
        source: everything that does not begin as a reference does is a path; ./mnist:5 is one too.

    Raises:
        InvalidInputError: there is no such image.
        MissingDataError: it is MNIST's, and MNIST is not on this machine.
    """
    from ..images import ImageReference, load_mnist_test, parse_reference, resolve

    if is_reference(source):
        reference = parse_reference(source, allow_files=True)
    else:
        reference = ImageReference("file", source)
    return resolve(reference, load_mnist_test() if reference.kind == "mnist" else None)
