"""Health is the age of the oldest due row of each queue."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from deploy import health
from drafting.models import Draft
from inbox.models import Attachment, Mailbox, Message
from review.models import Delivery, Webhook
from tests.drafting.factories import make_draft, make_mailbox, make_message, make_setup
from tests.review.factories import make_outgoing, make_person

pytestmark = pytest.mark.django_db
LATE = 400
"""Seconds."""


@pytest.fixture(autouse=True)
def _nothing_else_is_due() -> None:
    make_mailbox(next_fetch_at=timezone.now() + timedelta(days=1))


def draft(at: datetime, **about: Any) -> None:
    made = make_draft(make_settled())
    Draft.objects.filter(pk=made.pk).update(**{"due_at": at, "finished_at": at} | about)


def make_settled() -> Message:
    message = make_message()
    Message.objects.filter(pk=message.pk).update(taken_up_at=timezone.now(), state="parsed")
    Mailbox.objects.update(next_fetch_at=timezone.now() + timedelta(days=1))
    return message


def outgoing(at: datetime, **about: Any) -> None:
    make_outgoing(by=make_person(), message=make_settled(), **{"due_at": at} | about)


def message(**about: Any) -> None:
    Message.objects.filter(pk=make_settled().pk).update(**about)


def file(at: datetime) -> None:
    Attachment.objects.create(
        message=make_settled(), position=0, content_type="text/plain", size=4, sha256="0" * 64, text_state="waiting", text_due_at=at
    )


def deliver(at: datetime, **about: Any) -> None:
    by: User = make_person()
    webhook = Webhook.objects.create(name="A", url="https://a.example/", secret="s", events=[Webhook.Event.TEST], by=by, **about)
    Delivery.objects.create(webhook=webhook, event=Webhook.Event.TEST, event_id="1", payload={}, due_at=at)


DUE: dict[str, Callable[[datetime], object]] = {
    "fetch": lambda at: Mailbox.objects.update(next_fetch_at=at),
    "parse": lambda at: message(state="received", stored_at=at),
    "files": file,
    "take_up": lambda at: message(taken_up_at=None, stored_at=at),
    "draft": draft,
    "drafting": lambda at: draft(at, state="writing", lease_until=at),
    "route": lambda at: draft(at, state="ready", body="Hello", setup=make_setup(), is_eligible=True),
    "check": lambda at: outgoing(timezone.now() + timedelta(days=1), state="held", check_at=at),
    "send": lambda at: outgoing(at, state="ready"),
    "sending": lambda at: outgoing(at, state="dot_sent", lease_until=at),
    "file": lambda at: outgoing(at, state="sent", file_due_at=at),
    "webhooks": deliver,
}


def test_all_queues_are_tried() -> None:
    assert DUE.keys() == health.oldest_waits().keys()


@pytest.mark.parametrize("name", DUE)
def test_the_oldest_row_that_is_late_is_told(client: Client, name: str) -> None:
    DUE[name](timezone.now() - timedelta(seconds=LATE))
    answer = client.get("/health/")
    assert (answer.status_code, answer.json()["late"]) == (503, [name])
    assert LATE <= answer.json()["seconds_waiting"][name] < LATE + 60


@pytest.mark.parametrize("name", DUE)
def test_what_is_not_due_yet_is_not_late(client: Client, name: str) -> None:
    DUE[name](timezone.now() + timedelta(seconds=LATE))
    answer = client.get("/health/")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")


def test_a_webhook_that_rests_after_a_failure_is_not_late(client: Client) -> None:
    deliver(timezone.now() - timedelta(seconds=LATE), rest_until=timezone.now() + timedelta(seconds=10))
    assert client.get("/health/").status_code == 200
    Webhook.objects.update(rest_until=timezone.now() - timedelta(seconds=10))
    assert 10 <= client.get("/health/").json()["seconds_waiting"]["webhooks"] < LATE


def test_a_database_that_does_not_answer_is_told(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise DatabaseError("gone")

    monkeypatch.setattr(health, "oldest_waits", fail)
    answer = client.get("/health/")
    assert (answer.status_code, answer.json()["status"]) == (503, "down")
