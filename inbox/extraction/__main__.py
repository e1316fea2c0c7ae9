"""Reads one file from standard input and writes its text: `python -m inbox.extraction pdf|text CODEC`. The exit status is an `Ending`."""

import io
import sys
from typing import TYPE_CHECKING

from inbox import charsets
from inbox.extraction.limits import MOST_CHARACTERS, Ending, confine

if TYPE_CHECKING:
    from pypdf import PdfReader

MOST_PAGES = 300
"""Pages without any text cost time too."""


def read_text(content: bytes, codec: str) -> tuple[Ending, str]:
    """A plain text, in the charset that the mail names or else the likeliest."""
    return _cut(charsets.decode(content[: MOST_CHARACTERS * 4], codec))


def read_pdf(content: bytes) -> tuple[Ending, str]:
    """The text of a PDF, page by page. One that opens without a password counts as open, whatever else its author forbids."""
    # Read by whoever gets this far only: it takes a third of a second.
    from pypdf import PdfReader
    from pypdf.errors import FileNotDecryptedError, LimitReachedError

    try:
        return _pages(PdfReader(io.BytesIO(content)))
    except FileNotDecryptedError:
        return Ending.ENCRYPTED, ""
    except (LimitReachedError, MemoryError):
        return Ending.TOO_LARGE, ""


def _pages(reader: "PdfReader") -> tuple[Ending, str]:
    found: list[str] = []
    room = MOST_CHARACTERS
    for number, page in enumerate(reader.pages):
        if number >= MOST_PAGES or room < 0:
            return Ending.START, "\n\n".join(found)[:MOST_CHARACTERS]
        found.append(page.extract_text())
        room -= len(found[-1]) + 2
    return _cut("\n\n".join(found))


def _cut(text: str) -> tuple[Ending, str]:
    return (Ending.START if len(text) > MOST_CHARACTERS else Ending.WHOLE), text[:MOST_CHARACTERS]


def main() -> int:
    """Read the file, within limits."""
    confine()
    form, codec = sys.argv[1:]
    content = sys.stdin.buffer.read()
    try:
        ending, text = read_pdf(content) if form == "pdf" else read_text(content, codec)
    except Exception:  # noqa: BLE001 - whatever a reader makes of it, the file is at fault
        return Ending.DAMAGED
    sys.stdout.buffer.write(charsets.storable(text).encode())
    return ending


if __name__ == "__main__":
    sys.exit(main())
