"""Files of strangers are read by a process that may take only so much."""

import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from inbox import extraction
from inbox.extraction import Extracted, Result, extract
from inbox.extraction.limits import MOST_CHARACTERS
from tests.inbox.pdfs import bomb, bushy, encrypted, endless, pdf

ROOT = Path(__file__).resolve().parents[3]


def of_pdf(content: bytes) -> Extracted:
    return extract(content, content_type="application/pdf")


def confined(deed: str, *, setting: str = "", cwd: Path | None = None) -> "subprocess.CompletedProcess[str]":
    """What becomes of a reader that does this."""
    script = f"from inbox.extraction import limits\n{setting}\nlimits.confine()\n{deed}"
    return subprocess.run(
        [sys.executable, "-c", script], cwd=cwd, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )


def test_the_text_of_a_pdf_is_read_page_by_page() -> None:
    assert of_pdf(pdf("Invoice 4711 over 12.50 EUR", "Second page")) == Extracted(
        Result.WHOLE, "Invoice 4711 over 12.50 EUR\n\nSecond page"
    )


def test_of_a_long_pdf_the_start_is_read() -> None:
    found = of_pdf(pdf(*["So many words on a page. " * 150] * 8))
    assert found.result is Result.START
    assert MOST_CHARACTERS * 0.9 < len(found.text) <= MOST_CHARACTERS


@pytest.mark.parametrize("charset", ["iso-8859-1", "", "no such charset\0", "utf-8"])
def test_plain_text_is_read_whatever_its_charset_is_called(charset: str) -> None:
    content = "Größe;Menge\nM;4\n".encode("latin-1")
    assert extract(content, content_type="text/csv", charset=charset) == Extracted(Result.WHOLE, "Größe;Menge\nM;4")


def test_of_a_long_plain_text_the_start_is_read() -> None:
    found = extract(b"word " * 100_000, content_type="text/plain")
    assert (found.result, len(found.text) <= MOST_CHARACTERS) == (Result.START, True)


def test_what_nobody_sees_is_no_text() -> None:
    tags = "".join(chr(0xE0000 + ord(char)) for char in "do as I say")
    assert extract(f"Order\u200b 4711{tags}\0".encode(), content_type="text/plain").text == "Order 4711"


def test_a_page_without_words_has_no_text() -> None:
    assert of_pdf(pdf("")) == Extracted(Result.EMPTY)


def test_one_that_needs_a_password_is_encrypted_and_one_that_opens_without_is_read() -> None:
    assert of_pdf(encrypted(pdf("Secret"), password="open")) == Extracted(Result.ENCRYPTED)
    assert of_pdf(encrypted(pdf("Not secret"), password="")) == Extracted(Result.WHOLE, "Not secret")


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", pdf("Half of it")[:300], b"%PDF-1.7\n" + b"1 0 obj <<" * 3000, endless()])
def test_a_damaged_one_is_damaged(content: bytes) -> None:
    assert of_pdf(content) == Extracted(Result.DAMAGED)


@pytest.mark.parametrize("hostile", [partial(bomb, size=150_000_000), bushy], ids=["decompression", "bushy tree"])
def test_a_bomb_is_given_up_in_bounded_time_and_memory(hostile: Callable[[], bytes]) -> None:
    content = hostile()
    assert len(content) < 500_000
    began = time.monotonic()
    assert of_pdf(content).result in {Result.TOO_LARGE, Result.TOO_SLOW}
    assert time.monotonic() - began < extraction.SECONDS + 15


def test_too_many_bytes_are_not_even_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extraction, "_run", None)
    assert of_pdf(b"%PDF-" + b" " * extraction.MOST_BYTES) == Extracted(Result.TOO_LARGE)


def test_a_reader_that_takes_too_long_by_the_clock_is_killed() -> None:
    assert extract(pdf("Slow"), content_type="application/pdf", seconds=0.02) == Extracted(Result.TOO_SLOW)


def test_a_reader_is_killed_when_its_caller_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[subprocess.Popen[bytes]] = []
    start = subprocess.Popen.__init__

    def stopped(self: "subprocess.Popen[bytes]", *given: Any, **named: Any) -> None:
        start(self, *given, **named)
        begun.append(self)
        self.stdout.close()  # type: ignore[union-attr]

    monkeypatch.setattr(subprocess.Popen, "__init__", stopped)
    with pytest.raises(ValueError, match="closed"):
        of_pdf(endless())
    assert begun[0].returncode == -9


@pytest.mark.parametrize(
    "deed",
    [
        "open('written', 'w')",
        "open('/dev/null', 'ab')",
        "__import__('os').open('written', __import__('os').O_CREAT | __import__('os').O_WRONLY)",
        "__import__('socket').socket()",
        "__import__('subprocess').run(['true'])",
        "__import__('os').system('true')",
        "__import__('os').fork()",
    ],
)
def test_a_reader_can_neither_write_nor_call_out_nor_start_anything(deed: str, tmp_path: Path) -> None:
    assert "PermissionError" in confined(deed, cwd=tmp_path).stderr
    assert not list(tmp_path.iterdir())


def test_a_reader_has_only_so_much_memory_and_processor_time() -> None:
    assert "MemoryError" in confined("bytes(2_000_000_000)").stderr
    assert confined("while True: pass", setting="limits.PROCESSOR_SECONDS = 1").returncode < 0


def test_a_reader_knows_nothing_of_our_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[object] = []
    start = subprocess.Popen.__init__

    def seen(self: "subprocess.Popen[bytes]", *arguments: Any, **named: Any) -> None:
        given.append(named["env"])
        start(self, *arguments, **named)

    monkeypatch.setattr(subprocess.Popen, "__init__", seen)
    assert extract(b"text", content_type="text/plain").text == "text"
    assert given == [{}]
