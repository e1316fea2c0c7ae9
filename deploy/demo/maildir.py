"""Putting mail into a Maildir and listing it (https://cr.yp.to/proto/maildir.html)."""

import itertools
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_COUNTER = itertools.count()


def create(folder: Path, *, subfolders: tuple[str, ...] = ()) -> None:
    """Make the Maildir and its subfolders (Maildir++: `.Sent` is the folder Sent) where they are missing."""
    for place in (folder, *(folder / f".{name}" for name in subfolders)):
        for part in ("tmp", "new", "cur"):
            (place / part).mkdir(mode=0o700, parents=True, exist_ok=True)
        if place != folder:
            (place / "maildirfolder").touch()


def deliver(folder: Path, raw: bytes, *, is_seen: bool = False) -> str:
    """Write a mail so that readers see all of it or nothing, and give its key. Keys sort in the order of delivery."""
    key = f"{time.time_ns():020d}.P{os.getpid()}Q{next(_COUNTER)}.demo"
    waiting = folder / "tmp" / key
    with waiting.open("xb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())
    waiting.rename(folder / "cur" / f"{key}:2,S" if is_seen else folder / "new" / key)
    return key


def is_seen(path: Path) -> bool:
    """Whether the mail's owner has read it: the flag S after the key."""
    return "S" in path.name.partition(":2,")[2]


def mark_seen(folder: Path, key: str) -> None:
    """Set the flag S. A mail that somebody else renames at this moment stays unread."""
    for found, path in listing(folder):
        if found == key:
            flags = "".join(sorted({*path.name.partition(":2,")[2], "S"}))
            with suppress(FileNotFoundError):
                path.rename(folder / "cur" / f"{key}:2,{flags}")


def listing(folder: Path) -> Iterator[tuple[str, Path]]:
    """Keys and files of all mails, oldest delivery first."""
    files = [path for part in ("new", "cur") for path in (folder / part).glob("*")]
    yield from sorted((path.name.split(":", 1)[0], path) for path in files)
