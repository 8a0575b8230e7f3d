import platform
import re

import keras
import numpy as np

from core.networks.environment import describe_device, library_versions, training_versions


def test_versions_are_those_of_the_imported_libraries() -> None:
    versions = library_versions()

    assert versions["python"] == platform.python_version()
    assert versions["keras"] == keras.__version__
    assert versions["numpy"] == np.__version__
    assert "tensorflow" in versions


def test_training_versions_leave_out_what_no_weight_depends_on() -> None:
    assert set(training_versions()) == {"python", "tensorflow", "keras", "numpy"}


def test_device_is_named() -> None:
    assert re.fullmatch(r"CPU, \d+ cores?|GPU, .+", describe_device())
