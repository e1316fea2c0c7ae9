"""The raw bytes of every mail, kept in Django's storage under the hash of their content."""

import hashlib
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage


def path(sha256: str) -> str:
    """The name in storage of the mail with this hash (64 hex digits)."""
    return f"raw/{sha256[:2]}/{sha256}"


def store(raw: bytes) -> str:
    """Keep these bytes, safe from a crash once this returns, and return their SHA-256 in hex. Bytes that are there stay as they are.

    Raises OSError where the storage takes nothing.
    """
    return store_all([raw])[0]


def store_all(contents: Sequence[bytes]) -> list[str]:
    """Like `store` for each of these, in their order, in one round to the disk: all are safe once this returns."""
    hashes = [hashlib.sha256(one).hexdigest() for one in contents]
    named = {path(sha256): content for sha256, content in zip(hashes, contents, strict=True)}
    with _reached():
        missing = {name: content for name, content in named.items() if not default_storage.exists(name)}
        if isinstance(default_storage, FileSystemStorage):
            _write_all({Path(default_storage.path(name)): content for name, content in missing.items()})
        else:
            for name, content in missing.items():
                # Object stores write a whole object or none.
                default_storage.save(name, ContentFile(content))
    return hashes


def read(sha256: str) -> bytes:
    """The bytes with this hash. Raises FileNotFoundError where they are gone, and OSError where the storage cannot be reached."""
    with _reached(), default_storage.open(path(sha256)) as file:
        return bytes(file.read())


def delete(sha256: str) -> None:
    """Take the bytes with this hash out of storage; nothing happens where they are gone."""
    default_storage.delete(path(sha256))


@contextmanager
def _reached() -> Iterator[None]:
    """Object stores raise errors of their own, which say the same as an OSError: the storage does not work, whatever the mail is."""
    try:
        yield
    except OSError:
        raise
    except Exception as error:
        raise OSError(f"{type(error).__name__}: {error}") from error


def _write_all(files: Mapping[Path, bytes]) -> None:
    """Put whole files in their places at once: nobody ever finds half of one, neither after a crash nor while two write the same.

    Step by step for all: the first sync of a round takes most of what the others wait for to the disk.
    """
    aside: dict[Path, Path] = {}
    try:
        for target, content in files.items():
            aside[target] = _new_beside(target)
            aside[target].write_bytes(content)
        for file in aside.values():
            _sync(file)
        for target, file in aside.items():
            file.replace(target)
        for folder in {target.parent for target in aside}:
            _sync(folder)
    finally:
        for file in aside.values():
            file.unlink(missing_ok=True)


def _new_beside(target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".", delete=False) as file:
        return Path(file.name)


def _sync(path: Path) -> None:
    """Until the content of a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
