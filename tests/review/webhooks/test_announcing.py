"""What happened becomes deliveries, once."""

import threading
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.utils import timezone

from drafting.models import Draft
from inbox.models import OutgoingMail
from review import decisions, webhooks
from review.models import Decision, Delivery, Webhook
from tests.drafting.factories import make_draft
from tests.review.factories import handed_over_draft, make_outgoing, make_person, ready_draft

pytestmark = pytest.mark.django_db


def told() -> list[tuple[str, str]]:
    return list(Delivery.objects.order_by("pk").values_list("event", "event_id"))


def data(event: str) -> Any:
    return Delivery.objects.get(event=event).payload["data"]


def test_a_draft_is_announced_once_when_it_is_ready(webhook: Webhook) -> None:
    make_draft()
    assert webhooks.announce_new() == 0
    draft, other = ready_draft(), handed_over_draft()
    assert webhooks.announce_new() == 2
    assert webhooks.announce_new() == 0
    assert told() == [("draft.ready", f"draft-ready-{draft.pk}"), ("draft.ready", f"draft-ready-{other.pk}")]
    assert [one.payload["data"]["outcome"] for one in Delivery.objects.order_by("pk")] == ["ready", "handed_over"]


def test_a_draft_that_was_decided_before_the_sweep_is_announced_still(webhook: Webhook) -> None:
    decisions.no_reply(draft=ready_draft(), by=make_person())
    webhooks.announce_new()
    assert [event for event, _ in told()] == ["draft.ready", "draft.decided"]


def test_a_decision_that_was_undone_is_not_told_again_and_the_next_is(webhook: Webhook) -> None:
    ana, draft = make_person(), ready_draft()
    for _ in range(2):
        decisions.undo(decision=decisions.no_reply(draft=draft, by=ana), by=ana)
        draft.refresh_from_db()
        webhooks.announce_new()
    assert [event for event, _ in told()] == ["draft.ready", "draft.decided", "draft.decided"]


def test_mail_is_announced_when_it_is_sent(webhook: Webhook) -> None:
    ana = make_person()
    mail = make_outgoing(by=ana, state="held")
    assert webhooks.announce_new() == 0
    OutgoingMail.objects.update(state="sent", sent_at=timezone.now())
    assert webhooks.announce_new() == 1
    assert data("mail.sent")["url"] == f"/api/v1/outgoing/{mail.pk}"


def test_payloads_say_what_and_where_and_nothing_of_the_mail(webhook: Webhook) -> None:
    ana = make_person("reviewer", "ana")
    draft = ready_draft()
    made = decisions.edit(draft=draft, text="A secret text.", by=ana)
    webhooks.announce_new()
    payload = Delivery.objects.get(event="draft.decided").payload
    assert payload["type"] == "draft.decided"
    assert payload["timestamp"].endswith("Z")
    assert payload["data"] == {
        "decision_id": made.pk,
        "draft_id": draft.pk,
        "conversation_id": draft.conversation_id,
        "mailbox_id": draft.conversation.mailbox_id,
        "kind": "edited",
        "by_id": ana.pk,
        "outgoing_id": made.outgoing_id,
        "url": f"/api/v1/decisions/{made.pk}",
    }
    everything = str(list(Delivery.objects.values_list("payload")))
    for secret in ("A secret text", draft.body[:20], draft.message.from_address, draft.message.subject):
        assert secret not in everything


def test_only_who_asked_is_told(webhook: Webhook, dana: User) -> None:
    other = webhooks.add(name="Other", url="https://other.example/", events=["mail.sent"], by=dana)
    paused = webhooks.add(name="Paused", url="https://paused.example/", events=["draft.ready"], by=dana)
    webhooks.change(webhook=paused, by=dana, name="Paused", url=paused.url, events=["draft.ready"], is_active=False)
    ready_draft()
    webhooks.announce_new()
    assert webhook.deliveries.count() == 1
    assert not other.deliveries.exists()
    assert not paused.deliveries.exists()


def test_what_happened_without_a_webhook_is_not_told_later(dana: User) -> None:
    ready_draft()
    assert webhooks.announce_new() == 1
    webhooks.add(name="Late", url="https://late.example/", events=["draft.ready"], by=dana)
    assert webhooks.announce_new() == 0
    assert not Delivery.objects.exists()


def test_nothing_else_about_a_row_changes(webhook: Webhook) -> None:
    before = ready_draft()
    webhooks.announce_new()
    after = Draft.objects.get(pk=before.pk)
    assert after.announced_at
    assert (after.state, after.body, after.due_at) == (before.state, before.body, before.due_at)


def test_others_announce_once_by_id(webhook: Webhook) -> None:
    for _ in range(2):
        webhooks.announce(event="auto_send.suspended", id="suspended-7", data={"category": "order-status"})
    assert told() == [("auto_send.suspended", "suspended-7")]


def test_an_unknown_event_is_a_fault() -> None:
    with pytest.raises(ValueError, match="nonsense"):
        webhooks.announce(event="nonsense", id="x", data={})


def test_a_sweep_takes_few_queries(webhook: Webhook, django_assert_max_num_queries: Any) -> None:
    ana = make_person()
    for _ in range(8):
        decisions.no_reply(draft=ready_draft(), by=ana)
    with django_assert_max_num_queries(16):
        assert webhooks.announce_new() == 16
    with django_assert_max_num_queries(9):
        assert webhooks.announce_new() == 0
    assert Decision.objects.filter(announced_at=None).count() == 0


@pytest.mark.django_db(transaction=True)
def test_what_is_committed_late_is_told_late(webhook: Webhook) -> None:
    """Ids are given before the commit: a row with a lower id may appear after a sweep that saw higher ones."""
    ready_draft()
    webhooks.announce_new()
    Delivery.objects.all().delete()
    begun, may_commit = threading.Event(), threading.Event()

    def late() -> None:
        with transaction.atomic():
            ready_draft()
            begun.set()
            may_commit.wait(10)
        connection.close()

    thread = threading.Thread(target=late)
    thread.start()
    begun.wait(10)
    early = ready_draft()
    webhooks.announce_new()
    assert told() == [("draft.ready", f"draft-ready-{early.pk}")]
    may_commit.set()
    thread.join()
    webhooks.announce_new()
    assert len(told()) == 2
    assert early.pk == Draft.objects.latest("pk").pk
