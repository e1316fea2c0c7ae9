import pytest

from inbox.parsing import ParsedMail, parse


def mail(headers: str, *, sender: str = "Bo <bo@example.com>", subject: str = "Order 4711") -> ParsedMail:
    return parse(f"From: {sender}\nTo: desk@example.org\nSubject: {subject}\n{headers}\n\nHello".encode())


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated; owner=x",
        "X-Autoreply: yes",
        "X-Autorespond: x",
        "Precedence: auto_reply",
    ],
)
def test_a_header_of_an_automatic_reply_is_believed(header: str) -> None:
    one = mail(header)
    assert (one.is_auto_reply, one.suppress_auto_reply, one.kind) == (True, True, "automatic")


def test_auto_submitted_no_is_a_person() -> None:
    one = mail("Auto-Submitted: no")
    assert (one.is_auto_reply, one.suppress_auto_reply, one.kind) == (False, False, "person")


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: Order 4711",
        "Out of Office: Order",
        "Automatische Antwort: Bestellung",
        "Abwesenheitsnotiz: Bestellung",
        "Réponse automatique : Commande",
        "Respuesta automática: Pedido",
        "Risposta automatica: Ordine",
        "Automatisch antwoord: Bestelling",
        "Resposta automática: Pedido",
        "Automatyczna odpowiedź: Zamówienie",
        "Autosvar: Ordre",
        "Автоматический ответ: Заказ",
        "自動返信: 注文",
        "自动回复: 订单",
    ],
)
def test_an_out_of_office_subject_is_recognised(subject: str) -> None:
    assert mail("X: y", subject=subject).is_auto_reply


@pytest.mark.parametrize(
    "subject", ["Automatic pump", "Office chairs", "Vacation house order", "Question about autoreply boards", "Leave a pallet at the door"]
)
def test_a_subject_about_such_things_is_a_person(subject: str) -> None:
    assert mail("X: y", subject=subject).kind == "person"


@pytest.mark.parametrize("value", ["All", "OOF", "DR, AutoReply, RN"])
def test_a_sender_who_asks_for_silence_gets_it(value: str) -> None:
    assert mail(f"X-Auto-Response-Suppress: {value}").suppress_auto_reply


def test_a_sender_who_only_declines_receipts_may_be_answered() -> None:
    assert not mail("X-Auto-Response-Suppress: DR, RN, NRN").suppress_auto_reply


@pytest.mark.parametrize(
    "header",
    [
        "List-Id: <pumps.example.org>",
        "List-Post: <mailto:pumps@example.org>",
        "List-Unsubscribe: <mailto:x@example.com>",
        "Precedence: list",
    ],
)
def test_a_list_is_recognised_and_not_answered(header: str) -> None:
    one = mail(header)
    assert (one.kind, one.is_list, one.suppress_auto_reply) == ("list", True, True)


@pytest.mark.parametrize("header", ["Precedence: bulk", "Precedence: junk", "Return-Path: <>", "Return-Path: < >"])
def test_bulk_and_an_empty_return_path_are_automatic(header: str) -> None:
    assert mail(header).kind == "automatic"


@pytest.mark.parametrize(
    "sender",
    ["noreply@example.com", "no-reply@example.com", "do-not-reply@example.com", "news-noreply@example.com", "owner-pumps@example.org"],
)
def test_an_address_that_nobody_reads_is_not_answered(sender: str) -> None:
    assert mail("X: y", sender=sender).suppress_auto_reply


def test_a_newsletter_with_an_unsubscribe_header_is_not_answered() -> None:
    assert mail("List-Unsubscribe: <mailto:x@example.com>").suppress_auto_reply


def test_mail_from_our_own_address_is_our_own() -> None:
    raw = b"From: Desk <Desk@Example.org>\nSubject: x\n\nHello"
    assert parse(raw, own_addresses=frozenset({"desk@example.org"})).kind == "own"


def test_an_ordinary_mail_is_from_a_person() -> None:
    one = mail("Return-Path: <bo@example.com>")
    assert (one.kind, one.suppress_auto_reply, one.is_list) == ("person", False, False)
