"""The raw bytes of every mail, kept in Django's storage under the hash of their content."""

import hashlib
import os
import tempfile
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage


def path(sha256: str) -> str:
    """The name in storage of the mail with this hash (64 hex digits)."""
    return f"raw/{sha256[:2]}/{sha256}"


def store(raw: bytes) -> str:
    """Keep these bytes, safe from a crash once this returns, and return their SHA-256 in hex. Bytes that are there stay as they are."""
    sha256 = hashlib.sha256(raw).hexdigest()
    name = path(sha256)
    if default_storage.exists(name):
        return sha256
    if isinstance(default_storage, FileSystemStorage):
        _write(Path(default_storage.path(name)), raw)
    else:
        # Object stores write a whole object or none.
        default_storage.save(name, ContentFile(raw))
    return sha256


def read(sha256: str) -> bytes:
    """The bytes with this hash. Raises FileNotFoundError where they are gone."""
    with default_storage.open(path(sha256)) as file:
        return bytes(file.read())


def delete(sha256: str) -> None:
    """Take the bytes with this hash out of storage; nothing happens where they are gone."""
    default_storage.delete(path(sha256))


def _write(target: Path, content: bytes) -> None:
    """Put a whole file in its place at once: nobody ever finds half of it, neither after a crash nor while two write the same."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".", delete=False) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(target)
    _sync(target.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
