"""Mails whose words or files stand inside something else: winmail.dat, an invitation, a signature that holds the text."""

from base64 import encodebytes
from struct import pack

import pytest

from inbox.parsing import parse, read_attachment
from inbox.parsing.calendar import read_calendar
from inbox.parsing.smime import signed_content
from inbox.parsing.tnef import unpack
from tests.inbox.mail_classes import SIGNED, WINMAIL, attribute, properties

HEAD = b"From: bo@example.com\nTo: desk@example.org\nSubject: order\nDate: Mon, 2 Mar 2026 09:12:01 +0100\nMIME-Version: 1.0\n"
TNEF = HEAD + b"Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n" + encodebytes(WINMAIL)
INVITATION = """BEGIN:VCALENDAR
BEGIN:VTIMEZONE
DTSTART:19700101T000000
END:VTIMEZONE
BEGIN:VEVENT
SUMMARY:Delivery slot
DTSTART;TZID=Europe/Berlin:20260302T091500
DTEND:20260302T101500Z
LOCATION:Dock 4\\, hall B
ORGANIZER;CN=Bo:mailto:bo@example.com
DESCRIPTION:Please come
  at nine.\\nThank you
END:VEVENT
END:VCALENDAR
"""


def test_the_text_and_the_files_of_a_winmail_dat_are_read() -> None:
    mail = parse(TNEF)
    assert mail.text == "Where is order 4711?"
    assert [(one.name, one.content_type, one.is_packed) for one in mail.attachments] == [
        ("winmail.dat", "application/ms-tnef", False),
        ("Übersicht Mai.pdf", "application/pdf", True),
        ("note.txt", "text/plain", True),
    ]


def test_a_file_inside_is_read_by_its_index() -> None:
    mail = parse(TNEF)
    assert read_attachment(TNEF, mail.attachments[1].index) == b"%PDF-1.4 packed"


def test_the_text_of_a_winmail_dat_is_not_repeated_where_the_mail_has_its_own() -> None:
    part = b"--b\nContent-Type: application/ms-tnef\nContent-Transfer-Encoding: base64\n\n" + encodebytes(WINMAIL)
    raw = HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nWhere is it?\n" + part + b"--b--\n"
    assert parse(raw).text == "Where is it?"


@pytest.mark.parametrize("length", range(0, len(WINMAIL), 7))
def test_a_winmail_dat_that_ends_early_gives_what_is_there(length: int) -> None:
    assert len(unpack(WINMAIL[:length]).files) <= 2


def test_a_property_of_an_unknown_type_ends_the_reading_of_properties_only() -> None:
    strange = b"\x01\0\0\0" + pack("<HH", 0x00FE, 0x1000) + b"xxxx"
    assert unpack(WINMAIL[:6] + attribute(0x00069003, strange) + attribute(0x0002800C, b"Hello\0")).text == "Hello"


def test_text_that_was_formatted_is_read_as_html() -> None:
    packed = WINMAIL[:6] + attribute(0x00069003, properties((0x0102, 0x1013, b"<p>Where is <b>it</b>?</p>")))
    raw = HEAD + b"Content-Type: application/ms-tnef\nContent-Transfer-Encoding: base64\n\n" + encodebytes(packed)
    assert parse(raw).text == "Where is it?"


def test_an_invitation_says_what_when_and_where() -> None:
    mail = parse(HEAD + b"Content-Type: text/calendar; method=REQUEST; charset=utf-8\n\n" + INVITATION.encode())
    assert mail.text.split("\n") == [
        "Delivery slot",
        "Begins: 2026-03-02 09:15 Europe/Berlin",
        "Ends: 2026-03-02 10:15 UTC",
        "Where: Dock 4, hall B",
        "From: bo@example.com",
        "Please come at nine.",
        "Thank you",
    ]


def test_a_calendar_without_events_says_nothing() -> None:
    assert read_calendar("BEGIN:VCALENDAR\nEND:VCALENDAR\n") == ""


def test_a_mail_inside_its_signature_is_read() -> None:
    head = b"Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\nContent-Transfer-Encoding: base64\n\n"
    mail = parse(HEAD + head + encodebytes(SIGNED))
    assert (mail.text, mail.subject, mail.from_addr) == ("Grüße", "order", "bo@example.com")
    assert [one.name for one in mail.attachments] == ["a.txt"]


@pytest.mark.parametrize("data", [b"", b"0", SIGNED[:20], b"0\x80" * 50_000, b"\x24\x80" * 50_000, bytes(1_000), b"0\x84\xff\xff\xff\xff"])
def test_what_is_no_signature_holds_nothing(data: bytes) -> None:
    assert signed_content(data) == b""


def test_a_mail_without_readable_text_says_so() -> None:
    mail = parse(HEAD + b"Content-Type: image/png; name=a.png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n")
    assert ("no_text" in mail.flags, mail.problems) == (True, ("There is no readable text; look at the attachments.",))
