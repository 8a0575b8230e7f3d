from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.errors import InvalidInputError, MissingDataError
from core.experiments import NO_LABEL, REFERENCE_SETS, load_reference_data
from core.images import as_batch, ink_image, load_mnist_test, load_mnist_train, load_pen_digits
from core.images import rotate as turn


def _require(folder: Path, *names: str) -> None:
    for name in names:
        if not (folder / name).is_file():
            pytest.skip(f"{name} is not in LABRADOR_DATA")


def test_there_are_sixteen_sets_each_named_once() -> None:
    assert len(REFERENCE_SETS) == len(set(REFERENCE_SETS)) == 16
    assert REFERENCE_SETS[2:14] == tuple(f"rotated-{15 * step}" for step in range(1, 13))


def test_validation_is_what_networks_are_validated_on(mnist_data: Path) -> None:
    from core.networks import split_training_data

    data = load_reference_data("validation")

    held = split_training_data(*load_mnist_train())
    assert len(data) == 10_000 and data.checksum == held.checksum
    as_bytes = np.asarray(data.images, dtype=np.uint8)[..., 0]
    np.testing.assert_array_equal(as_batch(as_bytes), held.validation_images)
    np.testing.assert_array_equal(data.labels, held.validation_labels)
    assert data.positions.tolist() == list(range(50_000, 60_000))


def test_test_set_is_whole_and_a_limit_takes_the_first(mnist_data: Path) -> None:
    mnist = load_mnist_test()
    assert mnist is not None

    data, few = load_reference_data("test"), load_reference_data("test", limit=3)

    np.testing.assert_array_equal(data.images[..., 0], mnist.x)
    np.testing.assert_array_equal(data.labels, mnist.y)
    np.testing.assert_array_equal(few.images, data.images[:3])
    assert len(few) == 3 and few.positions.tolist() == [0, 1, 2]


def test_rotated_sets_turn_the_same_thousand_images_counter_clockwise(mnist_data: Path) -> None:
    mnist = load_mnist_test()
    assert mnist is not None

    some, others = load_reference_data("rotated-75"), load_reference_data("rotated-180")

    assert some.images.shape == (1_000, 28, 28, 1) and some.images.dtype == np.float32
    np.testing.assert_array_equal(some.positions, others.positions)
    assert len(set(some.positions.tolist())) == 1_000
    np.testing.assert_array_equal(np.bincount(some.labels), [100] * 10)
    for index in (0, 999):
        place = int(some.positions[index])
        np.testing.assert_array_equal(some.images[index], turn(mnist.image(place), 75))
        np.testing.assert_allclose(others.images[index], mnist.image(place)[::-1, ::-1], atol=1e-6)
        assert some.labels[index] == mnist.y[place]


def test_kmnist_shows_no_digit(labrador_data: Path) -> None:
    _require(labrador_data, "kmnist_test.npz")

    data = load_reference_data("kmnist")

    assert len(data) == 10_000 and data.images.dtype == np.uint8
    assert (data.labels == NO_LABEL).all()


def test_pen_digits_are_drawn_as_the_canvas_draws(labrador_data: Path) -> None:
    _require(labrador_data, "pen_strokes.json.gz")

    data = load_reference_data("pen-digits", limit=4)

    inks, labels = zip(*load_pen_digits(limit=4), strict=True)
    np.testing.assert_array_equal(data.images, [ink_image(ink) for ink in inks])
    assert data.labels.tolist() == list(labels)


@pytest.mark.parametrize("name", REFERENCE_SETS)
def test_missing_data_are_told_in_a_sentence(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LABRADOR_DATA", str(tmp_path))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))

    with pytest.raises(MissingDataError, match="LABRADOR_DATA"):
        load_reference_data(name)


@pytest.mark.parametrize("name", ["", "rotated-0", "rotated-20", "mnist"])
def test_unknown_set_is_refused(name: str) -> None:
    with pytest.raises(InvalidInputError, match="reference set"):
        load_reference_data(name)


@pytest.mark.parametrize("limit", [0, -1])
def test_limit_below_1_is_refused(limit: int) -> None:
    with pytest.raises(InvalidInputError, match="limit"):
        load_reference_data("test", limit)
