"""Raw mail is kept once, whole, under the hash of its bytes."""

import hashlib
import os
from pathlib import Path

import pytest
from django.core.files import File
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


def test_a_crash_among_many_leaves_only_whole_files(monkeypatch: pytest.MonkeyPatch) -> None:
    contents, genuine = [b"mail %d of a chunk" % number for number in range(5)], Path.replace
    placed: list[Path] = []

    def crash_at_the_third(file: Path, target: Path) -> Path:
        if len(placed) == 2:
            raise KeyboardInterrupt
        placed.append(target)
        return genuine(file, target)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Path, "replace", crash_at_the_third)
        raw.store_all(contents)
    assert [target.read_bytes() for target in placed] == contents[:2]
    assert [raw.read(sha256) for sha256 in raw.store_all(contents)] == contents


def test_a_crash_leaves_nothing_beside_the_mails(monkeypatch: pytest.MonkeyPatch) -> None:
    def fill_up(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch, pytest.raises(OSError, match="No space"):
        patch.setattr(os, "fsync", fill_up)
        raw.store(b"a mail on a full disk")
    folder = Path(default_storage.path(raw.path(hashlib.sha256(b"a mail on a full disk").hexdigest()))).parent
    assert not list(folder.glob(".*"))


def test_every_file_is_on_the_disk_before_the_first_has_its_name_and_every_name_at_last(monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    genuine, replace = raw._sync, Path.replace

    def sync(path: Path) -> None:
        steps.append("folder" if path.is_dir() else "file")
        genuine(path)

    def place(file: Path, target: Path) -> Path:
        steps.append("named")
        return replace(file, target)

    monkeypatch.setattr(raw, "_sync", sync)
    monkeypatch.setattr(Path, "replace", place)
    raw.store_all([b"one of three, in this very order", b"two of three, in this very order", b"three of three"])
    assert steps[:6] == ["file"] * 3 + ["named"] * 3
    assert steps[6:]
    assert set(steps[6:]) == {"folder"}


def test_other_storages_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw, "default_storage", InMemoryStorage())
    sha256 = raw.store(b"in an object store")
    assert raw.store(b"in an object store") == sha256
    assert raw.read(sha256) == b"in an object store"


def test_whatever_an_object_store_raises_says_that_the_storage_does_not_work(monkeypatch: pytest.MonkeyPatch) -> None:
    class Away(InMemoryStorage):
        def exists(self, name: str) -> bool:
            raise RuntimeError("SlowDown")

        def open(self, name: str, mode: str = "rb") -> "File[bytes]":
            raise RuntimeError("SlowDown")

    monkeypatch.setattr(raw, "default_storage", Away())
    with pytest.raises(OSError, match="RuntimeError: SlowDown"):
        raw.store(b"to an object store that is away")
    with pytest.raises(OSError, match="RuntimeError: SlowDown"):
        raw.read("0" * 64)


def test_bytes_that_are_gone_say_so() -> None:
    with pytest.raises(FileNotFoundError):
        raw.read("0" * 64)
