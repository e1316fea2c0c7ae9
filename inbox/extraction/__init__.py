"""The text of files that strangers sent, read by a process of its own, which may take only so much and is then ended.

`extract` starts `python -m inbox.extraction` (see `__main__`), gives it the file and takes back text, or why there is none.
"""

import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from inbox import charsets
from inbox.charsets.names import python_codec
from inbox.extraction.limits import MOST_CHARACTERS, Ending

MOST_BYTES = 10_000_000
"""A larger file is not read."""
SECONDS = 15.0
"""By the clock; then the process is killed, whatever it does."""
_ROOT = Path(__file__).resolve().parents[2]
_FORMS = {"application/pdf": "pdf", **dict.fromkeys(("text/plain", "text/csv", "text/tab-separated-values"), "text")}


class Result(Enum):
    """How the reading of a file ended."""

    WHOLE = "whole"
    START = "start"
    EMPTY = "empty"
    ENCRYPTED = "encrypted"
    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class Extracted:
    """The text of a file, at most `MOST_CHARACTERS`, and whether that is all; "" where there is none."""

    result: Result
    text: str = ""


_ENDINGS: dict[int, Result] = {
    Ending.WHOLE: Result.WHOLE,
    Ending.START: Result.START,
    Ending.ENCRYPTED: Result.ENCRYPTED,
    Ending.TOO_LARGE: Result.TOO_LARGE,
    Ending.DAMAGED: Result.DAMAGED,
}


def can_read(content_type: str) -> bool:
    """Whether there is a reader for files of this type."""
    return content_type in _FORMS


def extract(content: bytes, *, content_type: str, charset: str = "", seconds: float = SECONDS) -> Extracted:
    """The text in a file of a type that can be read. `charset` is what the mail says of a plain text, and need not be true."""
    if len(content) > MOST_BYTES:
        return Extracted(Result.TOO_LARGE)
    code, output = _run(content, _FORMS[content_type], python_codec(charset), seconds)
    if code < 0:
        return Extracted(Result.TOO_SLOW)
    result = _ENDINGS.get(code, Result.DAMAGED)
    if result not in {Result.WHOLE, Result.START}:
        return Extracted(result)
    text = _tidied(output.decode("utf-8", "replace"))
    return Extracted(result, text) if text else Extracted(Result.EMPTY)


def _run(content: bytes, form: str, codec: str, seconds: float) -> tuple[int, bytes]:
    """The exit status (negative for the signal that ended it) and the output of one reader."""
    most = MOST_CHARACTERS * 4
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        # The environment holds secrets, and this process needs none of it.
        command = [sys.executable, "-B", "-E", "-s", "-W", "ignore", "-X", "utf8", "-m", __name__, form, codec]
        with (
            subprocess.Popen(
                command, cwd=_ROOT, env={}, stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
            ) as process,
            _killed(process, after=seconds),
        ):
            assert process.stdout is not None
            output = process.stdout.read(most + 1)
            if len(output) > most:
                process.kill()
            return process.wait(), output


@contextmanager
def _killed(process: "subprocess.Popen[bytes]", *, after: float) -> Iterator[None]:
    """The process does not outlive the block, nor so many seconds."""
    timer = threading.Timer(after, process.kill)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        process.kill()


def _tidied(text: str) -> str:
    """Without what nobody sees, and with at most one empty line in a row."""
    # The reader begins with this module too, and has no use for the parser, which takes a third of a second.
    from inbox.parsing.invisible import remove_invisible

    visible, _, _ = remove_invisible(charsets.storable(text))
    lines: list[str] = []
    for line in visible.splitlines():
        if line.strip() or (lines and lines[-1]):
            lines.append(line.rstrip())
    return "\n".join(lines).strip()
