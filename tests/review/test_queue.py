"""The queue page and its live list."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from drafting.models import Draft
from inbox.models import Conversation, Message
from review import claims, conversation_acts, decisions
from review.desk.queue import BESIDE, STEP
from tests.drafting.factories import make_category, make_conversation, make_mailbox, make_message
from tests.review.factories import activate, handed_over_draft, make_person, ready_draft, waiting_draft
from tests.review.samples import seed

LARGEST = 60_000


def test_the_queue_shows_each_draft_with_its_mark(desk: Client) -> None:
    ready_draft(message=make_message(from_name="Greta"))
    ready_draft(failed=2)
    handed_over_draft()
    waiting_draft()
    page = desk.get("/queue/").content.decode()
    for words in [
        "Greta",
        "Checks passed",
        "2 checks failed",
        "Handed over",
        "The model server does not answer.",
        "4 mails, 1 being written",
    ]:
        assert words in page


def test_a_mail_that_waits_longer_than_the_target_is_red(desk: Client) -> None:
    ready_draft(message=make_message(received_at=timezone.now() - timedelta(hours=5)))
    assert "age-red" in desk.get("/queue/").content.decode()


def test_an_empty_queue_says_why_and_what_to_do(desk: Client) -> None:
    assert "once an admin has added a mailbox" in desk.get("/queue/").content.decode()
    make_mailbox()
    assert "All done" in desk.get("/queue/").content.decode()
    filtered = desk.get("/queue/?gate=failed").content.decode()
    assert "No waiting mail fits these filters." in filtered
    assert "Nothing waits for you." not in filtered


def shown(desk: Client, query: str) -> set[str]:
    """The senders whose mail is in the list."""
    return {row.sender for row in desk.get(f"/queue/rows/?{query}").context["listing"].rows}


def test_filters_live_in_the_address(desk: Client, ana: User, ben: User) -> None:
    other, old = make_category("returns"), timezone.now() - timedelta(days=2)
    greta = ready_draft(message=make_message(from_name="Greta", received_at=old), category=other)
    heidi = ready_draft(message=make_message(from_name="Heidi"), failed=1)
    ivan = handed_over_draft(message=make_message(from_name="Ivan", language="fr"))
    claims.claim(draft=heidi, by=ana)
    for draft, person in ((greta, ben), (ivan, ana)):
        conversation_acts.assign(conversation=draft.conversation, to=person, by=ana)
    for query, expected in {
        f"category={other.pk}": {"Greta"},
        f"mailbox={heidi.conversation.mailbox_id}": {"Heidi"},
        "gate=failed": {"Heidi"},
        "gate=passed": {"Greta"},
        "gate=handed_over": {"Ivan"},
        "gate=failed&gate=handed_over": {"Heidi", "Ivan"},
        "whose=mine": {"Heidi", "Ivan"},
        "whose=nobody": {"Heidi"},
        "whose=mine&gate=handed_over": {"Ivan"},
        "late=1": {"Greta"},
        "language=fr": {"Ivan"},
        "q=greta": {"Greta"},
        "snoozed=1": set(),
    }.items():
        assert shown(desk, query) == expected, query


def test_the_address_keeps_every_filter(desk: Client) -> None:
    ready_draft()
    query = "category=3&mailbox=4&language=de&gate=failed&gate=handed_over&whose=mine&whose=nobody&late=1&q=x"
    assert desk.get(f"/queue/?{query}").context["filters"].query() == (
        "?category=3&mailbox=4&language=de&gate=failed&gate=handed_over&whose=mine&whose=nobody&late=1&q=x"
    )


def test_what_i_took_over_is_mine(desk: Client, ana: User) -> None:
    decisions.take_over(draft=handed_over_draft(message=make_message(from_name="Greta")), by=ana)
    assert shown(desk, "whose=mine") == {"Greta"}
    assert shown(desk, "gate=failed") == set()


def test_all_that_waits_is_counted_not_only_what_is_shown(desk: Client) -> None:
    for _ in range(33):
        ready_draft()
    waiting_draft()
    listing = desk.get("/queue/rows/").context["listing"]
    assert (len(listing.rows), listing.summary) == (STEP, "34 mails")
    assert "1 mail waits for the assistant" in listing.trouble


def test_the_list_comes_in_pieces_each_mail_once_missing_replies_first(desk: Client, ana: User) -> None:
    drafts = [ready_draft() for _ in range(2 * STEP + 3)]
    taken = [handed_over_draft() for _ in range(STEP + 2)]
    for draft in taken:
        decisions.take_over(draft=draft, by=ana)
    Conversation.objects.update(assigned_to=ana)
    address, seen, sizes = "/queue/?whose=mine", list[int](), list[int]()
    while address:
        listing = desk.get(address).context["listing"]
        seen += [row.draft_id for row in listing.rows]
        sizes.append(len(listing.rows))
        address = listing.later_url
    assert seen == [draft.pk for draft in [*taken, *drafts]]
    assert sizes == [STEP, STEP, STEP, 5]
    assert desk.get(listing.oldest_url).context["listing"].rows[0].draft_id == taken[0].pk


def test_what_is_decided_makes_room_for_the_next_in_the_same_piece(desk: Client, ana: User) -> None:
    drafts = [ready_draft() for _ in range(STEP + 3)]
    later = desk.get("/queue/").context["listing"].later_url
    assert [row.draft_id for row in desk.get(later).context["listing"].rows] == [draft.pk for draft in drafts[STEP:]]
    for draft in drafts[STEP:]:
        decisions.no_reply(draft=draft, by=ana)
    assert [row.draft_id for row in desk.get(later).context["listing"].rows] == [draft.pk for draft in drafts[:STEP]]


def test_beside_an_open_item_the_list_asks_for_the_rest_of_its_rows_at_once(desk: Client) -> None:
    drafts = [ready_draft() for _ in range(BESIDE + 1)]
    page = desk.get(f"/queue/{drafts[0].pk}/")
    assert len(page.context["listing"].rows) == BESIDE
    assert 'hx-trigger="load, every' in page.content.decode()
    rest = desk.get(f"/queue/rows/{page.context['listing'].poll_query}")
    assert len(rest.context["listing"].rows) == BESIDE + 1
    assert "load" not in rest.content.decode()


@pytest.mark.parametrize(
    "query",
    ["category=x", "mailbox=99999999999999999999", "after=-1", "after=1-9999999999999999-1", "after=0-0-x", "q=%00", "whose=everybody"],
)
def test_a_filter_that_makes_no_sense_is_none(query: str, desk: Client) -> None:
    ready_draft(message=make_message(from_name="Greta"))
    assert "Greta" in desk.get(f"/queue/?{query}").content.decode()


def test_what_i_took_over_stays_in_my_queue_alone(desk: Client, ana: User, ben: User) -> None:
    draft = handed_over_draft(message=make_message(from_name="Greta"))
    decisions.take_over(draft=draft, by=ana)
    assert "Your reply is missing" in desk.get("/queue/rows/").content.decode()
    desk.force_login(ben)
    assert "Greta" not in desk.get("/queue/rows/").content.decode()


def test_the_list_says_who_is_on_a_draft(desk: Client, ben: User) -> None:
    claims.claim(draft=ready_draft(), by=ben)
    assert "Ben Orr" in desk.get("/queue/rows/").content.decode()


def test_an_unchanged_list_is_not_sent_again(desk: Client) -> None:
    ready_draft()
    version = desk.get("/queue/rows/").context["listing"].version
    assert desk.get(f"/queue/rows/?version={version}").status_code == 204
    ready_draft()
    assert desk.get(f"/queue/rows/?version={version}").status_code == 200


def test_hostile_words_are_shown_as_text(desk: Client) -> None:
    evil = "<script>alert(1)</script>"
    talk = make_conversation(subject=evil, customer_name=evil)
    draft = ready_draft(message=make_message(evil, conversation=talk, from_name=evil, subject=evil), body=evil)
    for address in ["/queue/", f"/queue/{draft.pk}/", f"/conversations/{talk.pk}/", "/conversations/"]:
        assert "<script>alert" not in desk.get(address).content.decode()


@pytest.mark.parametrize("count", [1, 50])
def test_every_page_is_small_and_asks_little(count: int, desk: Client, ana: User, django_assert_max_num_queries: Any) -> None:
    drafts = seed(number=count, by=ana, colleague=make_person("reviewer"))
    addresses = ["/queue/", "/queue/rows/", "/conversations/", f"/conversations/{drafts[0].conversation_id}/", "/outgoing/"]
    for address in [*addresses, *(f"/queue/{draft.pk}/" for draft in drafts[:7])]:
        with django_assert_max_num_queries(12):
            response = desk.get(address)
        assert response.status_code == 200
        assert len(response.content) <= LARGEST, address


def test_a_long_conversation_does_not_make_a_large_page(desk: Client) -> None:
    talk = make_conversation()
    long = "A line that says little.\n" * 4000
    for minutes in range(40):
        make_message(long, conversation=talk, received_at=timezone.now() - timedelta(minutes=40 - minutes))
    draft = ready_draft(message=Message.objects.latest("received_at"))
    page = desk.get(f"/queue/{draft.pk}/")
    assert len(page.content) <= LARGEST
    assert "Show the whole text" in page.content.decode()


def test_the_model_being_away_is_said_on_every_page(desk: Client) -> None:
    activate()
    waiting_draft()
    page = desk.get("/conversations/").content.decode()
    assert "1 mail waits for the assistant" in page
    assert "The model server does not answer." in page


def test_the_queue_says_once_on_top_what_the_assistant_waits_for(desk: Client) -> None:
    ready_draft()
    version = desk.get("/queue/rows/").context["listing"].version
    for _ in range(3):
        waiting_draft()
    page = desk.get(f"/queue/rows/?version={version}").content.decode()
    assert page.count("3 mails wait for the assistant: The model server does not answer. You can take") == 1
    assert "for the assistant" not in desk.get("/queue/rows/?gate=failed").content.decode()


def test_the_stand_in_is_named_while_it_is_in_use(desk: Client) -> None:
    activate(is_standin=True)
    assert "Stand-in model" in desk.get("/queue/").content.decode()


def test_a_written_draft_is_oldest_first(desk: Client) -> None:
    first, second = ready_draft(), ready_draft()
    Draft.objects.filter(pk=second.pk).update(created_at=timezone.now() - timedelta(hours=1))
    rows = desk.get("/queue/rows/").context["listing"].rows
    assert [row.draft_id for row in rows] == [second.pk, first.pk]


def test_the_rail_counts_what_waits_and_not_what_is_snoozed(desk: Client, ana: User) -> None:
    ready_draft()
    conversation_acts.snooze(conversation=ready_draft().conversation, until=timezone.now() + timedelta(hours=1), by=ana)
    links = desk.get("/conversations/").context["frame"].links
    assert [link.count for link in links if link.name == "Queue"] == [1]
