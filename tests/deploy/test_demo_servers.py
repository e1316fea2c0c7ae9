"""The demo's mail provider, over real SMTP and IMAP."""

import imaplib
import os
import smtplib
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message

import pytest
from django.conf import settings

from deploy.demo import accounts, mail_program, places, sending
from deploy.demo import servers as demo_servers
from tests.deploy.demo_servers import running
from tests.mailservers import free_port

PIKE = "graham.pike@hollybrook.example"
OUTSIDER = "d.okafor@brightfield-farms.example"


@pytest.fixture(scope="module", autouse=True)
def servers() -> Iterator[None]:
    imap, smtp = free_port(), free_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEMO_IMAP_PORT", str(imap))
        patch.setenv("DEMO_SMTP_PORT", str(smtp))
        with running("servers", imap, smtp):
            yield


def connect(*, login: str | None = None) -> smtplib.SMTP:
    server = smtplib.SMTP(places.HOST, places.smtp_port(), timeout=10)
    if login:
        server.login(login, accounts.load()[login].password)
    return server


def send(raw: bytes, *, login: str | None, to: str = places.COMPANY_ADDRESS) -> None:
    with connect(login=login) as server:
        server.sendmail(login or "", [to], raw)


def signed_in(address: str) -> imaplib.IMAP4:
    server = imaplib.IMAP4(places.HOST, places.imap_port(), timeout=10)
    server.login(address, accounts.load()[address].password)
    return server


def newest(address: str, folder: str = "INBOX") -> bytes:
    server = signed_in(address)
    count = server.select(folder)[1][0]
    assert count is not None
    answer = server.fetch(count.decode(), "(BODY.PEEK[])")[1][0]
    server.logout()
    assert isinstance(answer, tuple)
    return answer[1]


def newest_mail() -> Message:
    return message_from_bytes(newest(places.COMPANY_ADDRESS))


def test_a_mail_of_a_signed_in_customer_passes() -> None:
    send(b"From: Graham Pike <graham.pike@hollybrook.example>\r\nSubject: Hello\r\n\r\nHi\r\n", login=PIKE)
    mail = newest_mail()
    assert mail["Authentication-Results"] == "mx.demo.example; dmarc=pass header.from=hollybrook.example"
    assert mail["Return-Path"] == f"<{PIKE}>"
    assert "by mx.demo.example" in mail["Received"]


def test_a_mail_in_another_persons_name_fails() -> None:
    send(b"From: graham.pike@hollybrook.example\r\n\r\nHi\r\n", login=OUTSIDER)
    assert "dmarc=fail" in newest_mail()["Authentication-Results"]


def test_a_mail_from_outside_in_a_customers_name_fails() -> None:
    send(b"From: graham.pike@hollybrook.example\r\n\r\nHi\r\n", login=None)
    assert "dmarc=fail" in newest_mail()["Authentication-Results"]


def test_a_mail_from_an_unknown_domain_is_neither_passed_nor_failed() -> None:
    send(b"From: someone@elsewhere.example\r\n\r\nHi\r\n", login=None)
    mail = newest_mail()
    assert "dmarc=none" in mail["Authentication-Results"]
    assert mail["Return-Path"] == "<>"


def test_two_senders_are_never_passed() -> None:
    send(b"From: graham.pike@hollybrook.example\r\nFrom: x@elsewhere.example\r\n\r\nHi\r\n", login=PIKE)
    assert "dmarc=permerror" in newest_mail()["Authentication-Results"]


def test_a_verdict_that_the_sender_wrote_is_taken_off() -> None:
    forged = b"Authentication-Results:\r\n MX.demo.example; dmarc=pass\r\nReturn-Path: <a@b.example>\r\n"
    other = b"Authentication-Results: relay.example; dmarc=pass\r\n"
    send(forged + other + b"From: graham.pike@hollybrook.example\r\n\r\nHi\r\n", login=None)
    mail = newest_mail()
    verdicts = mail.get_all("Authentication-Results") or []
    assert [verdict.split(";")[0] for verdict in verdicts] == ["mx.demo.example", "relay.example"]
    assert len(mail.get_all("Return-Path") or []) == 1


def test_a_mail_is_served_byte_for_byte() -> None:
    body = bytes(range(1, 256)).replace(b"\r", b"").replace(b"\n", b"") + b"\r\n.dot\r\n" + b"x" * 5000 + b"\r\n"
    raw = b"Subject: r\xe4w \r\n  folded oddly\r\nFrom: graham.pike@hollybrook.example\r\n\r\n" + body
    send(raw, login=PIKE)
    assert newest(places.COMPANY_ADDRESS).endswith(raw)


def test_a_mail_without_any_header_is_delivered_too() -> None:
    send(b"\r\njust text\r\n", login=PIKE)
    assert newest(places.COMPANY_ADDRESS).endswith(b"\r\n\r\njust text\r\n")


def test_an_unknown_recipient_is_refused() -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refusal:
        send(b"From: x@y.example\r\n\r\nHi\r\n", login=PIKE, to="nobody@vosstamm.example")
    assert refusal.value.recipients["nobody@vosstamm.example"][0] == 550


def test_a_wrong_password_is_refused_by_both_servers() -> None:
    with connect() as server, pytest.raises(smtplib.SMTPAuthenticationError):
        server.login(PIKE, "wrong")
    with imaplib.IMAP4(places.HOST, places.imap_port(), timeout=10) as server, pytest.raises(imaplib.IMAP4.error):
        server.login(PIKE, "wrong")


def test_uids_grow_in_the_order_of_delivery() -> None:
    for number in range(12):
        send(f"From: {OUTSIDER}\r\nSubject: {number}\r\n\r\nHi\r\n".encode(), login=OUTSIDER, to=PIKE)
    server = signed_in(PIKE)
    server.select("INBOX")
    rows = server.uid("FETCH", "1:*", "(BODY.PEEK[HEADER.FIELDS (SUBJECT)])")[1]
    subjects = [row[1].split(b":")[1].strip() for row in rows if isinstance(row, tuple)]
    server.logout()
    assert subjects[-12:] == [str(number).encode() for number in range(12)]


def test_a_connection_that_stays_open_sees_a_new_mail_on_noop() -> None:
    server = signed_in(OUTSIDER)
    server.select("INBOX")
    send(b"From: graham.pike@hollybrook.example\r\n\r\nHi\r\n", login=PIKE, to=OUTSIDER)
    server.noop()
    assert server.response("EXISTS")[1][0] is not None
    server.logout()


def test_a_copy_can_be_filed_in_sent() -> None:
    server = signed_in(places.COMPANY_ADDRESS)
    answer = server.append("Sent", r"(\Seen)", "", b"Message-ID: <copy@vosstamm.example>\r\nSubject: Copy\r\n\r\nHi\r\n")
    server.select("Sent")
    found = server.uid("SEARCH", "HEADER", "Message-ID", "copy@vosstamm.example")[1][0]
    server.logout()
    assert answer[0] == "OK"
    assert found


def test_the_demos_mails_are_sent_once() -> None:
    count = sending.send_mails()
    assert count >= 44
    assert sending.send_mails() == 0
    server = signed_in(places.COMPANY_ADDRESS)
    exists = server.select("INBOX")[1][0]
    server.logout()
    assert int(exists or 0) >= count


def test_somebody_elses_mail_program_keeps_a_copy_and_reads_what_came() -> None:
    account = accounts.load()[OUTSIDER]
    mail_program.send(b"From: d.okafor@brightfield-farms.example\r\nSubject: Mine\r\n\r\nHi\r\n", account=account, sender=OUTSIDER)
    assert "Mine" in [mail.subject for mail in mail_program.mails(account) if mail.is_own]


def test_a_server_that_is_away_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEMO_SMTP_PORT", str(free_port()))
    with pytest.raises(mail_program.CannotSend, match="did not take the mail"):
        mail_program.send(b"", account=accounts.load()[PIKE], sender=PIKE)


def test_a_port_that_is_taken_is_named_with_what_to_do() -> None:
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "demo", "servers"]
    done = subprocess.run(command, env=os.environ, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert f"port {places.imap_port()} cannot be used" in done.stderr
    assert "DEMO_IMAP_PORT" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_only_the_owner_may_read_the_passwords() -> None:
    accounts.load()
    assert (places.state() / "passwords.json").stat().st_mode & 0o077 == 0
    assert places.state().stat().st_mode & 0o077 == 0


def test_locks_that_a_killed_server_left_are_taken_away() -> None:
    lock = accounts.load()[OUTSIDER].folder / "dovecot-uidlist.lock"
    lock.touch()
    scratch = tempfile.tempdir
    try:
        demo_servers.prepare()
    finally:
        tempfile.tempdir = scratch
    assert not lock.exists()


def test_the_servers_stop_while_a_client_idles() -> None:
    imap, smtp = free_port(), free_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEMO_IMAP_PORT", str(imap))
        patch.setenv("DEMO_SMTP_PORT", str(smtp))
        with running("servers", imap, smtp) as process:
            client = signed_in(PIKE)
            client.select("INBOX")
            client.send(b"A1 IDLE\r\n")
            time.sleep(0.3)
            process.terminate()
            assert process.wait(5) == 0
        client.shutdown()
