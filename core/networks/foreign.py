"""Keras models that people bring, as files: opened only after they were checked."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from cachetools import LRUCache

from ..errors import InvalidInputError
from .checked_model import CheckedModel, about_file, check_model, load_checked
from .inspection import inspect_checked
from .model_report import ModelReport
from .one_line import one_line
from .own_network import OwnNetwork, Setup, as_classifier

_reports: LRUCache[str, ModelReport] = LRUCache(8)  # by the file's sha256
_lock = threading.Lock()


def open_model(path: Path) -> Any:
    """Load a `.keras` file of the caller's own, in Keras' safe mode and not compiled.

    Archive, config and weights are checked first. The model is not: of a stranger's file,
    `inspect_model` tells whether it fits this machine.

    Raises:
        InvalidInputError: there is no such file, or it holds what is not let in.
        DamagedFileError: Keras cannot load it.
    """
    with about_file(path.name):
        return load_checked(check_model(path))


def bring_model(
    source: bytes | Path, *, title: str, report: ModelReport, setup: Setup
) -> OwnNetwork:
    """Return a network that the workbench can ask, from a file that was inspected.

    Args:
        source: the content of the file, or where it is.
        title: what its owner calls it.
        report: of `inspect_model` on the same file.
        setup: what its owner says of it.

    Raises:
        InvalidInputError: the file is another than the report's, the report refuses it, or the
            setup does not fit it.
        DamagedFileError: Keras cannot load it.
    """
    with about_file(source.name if isinstance(source, Path) else title):
        return _bring(check_model(source), title, report, setup)


def load_own(path: Path, setup: Setup | None = None) -> OwnNetwork:
    """Inspect a file and bring it; the same file again is not inspected anew.

    Args:
        path: of the file.
        setup: what its owner says of it; what is most likely right if None.

    Raises:
        InvalidInputError: the file is refused, or its model cannot be used.
        DamagedFileError: it cannot be loaded.
    """
    with about_file(path.name):
        checked = check_model(path)
        with _lock:
            report = _reports.get(checked.sha256)
        if report is None:
            report = inspect_checked(checked)
            with _lock:
                _reports[checked.sha256] = report
        return _bring(checked, path.stem, report, setup or Setup.guess(report))


def _bring(checked: CheckedModel, title: str, report: ModelReport, setup: Setup) -> OwnNetwork:
    if checked.sha256 != report.sha256:
        raise InvalidInputError(
            "model file",
            expected="the file that was inspected",
            received="another one",
            advice="Inspect it anew.",
        )
    if report.refusal:
        raise InvalidInputError("model", expected="one that can be used", received=report.refusal)
    model = as_classifier(load_checked(checked), setup, report.ending)
    return OwnNetwork(one_line(title), report, setup, model)
