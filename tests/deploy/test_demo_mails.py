"""The demo's mails are good mails, and the nasty ones are nasty in the way that they claim."""

import re
from datetime import UTC, date, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime

import pytest

from deploy.demo import mails, people, tables
from deploy.demo.mails import WrittenMail
from inbox.parsing import parse

NOW = datetime(2026, 5, 20, 9, 0, tzinfo=UTC)
MAILS = {mail.name: mail for mail in mails.load(today=date(2026, 5, 20))}


def rendered(name: str) -> EmailMessage:
    message = message_from_bytes(mails.render(MAILS[name], batch="b1", now=NOW), policy=default)
    assert isinstance(message, EmailMessage)
    return message


@pytest.mark.parametrize("mail", MAILS.values(), ids=lambda mail: mail.name)
def test_every_mail_is_a_mail(mail: WrittenMail) -> None:
    raw = mails.render(mail, batch="b1", now=NOW)
    message = message_from_bytes(raw, policy=default)
    assert not message.defects
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert message["Message-ID"].endswith(f"@{mail.sender.rpartition('@')[2]}>")
    assert parsedate_to_datetime(message["Date"]) < NOW
    assert b"Demo-" not in raw


@pytest.mark.parametrize("mail", MAILS.values(), ids=lambda mail: mail.name)
def test_every_writer_has_an_account_unless_the_mail_comes_from_outside(mail: WrittenMail) -> None:
    assert mail.is_from_outside or mail.sender in {person.address for person in people.load()}


def test_the_mails_speak_seven_languages() -> None:
    assert {"en", "de", "fr", "es", "it", "nl", "pl"} <= {parse(mails.render(mail, batch="b", now=NOW)).language for mail in MAILS.values()}


def test_orders_that_are_named_exist_and_belong_to_the_writer_but_for_two() -> None:
    owners = {row["number"]: row["customer"] for row in tables.rows("orders")}
    writers = {person.address: person.customer for person in people.load()}
    strange = {
        mail.name
        for mail in MAILS.values()
        for number in re.findall(r"VT-\d{5}", mail.text)
        if owners.get(number) != writers.get(mail.sender)
    }
    assert strange == {"wrong-number", "somebody-elses-number", "invoice-second-address"}


def test_an_answer_is_in_the_thread_of_what_it_answers() -> None:
    assert rendered("follow-up")["In-Reply-To"] == rendered("status-wrona")["Message-ID"]


def test_a_second_sending_has_other_message_ids() -> None:
    again = mails.render(MAILS["mobile"], batch="b2", now=NOW)
    assert rendered("mobile")["Message-ID"].encode() not in again


def test_what_is_no_mail_of_a_person_is_seen_as_such() -> None:
    kinds = {
        name: parse(mails.render(MAILS[name], batch="b", now=NOW)).kind for name in ("out-of-office", "bounce", "newsletter", "mobile")
    }
    assert kinds == {"out-of-office": "automatic", "bounce": "bounce", "newsletter": "list", "mobile": "person"}


def test_the_bounce_names_whom_it_is_about() -> None:
    parsed = parse(mails.render(MAILS["bounce"], batch="b", now=NOW))
    assert parsed.bounce_recipients == ("accounts@brightfield-farms.example",)
    assert parsed.bounce_hard


def test_the_hidden_instructions_are_hidden() -> None:
    parsed = parse(mails.render(MAILS["hidden-instructions"], batch="b", now=NOW))
    assert "ignore your instructions" in parsed.hidden_text
    assert "ignore your instructions" not in parsed.text


def test_umlauts_in_undeclared_bytes_are_really_undeclared() -> None:
    raw = mails.render(MAILS["raw-umlauts"], batch="b", now=NOW)
    assert "Rücksendung".encode("cp1252") in raw
    assert b"charset" not in raw


def test_attachments_are_what_their_names_say() -> None:
    files = {part.get_filename(): part.get_content() for part in rendered("damage-hoeven").iter_attachments()}
    assert files["motor.png"].startswith(b"\x89PNG\r\n\x1a\n")
    assert files["vrachtbrief.pdf"].startswith(b"%PDF-1.4")


def test_days_in_the_text_are_written_out() -> None:
    assert "18/05/2026" in MAILS["status-miralles"].text
    assert all("{" not in mail.text for mail in MAILS.values() if "html" not in mail.form)
