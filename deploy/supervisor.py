"""All parts on one machine under one process: prefixed logs, restarts of what dies, one clean stop."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import psutil

STOP_SECONDS = 15
"""How long the parts may take to finish what they are doing before they are killed."""
COLOURS = (36, 33, 32, 35, 34, 96, 93, 92, 95)


@dataclass
class Part:
    """One process of the product. `pause` is how many seconds a restart waits; it doubles while the part keeps dying."""

    name: str
    command: list[str]
    process: "subprocess.Popen[str] | None" = None
    started_at: float = 0.0
    restart_at: float = 0.0
    pause: float = 1.0
    reader: threading.Thread | None = field(default=None, repr=False)


class Supervisor:
    """Runs parts until told to stop. `note` is a file that names the running processes, for a run after one that was killed."""

    def __init__(self, parts: Mapping[str, list[str]], *, note: Path) -> None:
        self.parts = [Part(name, command) for name, command in parts.items()]
        self.note = note
        self.is_stopping = False
        self.width = max(map(len, parts))

    def run(self, *, once_started: Callable[[], None]) -> None:
        """Start all parts, call `once_started` in a thread, and return when all have ended after Ctrl-C, SIGTERM or a closed terminal."""
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, self._stop)
        end_leftovers(self.note)
        try:
            for part in self.parts:
                self._start(part)
            threading.Thread(target=once_started, daemon=True).start()
            while not self.is_stopping:
                self._restart_what_died()
                time.sleep(0.2)
        finally:
            self._end_all()

    def say(self, name: str, line: str) -> None:
        """One prefixed line of the log."""
        index = next((i for i, part in enumerate(self.parts) if part.name == name), 0)
        prefix = f"{time.strftime('%H:%M:%S')} {name:{self.width}} |"
        if sys.stdout.isatty():
            prefix = f"\033[{COLOURS[index % len(COLOURS)]}m{prefix}\033[0m"
        print(prefix, line.rstrip(), flush=True)  # noqa: T201

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self.is_stopping = True

    def _start(self, part: Part) -> None:
        # A session of its own: Ctrl-C in the terminal reaches only us, and we end the parts.
        part.process = subprocess.Popen(
            part.command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", start_new_session=True
        )
        part.started_at = time.monotonic()
        part.reader = threading.Thread(target=self._relay, args=(part.name, part.process), daemon=True)
        part.reader.start()
        self.note.write_text(json.dumps([p.process.pid for p in self.parts if p.process]), encoding="utf-8")

    def _relay(self, name: str, process: "subprocess.Popen[str]") -> None:
        assert process.stdout
        for line in process.stdout:
            self.say(name, line)

    def _restart_what_died(self) -> None:
        now = time.monotonic()
        for part in self.parts:
            assert part.process
            if (code := part.process.poll()) is None:
                continue
            if not part.restart_at:
                part.pause = 1.0 if now - part.started_at > 60 else min(part.pause * 2, 30)
                part.restart_at = now + part.pause
                self.say(part.name, f"ended with {code}; starts again in {part.pause:.0f} s")
            elif now >= part.restart_at:
                part.restart_at = 0.0
                self._start(part)

    def _end_all(self) -> None:
        running = [part.process for part in self.parts if part.process and part.process.poll() is None]
        for process in running:
            _signal_group(process.pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for process in running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                _signal_group(process.pid, signal.SIGKILL)
                process.wait()
        self.note.unlink(missing_ok=True)


def end_leftovers(note: Path) -> None:
    """End the processes that a run left behind when it was itself killed."""
    if not note.exists():
        return
    for pid in json.loads(note.read_text(encoding="utf-8") or "[]"):
        # The id may belong to somebody else by now; ours name this interpreter.
        if psutil.pid_exists(pid) and sys.executable in _command(pid):
            _signal_group(pid, signal.SIGKILL)


def _command(pid: int) -> list[str]:
    try:
        return psutil.Process(pid).cmdline()
    except psutil.Error:
        return []


def _signal_group(pid: int, number: int) -> None:
    try:
        os.killpg(pid, number)
    except ProcessLookupError:
        return
