import pytest

from inbox.parsing import parse

DSN = """\
From: Mail Delivery System <mailer-daemon@mx.example.net>
To: desk@example.org
Subject: {subject}
Return-Path: <>
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

Your message is below.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; bo@example.com
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {diagnostic}

--b
Content-Type: message/rfc822

From: desk@example.org
To: bo@example.com
Message-ID: <sent-1@example.org>
Subject: Your order

Hello Bo
--b--
"""


def report(action: str = "failed", status: str = "5.1.1", diagnostic: str = "550 5.1.1 user unknown") -> bytes:
    return DSN.format(action=action, status=status, diagnostic=diagnostic, subject="Undelivered Mail Returned to Sender").encode()


def notice(sender: str, subject: str, text: str, headers: str = "") -> bytes:
    return f"From: {sender}\nTo: desk@example.org\nSubject: {subject}\n{headers}\n{text}\n".encode()


def test_a_delivery_report_names_recipient_and_our_mail() -> None:
    mail = parse(report())
    assert (mail.kind, mail.bounce_recipients, mail.bounce_hard, mail.bounce_original_id) == (
        "bounce",
        ("bo@example.com",),
        True,
        "sent-1@example.org",
    )


def test_a_delay_is_soft() -> None:
    assert parse(report("delayed", "4.4.1", "451 try later")).bounce_hard is False


def test_a_failure_with_a_temporary_code_is_soft() -> None:
    assert parse(report("failed", "4.4.7", "delivery time expired")).bounce_hard is False


def test_a_full_mailbox_is_soft_whatever_its_class() -> None:
    assert parse(report("failed", "5.2.2", "552 mailbox full")).bounce_hard is False


def test_the_recipient_of_a_bounce_never_holds_nul() -> None:
    assert parse(notice("mailer-daemon@example.net", "failure notice", "<b\0o@example.com>:\nno such user")).bounce_recipients == (
        "bo@example.com",
    )


def test_a_success_notice_is_no_bounce() -> None:
    mail = parse(report("delivered", "2.0.0", "250 ok"))
    assert (mail.is_bounce, mail.kind, mail.suppress_auto_reply) == (False, "automatic", True)


def test_a_bounce_is_never_answered() -> None:
    assert parse(report()).suppress_auto_reply


def test_several_recipients_are_all_named() -> None:
    raw = report().replace(
        b"Final-Recipient", b"Final-Recipient: rfc822; al@example.com\nAction: failed\nStatus: 5.1.1\n\nFinal-Recipient", 1
    )
    assert parse(raw).bounce_recipients == ("al@example.com", "bo@example.com")


@pytest.mark.parametrize(
    ("sender", "subject", "text"),
    [
        (
            "MAILER-DAEMON@mx.example.net",
            "failure notice",
            "Hi. This is the qmail-send program.\n\n<bo@example.com>:\nSorry, no mailbox here by that name. (#5.1.1)",
        ),
        (
            "Postmaster@example.net",
            "Unzustellbar: Ihre Bestellung",
            "Ihre Nachricht konnte nicht zugestellt werden.\n\nbo@example.com\n550 5.1.1",
        ),
        (
            "mailer-daemon@example.net",
            "Mail delivery failed: returning message to sender",
            "The following address(es) failed:\n\n  bo@example.com\n    Unrouteable address",
        ),
        ("postmaster@example.net", "Échec de la remise", "Votre message n'a pas pu être remis à :\n\nbo@example.com\n\n550 5.1.1 inconnu"),
        ("postmaster@example.net", "Mancato recapito", "Impossibile recapitare il messaggio a:\n\nbo@example.com\n\n550 5.1.1"),
        ("postmaster@example.net", "No se puede entregar: pedido", "No se pudo entregar el mensaje a:\n\nbo@example.com\n\n550 5.1.1"),
    ],
)
def test_a_free_form_bounce_is_recognised(sender: str, subject: str, text: str) -> None:
    mail = parse(notice(sender, subject, text))
    assert (mail.is_bounce, mail.bounce_recipients, mail.bounce_hard) == (True, ("bo@example.com",), True)


def test_a_warning_that_the_server_goes_on_trying_is_soft() -> None:
    text = "THIS IS A WARNING MESSAGE ONLY. YOU DO NOT NEED TO RESEND.\n\nbo@example.com: 451 4.4.1 no route, will be retried"
    assert parse(notice("mailer-daemon@example.net", "Warning: could not send message for past 4 hours", text)).bounce_hard is False


def test_the_header_for_failed_recipients_is_believed() -> None:
    mail = parse(
        notice("Mail System <mailer-daemon@example.net>", "Mail failure", "It did not work.", "X-Failed-Recipients: bo@example.com\n")
    )
    assert mail.bounce_recipients == ("bo@example.com",)


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Re: Undeliverable: order 4711", "Hello, my last mail came back to me. Can you help?"),
        ("Delivery failed", "Hello, the parcel was not delivered on Monday. Where is it?"),
        ("Delivery problem", "The driver could not find us. Please call 0123 550 12."),
        ("Return of item 4711", "I want to return the pump, it was rejected by our inspector."),
    ],
)
def test_a_person_who_writes_about_delivery_is_no_bounce(subject: str, text: str) -> None:
    assert parse(notice("Bo Berg <bo@example.com>", subject, text)).kind == "person"


def test_a_person_who_pastes_a_report_is_no_bounce() -> None:
    text = "Hello, what does this mean?\n\nFinal-Recipient: rfc822; ann@example.com\nAction: failed\nStatus: 5.1.1"
    assert not parse(notice("Bo Berg <bo@example.com>", "Strange mail", text)).is_bounce


def test_a_server_that_refuses_by_disposition_notice_bounces() -> None:
    raw = """\
From: Mail Delivery Subsystem <postmaster@example.net>
Subject: Rejected: order
Auto-Submitted: auto-replied (rejected)
Content-Type: multipart/report; report-type=disposition-notification; boundary=b

--b
Content-Type: text/plain

Your message to <bo@example.com> was automatically rejected:
Quota exceeded
--b
Content-Type: message/disposition-notification

Final-Recipient: rfc822; bo@example.com
Disposition: automatic-action/MDN-sent-automatically; deleted

--b--
"""
    assert parse(raw.encode()).bounce_recipients == ("bo@example.com",)


def test_a_read_receipt_is_no_bounce() -> None:
    kind = b"Content-Type: multipart/report; report-type=disposition-notification; boundary=b"
    raw = b"From: bo@example.com\nSubject: Read: order\n" + kind + b"\n\n--b\n\nread\n--b--\n"
    assert (parse(raw).is_bounce, parse(raw).suppress_auto_reply) == (False, True)
