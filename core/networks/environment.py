"""What the networks run on: the libraries' versions and the device."""

from __future__ import annotations

import platform
from importlib import metadata

# TensorFlow comes as one of several packages; the import is the same.
_PACKAGES = {
    "tensorflow": ("tensorflow", "tensorflow-cpu", "tensorflow-intel", "tensorflow-macos"),
    "keras": ("keras",),
    "numpy": ("numpy",),
    "pillow": ("pillow",),
    "plotly": ("plotly",),
    "streamlit": ("streamlit",),
}
_TRAINING_PACKAGES = ("tensorflow", "keras", "numpy")


def library_versions() -> dict[str, str]:
    """Return the versions of Python and of each library that Labrador uses and that is here."""
    versions = {"python": platform.python_version()}
    for library, packages in _PACKAGES.items():
        for package in packages:
            try:
                versions[library] = metadata.version(package)
            except metadata.PackageNotFoundError:
                continue
            break
    return versions


def training_versions() -> dict[str, str]:
    """Return the versions on which a trained network's weights depend."""
    versions = library_versions()
    return {name: versions[name] for name in ("python", *_TRAINING_PACKAGES) if name in versions}


def describe_device() -> str:
    """Return the device that TensorFlow computes on, as in "CPU, 2 cores".

    Loads TensorFlow and initialises its devices.
    """
    import tensorflow as tf

    from ..inference.workers import num_cores

    names = [
        tf.config.experimental.get_device_details(gpu).get("device_name", gpu.name)
        for gpu in tf.config.list_physical_devices("GPU")
    ]
    if names:
        return f"GPU, {', '.join(names)}"
    cores = num_cores()
    return f"CPU, {cores} core{'s' if cores > 1 else ''}"
