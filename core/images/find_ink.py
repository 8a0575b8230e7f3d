"""Where the ink is in a grey image: polarity from the border, light evened out, paper removed."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy import ndimage

from ..errors import InvalidInputError

Floats = npt.NDArray[np.float32]
Floats64 = npt.NDArray[np.float64]

# Longest side at which ink is looked for; the digit ends in 20 pixels.
_WORKING_SIDE = 400
# Ink fainter than this share of the way from black to white is not told from paper.
_FAINTEST_INK = 0.06
# So much of the ink is less than full: the brightest pixels of a photo are glints.
_FULL_INK = 0.95
# Where so much of the border is one grey, give or take a level of 255, the image was drawn,
# scanned or computed, and is used as it is; digits that touch the border do not change that.
_FLAT_SHARE = 0.6
_ONE_LEVEL = 1.5 / 255
# Side of the window that sees past a stroke to the paper, a share of the image.
_PAPER_WINDOW = 0.25
# Darker than this is black; only the logarithm needs it.
_DARKEST = 0.02
# Ink stands out by more than this many times the usual grain of the paper (four deviations).
_GRAIN = 6.0
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
    apart = grey - paper if is_flat else _calm(grey) - _light(grey)
    is_dark_on_bright = bool(-apart.min() > apart.max())
    grain = 0.0
    if is_flat:
        ink = paper - grey if is_dark_on_bright else grey - paper
    else:
        # Ink takes away a share of the light that falls on it, and a logarithm makes shares
        # differences. Bright ink on dark (a blackboard) adds light.
        ink = _even_out(-np.log(np.maximum(grey, _DARKEST)) if is_dark_on_bright else grey)
        if is_dark_on_bright:
            ink = -np.expm1(-ink)
        grain = _GRAIN * float(np.median(np.abs(_border(ink))))
    np.maximum(ink, 0.0, out=ink)
    threshold = _otsu_threshold(ink)
    strong = ink > threshold
    full = float(np.quantile(ink[strong], _FULL_INK)) if strong.any() else 0.0
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
    full = float(np.quantile(ink[strong & kept], _FULL_INK))
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

    The light is a quadratic surface, fitted to what is paper. What that leaves, a soft shadow, is
    what a morphological opening keeps: it removes whatever is narrower than its window, the ink.
    """
    calm = _calm(bright)
    level = calm - _light(calm)
    window = max(3, round(_PAPER_WINDOW * max(bright.shape)))
    shadow = ndimage.grey_opening(level, size=(window, window), mode="nearest")
    shadow = ndimage.uniform_filter(shadow, size=window // 2, mode="nearest")
    difference: Floats = level - shadow
    return difference - np.float32(np.median(difference))


def _light(image: Floats) -> Floats:
    """Fit a quadratic surface to an image, refitted without what stands out from it."""
    y, x = (np.linspace(-1.0, 1.0, side) for side in image.shape)
    rows, columns = (np.linspace(0, side - 1, min(side, 60)).astype(int) for side in image.shape)

    def terms(y: Floats64, x: Floats64) -> Floats64:
        grid_y, grid_x = (part.ravel() for part in np.meshgrid(y, x, indexing="ij"))
        powers = (grid_y, grid_x, grid_y * grid_x, grid_y**2, grid_x**2)
        return np.stack([np.ones_like(grid_y), *powers], axis=1)

    sample, values = terms(y[rows], x[columns]), image[np.ix_(rows, columns)].ravel()
    is_paper = np.ones(len(values), bool)
    for _ in range(5):
        # Six terms on [-1, 1]: well enough conditioned for the normal equations.
        chosen = sample[is_paper]
        surface = np.linalg.pinv(chosen.T @ chosen) @ (chosen.T @ values[is_paper])
        apart = np.abs(values - sample @ surface)
        is_paper = apart <= 2.5 * np.median(apart) + 1e-6
    light: Floats = (terms(y, x) @ surface).reshape(image.shape).astype(np.float32)
    return light


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
