"""What was measured on: processor, cores, device, and the versions of what was measured."""

from __future__ import annotations

import contextlib
import os
import platform
import subprocess
import sys
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from core.networks.environment import library_versions

_DEVICE = "from core.networks import describe_device; print(describe_device())"


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine and its libraries.

    Attributes:
        processor: its name.
        device: what TensorFlow computes on, as in "CPU, 2 cores".
        system: operating system and architecture.
        versions: of the libraries, by name.
    """

    processor: str
    device: str
    system: str
    versions: dict[str, str]

    @property
    def has_accelerator(self) -> bool:
        """Whether TensorFlow computes on something other than the processor."""
        return not self.device.startswith("CPU")

    def __str__(self) -> str:
        """Return one line for a table's foot."""
        versions = ", ".join(f"{name} {version}" for name, version in self.versions.items())
        return f"{self.processor}; {self.device}; {self.system}; {versions}"

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return asdict(self)


def this_machine() -> Machine:
    """Describe this machine; TensorFlow is asked in a process of its own."""
    said = subprocess.run(
        [sys.executable, "-c", _DEVICE],
        cwd=Path(__file__).resolve().parent.parent,
        env={"TF_CPP_MIN_LOG_LEVEL": "3", **os.environ},
        capture_output=True,
        text=True,
        check=True,
    )
    known = library_versions()
    wanted = {"Python": "python", "TensorFlow": "tensorflow", "Keras": "keras", "NumPy": "numpy"}
    versions = {name: known[key] for name, key in wanted.items() if key in known}
    with contextlib.suppress(metadata.PackageNotFoundError):
        versions["PyTorch"] = metadata.version("torch")
    return Machine(
        processor=_processor(),
        device=said.stdout.strip().splitlines()[-1],
        system=f"{platform.system()} {platform.machine()}",
        versions=versions,
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, "") or platform.processor() or "unknown processor"
