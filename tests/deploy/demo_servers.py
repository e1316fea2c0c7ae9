"""The demo's servers as processes of their own, for the tests that talk to them."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings


@contextmanager
def running(part: str, *ports: int) -> Iterator["subprocess.Popen[bytes]"]:
    """`manage.py demo <part>` until the end of the block; it must be gone within five seconds of SIGTERM."""
    with subprocess.Popen([sys.executable, settings.BASE_DIR / "manage.py", "demo", part], env=os.environ) as process:
        try:
            for port in ports:
                wait_for(port, process)
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(5) == 0


def wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(200):
        assert process.poll() is None, "the server ended"
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"nothing listens on {port}")
