from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from core.errors import InvalidInputError
from core.experiments import checkpoint as module
from core.experiments.checkpoint import Checkpoint, Rows
from core.experiments.scoring import score, score_one_pass, score_twin
from core.uncertainty import MEASURES

if TYPE_CHECKING:
    from core.inference import McSampler

T, N, BATCH = 5, 23, 4
IDENTITY = {"weights": "ab", "seed": 3}


class _Killed(BaseException):
    """As sudden as a signal: nothing that handles errors catches it."""


class _Work:
    """Squares of numbers, counted; killed before some batch."""

    def __init__(self, killed_before: int | None = None) -> None:
        self.batches: list[tuple[int, int]] = []
        self._killed_before = killed_before

    def __call__(self, batch: slice) -> Rows:
        if len(self.batches) == self._killed_before:
            raise _Killed
        self.batches.append((batch.start, batch.stop))
        numbers = np.arange(batch.start, batch.stop)
        return {"square": numbers**2, "pair": np.stack([numbers, -numbers], 1).astype(np.float32)}


def _fill(checkpoint: Checkpoint, work: _Work, part: str = "squares") -> dict[str, Any]:
    return checkpoint.fill(part, 10, 4, work)


def test_rows_are_those_of_the_batches_one_after_another() -> None:
    work = _Work()

    rows = _fill(Checkpoint(), work)

    assert work.batches == [(0, 4), (4, 8), (8, 10)]
    np.testing.assert_array_equal(rows["square"], np.arange(10) ** 2)
    assert rows["pair"].shape == (10, 2) and rows["pair"].dtype == np.float32


@pytest.mark.parametrize("batches", [1, 2])
def test_killed_work_goes_on_with_the_same_rows_and_does_nothing_twice(
    batches: int, tmp_path: Path
) -> None:
    path = tmp_path / "new" / "state.npz"
    with pytest.raises(_Killed):
        _fill(Checkpoint.open(path, "work", IDENTITY), _Work(batches))

    again, work, seen = Checkpoint.open(path, "work", IDENTITY), _Work(), []
    assert again.num_done == 4 * batches and again.note == "Going on from state.npz."
    rows = again.fill("squares", 10, 4, work, lambda done, total: seen.append((done, total)))

    assert work.batches == [(0, 4), (4, 8), (8, 10)][batches:]
    assert seen == [(8, 10), (10, 10)][batches - 1 :]
    for name, expected in _fill(Checkpoint(), _Work()).items():
        np.testing.assert_array_equal(rows[name], expected)
        assert rows[name].dtype == expected.dtype


def test_every_save_is_whole_and_holds_what_was_done_by_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_SECONDS_BETWEEN_SAVES", 0.0)
    path, held = tmp_path / "state.npz", []

    # What a kill at this moment would leave behind.
    def progress(done: int, total: int) -> None:
        held.append((done, Checkpoint.open(path, "work", IDENTITY).num_done))

    Checkpoint.open(path, "work", IDENTITY).fill("squares", 10, 4, _Work(), progress)

    assert held == [(4, 4), (8, 8), (10, 10)]
    assert list(tmp_path.iterdir()) == [path]


def test_parts_share_a_file_and_do_not_mix(tmp_path: Path) -> None:
    path = tmp_path / "state.npz"
    first = Checkpoint.open(path, "work", IDENTITY)
    _fill(first, _Work(), "a.b")
    with pytest.raises(_Killed):
        _fill(first, _Work(1), "c")

    again, work = Checkpoint.open(path, "work", IDENTITY), _Work()
    _fill(again, work, "a.b")
    assert work.batches == []
    _fill(again, work, "c")
    assert work.batches == [(4, 8), (8, 10)]


@pytest.mark.parametrize("other", [{"weights": "cd"}, {"seed": 4}, {"more": 1}])
def test_file_of_other_work_is_refused_and_left_alone(
    other: dict[str, Any], tmp_path: Path
) -> None:
    path = tmp_path / "state.npz"
    _fill(Checkpoint.open(path, "work", IDENTITY), _Work())
    content = path.read_bytes()

    with pytest.raises(InvalidInputError, match=r"state\.npz, which is of another work"):
        Checkpoint.open(path, "work", {**IDENTITY, **other})
    with pytest.raises(InvalidInputError, match="another study"):
        Checkpoint.open(path, "study", IDENTITY)
    with pytest.raises(InvalidInputError, match="other work"):
        Checkpoint.of(Checkpoint.open(path, "work", IDENTITY), "work", {**IDENTITY, **other})

    assert path.read_bytes() == content


@pytest.mark.parametrize("damage", ["cut", "empty", "text", "format", "short", "folder"])
def test_damaged_file_is_told_in_a_sentence_and_replaced(damage: str, tmp_path: Path) -> None:
    path = tmp_path / "state.npz"
    if damage != "folder":
        _fill(Checkpoint.open(path, "work", IDENTITY), _Work())
        whole = path.read_bytes()
    if damage == "cut":
        path.write_bytes(whole[: len(whole) // 2])
    elif damage == "empty":
        path.write_bytes(b"")
    elif damage == "text":
        path.write_text("no arrays")
    elif damage == "folder":
        path.mkdir()
    else:
        with np.load(path) as loaded:
            arrays = dict(loaded)
        if damage == "short":
            arrays["squares.pair"] = arrays["squares.pair"][:-1]
        else:
            document = json.loads(str(arrays["document"]))
            arrays["document"] = np.array(json.dumps({**document, "format": "another"}))
        np.savez(path, **arrays)

    checkpoint, work = Checkpoint.open(path, "work", IDENTITY), _Work()

    assert checkpoint.is_damaged and checkpoint.num_done == 0
    assert checkpoint.note.startswith("state.npz is damaged and is not used (")
    assert checkpoint.note.endswith("): the work begins anew.") and "\n" not in checkpoint.note
    if damage == "folder":
        with pytest.raises(InvalidInputError, match="a place that can be written to"):
            _fill(checkpoint, work)
        return
    _fill(checkpoint, work)
    assert len(work.batches) == 3
    assert Checkpoint.open(path, "work", IDENTITY).num_done == 10


@pytest.fixture(scope="module")
def images() -> np.ndarray:
    return np.random.default_rng(2).integers(0, 256, (N, 28, 28, 1), dtype=np.uint8)


@pytest.mark.parametrize("stopped_at", [4, 12, 20])
def test_interrupted_scoring_goes_on_to_the_same_scores(
    stopped_at: int, sampler: McSampler, images: np.ndarray, tmp_path: Path
) -> None:
    def stop(done: int, total: int) -> None:
        if done == stopped_at:
            raise KeyboardInterrupt

    named: dict[str, Any] = {"num_samples": T, "seed": 1, "batch_size": BATCH}
    state = tmp_path / "state.npz"
    whole = score(sampler, images, **named)
    with pytest.raises(KeyboardInterrupt):
        score(sampler, images, **named, state=state, progress=stop)
    before = sampler.passes_run

    resumed = score(sampler, images, **named, state=state)

    assert sampler.passes_run - before == T * (N - stopped_at)
    for name in ("mean", "predicted", "runner_up"):
        np.testing.assert_array_equal(getattr(resumed, name), getattr(whole, name))
    for name in MEASURES:
        np.testing.assert_array_equal(resumed.measures[name], whole.measures[name])


@pytest.mark.parametrize("change", ["seed", "num_samples", "weights"])
def test_scoring_of_other_passes_or_weights_is_refused(
    change: str, sampler: McSampler, images: np.ndarray, tmp_path: Path
) -> None:
    import keras

    from core.inference import McSampler

    state = tmp_path / "state.npz"
    named: dict[str, Any] = {"num_samples": T, "seed": 1}
    score(sampler, images, **named, state=state)
    if change == "weights":
        model = keras.models.clone_model(sampler._model)  # with weights of its own
        sampler = McSampler(model)
    else:
        named[change] += 1

    with pytest.raises(InvalidInputError, match="another scoring"):
        score(sampler, images, **named, state=state)


def test_changed_images_are_asked_anew(
    sampler: McSampler, images: np.ndarray, tmp_path: Path
) -> None:
    state = tmp_path / "state.npz"
    score(sampler, images, num_samples=T, state=state)
    changed = images.copy()
    changed[-1, 0, 0] ^= 255
    before = sampler.passes_run

    scores = score(sampler, changed, num_samples=T, state=state)

    assert sampler.passes_run - before == T * N
    np.testing.assert_array_equal(
        scores.mean, score(sampler, changed, num_samples=T, state=None).mean
    )


def test_damaged_state_of_a_scoring_is_warned_of(
    sampler: McSampler, images: np.ndarray, tmp_path: Path
) -> None:
    state = tmp_path / "state.npz"
    state.write_bytes(b"PK")

    with pytest.warns(RuntimeWarning, match=r"state\.npz is damaged and is not used"):
        score(sampler, images, num_samples=T, state=state)


def test_one_pass_and_twin_are_not_asked_twice_either(images: np.ndarray, tmp_path: Path) -> None:
    from core.networks import build_mc_network

    model, path = build_mc_network(seed=3), tmp_path / "state.npz"
    made = [
        (each(model, images, checkpoint=Checkpoint.open(path, "scoring", IDENTITY)))
        for each in (score_one_pass, score_twin)
    ]

    def never(*_: Any, **__: Any) -> Any:
        raise AssertionError("asked again")

    again = Checkpoint.open(path, "scoring", IDENTITY)
    np.testing.assert_array_equal(score_one_pass(never, images, checkpoint=again), made[0])
    np.testing.assert_array_equal(score_twin(never, images, checkpoint=again), made[1])


def test_scoring_never_holds_a_data_set_of_bytes_as_floats(
    sampler: McSampler, monkeypatch: pytest.MonkeyPatch
) -> None:
    largest = 0
    summarise = type(sampler).summarise

    def measured(self: McSampler, batch: np.ndarray, *arguments: Any, **named: Any) -> Any:
        nonlocal largest
        largest = max(largest, len(batch) if batch.dtype != np.uint8 else 0)
        return summarise(self, batch, *arguments, **named)

    monkeypatch.setattr(type(sampler), "summarise", measured)
    score(sampler, np.zeros((350, 28, 28, 1), np.uint8), num_samples=1)

    assert largest == 100
