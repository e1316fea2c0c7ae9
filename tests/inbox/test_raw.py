"""Raw mail is kept once, whole, under the hash of its bytes."""

from pathlib import Path

import pytest
from django.core.files.storage import InMemoryStorage, default_storage

from inbox import raw


def test_bytes_are_kept_under_their_hash_and_written_once() -> None:
    sha256 = raw.store(b"some mail")
    assert raw.store(b"some mail") == sha256
    assert raw.read(sha256) == b"some mail"
    assert [name for name in default_storage.listdir(f"raw/{sha256[:2]}")[1] if sha256 in name] == [sha256]


def test_a_crash_while_writing_leaves_nothing_that_looks_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Path, "replace", crash)
        raw.store(b"a mail that is cut short")
    assert raw.read(raw.store(b"a mail that is cut short")) == b"a mail that is cut short"


def test_other_storages_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw, "default_storage", InMemoryStorage())
    sha256 = raw.store(b"in an object store")
    assert raw.store(b"in an object store") == sha256
    assert raw.read(sha256) == b"in an object store"


def test_bytes_that_are_gone_say_so() -> None:
    with pytest.raises(FileNotFoundError):
        raw.read("0" * 64)
