from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from core.commands.main import main
from core.experiments import score
from core.images import parse_reference, render_ink, resolve, write_digit
from core.inference import McSampler
from core.networks import load_card, load_network
from core.networks.cards import write_card
from core.uncertainty import Policy, save_policy

FEW = ["--num-samples", "30"]


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A scan of a 3: dark ink on bright paper, larger than MNIST's frame."""
    ink = render_ink(write_digit(3, 17), size=200)
    path = tmp_path / "three.png"
    Image.fromarray(np.round(255 * (1 - ink)).astype(np.uint8)).save(path)
    return path


def _json(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return results


def test_json_is_a_list_of_objects_with_the_engines_own_numbers(
    capsys: pytest.CaptureFixture[str],
) -> None:
    names = ["hand:3-17", "hand:7-4"]
    assert main(["predict", *names, "--json", "--seed", "5", *FEW]) == 0

    results = _json(capsys)
    sampler = McSampler(load_network("mc").model)
    images = np.stack([resolve(parse_reference(name)).image for name in names])
    scores, twin = score(sampler, images, num_samples=30, seed=5), sampler.twin(images)
    assert [result["image"] for result in results] == names
    assert [result["label"] for result in results] == [3, 7]
    for index, result in enumerate(results):
        assert result["prediction"] == scores.predicted[index]
        assert result["runner_up"] == scores.runner_up[index]
        for name in (
            "confidence",
            "predictive_entropy",
            "expected_entropy",
            "mutual_information",
            "variance",
            "variation_ratio",
        ):
            assert result[name] == pytest.approx(scores.measures[name][index], abs=1e-5)
        assert result["mean_softmax"] == pytest.approx(scores.mean[index], abs=1e-5)
        assert result["twin_prediction"] == twin[index].argmax()
        assert result["twin_confidence"] == pytest.approx(twin[index].max(), abs=1e-5)
        assert (result["num_samples"], result["seed"]) == (30, 5)


def test_file_of_dark_ink_on_paper_is_normalised_and_classified(
    photo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["predict", str(photo), f"file:{photo}", "--json", *FEW]) == 0

    plain, named = _json(capsys)
    assert plain["prediction"] == 3 and plain["label"] is None
    assert plain["image"] == str(photo)
    assert {**named, "image": plain["image"]} == plain


def test_jpeg_works_as_well(photo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    jpeg = photo.with_suffix(".jpg")
    with Image.open(photo) as picture:
        picture.save(jpeg)

    assert main(["predict", str(jpeg), "--json", *FEW]) == 0

    assert _json(capsys)[0]["prediction"] == 3


def test_mnist_reference_is_the_test_image(
    mnist_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["predict", "mnist:5", "--json", *FEW]) == 0

    result = _json(capsys)[0]
    assert result["label"] == 1 and result["prediction"] == 1


def test_text_is_an_aligned_table_with_one_line_an_image(
    photo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["predict", "hand:3-17", str(photo), *FEW]) == 0

    captured = capsys.readouterr()
    top, names, first, second, blank, foot = captured.out.splitlines()
    assert captured.err == "" and blank == ""
    assert names.split()[:4] == ["image", "answer", "up", "confidence"]
    assert top.split().count("entropy") == 0 and "predictive" in top and "variation" in top
    assert first.startswith("hand:3-17 ") and first.split()[1] == "3"
    assert "three.png" in second
    assert len(first) == len(second) == len(names)
    assert "30 passes of the network mc, seed 0" in foot and "ln 10 = 2.303" in foot


def test_same_image_named_twice_is_answered_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["predict", "hand:3-17", "hand:3-17", "--json", *FEW]) == 0

    assert len(_json(capsys)) == 1


def test_one_bad_image_is_told_and_the_others_are_answered(
    tmp_path: Path, photo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty.png").write_bytes(b"")
    (tmp_path / "cut.png").write_bytes(photo.read_bytes()[:60])
    Image.new("L", (50, 50), 255).save(tmp_path / "blank.png")
    bad = [str(tmp_path / name) for name in ("empty.png", "cut.png", "blank.png", "nowhere.png")]
    bad += ["hand:3-999", "mnist:10000", "ink:!!"]

    assert main(["predict", *bad, "hand:3-17", "--json", *FEW]) == 2

    captured = capsys.readouterr()
    assert [result["image"] for result in json.loads(captured.out)] == ["hand:3-17"]
    told = captured.err.splitlines()
    assert len(told) == len(bad) and "Traceback" not in captured.err
    for name, line in zip(bad, told, strict=True):
        assert line.startswith(f"{name}: Invalid value for") and "Expected" in line


def test_only_bad_images_load_no_network_and_give_an_empty_list(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # There is no network in this folder: had it been asked for, the message would say so.
    code = main(["predict", "hand:10-1", "--json", "--folder", str(tmp_path)])

    captured = capsys.readouterr()
    assert code == 2 and json.loads(captured.out) == []
    assert "hand:10-1" in captured.err and "network" not in captured.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--num-samples", "-5"], "num_samples"),
        (["--num-samples", "1000000"], "num_samples"),
        (["--seed", "-1"], "seed"),
        (["--network", "resnet"], "one of mc, rate-01, "),
        (["--network", "plain"], "dropout"),
        (["--folder", "/nowhere"], "python -m core train"),
    ],
)
def test_bad_arguments_end_with_2_and_a_sentence(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["predict", "hand:3-17", *arguments]) == 2

    captured = capsys.readouterr()
    assert captured.out == "" and told in captured.err
    assert captured.err.count("\n") == 1


def test_mnist_reference_without_mnist_says_how_to_get_it(
    no_mnist: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["predict", "mnist:5"]) == 2

    assert "python -m core data" in capsys.readouterr().err


def test_file_name_with_control_characters_keeps_the_table_in_one_line(
    photo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = photo.rename(photo.with_name("a\nb\x1b[31m.png"))

    assert main(["predict", str(odd), *FEW]) == 0

    shown = capsys.readouterr().out
    assert len(shown.splitlines()) == 5 and "\x1b" not in shown


def _policy(path: Path, limit: float, sha256: str = "") -> str:
    save_policy(Policy({"predictive_entropy": limit}, name="Mine", model_sha256=sha256), path)
    return str(path)


def test_policy_accepts_or_says_i_dont_know_and_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = load_card().weights_sha256
    wide, strict = _policy(tmp_path / "a.json", 2.0, own), _policy(tmp_path / "b.json", 0.0, own)

    assert main(["predict", "hand:3-17", "--json", "--policy", wide, *FEW]) == 0
    accepted = _json(capsys)[0]
    assert main(["predict", "hand:3-17", "--json", "--policy", strict, *FEW]) == 3
    refused = _json(capsys)[0]
    assert main(["predict", "hand:3-17", "--json", *FEW]) == 0
    plain = _json(capsys)[0]

    assert accepted["accepted"] is True and accepted["broken"] == []
    assert "No limit is broken" in accepted["reason"]
    assert refused["accepted"] is False and refused["broken"] == ["predictive_entropy"]
    assert accepted["policy"] == refused["policy"] == "Mine" and "accepted" not in plain
    assert {**plain, **accepted} == accepted


def test_table_with_a_policy_has_verdict_and_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    strict = _policy(tmp_path / "p.json", 0.0)
    assert main(["predict", "hand:3-17", "hand:7-4", "--policy", strict, *FEW]) == 3

    _, names, first, second, _, _ = capsys.readouterr().out.splitlines()
    assert names.split()[-4:] == ["verdict", "why", "broken", "limits"]
    at = names.index("verdict")
    assert first[at:].startswith("I don't know") and second[at:].startswith("I don't know")
    assert first[names.index("why") - 1] == " " and first[names.index("why")] != " "
    assert first[names.index("broken limits") :].strip() == "predictive_entropy"


def test_default_policy_is_the_networks_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["predict", "hand:3-17", "--json", "--policy", "default", *FEW]) in (0, 3)
    assert _json(capsys)[0]["policy"] == "95% of validation"

    # Beside this card lies no policy.
    write_card(load_card(), tmp_path)
    assert main(["predict", "hand:3-17", "--policy", "default", "--folder", str(tmp_path)]) == 2
    assert "comes with no policy" in capsys.readouterr().err


def test_policy_of_another_network_is_refused_unless_any_model(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = _policy(tmp_path / "p.json", 2.0, "ab" * 32)

    assert main(["predict", "hand:3-17", "--policy", other]) == 2
    captured = capsys.readouterr()
    assert captured.out == "" and "--any-model" in captured.err and "ababab" in captured.err

    assert main(["predict", "hand:3-17", "--json", "--policy", other, "--any-model", *FEW]) == 0
    captured = capsys.readouterr()
    assert "what it promises does not hold" in captured.err
    assert json.loads(captured.out)[0]["accepted"] is True


def test_bad_policy_or_image_ends_with_2_even_if_something_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "broken.json").write_text('{"kind": "labrador policy", "schema_version": 9}')
    for name, told in (("broken.json", "schema_version"), ("none.json", "a file with a policy")):
        assert main(["predict", "hand:3-17", "--policy", str(tmp_path / name)]) == 2
        captured = capsys.readouterr()
        assert captured.out == "" and told in captured.err and captured.err.count("\n") == 1

    strict = _policy(tmp_path / "p.json", 0.0)
    assert main(["predict", "hand:3-17", "hand:3-999", "--json", "--policy", strict, *FEW]) == 2
    assert _json(capsys)[0]["accepted"] is False
