"""Where a header ends and the body begins: nothing of the body may go with the header."""

import pytest

from inbox.parsing import parse

HEAD = b"From: bo@example.com\nTo: desk@example.org\nDate: Mon, 2 Mar 2026 09:12:01 +0100\nSubject: order\n"


def mixed(*parts: bytes, kind: bytes = b"mixed") -> bytes:
    return (
        HEAD + b"Content-Type: multipart/" + kind + b"; boundary=b\n\n" + b"".join(b"--b\n" + part + b"\n" for part in parts) + b"--b--\n"
    )


@pytest.mark.parametrize(
    "body", ["Order: 4711\nName: Bo\n\nPlease cancel it.", "Subject: my order\nPlease cancel 4711.", "From: Berlin\nTo: Paris\n\nA pump."]
)
def test_a_part_without_a_header_keeps_all_its_lines(body: str) -> None:
    assert parse(mixed(b"\n" + body.encode())).text == body


def test_a_stray_blank_line_above_the_fields_of_a_part_is_forgiven() -> None:
    part = b"\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\nGr=C3=BC=C3=9Fe"
    assert parse(mixed(part)).text == "Grüße"


def test_the_mails_of_a_digest_keep_their_headers() -> None:
    inner = b"\nFrom: al@example.com\nSubject: first\n\none"
    mail = parse(mixed(inner, kind=b"digest"))
    assert [(one.content_type, one.size) for one in mail.attachments] == [("message/rfc822", len(inner) - 1)]


@pytest.mark.parametrize(
    "body",
    [
        "Date: 3 May\nProduct: X, content-rich\n\nHello",
        "Subject: broken pump\nContent-type of the box: steel\n\nHello",
        "To: Paris\n\nContent-Type: of the parcel",
    ],
)
def test_a_body_that_begins_like_a_header_is_not_taken_for_one(body: str) -> None:
    assert parse(b"Received: x\nFrom: bo@example.com\nSubject: form\n\n" + body.encode()).text == body


def test_a_blank_line_in_the_middle_of_the_header_is_forgiven_where_mime_fields_follow() -> None:
    raw = b"Received: x\nFrom: bo@example.com\n\nSubject: order\nContent-Type: text/html\n\n<p>Hello</p>"
    assert (parse(raw).subject, parse(raw).text) == ("order", "Hello")


def test_white_space_lines_inside_a_folded_field_do_not_end_the_header() -> None:
    report = b"X-Spam-Report: *  1.0 SOME_RULE a rule\n\t\n\t*  0.1 OTHER_RULE another\n \nReply-To: al@example.com\n\nHello"
    mail = parse(HEAD + report)
    assert (mail.reply_to, mail.text) == (("al@example.com",), "Hello")


@pytest.mark.parametrize("body", ["Hello\n\nBo", "My order: 4711\n\nBo"])
def test_a_separator_that_holds_a_space_still_ends_the_header(body: str) -> None:
    assert parse(HEAD + b" \n" + body.encode()).text == body


def test_a_subject_that_goes_on_after_a_line_of_white_space_is_whole() -> None:
    raw = b"From: bo@example.com\nSubject: Re: pump\n \n\t=?utf-8?Q?f=C3=BCr?= Werk 2\nTo: desk@example.org\n\nHello"
    mail = parse(raw)
    assert (mail.subject.split(), mail.to, mail.text) == (["Re:", "pump", "für", "Werk", "2"], ("desk@example.org",), "Hello")


def test_a_field_that_lost_its_name_is_passed_over() -> None:
    assert parse(HEAD + b": 12\nReply-To: al@example.com\n\nHello").text == "Hello"


def test_a_mail_to_thousands_keeps_its_other_fields() -> None:
    many = b",\n ".join(b"p%d@example.com" % number for number in range(6_000))
    mail = parse(b"From: bo@example.com\nTo: " + many + b"\nSubject: to all\n\nHello")
    assert (mail.subject, mail.text, mail.flags) == ("to all", "Hello", ("no_date",))
