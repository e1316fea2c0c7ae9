"""The tree of parts where a program wrote it wrongly."""

from base64 import b64encode

import pytest

from inbox.parsing import parse

HEAD = b"From: bo@example.com\nTo: desk@example.org\nDate: Mon, 2 Mar 2026 09:12:01 +0100\nSubject: order\n"
PLAIN = b"Content-Type: text/plain\n\n"


@pytest.mark.parametrize("boundary", [b"------------0a1b2c", b"0a1b2c"])
def test_parts_under_another_boundary_than_the_stated_one_are_found(boundary: bytes) -> None:
    parts = b"".join(b"--" + boundary + b"\n" + PLAIN + text + b"\n" for text in (b"Hello", b"Bo"))
    mail = parse(HEAD + b"Content-Type: multipart/mixed; boundary=lost\n\n" + parts + b"--" + boundary + b"--\n")
    assert mail.text.split() == ["Hello", "Bo"]


def test_a_text_sixty_parts_deep_is_read() -> None:
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (level, level) for level in range(60))
    mail = parse(HEAD + nested + PLAIN + b"Hello")
    assert (mail.text, mail.flags) == ("Hello", ())


@pytest.mark.parametrize("head", ["application-x-gzip", "image", "application"])
def test_a_file_of_half_a_type_is_no_text(head: str) -> None:
    mail = parse(HEAD + f"Content-Type: {head}; name=a.gz\n\nxyz".encode())
    assert (mail.text, [one.name for one in mail.attachments]) == ("", ["a.gz"])


def test_plain_words_that_claim_to_be_base64_are_read_as_they_are() -> None:
    text = "Where is my order\nIt should have come today\nThank you"
    assert parse(HEAD + b"Content-Transfer-Encoding: base64\n\n" + text.encode()).text == text


def test_base64_with_a_space_at_each_line_is_decoded() -> None:
    lines = b"".join(b" " + b64encode(b"Where is my order, please? ") + b" \n" for _ in range(3))
    assert parse(HEAD + b"Content-Transfer-Encoding: base64\n\n" + lines).text.startswith("Where is my order")


def test_named_texts_beside_the_html_of_an_alternative_are_files() -> None:
    note = b"--r\nContent-Type: text/plain\nContent-Disposition: inline; filename=note.txt\n\nnote\n"
    related = b"--a\nContent-Type: multipart/related; boundary=r\n\n--r\nContent-Type: text/html\n\n<p>Hello</p>\n" + note + b"--r--\n"
    mail = parse(HEAD + b"Content-Type: multipart/alternative; boundary=a\n\n--a\n" + PLAIN + b"Hello\n" + related + b"--a--\n")
    assert (mail.text, [one.name for one in mail.attachments]) == ("Hello", ["note.txt"])
