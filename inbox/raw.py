"""The raw bytes of every mail, kept in Django's storage under the hash of their content."""

import hashlib

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage


def path(sha256: str) -> str:
    """The name in storage of the mail with this hash (64 hex digits)."""
    return f"raw/{sha256[:2]}/{sha256}"


def store(raw: bytes) -> str:
    """Keep these bytes and return their SHA-256 in hex; bytes that are there already are not written again.

    A file of another size is what a crash left of an earlier attempt, and is replaced.
    """
    sha256 = hashlib.sha256(raw).hexdigest()
    name = path(sha256)
    if default_storage.exists(name):
        if default_storage.size(name) == len(raw):
            return sha256
        default_storage.delete(name)
    written = default_storage.save(name, ContentFile(raw))
    if written != name:
        # Somebody else stored the same bytes meanwhile; storage gave ours another name.
        default_storage.delete(written)
    return sha256


def read(sha256: str) -> bytes:
    """The bytes with this hash. Raises FileNotFoundError where they are gone."""
    with default_storage.open(path(sha256)) as file:
        return bytes(file.read())
