"""Where the ink is in a grey image: polarity from the border, light evened out, paper removed."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy import ndimage

from ..errors import InvalidInputError

Floats = npt.NDArray[np.float32]

# Longest side at which ink is looked for; the digit ends in 20 pixels.
_WORKING_SIDE = 400
# Ink fainter than this share of the way from black to white is not told from paper.
_FAINTEST_INK = 0.06
# Where so much of the border is one grey, give or take a level of 255, the image was drawn,
# scanned or computed, and is used as it is; digits that touch the border do not change that.
_FLAT_SHARE = 0.6
_ONE_LEVEL = 1.5 / 255
# Side of the window that sees past a stroke to the paper, a share of the image.
_PAPER_WINDOW = 0.25
# Pieces smaller than this share of the largest one are dust on a photo.
_DUST = 0.03


def find_ink(grey: Floats) -> Floats:
    """Return how much ink is where, 0 for paper and 1 for full ink.

    Args:
        grey: shape (H, W), in [0, 1], either ink dark on bright or bright on dark. An image
            whose border is flat is only shifted and scaled; otherwise it is taken for a photo:
            its light is evened out, its paper's grain and dust are removed.

    Returns:
        Shape (H, W), or smaller by a whole factor for a large image.

    Raises:
        InvalidInputError: nothing stands out from the background.
    """
    grey = _shrink(grey)
    border = _border(grey)
    paper = np.median(border)
    is_flat = bool(np.mean(np.abs(border - paper) <= _ONE_LEVEL) >= _FLAT_SHARE)
    # From the paper, the ink is farther away than anything on the other side.
    sample = grey if is_flat else _calm(grey)
    is_dark_on_bright = paper - sample.min() > sample.max() - paper
    ink = paper - grey if is_dark_on_bright else grey - paper
    if not is_flat:
        ink = _even_out(ink)
    np.maximum(ink, 0.0, out=ink)
    threshold = _otsu_threshold(ink)
    strong = ink > threshold
    full = float(np.quantile(ink[strong], 0.9)) if strong.any() else 0.0
    grain = 0.0 if is_flat else 3.0 * float(np.quantile(np.abs(_border(ink)), 0.9))
    if full < max(_FAINTEST_INK, grain):
        raise InvalidInputError(
            "image",
            expected="a digit that stands out from its background",
            received="an image without visible ink",
            advice="Draw something, or choose an image with more contrast.",
        )
    if is_flat:
        return np.asarray(np.minimum(ink / np.float32(full), 1.0))
    kept = _without_dust(strong, ink > threshold / 2)
    full = float(np.quantile(ink[strong & kept], 0.9))
    ink[~kept] = 0.0
    floor = threshold / 2
    return np.asarray(np.clip((ink - np.float32(floor)) / np.float32(full - floor), 0.0, 1.0))


def _shrink(grey: Floats) -> Floats:
    factor = -(-max(grey.shape) // _WORKING_SIDE)
    if factor <= 1:
        return grey
    return np.asarray(Image.fromarray(grey).reduce(factor), np.float32)


def _border(image: Floats) -> Floats:
    """Return the pixels of a frame a fiftieth of the image wide."""
    width = max(1, min(image.shape) // 50)
    return np.concatenate(
        [
            image[:width].ravel(),
            image[-width:].ravel(),
            image[:, :width].ravel(),
            image[:, -width:].ravel(),
        ]
    )


def _calm(image: Floats) -> Floats:
    """Smooth away the grain of paper and camera, which is finer than any stroke."""
    calm: Floats = ndimage.gaussian_filter(image, max(image.shape) / 300, mode="nearest")
    return calm


def _even_out(bright: Floats) -> Floats:
    """Subtract the paper's own brightness from bright ink on darker, unevenly lit paper.

    A morphological opening removes what is narrower than its window, the ink; what is left,
    smoothed, is the paper.
    """
    window = max(3, round(_PAPER_WINDOW * max(bright.shape)))
    calm = _calm(bright)
    paper = ndimage.grey_opening(calm, size=(window, window), mode="nearest")
    paper = ndimage.uniform_filter(paper, size=window // 2, mode="nearest")
    difference: Floats = calm - paper
    return difference - np.float32(np.median(difference))


def _otsu_threshold(ink: Floats) -> float:
    """Return the level that best parts ink from paper (Otsu 1979: largest variance between)."""
    top = float(ink.max())
    if top <= 0.0:
        return 0.0
    levels = (ink * np.float32(255.0 / top)).astype(np.uint8)
    counts = np.bincount(levels.ravel(), minlength=256).astype(np.float64)
    below = np.cumsum(counts)[:-1]
    above = below[-1] + counts[-1] - below
    sums = np.cumsum(counts * np.arange(256))
    mean_below = sums[:-1] / np.maximum(below, 1.0)
    mean_above = (sums[-1] - sums[:-1]) / np.maximum(above, 1.0)
    between = below * above * (mean_above - mean_below) ** 2
    return (float(np.argmax(between)) + 1.0) * top / 255.0


def _without_dust(
    strong: npt.NDArray[np.bool_], faint: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Return the parts of `faint` that belong to a piece of `strong` that is not dust.

    What touches the edge of a photo is the edge of the paper or a shadow, unless it is all
    there is.
    """
    labels, num_pieces = ndimage.label(faint, structure=np.ones((3, 3)))
    sizes = np.bincount(labels[strong], minlength=num_pieces + 1)
    sizes[0] = 0
    edge = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
    inside = sizes.copy()
    inside[edge] = 0
    if 5 * inside.max() >= sizes.max():
        sizes = inside
    kept: npt.NDArray[np.bool_] = (sizes >= max(1.0, _DUST * sizes.max()))[labels]
    return kept
