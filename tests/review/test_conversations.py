"""All conversations, and one of them."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from inbox.models import Conversation
from review import conversation_search, decisions
from review.models import Profile
from tests.drafting.factories import make_conversation, make_mailbox, make_message
from tests.review.factories import attach, handed_over_draft, make_outgoing, make_person, ready_draft

pytestmark = pytest.mark.django_db


def many(count: int) -> None:
    mailbox, now = make_mailbox(), timezone.now()
    for number in range(count):
        make_conversation(mailbox=mailbox, subject=f"Subject {number:03}", last_message_at=now - timedelta(minutes=number // 2))


def test_all_conversations_can_be_paged_through_each_once(desk: Client) -> None:
    many(120)
    seen: list[str] = []
    address = "/conversations/"
    while address:
        listing = desk.get(address).context["listing"]
        seen += [row.subject for row in listing.rows]
        address = listing.older_url
    assert sorted(seen) == [f"Subject {number:03}" for number in range(120)]


def found(desk: Client, **asked: str) -> list[str]:
    return [row.subject for row in desk.get("/conversations/", asked).context["listing"].rows]


@pytest.fixture
def two(db: None) -> tuple[Conversation, Conversation]:
    """A conversation on a pump with Greta, and a newer one on a valve with Heidi, who was answered."""
    pump, valve = make_conversation(subject="A pump"), make_conversation(subject="A valve")
    make_message("The pump SO-10234 leaks.", conversation=pump, subject="A pump", from_name="Greta", from_address="greta@customer.example")
    message = make_message("The valve is stuck.", conversation=valve, subject="A valve", from_address="heidi@other.example")
    make_outgoing(by=make_person(), conversation=valve, in_reply_to=message, body="Please send us a photograph of it.")
    return pump, valve


@pytest.mark.parametrize(
    ("said", "subjects"),
    [
        ("pump", ["A pump"]),
        ("greta", ["A pump"]),
        ("SO-10234", ["A pump"]),
        ("HEIDI", ["A valve"]),
        ("photograph", ["A valve"]),
        ("is stuck", ["A valve"]),
        ("bicycle", []),
    ],
)
def test_a_conversation_is_found_by_words_of_any_of_its_mails(
    said: str, subjects: list[str], two: tuple[Conversation, Conversation], desk: Client
) -> None:
    assert found(desk, q=said) == subjects


@pytest.mark.parametrize(
    ("said", "subjects"),
    [
        ("破損", ["注文について"]),
        ("花瓶 破損", ["注文について"]),
        ('"破損"', ["注文について"]),
        ("sO-10234 破損", ["注文について"]),
        ("SO-99999 破損", []),
        ("写真", ["注文について"]),
        ("注文", ["注文について"]),
        ("สินค้า", ["Thai"]),
        ("返金", []),
        ("%", []),
        ("破損 -pump", ["注文について"]),
        ("花\0瓶", ["注文について"]),
    ],
)
def test_words_of_scripts_without_spaces_are_found_within_a_sentence(said: str, subjects: list[str], desk: Client) -> None:
    talk, other = make_conversation(subject="注文について"), make_conversation(subject="Thai")
    message = make_message("SO-10234 の花瓶が破損していました。", conversation=talk, subject="注文について")
    make_outgoing(by=make_person(), conversation=talk, in_reply_to=message, body="写真をお送りください。")
    make_message("ผมได้รับสินค้าที่เสียหาย", conversation=other, subject="Thai")
    assert found(desk, q=said) == subjects


def test_words_that_everybody_uses_are_found_by_walking_back(
    two: tuple[Conversation, Conversation], desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversation_search, "RARE", 0)
    monkeypatch.setattr(conversation_search, "GLANCED", 1)
    assert found(desk, q="pump") == ["A pump"]
    assert found(desk, q="photograph") == ["A valve"]


def test_words_that_hardly_anybody_uses_are_found_by_their_index(
    two: tuple[Conversation, Conversation], desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversation_search, "LIKELY", {"words": 1, "words in order": 1})
    monkeypatch.setattr(conversation_search, "GLANCED", 1)
    monkeypatch.setattr(conversation_search, "SCANNED", 1)
    assert found(desk, q="pump") == ["A pump"]
    assert found(desk, q="photograph") == ["A valve"]


def test_a_walk_that_ends_says_how_far_it_came_and_goes_on(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversation_search, "SCANNED", 10)
    monkeypatch.setattr(conversation_search, "GLANCED", 2)
    monkeypatch.setattr(conversation_search, "RARE", 0)
    many(35)
    make_message("The needle", conversation=Conversation.objects.order_by("last_message_at").first())
    Conversation.objects.filter(messages__isnull=False).update(last_message_at=timezone.now() - timedelta(days=1))
    listing = desk.get("/conversations/?q=needle").context["listing"]
    steps = 1
    while not listing.rows:
        assert listing.cut
        listing = desk.get(listing.older_url).context["listing"]
        steps += 1
    assert steps == 4
    assert listing.older_url == ""


def test_conversations_are_filtered(two: tuple[Conversation, Conversation], desk: Client) -> None:
    pump, valve = two
    attach(pump.messages.get(), paper__pdf=b"%PDF")
    draft = ready_draft()
    Conversation.objects.filter(pk=valve.pk).update(state="closed", customer_address="heidi@other.example")
    Conversation.objects.filter(pk=pump.pk).update(last_message_at=timezone.now() - timedelta(days=9))
    week_ago = f"{timezone.now() - timedelta(days=7):%Y-%m-%d}"
    assert draft.category
    assert found(desk, state="closed") == ["A valve"]
    assert found(desk, customer="Heidi@other.example") == ["A valve"]
    assert found(desk, mailbox=str(pump.mailbox_id), attachment="1") == ["A pump"]
    assert found(desk, category=str(draft.category_id)) == [str(draft.conversation)]
    assert found(desk, until=week_ago) == ["A pump"]
    assert "A pump" not in found(desk, since=week_ago)
    assert found(desk, q="pump", state="closed") == []


def test_what_was_found_is_shown_with_its_words_marked(two: tuple[Conversation, Conversation], desk: Client) -> None:
    page = desk.get("/conversations/?q=leaks").content.decode()
    assert "<mark>leaks</mark>" in page


def test_words_in_an_order_that_many_mails_may_have_are_looked_for_by_walking(
    two: tuple[Conversation, Conversation], desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversation_search, "GLANCED", 1)
    monkeypatch.setattr(conversation_search, "LIKELY", {"words": 1, "words in order": 0})
    monkeypatch.setattr(conversation_search, "SCANNED", 2)
    many(2)
    Conversation.objects.filter(messages__isnull=False).update(last_message_at=timezone.now() - timedelta(days=1))
    assert found(desk, q='"is stuck"') == []
    assert found(desk, q="stuck") == ["A valve"]


def test_what_a_glance_found_stands_above_what_a_longer_walk_finds(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversation_search, "GLANCED", 3)
    monkeypatch.setattr(conversation_search, "RARE", 0)
    many(8)
    for talk in Conversation.objects.all():
        make_message("A needle", conversation=talk)
    assert found(desk, q="needle") == [f"Subject {number:03}" for number in (1, 0, 3, 2, 5, 4, 7, 6)]


@pytest.mark.parametrize("rare", [0, 100])
def test_a_long_search_asks_little(rare: int, desk: Client, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any) -> None:
    monkeypatch.setattr(conversation_search, "GLANCED", 2)
    monkeypatch.setattr(conversation_search, "SCANNED", 10)
    monkeypatch.setattr(conversation_search, "RARE", rare)
    many(30)
    make_message("The needle", conversation=Conversation.objects.order_by("-last_message_at")[6])
    desk.get("/conversations/?q=needle")
    with django_assert_max_num_queries(12):
        listing = desk.get("/conversations/?q=needle").context["listing"]
    assert len(listing.rows) == 1


def test_a_search_asks_little(two: tuple[Conversation, Conversation], desk: Client, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(12):
        desk.get("/conversations/?q=pump&attachment=1")


@pytest.mark.parametrize(
    "query",
    [
        f"before=2026-01-01T00:00:00Z&id={'9' * 5000}",
        "before=2026-01-01T00:00:00Z&id=²",
        "before=0001-01-01T00:00:00%2B14:00&id=1",
        "before=x&id=1",
        "before=2026-01-01T00:00:00Z&id=x",
        "q=%00",
        "before=2026-99-99T00:00:00Z&id=1",
        "before=2026-01-01&id=1",
        "since=2026-99-99",
        "until=9999-12-31",
        "since=0001-01-01",
        "mailbox=x&category=²&state=nothing",
    ],
)
def test_an_address_that_makes_no_sense_shows_the_newest(query: str, desk: Client) -> None:
    talk = make_conversation(subject="A pump")
    assert "A pump" in desk.get(f"/conversations/?{query}").content.decode()
    assert desk.get(f"/conversations/{talk.pk}/?{query}").status_code == 200


def test_an_empty_list_says_what_will_happen(desk: Client) -> None:
    assert "No conversations yet" in desk.get("/conversations/").content.decode()
    assert "Nothing found" in desk.get("/conversations/?q=x").content.decode()


def test_everything_that_happened_is_shown_in_order(desk: Client, ana: User) -> None:
    draft = ready_draft()
    decision = decisions.approve(draft=draft, by=ana)
    decisions.undo(decision=decision, by=ana)
    decisions.edit(draft=draft, text="What Ana wrote.", by=ana)
    page = desk.get(f"/conversations/{draft.conversation_id}/").content.decode()
    marks = ["Where is my order?", "wrote a draft", "Ana Sol approved the draft, taken back", "Ana Sol edited and approved the draft"]
    assert [page.index(mark) for mark in marks] == sorted(page.index(mark) for mark in marks)
    assert "What Ana wrote." in page


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ({"kind": "automatic"}, "Automatic"),
        ({"kind": "bounce"}, "Bounce"),
        ({"kind": "list"}, "Mailing list"),
        ({"state": "unreadable", "problem": "The bytes are no mail.", "from_address": "", "text": ""}, "The bytes are no mail."),
    ],
)
def test_every_kind_of_mail_is_visible(about: dict[str, str], words: str, desk: Client) -> None:
    message = make_message(**about)
    assert words in desk.get(f"/conversations/{message.conversation_id}/").content.decode()


def test_a_long_conversation_is_paged(desk: Client) -> None:
    talk = make_conversation()
    for number in range(70):
        make_message(f"Mail number {number:02}.", conversation=talk, received_at=timezone.now() - timedelta(minutes=70 - number))
    seen, address = "", f"/conversations/{talk.pk}/"
    while address:
        answer = desk.get(address)
        seen += answer.content.decode()
        address = answer.context["page"].earlier_url
    assert all(f"Mail number {number:02}." in seen for number in range(70))


def test_mails_of_the_same_second_are_all_shown(desk: Client) -> None:
    talk, at = make_conversation(), timezone.now()
    for number in range(70):
        make_message(f"Mail number {number:02}.", conversation=talk, received_at=at)
    seen, address = "", f"/conversations/{talk.pk}/"
    while address:
        answer = desk.get(address)
        seen += answer.content.decode()
        address = answer.context["page"].earlier_url
    assert all(f"Mail number {number:02}." in seen for number in range(70))


@pytest.mark.parametrize(
    ("is_hard", "is_delay", "words"),
    [
        (True, False, "A mail to ann@customer.example could not be delivered."),
        (None, False, "could not be delivered"),
        (False, False, "A mail to ann@customer.example could not be delivered for now."),
        (False, True, "A mail to ann@customer.example is delayed."),
    ],
)
def test_a_bounce_says_what_it_means(is_hard: bool | None, is_delay: bool, words: str, desk: Client) -> None:
    message = make_message(kind="bounce", bounce_recipients=["ann@customer.example"], bounce_is_hard=is_hard, bounce_is_delay=is_delay)
    assert words in desk.get(f"/conversations/{message.conversation_id}/").content.decode()


def test_a_hand_over_is_told_with_its_reason(desk: Client) -> None:
    draft = handed_over_draft()
    page = desk.get(f"/conversations/{draft.conversation_id}/").content.decode()
    assert "The assistant handed over: a fact is missing" in page
    assert Conversation.objects.count() == 1


def test_what_no_mail_says_is_found_nowhere_however_many_there_are(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversation_search, "GLANCED", 1)
    monkeypatch.setattr(conversation_search, "LIKELY", {"words": 1, "words in order": 1})
    many(3)
    assert found(desk, q="nowhere", attachment="1") == []


@pytest.mark.parametrize("asked", [{"q": "pump"}, {"attachment": "1"}])
def test_who_may_see_no_mailbox_finds_nothing(asked: dict[str, str]) -> None:
    make_message("A pump")
    limited, client = make_person(), Client()
    Profile.objects.create(user=limited, is_limited=True)
    client.force_login(limited)
    assert found(client, **asked) == []
