"""What goes in: ink, handwriting, sources, uploads, and MNIST's frame for all of them."""

from .batch_item import BatchFile, BatchItem, Preparation, item_of_image
from .batch_source import count_batch, files_below, read_batch
from .corruptions import blend, rotate, salt_and_pepper
from .download import download_mnist
from .fit_picture import picture_in_frame
from .frame import MNIST_FRAME, Frame, in_frame
from .handwriting import NUM_VARIANTS, write_digit
from .ink import DEFAULT_PEN_WIDTH, Ink, parse_ink
from .ink_text import decode_ink, encode_ink
from .kmnist import load_kmnist_test
from .normalise import ink_image, normalise
from .pen_digits import load_pen_digits
from .references import (
    ImageReference,
    parse_reference,
    reference_from_image,
    reference_from_ink,
)
from .render import render_ink
from .resolve import ResolvedImage, resolve
from .sources import MnistTest, as_batch, find_mnist, load_mnist_test, load_mnist_train
from .stroke_distance import stroke_distance
from .upload import read_upload, read_upload_colour

__all__ = [
    "DEFAULT_PEN_WIDTH",
    "MNIST_FRAME",
    "NUM_VARIANTS",
    "BatchFile",
    "BatchItem",
    "Frame",
    "ImageReference",
    "Ink",
    "MnistTest",
    "Preparation",
    "ResolvedImage",
    "as_batch",
    "blend",
    "count_batch",
    "decode_ink",
    "download_mnist",
    "encode_ink",
    "files_below",
    "find_mnist",
    "in_frame",
    "ink_image",
    "item_of_image",
    "load_kmnist_test",
    "load_mnist_test",
    "load_mnist_train",
    "load_pen_digits",
    "normalise",
    "parse_ink",
    "parse_reference",
    "picture_in_frame",
    "read_batch",
    "read_upload",
    "read_upload_colour",
    "reference_from_image",
    "reference_from_ink",
    "render_ink",
    "resolve",
    "rotate",
    "salt_and_pepper",
    "stroke_distance",
    "write_digit",
]
