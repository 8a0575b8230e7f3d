"""Model cards: what a shipped network is, how it was made and how well it does."""

from __future__ import annotations

import dataclasses
import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import DamagedFileError, InvalidInputError
from ..store import read_json, write_json

ONE_PASS = "one pass"  # dropout off: the twin of an MC-dropout network, or a plain network
MEAN_SOFTMAX = "mean softmax"  # over passes with dropout on

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,127}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Metric:
    """How well a network does on one set of images by one way to answer.

    Attributes:
        data: which images, "validation" or "test".
        method: how it answers, "one pass" (dropout off) or "mean softmax" (over passes).
        num_images: how many images.
        accuracy: share of right answers.
        nll: mean negative log-likelihood of the true class, in nats.
        num_samples: passes, for the mean softmax only.
        seed: of the passes, for the mean softmax only.

    Raises:
        InvalidInputError: a value is of the wrong kind or out of its range.
    """

    data: str
    method: str
    num_images: int
    accuracy: float
    nll: float
    num_samples: int | None = None
    seed: int | None = None

    def __post_init__(self) -> None:
        _require(self.data in ("validation", "test"), "data", "validation or test", self.data)
        sampled = self.method == MEAN_SOFTMAX
        _require(
            sampled or self.method == ONE_PASS,
            "method",
            f"{ONE_PASS} or {MEAN_SOFTMAX}",
            self.method,
        )
        _require_count("num_images", self.num_images)
        _require(
            _is_number(self.accuracy) and 0.0 <= self.accuracy <= 1.0,
            "accuracy",
            "a number from 0 to 1",
            self.accuracy,
        )
        _require(_is_number(self.nll) and self.nll >= 0.0, "nll", "a number, 0 or more", self.nll)
        if sampled:
            _require_count("num_samples", self.num_samples)
            _require_count("seed", self.seed, low=0)
        else:
            _require(self.num_samples is None, "num_samples", "none for one pass", self.num_samples)
            _require(self.seed is None, "seed", "none for one pass", self.seed)


@dataclass(frozen=True)
class NetworkCard:
    """A network's card, stored as JSON beside its weights.

    Attributes:
        name: short name, as in `load_network(name)` and in links.
        title: name for people.
        architecture: one line a layer.
        num_parameters: trainable weights.
        rates: rate of each dropout layer by the layer's name; empty for a plain network.
        seed: of weights, order of images and training masks.
        epochs: most epochs the training could have run, which also sets its learning rates.
        epochs_trained: epochs that it ran.
        best_epoch: the epoch whose weights these are, chosen by validation NLL, from 1.
        batch_size: images a step.
        learning_rate: Adam's at the start; it falls along half a cosine.
        validation_nll: of every epoch, dropout off, in nats.
        training_seconds: wall time of the fit.
        device: what it was trained on.
        versions: of Python and the libraries that trained it.
        data: the images it learnt from, in words.
        data_checksum: `array_checksum` over the arrays of training images and labels.
        weights_file: the file in the same folder that holds the model.
        weights_sha256: of that file's bytes.
        metrics: how well it does.

    Raises:
        InvalidInputError: a value is of the wrong kind or out of its range.
    """

    name: str
    title: str
    architecture: tuple[str, ...]
    num_parameters: int
    rates: dict[str, float]
    seed: int
    epochs: int
    epochs_trained: int
    best_epoch: int
    batch_size: int
    learning_rate: float
    validation_nll: tuple[float, ...]
    training_seconds: float
    device: str
    versions: dict[str, str]
    data: str
    data_checksum: str
    weights_file: str
    weights_sha256: str
    metrics: tuple[Metric, ...] = ()

    def __post_init__(self) -> None:
        require_network_name(self.name)
        for argument in ("title", "device", "data"):
            value = getattr(self, argument)
            _require(isinstance(value, str) and value != "", argument, "a text", value)
        _require(
            isinstance(self.architecture, tuple)
            and all(isinstance(line, str) for line in self.architecture),
            "architecture",
            "texts, one a layer",
            self.architecture,
        )
        _require(
            isinstance(self.rates, dict)
            and all(_is_number(rate) and 0.0 <= rate < 1.0 for rate in self.rates.values()),
            "rates",
            "numbers from 0 to below 1 by layer name",
            self.rates,
        )
        _require(
            isinstance(self.versions, dict)
            and all(isinstance(version, str) for version in self.versions.values()),
            "versions",
            "texts by library name",
            self.versions,
        )
        _require_count("num_parameters", self.num_parameters)
        _require_count("seed", self.seed, low=0)
        _require_count("epochs", self.epochs)
        _require_count("epochs_trained", self.epochs_trained)
        _require_count("best_epoch", self.best_epoch)
        _require_count("batch_size", self.batch_size)
        _require(
            self.best_epoch <= self.epochs_trained <= self.epochs,
            "best_epoch",
            "an epoch that was trained",
            self.best_epoch,
        )
        for argument in ("learning_rate", "training_seconds"):
            value = getattr(self, argument)
            _require(_is_number(value) and value >= 0.0, argument, "a number, 0 or more", value)
        _require(
            isinstance(self.validation_nll, tuple)
            and len(self.validation_nll) == self.epochs_trained
            and all(_is_number(value) for value in self.validation_nll),
            "validation_nll",
            "one number for each epoch trained",
            self.validation_nll,
        )
        for argument in ("data_checksum", "weights_sha256"):
            value = getattr(self, argument)
            _require(
                isinstance(value, str) and _SHA256.fullmatch(value) is not None,
                argument,
                "a sha256 in 64 hexadecimal digits",
                value,
            )
        _require(
            isinstance(self.weights_file, str)
            and _FILE_NAME.fullmatch(self.weights_file) is not None,
            "weights_file",
            "the name of a file in the card's folder",
            self.weights_file,
        )
        _require(
            isinstance(self.metrics, tuple)
            and all(isinstance(metric, Metric) for metric in self.metrics),
            "metrics",
            "metrics",
            self.metrics,
        )

    @property
    def has_dropout(self) -> bool:
        """Whether passes of this network can differ."""
        return bool(self.rates)

    def metric(self, data: str, method: str) -> Metric | None:
        """Return the metric for these images and this way to answer, None if not measured."""
        for metric in self.metrics:
            if (metric.data, metric.method) == (data, method):
                return metric
        return None

    def with_metrics(self, *metrics: Metric) -> NetworkCard:
        """Return the card with these metrics added, in place of older ones of the same kind."""
        kept = {(metric.data, metric.method): metric for metric in (*self.metrics, *metrics)}
        return dataclasses.replace(self, metrics=tuple(kept.values()))


def require_network_name(name: object) -> str:
    """Return `name` if it can name a network and its files.

    Raises:
        InvalidInputError: it is not made of a to z, 0 to 9, - and _, or is too long.
    """
    _require(
        isinstance(name, str) and _NAME.fullmatch(name) is not None,
        "network",
        "a name of small letters, digits, - and _",
        name,
    )
    return str(name)


def write_card(card: NetworkCard, folder: Path) -> Path:
    """Write the card to `folder` under its name, atomically, and return where."""
    path = folder / f"{card.name}.json"
    write_json(path, dataclasses.asdict(card))
    return path


def read_card(path: Path) -> NetworkCard:
    """Read a card.

    Raises:
        DamagedFileError: the file is not a card, or a value in it cannot be.
        FileNotFoundError: there is no such file.
    """
    values = read_json(path)
    try:
        return _parse(values)
    except (InvalidInputError, TypeError, ValueError, KeyError) as error:
        raise DamagedFileError(
            f"The model card {path.name} is damaged: {error} Restore the file from the repository,"
            " or train the network again with `python -m core train`."
        ) from error


def _parse(values: Any) -> NetworkCard:
    _require(isinstance(values, dict), "card", "a JSON object", values)
    known = {field.name for field in dataclasses.fields(NetworkCard)}
    unknown = sorted(set(values) - known)
    _require(not unknown, "card", "no other fields than a card has", unknown)
    missing = sorted(known - set(values))
    _require(not missing, "card", "all fields of a card", f"none for {', '.join(missing)}")
    for name in ("architecture", "validation_nll", "metrics"):
        _require(isinstance(values[name], list), name, "a list", values[name])
    return NetworkCard(
        **{
            **values,
            "architecture": tuple(values["architecture"]),
            "validation_nll": tuple(values["validation_nll"]),
            "metrics": tuple(Metric(**metric) for metric in values["metrics"]),
        }
    )


def _require(right: bool, argument: str, expected: str, received: object) -> None:
    if not right:
        raise InvalidInputError(argument, expected=expected, received=received)


def _require_count(argument: str, value: object, low: int = 1) -> None:
    _require(
        isinstance(value, int) and not isinstance(value, bool) and value >= low,
        argument,
        f"a whole number, {low} or more",
        value,
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
