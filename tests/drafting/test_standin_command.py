"""The stand-in as a process."""

import os
import signal
import subprocess
import sys
from http.client import HTTPConnection

import pytest

COMMANDS = [["manage.py", "standin"], ["-m", "drafting.standin"]]


@pytest.mark.parametrize("command", COMMANDS)
def test_it_serves_without_a_database_and_stops_on_a_signal(command: list[str]) -> None:
    nowhere = os.environ | {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing"}
    with subprocess.Popen([sys.executable, *command, "--port", "0"], stdout=subprocess.PIPE, text=True, env=nowhere) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert "http://127.0.0.1:" in line
        connection = HTTPConnection("127.0.0.1", int(line.rpartition(":")[2].removesuffix("/v1\n")), timeout=10)
        connection.request("GET", "/health")
        assert connection.getresponse().status == 200
        connection.close()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0


def test_a_taken_port_is_told_in_one_sentence() -> None:
    with subprocess.Popen([sys.executable, "-m", "drafting.standin", "--port", "0"], stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout is not None
        port = first.stdout.readline().rpartition(":")[2].removesuffix("/v1\n")
        second = subprocess.run([sys.executable, "manage.py", "standin", "--port", port], capture_output=True, text=True, check=False)
        first.terminate()
    assert second.returncode == 1
    assert f"Cannot listen on 127.0.0.1:{port}" in second.stderr
    assert "Traceback" not in second.stderr
