"""Every limit in one place: what is refused at the boundary, and what bounds memory."""

from __future__ import annotations

# Passes and seeds.
MAX_NUM_SAMPLES = 100_000  # passes in one call; beyond it the Monte-Carlo error no longer matters
MAX_SEED = 2**32 - 1  # a seed has to fit a link and a Philox key word
DEFAULT_NUM_SAMPLES = 1_000

# Ink.
MAX_STROKES = 200
MAX_POINTS = 8_000  # over all strokes; a minute of drawing at 120 points a second
MAX_ENCODED_INK = 48_000  # characters; room for every ink within the limits above
MAX_LINK_CHARACTERS = 12_000  # longer links break in chat programs and proxies
MIN_PEN_WIDTH = 0.01  # shares of the canvas side
MAX_PEN_WIDTH = 0.25
MAX_OUTSIDE = 1.0  # canvas sides that a captured pen may stray off the canvas; clipped, not refused
MIN_RENDER_SIZE = 16  # pixels
MAX_RENDER_SIZE = 2_048

# Uploads, checked before anything is decoded.
MAX_UPLOAD_BYTES = 10 * 2**20
MAX_UPLOAD_PIXELS = 40_000_000  # a 40-megapixel photo
MIN_UPLOAD_SIDE = 4  # pixels; fewer cannot show a digit
MAX_GREY_SIDE = 1_024  # uploads are shrunk to it: a digit ends in 20 pixels anyway
MAX_ENCODED_IMAGE = 2_000  # characters of an `img:` reference; noise needs 1,100
MAX_REFERENCE = 50_000  # characters of any image reference

# Batches of images that people bring; files over these are refused, the others go on.
MAX_BATCH_ITEMS = 100_000  # images and rows of one batch
MAX_BATCH_FILE_BYTES = 200 * 2**20  # of one ZIP, .npz or .csv
MAX_BATCH_UNPACKED_BYTES = 2 * 2**30  # of all that is in one ZIP
MAX_ARRAYS_BYTES = 512 * 2**20  # unpacked; all of MNIST is 55 MB
MAX_ZIP_DIRECTORY_BYTES = 16 * 2**20  # the list of a ZIP's entries; 100,000 long names
MAX_ZIP_RATIO = 200  # of an entry over a megabyte; pictures are packed already
MAX_TABLE_LINE = 16 * 2**20  # characters; a row of 512 x 512 colour pixels
MAX_FILE_NAME = 200  # characters that are shown of one
MAX_THUMBNAIL_SIDE = 32  # pixels; what is kept of an image beside its answer
MAX_PAGE_BATCH = 20_000  # images of one batch on the page: it stays in its visitor's session
BATCH_BYTES = 64 * 2**20  # of images and of sums over their passes, at a time

# Networks that people bring. Their files are hostile until shown otherwise.
MAX_CLASS_NAME = 60  # characters
MAX_NAMES_BYTES = 2**20  # of a file with names; 1,000 names of 60 characters are 0.2 MiB
MIN_FRAME_SIDE = 4  # pixels
MAX_FRAME_SIDE = 512
MAX_MODEL_BYTES = 200 * 2**20  # of the file
MAX_MODEL_CONFIG_BYTES = 4 * 2**20  # of its config.json, unpacked; EfficientNetB7's has 0.7 MiB
MAX_MODEL_METADATA_BYTES = 64 * 2**10  # of its metadata.json, unpacked
MAX_MODEL_RATIO = 100  # an entry's size unpacked to packed; Keras packs nothing
MAX_MODEL_DEPTH = 100  # lists and objects in each other; a model inside a model adds four
MAX_MODEL_OBJECTS = 50_000  # groups and arrays of its weights; ResNet152 has 3,000
MAX_MODEL_NAME = 60  # characters of a layer's name that are shown
MAX_REPORT_LINES = 200  # of layers
INSPECTION_SECONDS = 90.0  # of a model in a process of its own; ResNet50 takes 15 on two cores
INSPECTION_BYTES = 2 * 2**30  # of memory beyond what TensorFlow takes itself
INSPECTIONS_AT_ONCE = 2
MAX_OWN_CLASSES = 1_000  # sums of T passes hold C x C numbers an image: 8 MB
MAX_OWN_NETWORKS = 3  # that one visitor may keep
MAX_ALL_OWN_NETWORKS = 24  # of all visitors together
MIN_SCORED_IMAGES = 20  # labelled; half of them fit limits, which from fewer would be noise
MAX_SCORED_IMAGES = 50_000  # labelled and strangers each
MAX_SCORED_BYTES = 512 * 2**20  # of their pixels
MAX_SCORE_PICTURES_BYTES = 16 * 2**20  # of small pictures that a visit keeps of one set of them

# Downloads.
MAX_MNIST_BYTES = 64 * 2**20  # Keras' file is 11 MB, unpacked 55 MB
DOWNLOAD_TIMEOUT = 30  # seconds without a byte

# The sampler.
CHUNK_BYTES = 64 * 2**20  # of one chunk of passes; smaller ones cost more in calls
MAX_RESPONSE_BYTES = 64 * 2**20  # of one image: see core/inference/responses.py
MAX_SAMPLES_BYTES = 2 * 2**30  # raw softmax samples of one call
MAX_DROPPED_BYTES = 512 * 2**20  # what passes dropped, one byte a unit and pass
REGRESSION_BYTES = 64 * 2**20  # values kept at a time, of which quantiles are taken
ADAPTIVE_BYTES = 256 * 2**20  # kept of the images whose passes are followed at a time
COMMITTEE_BYTES = 32 * 2**20  # masks kept as the backend takes them, of one sampler
MASK_CACHE_BYTES = 64 * 2**20  # masks kept, over all samplers

# Experiments.
MAX_SWEEP_STEPS = 360  # a step per degree
MAX_SWEEP_BYTES = 512 * 2**20  # in memory; 36 steps of 1,000 classes are 275 MiB, C x C sums each
MAX_SWEEP_FILE_BYTES = 2**30  # unpacked; 100,000 passes at 36 steps are 140 MiB
MAX_REFERENCE_FILE_BYTES = 64 * 2**20  # unpacked; 50,000 images are 3 MiB
MAX_RIVALS_FILE_BYTES = 64 * 2**20  # unpacked; of 128 features they are 0.1 MiB, F x F numbers each
MAX_CURVE_POINTS = 200  # that a curve is fitted through
MAX_CHECKPOINT_BYTES = 2**30  # unpacked; 10,000 images at 36 steps are some 40 MiB
