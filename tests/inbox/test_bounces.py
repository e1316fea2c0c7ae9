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


def test_a_delay_is_soft_and_said_to_be_one() -> None:
    mail = parse(report("delayed", "4.4.1", "451 try later"))
    assert (mail.is_bounce, mail.bounce_hard, mail.bounce_is_delay) == (True, False, True)


@pytest.mark.parametrize(("action", "status"), [("failed", "4.4.7"), ("failed", "5.2.2"), ("failed", "5.1.1"), ("", "4.0.0")])
def test_a_failure_is_no_delay_though_it_may_be_soft(action: str, status: str) -> None:
    assert not parse(report(action, status, "deferred")).bounce_is_delay


@pytest.mark.parametrize(
    ("text", "is_delay"),
    [
        ("This is a warning message only. Your message to <bo@example.com> is still being retried.", True),
        ("The message to <bo@example.com> has not yet been delivered. Delivery attempts will continue; eventually we will give up.", True),
        ("Ihre Nachricht an <bo@example.com> wurde noch nicht zugestellt.", True),
        ("Your message to <bo@example.com> could not be delivered: temporary failure.", False),
        ("Delivery to <bo@example.com> delayed for 5 days. I gave up: 451 4.4.1 no answer.", False),
        ("Your message to <bo@example.com> could not be delivered. I'm not going to try again; it has been in the queue too long.", False),
    ],
)
def test_a_notice_tells_of_a_delay_as_long_as_the_server_goes_on_trying(text: str, is_delay: bool) -> None:
    mail = parse(notice("MAILER-DAEMON@mx.example.net", "Mail delivery", text))
    assert (mail.is_bounce, mail.bounce_is_delay) == (True, is_delay)


def test_a_failure_with_a_temporary_code_is_soft() -> None:
    assert parse(report("failed", "4.4.7", "delivery time expired")).bounce_hard is False


def test_a_full_mailbox_is_soft_whatever_its_class() -> None:
    assert parse(report("failed", "5.2.2", "552 mailbox full")).bounce_hard is False


@pytest.mark.parametrize("diagnostic", ["550 Over quota", "554 The mailbox of bo is full", "550 User has exceeded the storage allocation"])
@pytest.mark.parametrize("status", ["5.0.0", "5.7.1"])
def test_a_mailbox_that_only_the_diagnostic_calls_full_is_soft(status: str, diagnostic: str) -> None:
    assert parse(report("failed", status, diagnostic)).bounce_hard is False


def test_a_mailbox_that_does_not_exist_is_hard_whatever_else_is_said() -> None:
    assert parse(report("failed", "5.1.1", "550 mailbox full or unknown")).bounce_hard is True


def test_a_report_without_diagnostic_is_explained_by_the_notice_above_it() -> None:
    raw = report("failed", "5.0.0").replace(b"Diagnostic-Code: smtp; 550 5.1.1 user unknown\n", b"")
    assert parse(raw).bounce_hard is True
    assert parse(raw.replace(b"Your message is below.", b"The account is full (quota exceeded).")).bounce_hard is False


@pytest.mark.parametrize(
    ("text", "is_hard"),
    [
        ("The following address failed:\n\n  bo@example.com\n    retry timeout exceeded", False),
        ("<bo@example.com>: connection timed out, I gave up", False),
        ("<bo@example.com>: 550 5.4.1 connection refused: no such user", True),
        ("<bo@example.com>: his mailbox is full", False),
        ("Ihre Nachricht an <bo@example.com> konnte nicht zugestellt werden: Das Postfach ist voll.", False),
        ("<bo@example.com>: 550 5.1.1 user unknown. Is your inbox full as well?", True),
    ],
)
def test_what_may_work_later_is_soft_where_no_code_says_otherwise(text: str, is_hard: bool) -> None:
    assert parse(notice("MAILER-DAEMON@mx.example.net", "Mail delivery failed", text)).bounce_hard is is_hard


def test_a_probe_that_found_the_recipient_is_no_bounce() -> None:
    assert not parse(report("deliverable", "2.1.5", "250 2.1.5 Ok")).is_bounce


def test_a_report_of_an_unknown_action_with_a_good_status_is_no_bounce() -> None:
    assert not parse(report("read", "2.0.0", "250 Ok")).is_bounce


@pytest.mark.parametrize("written", ["rfc822;rfc822;bo@example.com", "RFC822; @mx.example.net:bo@example.com", "<bo@example.com>"])
def test_an_address_is_read_out_of_its_type_and_route(written: str) -> None:
    assert parse(report().replace(b"rfc822; bo@example.com", written.encode())).bounce_recipients == ("bo@example.com",)


def test_a_host_without_a_name_before_it_is_no_recipient() -> None:
    raw = (
        report().replace(b"rfc822; bo@example.com", b"rfc822; @mx.example.net").replace(b"Your message is", b"<bo@example.com> is unknown")
    )
    assert parse(raw).bounce_recipients == ("bo@example.com",)


def test_the_id_of_the_returned_mail_is_no_recipient() -> None:
    text = "It failed for good.\n\nbo@example.com refused, CODE :550\n\nReceived: from mx.example.net\n"
    text += "Message-ID:<149.15b.1418.12@example.org>\nTo:<bo@example.com>"
    assert parse(notice("mailer-daemon@example.net", "Undelivered Mail Returned to Sender", text)).bounce_recipients == ("bo@example.com",)


def test_the_envelope_in_results_of_checks_is_no_recipient() -> None:
    text = "envelope-from=desk-bounces@example.net;\nThe following addresses failed:\n\n<bo@example.com>"
    assert parse(notice("mailer-daemon@example.net", "Mail delivery failed", text)).bounce_recipients == ("bo@example.com",)


def test_a_post_master_who_answers_with_re_bounces() -> None:
    text = "Delivery failed.\n\n550 unknown user\n\n  Sender: desk@example.org\n  Sent to: bo@example.com"
    mail = parse(notice("post_master@example.com", "Re:Your order", text, "In-Reply-To: <sent-1@example.org>\n"))
    assert (mail.is_bounce, mail.bounce_recipients, mail.bounce_hard) == (True, ("bo@example.com",), True)


ENCLOSING = """\
From: {sender}
To: desk@example.org
Subject: Mail
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain

{text}
--b
Content-Type: message/rfc822

From: desk@example.org
To: bo@example.com
Subject: Your order

Hello Bo
--b--
"""
RETURNED = "The message of 6 May 2024 cannot be delivered to <bo@example.com>: the mailbox is full."


def test_a_robot_that_encloses_what_came_back_bounces_whatever_its_subject() -> None:
    mail = parse(ENCLOSING.format(sender="no-reply@example.com", text=RETURNED).encode())
    assert (mail.is_bounce, mail.bounce_recipients, mail.bounce_hard) == (True, ("bo@example.com",), False)


def test_a_person_who_encloses_what_came_back_does_not_bounce() -> None:
    assert not parse(ENCLOSING.format(sender="Al <al@example.com>", text=RETURNED).encode()).is_bounce


def test_a_notice_without_sender_and_return_path_bounces() -> None:
    raw = b"From: <>\nReturn-Path: <>\nTo: desk@example.org\n\nThere is no such user as bo@example.com on this host.\n"
    assert parse(raw).bounce_recipients == ("bo@example.com",)


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
        ("postmaster@example.net", "Olevererbart: order", "Leveransen misslyckades:\n\nbo@example.com"),
        ("postmaster@example.net", "Kan ikke leveres: ordre", "Levering mislykkedes:\n\nbo@example.com"),
        ("postmaster@example.net", "Ei voi toimittaa: tilaus", "Toimitus epäonnistui:\n\nbo@example.com"),
        ("postmaster@example.net", "Niedostarczalne: zamówienie", "Dostarczenie nie powiodło się:\n\nbo@example.com"),
        ("postmaster@example.net", "Kézbesíthetetlen: rendelés", "Nem sikerült kézbesíteni:\n\nbo@example.com"),
        ("postmaster@example.net", "Teslim Edilemeyen: sipariş", "Bu alıcıya teslim edilemedi:\n\nbo@example.com"),
        ("postmaster@example.net", "Não é possível entregar: pedido", "Falha na entrega:\n\nbo@example.com"),
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


SIGNATURE = "\n\nBest regards\nBo Berg\nPurchasing, Berg Ltd\nPhone +49 30 1234\nbo@example.com\nwww.example.com"


@pytest.mark.parametrize("signature", ["", SIGNATURE, "\n\nPlease write to my colleague al@example.com as well."])
@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Re: Undeliverable: order 4711", "Hello, my last mail came back to me. Can you help?"),
        ("Delivery failed", "Hello, the parcel was not delivered on Monday. Where is it?"),
        ("Delivery failed - order 4711", "Your message said delivery on Friday. The parcel could not be delivered."),
        ("Delivery problem", "The driver could not find us. Please call 0123 550 12."),
        ("Delivery delayed", "450 pumps are three days late. When does the delivery arrive?"),
        ("Delivery of order 4711", "The firmware is version 4.2.1. Has the delivery left?"),
        ("Delivery status of SO-1204", "Could you tell me the delivery status?"),
        ("Return of item 4711", "I want to return the pump, it was rejected by our inspector."),
        ("Returned item 4711", "I returned the item last week. When do I get my money?"),
        ("Return to sender: parcel 4711", "The carrier said address unknown and took it back."),
        ("Address not found by your driver", "The driver said that our address was not found."),
        ("Mailbox full", "Your parcel box is full, nothing can be put in."),
        ("Mail delivery error", "Your letter went to number 12 instead of 21."),
        ("Nicht zugestellt: Paket 4711", "Mein Paket konnte nicht zugestellt werden, bitte senden Sie es erneut."),
        ("Unzustellbar: Sendung 12", "Die Spedition konnte die Ware nicht zustellen."),
        ("Zustellproblem", "Die Lieferung konnte nicht zugestellt werden."),
        ("Échec de livraison commande 12", "Le livreur n'a pas pu livrer le colis."),
        ("Error de entrega pedido 5", "El repartidor no pudo entregar el paquete."),
        ("Falha na entrega do pedido", "O pedido não foi entregue."),
        ("Mancata consegna ordine 5", "Il pacco non è stato consegnato."),
        ("Niet bezorgd: bestelling 5", "Het pakket is niet bezorgd."),
        ("Zwrot towaru 12", "Proszę o zwrot. Nie można dostarczyć paczki."),
        ("Не доставлен заказ 5", "Курьер сказал, что не удалось доставить посылку."),
    ],
)
def test_a_person_who_writes_about_delivery_is_no_bounce(subject: str, text: str, signature: str) -> None:
    assert parse(notice("Bo Berg <bo@example.com>", subject, text + signature)).kind == "person"


def test_a_person_who_answers_a_notice_below_is_no_bounce() -> None:
    below = "\n\n-----Original Message-----\nFrom: desk@example.org\nSubject: Delivery delayed\n\nYour parcel is late."
    assert parse(notice("Bo Berg <bo@example.com>", "Delivery delayed", "When does the parcel come?" + below)).kind == "person"


@pytest.mark.parametrize(
    ("sender", "subject", "text"),
    [
        ("gateway@example.net", "Delivery failure", "Your message to al@example.com could not be delivered.\nUser unknown."),
        ("scanner@example.net", "Mailbox full", "Your e-mail to <al@example.com> was returned: the mailbox is full."),
        (
            "exchange-admin@example.net",
            "Undeliverable: order",
            "The following recipients could not be reached:\n\nal@example.com\n550 5.1.1",
        ),
        ("it@example.net", "Unzustellbar: Bestellung", "Ihre Nachricht an al@example.com konnte nicht zugestellt werden.\nPostfach voll"),
        ("it@example.net", "Mancato recapito", "Il suo messaggio non è stato recapitato a al@example.com"),
        ("it@example.net", "No se puede entregar: pedido", "Su mensaje no pudo ser entregado a al@example.com: buzón lleno"),
        ("it@example.net", "Niedostarczona wiadomość", "Twoja wiadomość do al@example.com nie została dostarczona."),
        ("it@example.net", "Mail delivery failed", "SMTP error from remote server for al@example.com\n550 no such user"),
    ],
)
def test_a_notice_of_a_system_without_a_systems_name_is_a_bounce(sender: str, subject: str, text: str) -> None:
    mail = parse(notice(sender, subject, text))
    assert (mail.is_bounce, mail.bounce_recipients) == (True, ("al@example.com",))


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
