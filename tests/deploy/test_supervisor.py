"""All parts under one process."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psutil
import pytest

from deploy.supervisor import end_leftovers

SCRIPT = """
import sys, time, pathlib
from deploy.supervisor import Supervisor
folder = pathlib.Path(sys.argv[1])
tick = "import time\\nwhile True:\\n    print('tick', flush=True); time.sleep(0.1)"
once = "import pathlib, sys\\npathlib.Path(sys.argv[1]).open('a').write('x')"
parts = {"clock": [sys.executable, "-c", tick], "dies": [sys.executable, "-c", once, str(folder / "count")]}
Supervisor(parts, note=folder / "processes").run(once_started=lambda: print("started", flush=True))
"""


def wait_until(condition: object, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if callable(condition) and condition():
            return
        time.sleep(0.05)
    pytest.fail("did not happen in time")


@pytest.fixture
def supervisor(tmp_path: Path) -> "subprocess.Popen[str]":
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(SCRIPT), str(tmp_path)], stdout=subprocess.PIPE, text=True, env=environment
    )


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_parts_are_prefixed_restarted_and_ended_together(supervisor: "subprocess.Popen[str]", tmp_path: Path, how: signal.Signals) -> None:
    wait_until(lambda: (tmp_path / "count").exists() and len((tmp_path / "count").read_text()) >= 2)
    pids = json.loads((tmp_path / "processes").read_text())
    supervisor.send_signal(how)
    output, _ = supervisor.communicate(timeout=20)
    assert supervisor.returncode == 0
    assert "clock | tick" in output
    assert "dies  | ended with 0; starts again in" in output
    assert not any(psutil.pid_exists(pid) for pid in pids)
    assert not (tmp_path / "processes").exists()


def test_what_a_killed_supervisor_left_behind_is_ended_by_the_next(supervisor: "subprocess.Popen[str]", tmp_path: Path) -> None:
    wait_until((tmp_path / "count").exists)
    pids = json.loads((tmp_path / "processes").read_text())
    supervisor.kill()
    supervisor.communicate()
    end_leftovers(tmp_path / "processes")
    wait_until(lambda: not any(psutil.pid_exists(pid) and psutil.Process(pid).status() != "zombie" for pid in pids))


def test_a_process_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    with subprocess.Popen(["sleep", "30"], start_new_session=True) as other:
        (tmp_path / "processes").write_text(json.dumps([other.pid]))
        end_leftovers(tmp_path / "processes")
        assert other.poll() is None
        other.kill()
