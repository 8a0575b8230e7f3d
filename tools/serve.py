"""Starts the app and prints the addresses it can be opened at.

    python tools/serve.py [--port 8501] [--model my.keras --class-names cat,dog --input-range 0,255]

Streamlit prints addresses itself, but asks a server in the internet for one of them and may name
none that a phone in the room can reach; so its own message is off and ours is printed, once the
server answers.
"""

from __future__ import annotations

import argparse
import contextlib
import ipaddress
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

APP = Path(__file__).resolve().parent.parent / "app.py"
PATIENCE = 60.0  # seconds for the server to answer at all, before the network is loaded


def port_is_free(port: int) -> bool:
    """Whether a server can listen on a port of all interfaces."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As servers do on Unix: connections of a server that just ended do not count as taken.
        if sys.platform != "win32":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("", port))
            probe.listen(1)
        except OSError:
            return False
    return True


def local_network_addresses() -> list[str]:
    """Return this machine's IPv4 addresses that others in the local network can open.

    The first is the one that traffic to the outside would take; no packet is sent to find it.
    """
    found: list[str] = []
    # It fails where no way leads out of this network: a projector's hotspot, say.
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # an address reserved for documentation, RFC 5737
        found.append(probe.getsockname()[0])
    with contextlib.suppress(OSError):
        found += socket.gethostbyname_ex(socket.gethostname())[2]
    return [
        address
        for address in dict.fromkeys(found)
        if not (ipaddress.ip_address(address).is_loopback or address == "0.0.0.0")
    ]


def streamlit_command(port: int, addresses: list[str]) -> list[str]:
    """Return the command that serves the app."""
    command = [sys.executable, "-m", "streamlit", "run", str(APP), f"--server.port={port}"]
    command += ["--server.headless=true", "--browser.gatherUsageStats=false"]
    command += ["--logger.hideWelcomeMessage=true"]
    # Streamlit knows one address of the machine, and none without a route to the internet; a
    # phone that comes by another would be turned away.
    command += [f"--server.corsAllowedOrigins=http://{address}:{port}" for address in addresses]
    return command


def answers(port: int) -> bool:
    """Whether the server is ready for browsers."""
    # Not through a proxy that the environment may name.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://127.0.0.1:{port}/_stcore/health", timeout=2) as reply:
            return bool(reply.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def model_environment(arguments: argparse.Namespace) -> dict[str, str]:
    """Return how the app is told of a model of one's own: see pages/parts/host_network.py."""
    told = {
        "LABRADOR_MODEL": arguments.model and str(Path(arguments.model).resolve()),
        "LABRADOR_MODEL_CLASSES": arguments.class_names,
        "LABRADOR_MODEL_RANGE": arguments.input_range,
    }
    return {name: value for name, value in told.items() if value}


def why_not(told: argparse.Namespace) -> str:
    """Return why the app cannot ask the model that was named, "" where it can; some ten seconds."""
    sys.path.insert(0, str(APP.parent))
    from core.errors import LabradorError
    from core.networks.named_model import check_named_model

    print("Looking at the model ...", flush=True)
    try:
        check_named_model(Path(told.model), told.class_names, told.input_range)
    except LabradorError as error:
        by_make = "(With make, CLASSES= is --class-names and RANGE= is --input-range.)"
        return f"{told.model} is not served. {error} {by_make}"
    return ""


def serve(port: int, environment: dict[str, str]) -> int:
    """Serve until interrupted, with more in its environment; return the exit status."""
    if not port_is_free(port):
        print(
            f"Port {port} is taken: another program, or another Labrador, is listening there."
            f" End it, or choose another port: make demo PORT={port + 1}",
            file=sys.stderr,
        )
        return 1
    addresses = local_network_addresses()
    print("Starting ...", flush=True)
    server = subprocess.Popen(streamlit_command(port, addresses), env={**os.environ, **environment})
    # `kill`, a closed terminal: the server must not outlive us and keep the port.
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: server.terminate())
    try:
        deadline = time.monotonic() + PATIENCE
        while server.poll() is None and not answers(port):
            if time.monotonic() > deadline:
                print(f"Nothing answers on port {port} after {PATIENCE:.0f} s.", file=sys.stderr)
                server.terminate()
                return 1
            time.sleep(0.1)
        if server.poll() is None:
            print_addresses(port, addresses)
        status = server.wait()
        return 0 if status in (-signal.SIGTERM, -signal.SIGINT) else status
    except KeyboardInterrupt:
        # Ctrl-C reaches the server too; it says goodbye and ends.
        try:
            server.wait(timeout=10)
        except (subprocess.TimeoutExpired, KeyboardInterrupt):
            server.kill()
        return 0


def print_addresses(port: int, addresses: list[str]) -> None:
    """Say where the app is."""
    print("\n  Labrador is running.\n")
    print(f"  On this computer:      http://localhost:{port}")
    for address in addresses:
        print(f"  In the local network:  http://{address}:{port}")
    if not addresses:
        print("  In the local network:  no address found; this computer seems to be offline.")
    print("\n  Ctrl-C ends it.\n", flush=True)


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"expected a port from 1 to 65535, received {text!r}")
    return int(text)


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--port", type=_port, default=8501)
    parser.add_argument("--model", metavar="FILE", help="a Keras model of your own to ask first")
    parser.add_argument("--class-names", metavar="NAMES", help="what it tells apart, or a file")
    parser.add_argument("--input-range", metavar="LOW,HIGH", help="a dark pixel and a bright one")
    told = parser.parse_args(arguments)
    if told.model and not Path(told.model).is_file():
        parser.error(f"argument --model: expected a Keras file, received {told.model}, no file")
    if not told.model and (told.class_names or told.input_range):
        parser.error("--class-names and --input-range are about a --model, and there is none")
    if told.model and (problem := why_not(told)):
        print(problem, file=sys.stderr)
        return 2
    return serve(told.port, model_environment(told))


if __name__ == "__main__":
    sys.exit(main())
