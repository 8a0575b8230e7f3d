"""Any picture into the frame of a network: as MNIST's digits were, or whole."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image

from .frame import Frame
from .normalise import normalise
from .upload import read_upload, read_upload_colour

Floats = npt.NDArray[np.float32]


def picture_in_frame(data: bytes, name: str, frame: Frame, *, centred: bool) -> Floats:
    """Read an image file into a frame.

    Args:
        data: the bytes of the file.
        name: the file's name, for errors.
        frame: of the network; colour becomes grey where it is grey.
        centred: whether to find the ink, scale and centre it as MNIST's digits were. Otherwise the
            picture is resized as a whole, its proportions kept: the longer side fits, and the rest
            is filled with what its border mostly shows.

    Returns:
        Of the frame's shape, in [0, 1], in 8 bits a pixel: what a link would hold of it.

    Raises:
        InvalidInputError: the file is no such image, or there is no ink to be centred.
    """
    if frame.channels == 3:
        image = _unit(read_upload_colour(data, name))
    else:
        grey = read_upload(data, name)
        image = normalise(grey) if centred else _unit(grey[..., None])
    framed = whole_in_frame(image, frame)
    return _unit(np.rint(framed * np.float32(255.0)).astype(np.uint8))


def whole_in_frame(image: Floats, frame: Frame) -> Floats:
    """Resize an image as a whole into a frame; one of the frame's own size stays as it is.

    Args:
        image: shape (H, W, channels), in [0, 1].
        frame: with as many channels.
    """
    if image.shape == frame.shape:
        return image
    height, width = image.shape[:2]
    scale = min(frame.height / height, frame.width / width)
    sides = max(1, round(scale * height)), max(1, round(scale * width))
    border = np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]])
    framed = np.empty(frame.shape, np.float32)
    framed[:] = np.median(border, axis=0)
    top, left = (frame.height - sides[0]) // 2, (frame.width - sides[1]) // 2
    # Averages over what becomes one pixel keep thin lines; between pixels a curve is smoother.
    way = Image.Resampling.BOX if scale < 1 else Image.Resampling.BICUBIC
    for channel in range(frame.channels):
        plane = Image.fromarray(np.ascontiguousarray(image[..., channel]))
        small = np.asarray(plane.resize((sides[1], sides[0]), way), np.float32)
        framed[top : top + sides[0], left : left + sides[1], channel] = np.clip(small, 0.0, 1.0)
    return framed


def _unit(levels: npt.NDArray[np.uint8]) -> Floats:
    return levels.astype(np.float32) / np.float32(255.0)
