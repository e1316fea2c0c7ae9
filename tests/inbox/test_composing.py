"""What leaves is decided by code: one recipient, one subject, correct threading, the signature, the quote."""

from collections.abc import Sequence
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

import pytest

from inbox.composing import MOST_REFERENCES, QUOTED_CHARS, File, compose, compose_follow_up, compose_new, recipient_of, reply_subject
from inbox.errors import Refused
from inbox.models import Mailbox, Message, OutgoingMail
from inbox.parsing import parse, read_attachment
from inbox.parsing.attachments import clean_name
from tests.inbox.factories import CUSTOMER

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)


def reply(
    body: str = "It is on its way.", *, mailbox: dict[str, str] | None = None, files: Sequence[File] = (), **fields: Any
) -> tuple[EmailMessage, bytes]:
    """A reply to a message with these fields, as its reader's program sees it, and its bytes."""
    ours = Mailbox(**{"address": "service@company.example", "display_name": "Company Service"} | (mailbox or {}))
    message = Message(**{"from_address": CUSTOMER, "subject": "My order", "text": "Where is it?", "received_at": NOW} | fields)
    raw = compose(mailbox=ours, message=message, body=body, message_id="a.b.c@company.example", date=NOW, files=files).mime
    return message_from_bytes(raw, policy=policy.default), raw


def text_of(mail: EmailMessage, kind: str = "plain") -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def test_the_headers_of_a_reply() -> None:
    mail, _ = reply(message_id="q@customer.example", references=["p@customer.example"])
    assert mail["From"] == "Company Service <service@company.example>"
    assert mail["To"] == CUSTOMER
    assert mail["Subject"] == "Re: My order"
    assert mail["Message-ID"] == "<a.b.c@company.example>"
    assert mail["In-Reply-To"] == "<q@customer.example>"
    assert mail["References"] == "<p@customer.example> <q@customer.example>"
    assert mail["Date"] == "Wed, 04 Mar 2026 10:00:00 +0000"
    assert {"Cc", "Bcc", "Reply-To", "Auto-Submitted"}.isdisjoint(mail.keys())


def test_the_bytes_are_plain_ascii_with_crlf_and_short_lines() -> None:
    _, raw = reply("Grüße aus München\n" + "weit " * 300, mailbox={"display_name": "Kundendienst Größe"}, subject="Größe " * 40)
    assert raw.isascii()
    assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 100


def test_other_alphabets_arrive_as_they_were_written() -> None:
    mail, _ = reply(
        "您的订单已发货。", subject="回复: 我的订单", text="我的订单在哪里?", language="zh", mailbox={"display_name": "客户服务"}
    )
    assert mail["Subject"] == "Re: 我的订单"
    assert mail["From"].addresses[0].display_name == "客户服务"
    assert text_of(mail) == f"您的订单已发货。\n\n2026-03-04 10:00,{CUSTOMER} 写道:\n> 我的订单在哪里?\n"


def test_the_original_is_quoted_in_the_customers_language() -> None:
    mail, _ = reply(text="Wo ist sie?\n\nGruß", language="de", from_name="Ana Silva", date=datetime(2026, 3, 1, 8, 30, tzinfo=UTC))
    assert text_of(mail).endswith("\n\nAm 2026-03-01 08:30 schrieb Ana Silva:\n> Wo ist sie?\n>\n> Gruß\n")


def test_an_unknown_language_is_quoted_in_english() -> None:
    assert "wrote:\n> Where" in text_of(reply(language="xx")[0])


def test_a_very_long_original_is_cut() -> None:
    text = text_of(reply(text="word " * 5_000)[0])
    assert text.endswith("> […]\n")
    assert len(text) < QUOTED_CHARS + 300


def test_a_message_without_text_is_not_quoted() -> None:
    assert text_of(reply(text="")[0]) == "It is on its way.\n"


def test_the_signature_stands_below_the_text_once() -> None:
    signature = {"signature": "Company Service\nPhone 123"}
    once = "It is on its way.\n\nCompany Service\nPhone 123\n\n"
    assert text_of(reply(mailbox=signature)[0]).startswith(once)
    assert text_of(reply("It is on its way.\n\nCompany Service\nPhone 123", mailbox=signature)[0]).startswith(once)


def test_the_html_shows_the_text_and_runs_nothing() -> None:
    mail, _ = reply("Use <b> & it works\nnext line", text="<script>alert(1)</script>")
    html = text_of(mail, "html")
    assert "Use &lt;b&gt; &amp; it works<br>\nnext line" in html
    assert "&lt;script&gt;" in html
    assert "<script" not in html


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("My order", "Re: My order"),
        ("AW: Re: My order", "Re: My order"),
        ("", "Re:"),
        ("My order\r\nBcc: eve@evil.example", "Re: My order Bcc: eve@evil.example"),
        ("a\x00b\u2028c", "Re: a b c"),
    ],
)
def test_the_subject_of_a_reply(subject: str, expected: str) -> None:
    assert reply_subject(subject) == expected


@pytest.mark.parametrize("field", ["subject", "from_name", "message_id"])
def test_a_line_break_in_what_the_customer_sent_starts_no_header(field: str) -> None:
    hostile: dict[str, Any] = {field: "x\r\nBcc: eve@evil.example\r\n\r\nbody"}
    mail, raw = reply(**hostile)
    assert "Bcc" not in mail
    assert b"\r\nBcc:" not in raw


def test_a_line_break_in_the_display_name_starts_no_header() -> None:
    assert "Bcc" not in reply(mailbox={"display_name": "Service\r\nBcc: eve@evil.example"})[0]


def test_ids_that_are_no_ids_are_left_out() -> None:
    mail, _ = reply(message_id="has space@x", references=["fine@x"])
    assert "In-Reply-To" not in mail
    mail, _ = reply(message_id="fine@x", references=["not fine@x", "<evil>@x", "gütig@x"])
    assert mail["References"] == "<fine@x>"


def test_a_very_long_thread_keeps_its_first_and_last_ids() -> None:
    mail, _ = reply(message_id="last@x", references=[f"{number}@x" for number in range(100)])
    ids = mail["References"].split()
    assert (len(ids), ids[0], ids[-2], ids[-1]) == (MOST_REFERENCES, "<0@x>", "<99@x>", "<last@x>")


def test_reply_to_is_not_followed() -> None:
    mail, _ = reply(reply_to=["eve@evil.example"])
    assert mail["To"] == CUSTOMER


def test_a_domain_with_umlauts_is_written_in_ascii() -> None:
    assert recipient_of(Message(from_address="ana@müller.example")) == "ana@xn--mller-kva.example"


@pytest.mark.parametrize("address", ["", "nobody", "two@x, three@x", "a b@x", "ünï@x.example", "a@x\r\nBcc: b@x", "@x", "a@" + "b" * 300])
def test_a_sender_that_cannot_be_written_to_is_refused(address: str) -> None:
    with pytest.raises(Refused, match="no sender that can be written to"):
        recipient_of(Message(from_address=address))


@pytest.mark.parametrize("kind", ["bounce", "own"])
def test_nobody_answers_a_bounce_or_ourselves(kind: str) -> None:
    with pytest.raises(Refused, match="Nobody would read"):
        recipient_of(Message(from_address=CUSTOMER, kind=kind))


def test_an_empty_reply_is_refused() -> None:
    with pytest.raises(Refused, match="is empty"):
        reply(" \n")


PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40


def files_of(raw: bytes) -> list[tuple[str, str, bytes]]:
    """The files of a mail as its reader's program sees them: name, type, content."""
    mail = message_from_bytes(raw, policy=policy.default)
    parts = mail.iter_attachments()
    return [(part.get_filename() or "", part.get_content_type(), cast(bytes, part.get_payload(decode=True))) for part in parts]


@pytest.mark.parametrize(
    "name",
    [
        "invoice.pdf",
        'a "quoted" one.pdf',
        "Größenübersicht für März.pdf",
        "発送のご案内と返品の手順についての大切なお知らせ、お客様へ、二〇二六年三月版、改訂第二版.pdf",
        "накладная № 12.pdf",
        "a long name in plain ascii letters " * 4 + ".pdf",
        "tab'and%25percent.pdf",
        "🎁.pdf",
    ],
)
def test_a_file_arrives_with_its_name_in_any_language(name: str) -> None:
    _, raw = reply(files=[File(name, "application/pdf", PDF)])
    [found] = files_of(raw)
    assert found == (clean_name(name), "application/pdf", PDF)
    parsed = parse(raw).attachments
    assert [(one.name, one.content_type, one.size) for one in parsed] == [(clean_name(name), "application/pdf", len(PDF))]
    assert read_attachment(raw, parsed[0].index) == PDF
    assert raw.isascii()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 100


def test_files_stand_beside_the_text_in_the_order_they_were_attached() -> None:
    files = [File("one.pdf", "application/pdf", PDF), File("two.png", "image/png", b"\x89PNG"), File("three.txt", "text/plain", b"Hello\n")]
    mail, raw = reply("See the files.", files=files)
    assert mail.get_content_type() == "multipart/mixed"
    assert [part.get_content_type() for part in mail.iter_parts()] == [
        *("multipart/alternative", "application/pdf", "image/png", "text/plain"),
    ]
    assert text_of(mail).startswith("See the files.")
    assert [one[0] for one in files_of(raw)] == ["one.pdf", "two.png", "three.txt"]
    assert parse(raw).text.startswith("See the files.")


@pytest.mark.parametrize(("name", "arrives"), [("", "file"), ("../../etc/passwd", "passwd"), ("a\r\nBcc: eve@evil.example", None)])
def test_the_name_of_a_file_starts_no_header_and_no_path(name: str, arrives: str | None) -> None:
    mail, raw = reply(files=[File(name, "application/pdf", PDF)])
    assert "Bcc" not in mail
    assert b"\r\nBcc:" not in raw
    assert arrives in {None, files_of(raw)[0][0]}


def test_a_mail_without_files_is_no_mixture() -> None:
    assert reply()[0].get_content_type() == "multipart/alternative"


def new(**fields: Any) -> EmailMessage:
    """The first mail of a conversation that we begin."""
    values = {"recipient": "ben@customer.example", "subject": "Your offer", "body": "Here it is.", "language": "en"}
    ours = Mailbox(address="service@company.example", display_name="Company Service", signature="The Service")
    composed = compose_new(mailbox=ours, message_id="a.b.c@company.example", date=NOW, **values | fields)
    return message_from_bytes(composed.mime, policy=policy.default)


def test_a_new_mail_has_the_signature_and_answers_nothing() -> None:
    mail = new()
    assert (mail["To"], mail["Subject"], mail["From"]) == (
        "ben@customer.example",
        "Your offer",
        "Company Service <service@company.example>",
    )
    assert {"In-Reply-To", "References"}.isdisjoint(mail.keys())
    assert text_of(mail) == "Here it is.\n\nThe Service\n"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"recipient": "ben"}, "address of one recipient"),
        ({"recipient": "a@x.example, b@x.example"}, "address of one recipient"),
        ({"recipient": "a@x.example\r\nBcc: b@x.example"}, "address of one recipient"),
        ({"recipient": "Service@company.example"}, "own address"),
        ({"subject": " \r\n"}, "subject is empty"),
        ({"body": " "}, "is empty"),
    ],
)
def test_a_new_mail_is_refused_in_words(fields: dict[str, str], words: str) -> None:
    with pytest.raises(Refused, match=words):
        new(**fields)


def test_a_line_break_in_a_subject_that_somebody_typed_starts_no_header() -> None:
    assert "Bcc" not in new(subject="Offer\r\nBcc: eve@evil.example")


def test_what_is_added_to_our_own_mail_follows_it_in_the_thread() -> None:
    ours = Mailbox(address="service@company.example", display_name="Company Service")
    answered = Message(from_address=CUSTOMER, message_id="q@customer.example", references=["p@customer.example"], language="de")
    sent = OutgoingMail(recipient=CUSTOMER, subject="Re: My order", body="On its way.", message_id="one@company.example", sent_at=NOW)
    sent.in_reply_to = answered
    composed = compose_follow_up(mailbox=ours, mail=sent, body="One more thing.", message_id="two@company.example", date=NOW)
    mail = message_from_bytes(composed.mime, policy=policy.default)
    assert (mail["To"], mail["Subject"]) == (CUSTOMER, "Re: My order")
    assert mail["In-Reply-To"] == "<one@company.example>"
    assert mail["References"] == "<p@customer.example> <q@customer.example> <one@company.example>"
    assert text_of(mail) == "One more thing.\n\nAm 2026-03-04 10:00 schrieb Company Service:\n> On its way.\n"
