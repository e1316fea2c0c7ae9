"""A customer who writes from a second address: offered to a reviewer, never joined silently."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from inbox.models import Conversation
from review.models import LogEntry, Profile
from tests.drafting.factories import make_conversation, make_message
from tests.review.factories import make_person, ready_draft

pytestmark = pytest.mark.django_db
OFFER = "The mail answers one of ours to ann@customer.example, yet ann@home.example wrote it."


@pytest.fixture
def older() -> Conversation:
    return make_conversation(subject="Pumps <1>", customer_address="ann@customer.example")


@pytest.fixture
def newer(older: Conversation) -> Conversation:
    return make_conversation(mailbox=older.mailbox, subject="Pumps", customer_address="ann@home.example", may_continue=older)


def test_it_is_offered_where_the_draft_and_the_conversation_are_looked_at(desk: Client, older: Conversation, newer: Conversation) -> None:
    draft = ready_draft(message=make_message(conversation=newer, from_address="ann@home.example"))
    for page in (desk.get(f"/queue/{draft.pk}/"), desk.get(f"/conversations/{newer.pk}/")):
        said = page.content.decode()
        assert OFFER in said
        assert f'<a href="/conversations/{older.pk}/" dir="auto">Pumps &lt;1&gt;</a>' in said
        assert all(f'action="/conversations/{newer.pk}/{act}/"' in said for act in ("join", "keep_apart"))


def test_joined_it_says_where_it_began_and_keeps_its_own_address(desk: Client, ana: User, older: Conversation, newer: Conversation) -> None:
    page = desk.post(f"/conversations/{newer.pk}/join/", follow=True).content.decode()
    assert "The customer wrote to us as ann@customer.example before" in page
    assert (f'href="/conversations/{older.pk}/"' in page, OFFER in page) == (True, False)
    newer.refresh_from_db()
    assert (newer.split_from, newer.may_continue, newer.customer_address) == (older, None, "ann@home.example")
    assert LogEntry.objects.get(act="conversation.joined").by == ana


def test_kept_apart_it_is_offered_no_more(desk: Client, newer: Conversation) -> None:
    page = desk.post(f"/conversations/{newer.pk}/keep_apart/", follow=True).content.decode()
    assert OFFER not in page
    newer.refresh_from_db()
    assert (newer.split_from, newer.may_continue) == (None, None)
    assert LogEntry.objects.filter(act="conversation.kept_apart").count() == 1


@pytest.mark.parametrize("act", ["join", "keep_apart"])
def test_what_was_settled_meanwhile_is_not_settled_again(act: str, desk: Client, newer: Conversation) -> None:
    Conversation.objects.update(may_continue=None)
    assert "settled meanwhile" in desk.post(f"/conversations/{newer.pk}/{act}/", follow=True).content.decode()
    assert not LogEntry.objects.filter(act__startswith="conversation.").exists()


def test_who_may_not_see_the_mailbox_joins_nothing(newer: Conversation) -> None:
    limited, client = make_person(), Client()
    Profile.objects.create(user=limited, is_limited=True)
    client.force_login(limited)
    assert client.post(f"/conversations/{newer.pk}/join/").status_code == 404
    newer.refresh_from_db()
    assert newer.may_continue is not None


def test_what_was_erased_is_not_offered(desk: Client, older: Conversation, newer: Conversation) -> None:
    Conversation.objects.filter(pk=older.pk).update(erased_at="2026-01-01T00:00Z", erased_for="person")
    assert "Is it the same customer?" not in desk.get(f"/conversations/{newer.pk}/").content.decode()


@pytest.mark.parametrize("erased", ["older", "newer"])
def test_nothing_leads_from_what_was_erased_to_its_customer(erased: str, desk: Client, older: Conversation, newer: Conversation) -> None:
    Conversation.objects.filter(pk=newer.pk).update(split_from=older, may_continue=None)
    gone = {"older": older, "newer": newer}[erased]
    Conversation.objects.filter(pk=gone.pk).update(erased_at="2026-01-01T00:00Z", erased_for="person", customer_address="")
    page = desk.get(f"/conversations/{newer.pk}/").content.decode()
    assert "It began in" not in page
    assert "ann@customer.example" not in page
