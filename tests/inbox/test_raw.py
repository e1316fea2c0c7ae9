"""Raw mail is kept once, whole, under the hash of its bytes."""

from django.core.files.storage import default_storage

from inbox import raw


def test_raw_bytes_are_kept_under_their_hash_and_written_once() -> None:
    sha256 = raw.store(b"some mail")
    assert raw.store(b"some mail") == sha256
    assert raw.read(sha256) == b"some mail"
    assert default_storage.listdir(f"raw/{sha256[:2]}")[1].count(sha256) == 1


def test_bytes_that_a_crash_cut_short_are_written_again() -> None:
    sha256 = raw.store(b"a whole mail")
    with default_storage.open(raw.path(sha256), "wb") as file:
        file.write(b"a who")
    raw.store(b"a whole mail")
    assert raw.read(sha256) == b"a whole mail"
