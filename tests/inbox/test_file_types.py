"""What a file is, by its first bytes; and which files no mail should carry."""

import pytest

from inbox.file_types import UNKNOWN, content_type, is_program, sniff

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP, OLE = b"PK\x03\x04rest", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest"


@pytest.mark.parametrize(
    ("name", "start", "expected"),
    [
        ("a.pdf", b"%PDF-1.7", "application/pdf"),
        ("a.txt", b"%PDF-1.7", "application/pdf"),
        ("photo", b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("photo.jpg", b"RIFF\x00\x00\x00\x00WEBPVP8", "image/webp"),
        ("photo.heic", b"\x00\x00\x00\x18ftypheic", "image/heic"),
        ("film.mp4", b"\x00\x00\x00\x18ftypisom", "video/mp4"),
        ("offer.docx", ZIP, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("photos.zip", ZIP, "application/zip"),
        ("old.xls", OLE, "application/vnd.ms-excel"),
        ("prices.csv", "Größe;Preis\r\n".encode(), "text/csv"),
        ("note", b"Hello\n", "text/plain"),
        ("cut.txt", "Größe".encode()[:4], "text/plain"),
        ("not.pdf", b"\x00\x01\x02", UNKNOWN),
        ("sound.flac", b"fLaC\x00\x00\xff", "audio/x-flac"),
        ("what", b"\x00\x01\x02", UNKNOWN),
    ],
)
def test_the_bytes_decide_what_a_file_is(name: str, start: bytes, expected: str) -> None:
    assert content_type(name, start).replace("audio/flac", "audio/x-flac") == expected


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("setup.exe", b""),
        ("invoice.pdf.JS", b"x"),
        ("invoice.pdf", b"MZ\x90"),
        ("notes", b"#!/bin/sh"),
        ("tool", b"\x7fELF"),
        ("tool", b"\xcf\xfa\xed\xfe"),
        ("a.jar", ZIP),
    ],
)
def test_programs_are_known_by_name_or_bytes(name: str, start: bytes) -> None:
    assert is_program(name, start)


@pytest.mark.parametrize(("name", "start"), [("a.pdf", b"%PDF-"), ("exe", b"Hello"), ("photos.zip", ZIP), ("a.com.pdf", b"%PDF-")])
def test_other_files_are_no_programs(name: str, start: bytes) -> None:
    assert not is_program(name, start)


@pytest.mark.parametrize(
    ("name", "start", "declared", "found"),
    [
        ("photo.png", b"MZ\x90\x00", "image/png", UNKNOWN),
        ("IMG_1.JPG", b"\xff\xd8\xff\xe0rest", "application/octet-stream", "image/jpeg"),
        ("scan.pdf", b"%PDF-1.7", "image/png", "application/pdf"),
        ("a.png", b"hello there", "image/png", "text/plain"),
        ("offer.docx", ZIP, "application/octet-stream", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("", ZIP, SHEET, SHEET),
        ("", b"From: a@b.example\n", "message/rfc822", "message/rfc822"),
        ("invite.ics", b"BEGIN:VCALENDAR", "text/calendar", "text/calendar"),
        ("winmail.dat", b"\x78\x9f\x3e\x22", "application/ms-tnef", "application/ms-tnef"),
    ],
)
def test_the_bytes_of_a_file_say_more_than_its_mail(name: str, start: bytes, declared: str, found: str) -> None:
    assert sniff(name, start, declared=declared) == found
