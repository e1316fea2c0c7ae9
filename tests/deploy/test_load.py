"""Made-up history in bulk."""

from collections.abc import Sequence
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

from deploy.load import company
from drafting import drafts
from drafting.models import Category, Customer, Draft
from inbox import conversations, ingest, outbox
from inbox.models import Conversation, Mailbox, Message, OutgoingMail
from review.models import Decision, LogEntry
from tests.inbox.factories import make_mailbox, receive
from tests.review.factories import ready_draft

pytestmark = pytest.mark.django_db


def make_load(*arguments: str) -> str:
    told = StringIO()
    call_command("make_load", *arguments, stdout=told)
    return told.getvalue()


def test_history_of_every_kind_is_made_and_its_progress_shown() -> None:
    told = make_load("--conversations", "400", "--waiting", "30")
    assert "400 of 400 conversations." in told
    assert Conversation.objects.count() == 400
    assert Draft.objects.filter(state__in=["ready", "handed_over"], conversation__state="open").count() == 30
    assert set(Decision.objects.values_list("kind", flat=True)) == {"approved", "edited", "rejected", "taken_over", "no_reply"}
    assert Decision.objects.filter(undone_at__isnull=False).exists()
    assert set(OutgoingMail.objects.values_list("state", flat=True)) == {"sent", "cancelled", "failed", "maybe_sent"}
    assert {"en", "de", "fr", "es", "he"} == set(Message.objects.values_list("language", flat=True))
    assert LogEntry.objects.exists()
    assert not Draft.objects.filter(state="decided").exclude(decisions__undone_at=None).exists()


def test_nothing_of_it_is_ever_due() -> None:
    make_load("--conversations", "200")
    assert not Mailbox.objects.filter(is_active=True).exists()
    assert ingest.waiting_messages() == []
    assert drafts.messages_to_take_up() == []
    assert drafts.ring_due() == []
    assert outbox.due_checks() == []
    assert outbox.release_due() == []
    assert conversations.wake_due() == 0
    assert not Draft.objects.filter(announced_at=None).exists()
    assert not Decision.objects.filter(announced_at=None).exists()
    assert not OutgoingMail.objects.filter(announced_at=None, state="sent").exists()


def test_the_same_seed_makes_the_same_history() -> None:
    first = [_texts(seed) for seed in ("3", "3", "4")]
    assert first[0] == first[1] != first[2]


def test_the_desk_shows_it() -> None:
    make_load("--conversations", "60", "--waiting", "10")
    desk = Client()
    desk.force_login(User.objects.get(username="load-ana"))
    waiting = Draft.objects.filter(state="ready").latest("pk")
    for address in ("/queue/", f"/queue/{waiting.pk}/", "/conversations/", f"/conversations/{waiting.conversation_id}/", "/outgoing/"):
        assert desk.get(address).status_code == 200


def test_it_keeps_away_from_real_mail_unless_told() -> None:
    receive(make_mailbox())
    with pytest.raises(CommandError, match="real mail"):
        make_load("--conversations", "20")
    assert Conversation.objects.count() == 1
    make_load("--conversations", "20", "--yes-really")
    assert Conversation.objects.count() == 21


def test_removing_it_leaves_what_is_real() -> None:
    real = ready_draft()
    make_load("--conversations", "50", "--yes-really")
    make_load("--remove")
    assert [draft.pk for draft in Draft.objects.all()] == [real.pk]
    assert Message.objects.get() == real.message
    assert not Mailbox.objects.filter(address__endswith=company.DOMAIN).exists()
    assert not Category.objects.filter(slug__startswith=company.MARK).exists()
    assert not Customer.objects.exists()
    assert not User.objects.filter(username__startswith=company.MARK).exists()
    assert not LogEntry.objects.exists()


def test_a_number_is_needed() -> None:
    with pytest.raises(CommandError, match="--conversations 10000"):
        make_load()


def _texts(seed: str) -> Sequence[tuple[str, ...]]:
    make_load("--conversations", "30", "--seed", seed)
    of_mails = list(Message.objects.order_by("pk").values_list("from_address", "subject", "text", "drafts__body", "drafts__category__name"))
    make_load("--remove")
    return of_mails
