"""`make demo` says where the app is, and says so when it cannot be there."""

import ipaddress
import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.request

import pytest

from tools import serve


@pytest.fixture
def taken_port():
    with socket.socket() as listener:
        listener.bind(("", 0))
        listener.listen(1)
        yield listener.getsockname()[1]


def free_port():
    with socket.socket() as probe:
        probe.bind(("", 0))
        return probe.getsockname()[1]


def test_port_that_is_taken_is_refused_with_a_way_out(taken_port):
    command = [sys.executable, serve.__file__, "--port", str(taken_port)]

    result = subprocess.run(command, capture_output=True, text=True, check=False)

    assert result.returncode == 1
    assert f"Port {taken_port} is taken" in result.stderr
    assert f"make demo PORT={taken_port + 1}" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", "8501.0"])
def test_port_that_is_none_is_refused_by_name(port):
    command = [sys.executable, serve.__file__, f"--port={port}"]

    result = subprocess.run(command, capture_output=True, text=True, check=False)

    assert result.returncode == 2
    assert f"expected a port from 1 to 65535, received '{port}'" in result.stderr


def test_local_network_addresses_are_none_of_this_machine_alone():
    for address in serve.local_network_addresses():
        assert not ipaddress.ip_address(address).is_loopback


def test_started_app_prints_its_addresses_answers_there_and_ends():
    port = free_port()
    command = [sys.executable, serve.__file__, "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        watchdog = threading.Timer(90, process.kill)  # a hang must end, not block the run
        watchdog.start()
        try:
            assert process.stdout is not None
            lines = iter(process.stdout.readline, "")
            urls = []
            for line in lines:
                urls += re.findall(r"http://\S+", line)
                if "Ctrl-C" in line:
                    break
            assert f"http://localhost:{port}" in urls
            assert len(urls) == 1 + len(serve.local_network_addresses())
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            for url in urls:
                with opener.open(url) as reply:
                    assert b"<title>" in reply.read()
            process.send_signal(signal.SIGTERM)
            assert process.wait() == 0
        finally:
            watchdog.cancel()
            process.kill()
    assert serve.port_is_free(port)


def test_a_model_that_is_no_file_is_refused_before_anything_starts(tmp_path):
    command = [sys.executable, serve.__file__, "--model", str(tmp_path / "none.keras")]

    result = subprocess.run(command, capture_output=True, text=True, check=False)

    assert result.returncode == 2
    assert "--model" in result.stderr and "Traceback" not in result.stderr


def test_names_without_a_model_are_refused():
    command = [sys.executable, serve.__file__, "--class-names", "cat,dog"]

    result = subprocess.run(command, capture_output=True, text=True, check=False)

    assert result.returncode == 2
    assert "there is none" in result.stderr
