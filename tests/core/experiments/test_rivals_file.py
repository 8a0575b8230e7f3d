from __future__ import annotations

import dataclasses
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.errors import DamagedFileError, InvalidInputError, MissingDataError
from core.experiments import Distribution, RivalsOfNetwork, load_rivals, rivals_path
from core.networks import NetworkCard, load_card, models_folder
from core.uncertainty import RIVALS, FittedRivals

N, M, F, C = 80, 30, 9, 4


@pytest.fixture(scope="module")
def card() -> NetworkCard:
    return load_card("mc")


@pytest.fixture(scope="module")
def features() -> np.ndarray:
    return np.random.default_rng(0).normal(size=(N + M, F))


@pytest.fixture(scope="module")
def rivals(card: NetworkCard, features: np.ndarray) -> RivalsOfNetwork:
    fitted = FittedRivals.fit(features[:N], np.arange(N) % C, C)
    scores = fitted.scores(features[N:], features[N:, :C])
    return RivalsOfNetwork(
        network="mc",
        weights_sha256=card.weights_sha256,
        num_images=N,
        fitted=fitted,
        distributions={name: Distribution.of(scores[name]) for name in RIVALS},
    )


def test_saved_and_loaded_is_the_same_to_the_bit(
    rivals: RivalsOfNetwork, features: np.ndarray, card: NetworkCard, tmp_path: Path
) -> None:
    path = rivals_path("mc", tmp_path)
    rivals.save(path)

    loaded = RivalsOfNetwork.load(path, card)

    assert path.name == "mc.rivals.npz"
    assert (loaded.network, loaded.num_images) == ("mc", N)
    assert loaded.weights_sha256 == card.weights_sha256
    before = rivals.fitted.scores(features, features[:, :C])
    for name, scores in loaded.fitted.scores(features, features[:, :C]).items():
        np.testing.assert_array_equal(scores, before[name])
    for name, one in rivals.distributions.items():
        again = loaded.distributions[name]
        assert again.num_images == one.num_images == M
        for field in ("values", "below", "up_to"):
            np.testing.assert_array_equal(getattr(again, field), getattr(one, field))


def test_what_is_loaded_cannot_be_changed(
    rivals: RivalsOfNetwork, card: NetworkCard, tmp_path: Path
) -> None:
    rivals.save(tmp_path / "file.npz")
    loaded = RivalsOfNetwork.load(tmp_path / "file.npz", card)

    with pytest.raises(ValueError, match="read-only"):
        loaded.fitted.certificates.centre[0] = 1.0


def test_the_same_rivals_are_the_same_file_without_pickle(
    rivals: RivalsOfNetwork, tmp_path: Path
) -> None:
    rivals.save(tmp_path / "a.npz")
    rivals.save(tmp_path / "b.npz")

    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    with np.load(tmp_path / "a.npz", allow_pickle=False) as arrays:
        assert all(arrays[name].dtype != object for name in arrays.files)


def test_rivals_of_other_weights_are_refused(
    rivals: RivalsOfNetwork, card: NetworkCard, tmp_path: Path
) -> None:
    path = tmp_path / "mc.rivals.npz"
    dataclasses.replace(rivals, weights_sha256="0" * 64).save(path)

    with pytest.raises(DamagedFileError, match=r"other weights.*train --zoo"):
        RivalsOfNetwork.load(path, card)


def test_missing_rivals_are_told_with_the_command_that_makes_them(
    card: NetworkCard, tmp_path: Path
) -> None:
    with pytest.raises(MissingDataError, match=r"mc\.rivals\.npz.*train --zoo"):
        RivalsOfNetwork.load(tmp_path / "mc.rivals.npz", card)


def test_rivals_of_a_network_that_is_none_are_refused() -> None:
    with pytest.raises(InvalidInputError, match=r"network.*one of mc, rate-01.*nobody"):
        load_rivals("nobody")


def _damage(content: bytes, change: str) -> bytes:
    if change == "truncate":
        return content[: len(content) // 2]
    if change == "text":
        return b"not a zip"
    if change == "bit":
        flipped = bytearray(content)
        flipped[len(flipped) // 2] ^= 1
        return bytes(flipped)
    arrays: dict[str, Any] = dict(np.load(io.BytesIO(content)))
    document = json.loads(str(arrays["document"]))
    if change == "no array":
        del arrays["whitening"]
    elif change == "no distribution":
        del arrays["values_energy"]
    elif change == "short":
        arrays["centre"] = arrays["centre"][:-1]
    elif change == "features":
        arrays["whitening"] = arrays["whitening"][:-1, :-1]
        arrays["class_means"] = arrays["class_means"][:, :-1]
    elif change == "type":
        arrays["directions"] = arrays["directions"].astype(float)
    elif change == "nan":
        arrays["whitening"][3, 2] = np.nan
    elif change == "not orthonormal":
        arrays["directions"] = 2 * arrays["directions"]
    elif change == "falling":
        arrays["values_energy"] = arrays["values_energy"][::-1]
    elif change == "counts":
        document["num_validation"]["certificates"] = M + 1
    elif change == "schema":
        document["schema"] = 2
    elif change == "list":
        document = []
    elif change == "weights":
        document["weights_sha256"] = None
    arrays["document"] = np.array(json.dumps(document))
    if change == "no document":
        del arrays["document"]
    buffer = io.BytesIO()
    if change == "pickle":
        arrays["centre"] = np.array([{}], dtype=object)
        np.savez(buffer, **arrays)
    elif change == "single array":
        np.save(buffer, arrays["centre"])
    else:
        np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "change",
    [
        "truncate",
        "text",
        "bit",
        "no array",
        "no distribution",
        "short",
        "features",
        "type",
        "nan",
        "not orthonormal",
        "falling",
        "counts",
        "schema",
        "list",
        "weights",
        "no document",
        "pickle",
        "single array",
    ],
)
def test_damaged_rivals_are_refused(
    rivals: RivalsOfNetwork, card: NetworkCard, tmp_path: Path, change: str
) -> None:
    path = tmp_path / "mc.rivals.npz"
    rivals.save(path)
    path.write_bytes(_damage(path.read_bytes(), change))

    with pytest.raises(DamagedFileError, match=r"mc\.rivals\.npz are damaged.*train --zoo"):
        RivalsOfNetwork.load(path, card)


def test_a_file_that_would_unpack_to_too_much_is_refused(
    rivals: RivalsOfNetwork, card: NetworkCard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mc.rivals.npz"
    rivals.save(path)
    monkeypatch.setattr("core.experiments.rivals_file.MAX_RIVALS_FILE_BYTES", 1_000)

    with pytest.raises(DamagedFileError, match="would unpack"):
        RivalsOfNetwork.load(path, card)


def test_rivals_without_a_distribution_for_each_are_refused(rivals: RivalsOfNetwork) -> None:
    with pytest.raises(InvalidInputError, match=r"distributions.*max_softmax, energy"):
        dataclasses.replace(rivals, distributions={"energy": rivals.distributions["energy"]})


def test_share_of_no_rival_or_no_number_is_refused(rivals: RivalsOfNetwork) -> None:
    with pytest.raises(InvalidInputError, match=r"rival.*one of max_softmax.*variance"):
        rivals.share_below("variance", 1.0)
    with pytest.raises(InvalidInputError, match=r"score.*a number"):
        rivals.share_below("energy", float("nan"))


@pytest.mark.parametrize("name", ["mc", "plain"])
def test_shipped_rivals_are_small_and_of_the_shipped_weights(name: str) -> None:
    shipped = load_rivals(name)

    assert rivals_path(name).stat().st_size < 200_000
    assert shipped.network == name
    assert shipped.fitted.num_features == 128 and shipped.fitted.num_classes == 10
    assert shipped.fitted.certificates.num_certificates == 64


def test_loading_shipped_rivals_does_without_tensorflow_and_scikit_learn() -> None:
    code = (
        "import sys; from core.experiments import load_rivals; load_rivals();"
        " print(*(name in sys.modules for name in ('tensorflow', 'keras', 'sklearn')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=models_folder().parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["False", "False", "False"]
