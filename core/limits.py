"""Every limit in one place: what is refused at the boundary, and what bounds memory."""

from __future__ import annotations

# Passes and seeds.
MAX_NUM_SAMPLES = 100_000  # passes in one call; beyond it the Monte-Carlo error no longer matters
MAX_SEED = 2**32 - 1  # a seed has to fit a link and a Philox key word
DEFAULT_NUM_SAMPLES = 1_000

# Ink.
MAX_STROKES = 200
MAX_POINTS = 8_000  # over all strokes; a minute of drawing at 120 points a second
MAX_ENCODED_INK = 12_000  # characters; longer links break in chat programs and proxies

# Uploads, checked before anything is decoded.
MAX_UPLOAD_BYTES = 10 * 2**20
MAX_UPLOAD_PIXELS = 40_000_000  # a 40-megapixel photo
MIN_UPLOAD_SIDE = 4  # pixels; fewer cannot show a digit

# The sampler.
MAX_CHUNK_BYTES = 256 * 2**20  # no intermediate array of a chunk may be larger than this
