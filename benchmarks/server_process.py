"""The process of a server on this machine, from the outside: its memory and processor time.

From /proc, so on Linux only; elsewhere, and of a server on another machine, nothing is known.
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

_LISTENS = "0A"  # the state of a socket, in /proc/net/tcp


class ServerProcess:
    """The process that listens on the port of a URL.

    Args:
        url: of the server.
    """

    def __init__(self, url: str) -> None:
        self._process = _listening(urlsplit(url).port or 80)

    def memory(self) -> float:
        """Return the resident memory in MB; NaN if unknown."""
        for line in self._read("status").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        return float("nan")

    def processor_time(self) -> float:
        """Return the seconds computed so far, over all cores; NaN if unknown."""
        fields = self._read("stat").rpartition(")")[2].split()
        if not fields:
            return float("nan")
        return (int(fields[11]) + int(fields[12])) / float(os.sysconf("SC_CLK_TCK"))

    def _read(self, name: str) -> str:
        try:
            return Path(f"/proc/{self._process}/{name}").read_text()
        except OSError:
            return ""


def _listening(port: int) -> int | None:
    sockets = set()
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        if table.is_file():
            for line in table.read_text().splitlines()[1:]:
                fields = line.split()
                if fields[3] == _LISTENS and int(fields[1].rpartition(":")[2], 16) == port:
                    sockets.add(f"socket:[{fields[9]}]")
    for folder in Path("/proc").glob("[0-9]*/fd"):
        try:
            if any(str(file.readlink()) in sockets for file in folder.iterdir()):
                return int(folder.parent.name)
        except OSError:
            continue  # another user's, or gone
    return None
