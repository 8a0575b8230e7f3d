from __future__ import annotations

import numpy as np
import pytest

from core.experiments.zoo_sets import ZOO_SETS, ZooSets
from tests.core.experiments.zoo_networks import noise_set

SETS = ZooSets({name: noise_set(name) for name in ZOO_SETS})


@pytest.mark.parametrize("size", [1, 7, 40, 1_000])
def test_batches_hold_every_image_once_in_the_order_of_the_sets(size: int) -> None:
    total = SETS.num_images
    batches = [SETS.images(slice(at, min(at + size, total))) for at in range(0, total, size)]

    images = np.concatenate(batches)

    assert images.dtype == np.float32 and len(images) == total == sum(SETS.sizes.values())
    for name, found in SETS.split(images).items():
        expected = noise_set(name).images
        scale = 255 if expected.dtype == np.uint8 else 1
        np.testing.assert_allclose(found, expected / scale, rtol=1e-6)


def test_checksum_tells_changed_images() -> None:
    again = {name: noise_set(name) for name in ZOO_SETS}
    assert ZooSets(again).checksum == SETS.checksum

    again["rotated-90"].images[0, 0, 0] = 0.5

    assert ZooSets(again).checksum != SETS.checksum


def test_limit_takes_the_first_of_each_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.experiments.zoo_sets.load_reference_data", noise_set)

    few = ZooSets.load(limit=4)

    assert few.sizes == dict.fromkeys(ZOO_SETS, 4)
    np.testing.assert_array_equal(few.labels("test"), noise_set("test").labels[:4])
