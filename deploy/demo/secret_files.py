"""JSON files that only their owner may read."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


def read(path: Path) -> dict[str, Any]:
    """The object in the file; an empty one where there is no file yet."""
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return {}


def write(path: Path, value: dict[str, Any]) -> None:
    """Put `value` in place of the file at once, so that no reader sees half of it."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(value, file, indent=1, ensure_ascii=False)
    beside.replace(path)


@contextmanager
def changing(path: Path) -> Iterator[dict[str, Any]]:
    """Read, change and write the file while every other process that does the same waits. What was changed before an error is kept."""
    with path.with_name(f".{path.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        value = read(path)
        before = json.dumps(value)
        try:
            yield value
        finally:
            if json.dumps(value) != before:
                write(path, value)
