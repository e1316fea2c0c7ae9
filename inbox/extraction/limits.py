"""What a reader of strangers' files may take, and how it says what it found."""

import os
import resource
import sys
from enum import IntEnum

MOST_CHARACTERS = 20_000
"""What follows in a file is not read."""
MEMORY = 768 * 1024 * 1024
PROCESSOR_SECONDS = 6
_FORBIDDEN = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system", "ctypes.dlopen")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Ending(IntEnum):
    """The exit status of a reader. Any other is that of one that failed."""

    WHOLE = 0
    START = 10
    ENCRYPTED = 11
    TOO_LARGE = 12
    DAMAGED = 13


def confine() -> None:
    """From here on this process writes no file, reaches no other machine, starts no process, and takes only so much."""
    os.nice(5)
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, PROCESSOR_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    # `open` is raised with path, mode and flags.
    is_writing = event == "open" and isinstance(flags := arguments[2], int) and flags & _WRITING
    if is_writing or event.startswith(_FORBIDDEN):
        raise PermissionError(f"A reader of files may not do this: {event}")
