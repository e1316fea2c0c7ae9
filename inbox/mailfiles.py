"""Mails in files: .eml, mbox, Maildir, and folders of these."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.utils import timezone

_FROM_LINE = re.compile(rb"^From \S.*\d\d:\d\d.*\d{4}|^From \S+\s*$")
_DATE = re.compile(rb"(?im)^date:[ \t]*([^\r\n]+)")
MBOX = {".mbox", ".mbx"}
LONGEST_LINE = 1 << 20
EPOCH = datetime(1971, 8, 1, tzinfo=UTC)
"""Nobody had mail before."""


def find(path: Path) -> Iterator[Path]:
    """The files below a path that may hold mail, in order of their names; of a Maildir those in cur and new. Hidden files are left out."""
    if path.is_file():
        yield path
        return
    is_maildir = (path / "cur").is_dir() and (path / "new").is_dir()
    for child in sorted(path.iterdir()):
        if child.is_dir() and not (is_maildir and child.name == "tmp"):
            yield from find(child)
        elif child.is_file() and not child.name.startswith(".") and not is_maildir and is_mail(child):
            yield child


def is_mail(path: Path) -> bool:
    """Whether a file found in a folder is taken for mail: by its suffix, or because it lies in a Maildir or begins as an mbox does."""
    if path.suffix.lower() in {".eml", *MBOX} or path.parent.name in {"cur", "new"}:
        return True
    return not path.suffix and _begins_as_mbox(path)


def read(path: Path) -> Iterator[bytes]:
    """The mails of a file, one after the other; an .eml has one whatever it looks like."""
    if path.suffix.lower() != ".eml" and _begins_as_mbox(path):
        yield from _split(path)
    else:
        yield path.read_bytes()


def arrived_at(content: bytes) -> datetime:
    """When a mail in a file had arrived, as well as one can know: its Date, unless that makes no sense."""
    now = timezone.now()
    head = re.split(rb"\r?\n\r?\n", content[:65_536], maxsplit=1)[0]
    try:
        found = _DATE.search(head)
        moment = parsedate_to_datetime(found[1].decode("ascii")) if found else now
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return moment if EPOCH < moment < now else now
    except (ValueError, TypeError, OverflowError):
        return now


def _begins_as_mbox(path: Path) -> bool:
    with path.open("rb") as file:
        return bool(_FROM_LINE.match(file.readline(1000)))


def _split(path: Path) -> Iterator[bytes]:
    """RFC 4155: each mail begins with a From line after an empty one. `>From ` is left as it is: nobody can tell who quoted it."""
    lines: list[bytes] = []
    after_empty = True
    with path.open("rb") as file:
        while line := file.readline(LONGEST_LINE):
            if after_empty and _FROM_LINE.match(line):
                if lines:
                    yield _mail(lines)
                lines = []
            else:
                lines.append(line)
            after_empty = not line.strip()
    yield _mail(lines)


def _mail(lines: list[bytes]) -> bytes:
    if lines and not lines[-1].strip():
        lines = lines[:-1]
    return b"".join(lines)
