"""A batch of whatever somebody brings: the good is read, the bad says why."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core.errors import InvalidInputError
from core.images import (
    BatchFile,
    BatchItem,
    Frame,
    Preparation,
    count_batch,
    files_below,
    item_of_image,
    load_mnist_test,
    normalise,
    read_batch,
    read_upload,
    reference_from_image,
    resolve,
)
from core.images.batch_examples import NUM_EXAMPLES, example_items, example_zip
from core.uncertainty.classes import DIGITS, Classes
from tests.core.images.batches import DIGIT, PIXELS, a_digit, npz, png, read, table, zipped

ANIMALS = Classes(("cat", "sausage dog", "Labrador"))
COLOUR = Preparation(Frame(20, 30, 3), 0, False, ANIMALS)
WHOLE = Preparation(Frame(20, 30), 0, False, ANIMALS)
ROWS = Preparation(None, 4, False, ANIMALS)
PICTURE = png(a_digit())


def told(items: list[BatchItem]) -> list[tuple[str, bool, int | None, str]]:
    return [(item.name, item.image is not None, item.label, item.problem) for item in items]


def test_pictures_are_centred_as_on_draw_and_one_broken_is_an_item_that_says_why() -> None:
    items = read(a_png=PICTURE, cut_png=PICTURE[:80], nothing_png=b"", b_jpg=PICTURE)
    assert [item.name for item in items] == ["a.png", "cut.png", "nothing.png", "b.jpg"]
    expected = resolve(reference_from_image(normalise(read_upload(PICTURE)))).image
    for good in (items[0], items[3]):
        assert good.image is not None and good.image.dtype == np.float32
        np.testing.assert_array_equal(good.image, expected)
        assert good.problem == "" and good.label is None
    assert items[1].image is None and "Expected an undamaged PNG image" in items[1].problem
    assert items[2].problem.endswith("got an empty file.")


def test_a_picture_that_is_not_centred_is_whole_with_its_own_border_around() -> None:
    picture = np.full((40, 20), 200, np.uint8)
    picture[10:30, 5:15] = 40
    (item,) = read(WHOLE, a_png=png(picture))
    assert item.image is not None and item.image.shape == (20, 30, 1)
    # Halved to 20 x 10 in the middle of 30 columns.
    np.testing.assert_allclose(item.image[:, :10], 200 / 255, atol=1e-6)
    np.testing.assert_allclose(item.image[:, 20:], 200 / 255, atol=1e-6)
    np.testing.assert_allclose(item.image[6:14, 13:17], 40 / 255, atol=1e-6)
    (same,) = read(WHOLE, a_png=png(PIXELS[0, :20].repeat(2, 1)[:, :30]))
    assert same.image is not None
    np.testing.assert_array_equal(same.image[..., 0] * 255, PIXELS[0, :20].repeat(2, 1)[:, :30])


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "CMYK", "P", "L"])
def test_colour_is_kept_for_a_frame_in_colour(mode: str) -> None:
    colour = Image.new("RGB", (60, 40), (200, 30, 90))
    file = io.BytesIO()
    stored = colour.quantize(4) if mode == "P" else colour.convert(mode)  # without dithering
    stored.save(file, "TIFF")
    (item,) = read(COLOUR, a_tif=file.getvalue())
    assert item.image is not None and item.image.shape == (20, 30, 3)
    expected = np.array(stored.convert("RGB"))[0, 0] / 255
    np.testing.assert_allclose(item.image, np.broadcast_to(expected, (20, 30, 3)), atol=1e-6)


def test_a_transparent_colour_picture_lies_on_paper_that_shows_it() -> None:
    pixels = np.zeros((40, 60, 4), np.uint8)
    pixels[10:30, 20:40] = (10, 20, 90, 255)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    (item,) = read(COLOUR, a_png=file.getvalue())
    assert item.image is not None
    np.testing.assert_allclose(item.image[0, 0], 1.0)
    np.testing.assert_allclose(item.image[10, 15], np.array([10, 20, 90]) / 255, atol=1e-6)


def test_a_zip_gives_labels_by_folder_and_leaves_out_what_is_nobodys() -> None:
    entries = {
        "set/4/a.png": PICTURE,
        "set/other/b.png": PICTURE,
        "set/12/c.png": PICTURE,
        "__MACOSX/set/4/._a.png": b"x",
        "set/.DS_Store": b"x",
        "set/4/Thumbs.db": b"x",
        "set/4/": b"",
        "./7/d.png": PICTURE,
        "inner.zip": zipped({"e.png": PICTURE}),
        "rows.npz": npz(x=PIXELS),
        "notes.txt": b"hello",
    }
    items = told(read(digits_zip=zipped(entries)))
    assert items[:4] == [
        ("set/4/a.png", True, 4, ""),
        ("set/other/b.png", True, None, ""),
        ("set/12/c.png", True, None, ""),
        ("./7/d.png", True, 7, ""),
    ]
    names, read_, _, problems = zip(*items[4:], strict=True)
    assert names == ("inner.zip", "rows.npz", "notes.txt") and not any(read_)
    assert "got a ZIP" in problems[0] and "got an .npz" in problems[1]
    assert "none of these" in problems[2]
    assert count_batch([BatchFile("digits.zip", zipped(entries))], DIGIT) == len(items)


def test_a_list_of_labels_goes_before_folders_and_says_what_it_cannot_use() -> None:
    listed = b"file,label\r\na.png,8\r\nsub/b.png,3.0\r\nc.png,eleven\r\nd.png,\r\n"
    entries = dict.fromkeys(("4/a.png", "4/sub/b.png", "4/c.png", "4/d.png", "9/e.png"), PICTURE)
    items = told(read(x_zip=zipped({**entries, "4/labels.csv": listed})))
    assert items == [
        ("4/a.png", True, 8, ""),
        ("4/sub/b.png", True, 3, ""),
        ("4/c.png", True, None, "The label “eleven” is none of its classes."),
        ("4/d.png", True, 4, ""),
        ("9/e.png", True, 9, ""),
    ]
    beside = read(labels_csv=b"a.png;2\na.jpg;5\n", a_png=PICTURE, a_jpg=PICTURE)
    assert [(item.name, item.label) for item in beside] == [("a.png", 2), ("a.jpg", 5)]
    bad = read(labels_csv=b"only\n", a_png=PICTURE)
    assert bad[0].name == "labels.csv" and "a name and a label" in bad[0].problem
    assert bad[1].image is not None


def test_labels_may_be_names_in_any_case_or_numbers() -> None:
    said = {"a.png": "CAT", "b.png": " sausage dog", "c.png": "2", "d.png": "-1", "e.png": "1.5"}
    listed = "".join(f"{name},{label}\n" for name, label in said.items()).encode()
    items = read(WHOLE, x_zip=zipped({**dict.fromkeys(said, PICTURE), "labels.csv": listed}))
    assert [item.label for item in items] == [0, 1, 2, None, None]
    assert [bool(item.problem) for item in items] == [False, False, False, True, True]
    # A name goes before a number: here "1" is the first class.
    odd = Preparation(Frame(20, 30), 0, False, Classes(("1", "0")))
    (item,) = read(odd, x_zip=zipped({"1/a.png": PICTURE}))
    assert item.label == 0


def test_what_came_alone_needs_no_name_in_front() -> None:
    packed = zipped({"a.png": PICTURE})
    assert [item.name for item in read(x_zip=packed)] == ["a.png"]
    assert [item.name for item in read(x_zip=packed, b_png=PICTURE)] == ["x.zip/a.png", "b.png"]
    assert [item.name for item in read(x_npz=npz(x=PIXELS[:1]))] == ["x[0]"]
    both = read(x_npz=npz(x=PIXELS[:1]), y_csv=table(PIXELS[:1].reshape(1, -1).tolist()))
    assert [item.name for item in both] == ["x.npz, x[0]", "y.csv, row 1"]


def test_a_folder_is_read_with_all_below_it(tmp_path: Path) -> None:
    for name in ("7/a.png", "3/deep/b.png", ".git/c.png", "x.zip"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(zipped({"4/z.png": PICTURE}) if "zip" in name else PICTURE)
    items = list(read_batch(files_below(tmp_path), DIGIT))
    assert [(item.name, item.label) for item in items] == [
        ("3/deep/b.png", None),
        ("7/a.png", 7),
        ("x.zip/4/z.png", 4),
    ]
    assert count_batch(files_below(tmp_path), DIGIT) == 3
    assert [file.name for file in files_below(tmp_path / "x.zip")] == ["x.zip"]
    with pytest.raises(InvalidInputError, match="a folder, or a file"):
        files_below(tmp_path / "nowhere")
    gone = BatchFile("gone.png", tmp_path / "gone.png")
    assert "No such file" in next(read_batch([gone], DIGIT)).problem


def test_nothing_in_it_is_said() -> None:
    assert told(read(x_zip=zipped({}))) == [("x.zip", False, None, "There is no image in it.")]
    assert "columns" in read(x_csv=b"")[0].problem
    assert list(read_batch([], DIGIT)) == [] and count_batch([], DIGIT) == 0


def test_names_of_files_are_fit_for_a_line() -> None:
    name = "a\n\x1b[31m<b>" + "x" * 400 + ".png"
    (item,) = read_batch([BatchFile(name, PICTURE)], DIGIT)
    assert item.name.isprintable() and len(item.name) == 200 and item.name.endswith("x.png")


def test_a_network_that_takes_rows_takes_no_picture() -> None:
    (picture,) = read(ROWS, a_png=PICTURE)
    assert picture.problem == "The network takes rows of 4 numbers: bring a .csv or .npz of them."
    rows = read(ROWS, a_csv=b"1.5,-200,3e3,4,cat\n1,2,3,nan,cat\n")
    assert rows[0].label == 0 and rows[0].image is not None
    np.testing.assert_allclose(rows[0].image, [1.5, -200, 3000, 4])
    assert rows[1].image is None


@pytest.mark.parametrize(
    ("frame", "length", "centred"),
    [(None, 0, False), (None, 4, True), (Frame(32, 32, 3), 0, True), (Frame(100, 100), 0, True)],
)
def test_a_preparation_that_cannot_be_is_refused(
    frame: Frame | None, length: int, centred: bool
) -> None:
    with pytest.raises(InvalidInputError):
        Preparation(frame, length, centred, DIGITS)


def test_a_batch_ends_somewhere() -> None:
    files = [BatchFile("x.npz", npz(x=PIXELS))]
    items = list(read_batch(files, DIGIT, most=2))
    assert [item.name for item in items] == ["x[0]", "x[1]", "The rest"]
    assert items[2].problem == "Only the first 2 images are read, and there are more."
    assert count_batch(files, DIGIT, most=2) == 3
    assert len(list(read_batch(files, DIGIT, most=3))) == count_batch(files, DIGIT) == 3


def test_an_image_that_is_there_already_is_brought_into_the_frame() -> None:
    image = PIXELS[0][..., None] / np.float32(255)
    for preparation, label in ((DIGIT, 7), (WHOLE, None), (COLOUR, None)):
        item = item_of_image("mnist:0", image, 7, preparation)
        assert item.image is not None and item.image.shape == preparation.shape
        # Which digit it is says nothing where the classes are no digits.
        assert item.label == label and item.name == "mnist:0"
    assert item_of_image("mnist:0", image, None, DIGIT).label is None
    assert "rows of 4 numbers" in item_of_image("mnist:0", image, 7, ROWS).problem


@pytest.mark.parametrize("has_mnist", [False, True])
def test_examples_are_there_with_mnist_and_without(
    has_mnist: bool, request: pytest.FixtureRequest
) -> None:
    mnist = load_mnist_test(request.getfixturevalue("mnist_data")) if has_mnist else None
    items = list(example_items(mnist, DIGIT))
    assert len(items) == len({item.name for item in items}) == NUM_EXAMPLES
    assert all(item.image is not None for item in items)
    assert len({item.label for item in items}) == 10
    packed = example_zip(mnist)
    files = [BatchFile("digits.zip", packed)]
    read_back = list(read_batch(files, DIGIT))
    assert [item.name for item in read_back if item.image is None] == ["broken.png"]
    assert {item.label for item in read_back} == {None, *range(10)}
    assert len(packed) < 60_000


SAMPLES = (
    zipped({"4/a.png": PICTURE, "labels.csv": b"a.png,4\n"}),
    zipped({"a.csv": b"1,2,3,4\n"}, zipfile.ZIP_STORED),
    npz(x=PIXELS[:1], y=np.array([3])),
    table(PIXELS[:1].reshape(1, -1).tolist()),
)


@settings(max_examples=60)
@given(st.sampled_from(SAMPLES), st.sampled_from([".zip", ".npz", ".csv", ".png"]), st.data())
def test_damaged_files_of_any_kind_are_items_with_problems(
    sample: bytes, ending: str, data: st.DataObject
) -> None:
    damaged = bytearray(sample)
    for _ in range(data.draw(st.integers(0, 6))):
        damaged[data.draw(st.integers(0, len(sample) - 1))] = data.draw(st.integers(0, 255))
    end = data.draw(st.integers(0, len(sample)))
    _only_items(
        f"x{ending}", bytes(damaged[: end or None]), data.draw(st.sampled_from([DIGIT, ROWS]))
    )


@settings(max_examples=60)
@given(st.binary(max_size=200), st.sampled_from([".zip", ".npz", ".csv", ".png", "labels.csv", ""]))
def test_any_bytes_are_items_with_problems(data: bytes, ending: str) -> None:
    _only_items(f"x{ending}", data, ROWS)
    _only_items(ending, data, DIGIT)


def _only_items(name: str, data: bytes, preparation: Preparation) -> None:
    files = [BatchFile(name, data), BatchFile("after.png", PICTURE)]
    items = list(read_batch(files, preparation))
    assert items[-1].name == "after.png" and count_batch(files, preparation) >= 1
    for item in items:
        assert item.problem or item.image is not None
        assert item.image is None or item.image.shape == preparation.shape
        assert item.name.isprintable() and item.problem.isprintable()
