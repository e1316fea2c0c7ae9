"""Messages that programs bring in."""

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from inbox import ingest, raw, tasks
from inbox.errors import Unavailable
from inbox.models import Mailbox, Message
from review import idempotency
from review.api import messages as bringing
from review.models import IdempotencyKey
from tests.drafting.factories import make_mailbox
from tests.inbox.factories import make_mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailbox(db: None) -> Mailbox:
    return make_mailbox(address="service@shop.example")


def post(api: Client, about: Any, **headers: str) -> Any:
    content = about if isinstance(about, bytes) else json.dumps(about)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return api.generic("POST", "/api/v1/messages", content, content_type="application/json", headers=named)


def post_raw(api: Client, mailbox: Mailbox, content: bytes, **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return api.generic("POST", f"/api/v1/messages?mailbox={mailbox.pk}", content, content_type="message/rfc822", headers=named)


def form(mailbox: Mailbox, **about: Any) -> dict[str, Any]:
    told = {"mailbox_id": mailbox.pk, "from": "Ann Lee <ann@customer.example>", "subject": "My order", "text": "Where is it?"}
    return told | about


def read(answer: Any) -> Message:
    """The message that was made, read."""
    message = Message.objects.get(pk=answer.json()["id"])
    ingest.read_message(message=message)
    message.refresh_from_db()
    return message


def test_a_raw_mail_comes_in_as_it_is(api: Client, mailbox: Mailbox) -> None:
    content = make_mail("Where is it?")
    answer = post_raw(api, mailbox, content)
    assert answer.status_code == 201
    assert raw.read(Message.objects.get().raw_sha256) == content
    message = read(answer)
    assert (message.mailbox, message.text.strip(), message.state) == (mailbox, "Where is it?", "parsed")
    seen = api.get(answer.json()["url"]).json()
    assert seen["conversation_id"] == message.conversation_id


def test_a_form_becomes_a_mail(api: Client, mailbox: Mailbox) -> None:
    file = {"name": "Foto ü.png", "content": base64.b64encode(b"\x89PNG\r\n\x1a\n").decode(), "content_type": "image/png"}
    message = read(post(api, form(mailbox, html="<p>Where is it?</p>", attachments=[file], message_id="<form-1@shop.example>")))
    assert (message.from_address, message.from_name, message.subject) == ("ann@customer.example", "Ann Lee", "My order")
    assert (message.message_id, message.to, message.problem) == ("form-1@shop.example", ["service@shop.example"], "")
    assert message.text.strip() == "Where is it?"
    assert [(one.name, one.size) for one in message.attachments.all()] == [("Foto ü.png", 8)]
    assert message.kind == "person"
    assert message.taken_up_at is None


def test_a_form_can_answer_a_mail(api: Client, mailbox: Mailbox) -> None:
    first = read(post(api, form(mailbox, message_id="first@customer.example")))
    second = read(post(api, form(mailbox, text="And another thing.", in_reply_to="<first@customer.example>")))
    assert second.conversation == first.conversation


def test_its_sender_is_never_authenticated(api: Client, mailbox: Mailbox) -> None:
    Mailbox.objects.update(authserv_id="mx.shop.example")
    vouched = b"Authentication-Results: mx.shop.example; dmarc=pass header.from=customer.example\r\n" + make_mail("Where is it?")
    assert read(post_raw(api, mailbox, vouched)).authenticity == "none"
    assert read(post(api, form(mailbox))).authenticity == "none"


def test_no_line_of_a_form_makes_a_header_of_its_own(api: Client, mailbox: Mailbox) -> None:
    answer = post(api, form(mailbox, subject="Hello\r\nBcc: all@customer.example\r\n\r\nEvil"))
    mail = message_from_bytes(raw.read(Message.objects.get(pk=answer.json()["id"]).raw_sha256), policy=policy.default)
    assert mail["Bcc"] is None
    assert mail["Subject"] == "Hello Bcc: all@customer.example Evil"


def test_the_same_again_is_the_same_message(api: Client, mailbox: Mailbox) -> None:
    mail = make_mail("Twice")
    for first, second in (
        (post(api, form(mailbox)), post(api, form(mailbox))),
        (post_raw(api, mailbox, mail), post_raw(api, mailbox, mail)),
    ):
        assert (first.status_code, second.status_code) == (201, 200)
        assert first.json() == second.json()
    assert Message.objects.count() == 2


def test_the_same_form_later_is_another_message(api: Client, mailbox: Mailbox) -> None:
    post(api, form(mailbox))
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert idempotency.forget_old() == 1
        assert post(api, form(mailbox)).status_code == 201


def test_a_key_tells_two_equal_forms_apart(api: Client, mailbox: Mailbox) -> None:
    answers = [post(api, form(mailbox), Idempotency_Key=key) for key in ("one", "two", "one")]
    assert [answer.status_code for answer in answers] == [201, 201, 200]
    assert answers[0].json() == answers[2].json() != answers[1].json()


def test_a_key_for_something_else_is_refused(api: Client, mailbox: Mailbox) -> None:
    post(api, form(mailbox), Idempotency_Key="one")
    answer = post(api, form(mailbox, text="Something else"), Idempotency_Key="one")
    assert answer.status_code == 409
    assert Message.objects.count() == 1


def test_keys_of_two_programs_do_not_meet(program: Callable[..., Client], mailbox: Mailbox) -> None:
    assert [post(program(), form(mailbox), Idempotency_Key="one").status_code for _ in range(2)] == [201, 201]


@pytest.mark.parametrize("key", ["x" * 191, "ü"])
def test_a_key_that_is_none_is_refused(api: Client, mailbox: Mailbox, key: str) -> None:
    assert post(api, form(mailbox), Idempotency_Key=key).status_code == 422
    assert not Message.objects.exists()


def test_a_failure_leaves_the_key_free(api: Client, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_: Any) -> None:
        raise Unavailable("storage", "a mail cannot be written to the storage (No space left on device); check it and its space.")

    with monkeypatch.context() as patch:
        patch.setattr(ingest, "post_message", full)
        answer = post(api, form(mailbox), Idempotency_Key="one")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
        assert "No space left on device" in answer.json()["detail"]
    assert not IdempotencyKey.objects.exists()
    assert post(api, form(mailbox), Idempotency_Key="one").status_code == 201


def test_its_reader_is_rung_for(
    api: Client, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    rung: list[int] = []
    monkeypatch.setattr(tasks.parse_message, "delay", rung.append)
    with django_capture_on_commit_callbacks(execute=True):
        answer = post(api, form(mailbox))
    assert rung == [answer.json()["id"]]


def test_a_token_brings_mail_into_its_mailboxes_only(program: Callable[..., Client], mailbox: Mailbox, dana: User) -> None:
    limited = program(mailboxes=[make_mailbox()])
    assert post(limited, form(mailbox)).status_code == 404
    assert post_raw(limited, mailbox, make_mail("Hello")).status_code == 404
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"from": "nobody"}, "body.from"),
        ({"from": "a@b, c@d"}, "body.from"),
        ({"from": None}, "body.from"),
        ({"text": ""}, "body.text"),
        ({"text": "a\x00b"}, "body.text"),
        ({"subject": 7}, "body.subject"),
        ({"mailbox_id": "x"}, "body.mailbox_id"),
        ({"mailbox_id": 2**70}, "body.mailbox_id"),
        ({"message_id": "no id"}, "body.message_id"),
        ({"in_reply_to": "<a@b> <c@d>"}, "body.in_reply_to"),
        ({"attachments": [{"name": "x", "content": "ü"}]}, "body.attachments.0.content"),
        ({"attachments": [{"name": "a\r\nb", "content": ""}]}, "body.attachments.0.name"),
        ({"attachments": [{"name": "x", "content": "", "content_type": "pdf"}]}, "body.attachments.0.content_type"),
        ({"unknown": 1}, "body.unknown"),
    ],
)
def test_what_is_wrong_with_a_form_is_named(api: Client, mailbox: Mailbox, change: dict[str, Any], where: str) -> None:
    answer = post(api, form(mailbox, **change))
    assert answer.status_code == 422
    assert [error["where"] for error in answer.json()["errors"]] == [where]
    assert not Message.objects.exists()


@pytest.mark.parametrize("content", [b"{", b"[]", b"null", b'{"text": "\xff"}', b"[" * 5000])
def test_what_is_no_json_is_a_problem(api: Client, content: bytes) -> None:
    assert post(api, content).status_code == 422


@pytest.mark.parametrize("content", [b"Hello", b"\n\nFrom: a@b.example", b"Subject: x\n\nFrom: a@b.example", b"\x00" * 50])
def test_what_is_no_mail_is_refused(api: Client, mailbox: Mailbox, content: bytes) -> None:
    assert post_raw(api, mailbox, content).status_code == 422
    assert not Message.objects.exists()


def test_a_raw_mail_needs_a_mailbox(api: Client) -> None:
    answer = api.generic("POST", "/api/v1/messages", make_mail("x"), content_type="message/rfc822")
    assert answer.status_code == 422
    assert "mailbox=ID" in answer.json()["detail"]


@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", ""])
def test_another_content_type_is_refused(api: Client, kind: str) -> None:
    assert api.generic("POST", "/api/v1/messages", b"x", content_type=kind).status_code == 415


def test_too_much_is_refused(api: Client, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(bringing.MOST_BYTES, bringing.RAW, 1000)
    assert post_raw(api, mailbox, make_mail("x" * 1000)).status_code == 413


def test_as_much_is_taken_as_is_kept_whole() -> None:
    assert bringing.LIMIT == ingest.LIMIT


def test_a_mail_larger_than_a_form_may_be_comes_in(api: Client, mailbox: Mailbox) -> None:
    assert post_raw(api, mailbox, make_mail("x" * 70 + "\n" * 6_000_000)).status_code == 201


@pytest.mark.parametrize("kind", ["message/rfc822", "multipart/mixed", "text/plain", "application/pdf"])
def test_an_attached_file_is_a_file_whatever_it_says(api: Client, mailbox: Mailbox, kind: str) -> None:
    content = base64.b64encode(b"From: x@y.example\n\nHello").decode()
    message = read(post(api, form(mailbox, attachments=[{"name": "a.bin", "content": content, "content_type": kind}])))
    assert [one.name for one in message.attachments.all()] == ["a.bin"]
    assert message.text.strip() == "Where is it?"
