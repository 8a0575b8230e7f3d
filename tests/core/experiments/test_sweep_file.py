from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from core.errors import DamagedFileError, InvalidInputError
from core.experiments import load_sweep, run_sweep, save_sweep
from core.experiments.recipe import SweepRecipe
from core.experiments.sweep import SweepResult
from core.experiments.sweep_file import sweep_bytes

if TYPE_CHECKING:
    from core.inference import McSampler


@pytest.fixture(scope="module")
def result(sampler: McSampler) -> SweepResult:
    rng = np.random.default_rng(0)
    images = tuple(rng.random((2, 28, 28, 1)).astype(np.float32))
    recipe = SweepRecipe(
        kind="blending",
        images=images,
        labels=(2, 1),
        references=("mnist:4", "mnist:5"),
        start=0.25,
        num_steps=5,
        num_samples=7,
        seed=3,
        network="mc",
    )
    return run_sweep(recipe, sampler)


def test_a_loaded_sweep_is_the_saved_one(result: SweepResult, tmp_path: Path) -> None:
    save_sweep(result, tmp_path / "sweep.npz")
    loaded = load_sweep(tmp_path / "sweep.npz")
    assert loaded.weights_checksum == result.weights_checksum
    for name in ("kind", "labels", "references", "ends", "num_steps", "num_samples", "seed"):
        assert getattr(loaded.recipe, name) == getattr(result.recipe, name)
    assert loaded.recipe.network == "mc"
    for one, other in zip(loaded.recipe.images, result.recipe.images, strict=True):
        np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(loaded.images, result.images)
    np.testing.assert_array_equal(loaded.twin, result.twin)
    np.testing.assert_array_equal(loaded.summary.histogram, result.summary.histogram)
    np.testing.assert_array_equal(loaded.summary.sum_pp, result.summary.sum_pp)
    assert loaded.plain is None


def test_a_path_may_be_text(result: SweepResult, tmp_path: Path) -> None:
    path = str(tmp_path / "sweep.npz")
    save_sweep(result, path)
    np.testing.assert_array_equal(load_sweep(path).images, result.images)
    (tmp_path / "sweep.npz").write_bytes(b"bark")
    with pytest.raises(DamagedFileError, match=r"^sweep\.npz cannot be used"):
        load_sweep(path)


def test_arguments_the_wrong_way_round_are_told(result: SweepResult, tmp_path: Path) -> None:
    swapped: Any = (str(tmp_path / "sweep.npz"), result)
    with pytest.raises(InvalidInputError, match=r"result\..*a str\..*save_sweep\(result, path\)"):
        save_sweep(*swapped)
    no_path: Any = 3
    with pytest.raises(InvalidInputError, match=r"path\. Expected a path"):
        save_sweep(result, no_path)
    assert not list(tmp_path.iterdir())


def test_a_loaded_sweep_can_be_computed_again(sampler: McSampler, result: SweepResult) -> None:
    loaded = load_sweep(sweep_bytes(result))
    again = run_sweep(loaded.recipe, sampler)
    assert again.weights_checksum == loaded.weights_checksum
    np.testing.assert_allclose(again.summary.mean, result.summary.mean, atol=1e-6)


def test_samples_and_plain_network_are_kept(sampler: McSampler, result: SweepResult) -> None:
    with_plain = result.with_plain(result.twin[:, ::-1])
    samples = sampler.sample(result.images, num_samples=7, seed=3)
    data = sweep_bytes(with_plain, samples)
    loaded = load_sweep(data)
    assert loaded.plain is not None
    np.testing.assert_array_equal(loaded.plain, with_plain.plain)
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        np.testing.assert_array_equal(arrays["probs_tnc"], samples.probs_tnc)


def changed(result: SweepResult, **arrays: Any) -> bytes:
    with np.load(io.BytesIO(sweep_bytes(result))) as saved:
        kept = {name: saved[name] for name in saved}
    buffer = io.BytesIO()
    np.savez(buffer, **{k: v for k, v in (kept | arrays).items() if v is not None})
    return buffer.getvalue()


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_truncated_file_is_refused_by_name(result: SweepResult, share: float) -> None:
    data = sweep_bytes(result)
    with pytest.raises(DamagedFileError, match=r"^mine\.npz cannot be used: .*Save the sweep"):
        load_sweep(data[: int(share * len(data))], "mine.npz")


def test_flipped_bytes_are_refused(result: SweepResult) -> None:
    data = bytearray(sweep_bytes(result))
    data[len(data) // 2 : len(data) // 2 + 40] = b"\xff" * 40
    with pytest.raises(DamagedFileError):
        load_sweep(bytes(data))


def test_other_files_are_refused(tmp_path: Path) -> None:
    for content in (b"", b"no zip", b"\x93NUMPY"):
        with pytest.raises(DamagedFileError):
            load_sweep(content)
    buffer = io.BytesIO()
    np.savez(buffer, x=np.zeros(3))
    with pytest.raises(DamagedFileError, match="no document"):
        load_sweep(buffer.getvalue())
    with pytest.raises(FileNotFoundError):
        load_sweep(tmp_path / "nothing.npz")


@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        ({"twin": np.zeros((5, 2), np.float32)}, "do not fit"),
        ({"originals": np.zeros((1, 28, 28, 1))}, "do not fit"),
        ({"summary_votes": np.zeros((5, 3), np.int64)}, "add up"),
        ({"summary_sum_p": np.full((5, 3), np.nan)}, "no numbers"),
        ({"summary_sum_h": np.zeros(4)}, "shape"),
        ({"document": np.array("[]")}, "list indices"),
        ({"document": np.array('{"format": "other"}')}, "format is 'other'"),
        ({"document": np.array("{}")}, "no format"),
        ({"images": None}, "no images|not a file"),
    ],
)
def test_a_sweep_whose_parts_do_not_fit_is_refused(
    result: SweepResult, arrays: dict[str, Any], words: str
) -> None:
    with pytest.raises(DamagedFileError, match=words):
        load_sweep(changed(result, **arrays))


@pytest.mark.parametrize("changes", [{"references": [1, 2]}, {"network": {}}, {"labels": "ab"}])
def test_a_recipe_of_other_types_is_refused(result: SweepResult, changes: dict[str, Any]) -> None:
    with np.load(io.BytesIO(sweep_bytes(result))) as saved:
        document = json.loads(str(saved["document"]))
    document["recipe"] |= changes
    with pytest.raises(DamagedFileError):
        load_sweep(changed(result, document=np.array(json.dumps(document))))


def test_pickles_are_refused(result: SweepResult) -> None:
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=True, document=np.array({"a": 1}, dtype=object))
    with pytest.raises(DamagedFileError):
        load_sweep(buffer.getvalue())
