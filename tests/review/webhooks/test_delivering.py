"""Deliveries to a real receiver, which fails in every way."""

from collections.abc import Callable
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from itertools import pairwise
from typing import Any

import pytest
import standardwebhooks
import time_machine
from django.contrib.auth.models import User
from django.utils import timezone

from review import webhooks
from review.models import Delivery, LogEntry, Webhook
from review.webhooks import delivering, posting, signing
from tests.review.webhooks.conftest import Receiver, babble, drop, huge_body, huge_header, sleep, status

pytestmark = pytest.mark.django_db
State = Delivery.State


def tell(number: int = 1) -> None:
    for one in range(number):
        webhooks.announce(event="mail.sent", id=f"mail-sent-{one}", data={"outgoing_id": one})


def work() -> None:
    """What the workers do at once."""
    for pk in webhooks.due_webhooks():
        webhooks.deliver(webhook_id=pk)


def the_delivery() -> Delivery:
    return Delivery.objects.select_related("webhook").get()


def test_an_event_is_told_and_noted(webhook: Webhook, receiver: Receiver) -> None:
    tell()
    work()
    [told] = receiver.told
    assert told.event["type"] == "mail.sent"
    assert told.event["data"] == {"outgoing_id": 0}
    assert (told.headers["content-type"], told.id) == ("application/json", "mail-sent-0")
    delivery = the_delivery()
    assert (delivery.state, delivery.last_status, delivery.attempts, delivery.lease_until) == ("delivered", 204, 1, None)
    assert delivery.delivered_at
    work()
    assert len(receiver.told) == 1


def test_receivers_can_check_the_signature(webhook: Webhook, receiver: Receiver) -> None:
    tell()
    work()
    [told] = receiver.told
    assert webhook.secret.startswith("whsec_")
    standardwebhooks.Webhook(webhook.secret).verify(told.body, told.headers)
    for changed in (told.body + b" ", told.body.replace(b"mail", b"male")):
        with pytest.raises(standardwebhooks.WebhookVerificationError):
            standardwebhooks.Webhook(webhook.secret).verify(changed, told.headers)
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        standardwebhooks.Webhook(signing.new_secret()).verify(told.body, told.headers)


def test_after_a_change_both_secrets_sign_for_a_day(webhook: Webhook, receiver: Receiver, dana: User) -> None:
    new = webhooks.rotate_secret(webhook=webhook, by=dana)
    tell()
    work()
    [told] = receiver.told
    for secret in (webhook.secret, new):
        standardwebhooks.Webhook(secret).verify(told.body, told.headers)
    webhook.refresh_from_db()
    later = signing.headers(webhook, event_id="x", at=timezone.now() + timedelta(days=2), body=b"")
    assert len(later["webhook-signature"].split()) == 1


FAILURES: dict[str, tuple[Callable[[BaseHTTPRequestHandler], None], int | None, str]] = {
    "500": (status(500), 500, "answered with status 500"),
    "404": (status(404), 404, "answered with status 404"),
    "redirects": (status(302, Location="http://169.254.169.254/"), 302, "redirects"),
    "drops": (drop, None, "cannot be reached"),
    "babbles": (babble, None, "cannot be reached"),
    "sleeps": (sleep, None, "did not answer within 1 seconds"),
    "huge header": (huge_header, None, ""),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_a_receiver_that_fails_is_told_again(webhook: Webhook, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, failure: str) -> None:
    answer, code, words = FAILURES[failure]
    if answer is sleep:
        monkeypatch.setattr(posting, "SECONDS", 1)
    receiver.answer = answer
    tell()
    work()
    delivery = the_delivery()
    assert (delivery.state, delivery.last_status, delivery.attempts, delivery.lease_until) == ("waiting", code, 1, None)
    assert words in delivery.last_error
    assert delivery.last_error
    receiver.answer = status(200)
    monkeypatch.undo()
    with time_machine.travel(timezone.now() + timedelta(seconds=6)):
        work()
    assert the_delivery().state == State.DELIVERED
    assert the_delivery().webhook.failing_since is None
    assert [told.id for told in receiver.told] == ["mail-sent-0", "mail-sent-0"]
    assert receiver.told[0].body == receiver.told[1].body


def test_a_receiver_that_refuses_the_connection_is_told_again(webhook: Webhook, receiver: Receiver) -> None:
    receiver.close()
    tell()
    work()
    assert the_delivery().state == State.WAITING
    assert "cannot be reached" in the_delivery().last_error


def test_what_a_receiver_answers_at_length_is_not_read(webhook: Webhook, receiver: Receiver) -> None:
    receiver.answer = huge_body
    tell()
    work()
    assert the_delivery().state == State.DELIVERED


@pytest.mark.parametrize("url", ["http://127.0.0.1:{port}/", "http://localhost:{port}/", "https://127.0.0.1:{port}/", "https://[::1]/"])
def test_addresses_of_this_network_are_not_asked_unless_listed(webhook: Webhook, receiver: Receiver, settings: Any, url: str) -> None:
    settings.CONNECTOR_HOSTS = []
    Webhook.objects.update(url=url.format(port=receiver.port))
    tell()
    work()
    assert not receiver.told
    assert "is not asked" in the_delivery().last_error


def test_tries_thin_out_and_end_after_three_days(webhook: Webhook, receiver: Receiver) -> None:
    receiver.answer = status(500)
    tell()
    start = timezone.now()
    moments = []
    with time_machine.travel(start, tick=False) as clock:
        while the_delivery().state == State.WAITING:
            moments.append(timezone.now() - start)
            work()
            clock.move_to(max(the_delivery().due_at, the_delivery().webhook.rest_until or start) + timedelta(milliseconds=1))
    pauses = [later - earlier for earlier, later in pairwise(moments)]
    assert timedelta(seconds=5) <= pauses[0] < timedelta(seconds=6)
    assert all(later >= earlier * 0.9 for earlier, later in pairwise(pauses))
    assert timedelta(hours=7) < max(pauses) < timedelta(hours=9)
    assert timedelta(days=3) <= moments[-1] < timedelta(days=3, hours=9)
    assert len(moments) == len(receiver.told) < 30
    webhook.refresh_from_db()
    assert webhook.problem == "Events were given up after three days of tries. The receiver answered with status 500."


def test_a_receiver_may_ask_for_a_pause(webhook: Webhook, receiver: Receiver) -> None:
    receiver.answer = status(503, Retry_After="1200")
    tell()
    work()
    pause = the_delivery().due_at - timezone.now()
    assert timedelta(minutes=19) < pause <= timedelta(minutes=20)


def test_a_receiver_that_is_gone_switches_the_webhook_off(webhook: Webhook, receiver: Receiver) -> None:
    receiver.answer = status(410)
    tell(3)
    work()
    webhook.refresh_from_db()
    assert not webhook.is_active
    assert "gone for good (410)" in webhook.problem
    assert len(receiver.told) == 1
    assert not webhooks.due_webhooks()


def test_a_dead_receiver_is_asked_about_one_event_at_a_time(webhook: Webhook, receiver: Receiver) -> None:
    receiver.answer = status(500)
    tell(20)
    for _ in range(5):
        work()
    assert len(receiver.told) == 1
    with time_machine.travel(timezone.now() + timedelta(seconds=6)):
        work()
    assert len(receiver.told) == 2


def test_all_that_waits_is_told_in_one_go(webhook: Webhook, receiver: Receiver) -> None:
    tell(20)
    work()
    assert [told.id for told in receiver.told] == [f"mail-sent-{one}" for one in range(20)]


def test_nothing_is_told_twice_at_once(webhook: Webhook, receiver: Receiver) -> None:
    tell(2)
    claimed = delivering._claim(webhook.pk)
    assert claimed
    assert delivering._claim(webhook.pk) is None
    with time_machine.travel(timezone.now() + delivering.LEASE + timedelta(seconds=1)):
        again = delivering._claim(webhook.pk)
        assert again == claimed
        assert not delivering._settle(claimed, posting.Answer(500, "late"))
        claimed.refresh_from_db()
        assert (claimed.last_error, claimed.attempts) == ("", 2)
        assert delivering._settle(again, posting.Answer(200))
    assert Delivery.objects.get(pk=claimed.pk).state == State.DELIVERED


def test_a_paused_webhook_waits(webhook: Webhook, receiver: Receiver, dana: User) -> None:
    tell()
    about: dict[str, Any] = {"webhook": webhook, "by": dana, "name": "Shop", "url": webhook.url, "events": ["mail.sent"]}
    webhooks.change(**about, is_active=False)
    work()
    assert webhooks.deliver(webhook_id=webhook.pk) == 0
    assert not receiver.told
    webhook.refresh_from_db()
    webhooks.change(**about | {"webhook": webhook}, is_active=True)
    work()
    assert len(receiver.told) == 1


def test_what_was_given_up_can_be_told_again(webhook: Webhook, receiver: Receiver, dana: User) -> None:
    tell(2)
    Delivery.objects.update(state=State.GIVEN_UP, created_at=timezone.now() - timedelta(days=4), attempts=30)
    Webhook.objects.update(problem="Events were given up.", rest_until=timezone.now() + timedelta(minutes=5))
    assert webhooks.resend_given_up(webhook=webhook, by=dana) == 2
    work()
    assert len(receiver.told) == 2
    webhook.refresh_from_db()
    assert webhook.problem == ""
    assert LogEntry.objects.filter(act="webhook.delivery_repeated", by=dana).count() == 1


def test_one_event_can_be_told_again_with_its_id(webhook: Webhook, receiver: Receiver, dana: User) -> None:
    tell()
    work()
    webhooks.resend(delivery=the_delivery(), by=dana)
    work()
    assert [told.id for told in receiver.told] == ["mail-sent-0"] * 2


def test_a_test_is_told_to_this_webhook_alone(webhook: Webhook, receiver: Receiver, dana: User) -> None:
    webhooks.add(name="Other", url=webhook.url, events=["mail.sent"], by=dana)
    webhooks.send_test(webhook=webhook, by=dana)
    work()
    assert [told.event["type"] for told in receiver.told] == ["webhook.test"]


def test_what_was_delivered_is_forgotten_after_a_month(webhook: Webhook, receiver: Receiver) -> None:
    tell(2)
    work()
    Delivery.objects.filter(event_id="mail-sent-0").update(delivered_at=timezone.now() - timedelta(days=31))
    assert webhooks.forget_old() == 1
    assert Delivery.objects.get().event_id == "mail-sent-1"
