"""The page of one conversation: everything that happened, in true order, and what people do there."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from inbox.models import Conversation, Message
from review import conversation_acts, decisions
from review.models import Decision, LogEntry, Note, Profile
from tests.drafting.factories import make_conversation, make_message
from tests.review.factories import attach_upload, handed_over_draft, make_outgoing, make_person, ready_draft

pytestmark = pytest.mark.django_db
LARGEST = 60_000


def page_of(talk_id: int, desk: Client) -> str:
    return desk.get(f"/conversations/{talk_id}/").content.decode()


def in_order(page: str, *marks: str) -> bool:
    places = [page.index(mark) for mark in marks]
    return places == sorted(places)


def everything(talk: Conversation, desk: Client) -> str:
    seen, address = "", f"/conversations/{talk.pk}/"
    while address:
        answer = desk.get(address)
        seen = answer.content.decode() + seen
        address = answer.context["page"].earlier_url
    return seen


def test_everything_that_happened_is_shown_in_order(desk: Client, ana: User) -> None:
    draft = ready_draft()
    decision = decisions.approve(draft=draft, by=ana)
    decisions.undo(decision=decision, by=ana)
    decisions.edit(draft=draft, text="What Ana wrote.", by=ana)
    page = page_of(draft.conversation_id, desk)
    edited = "Ana Sol edited and approved the draft"
    assert in_order(page, "Where is my order?", "wrote a draft", "Ana Sol approved the draft, taken back", edited, "What Ana wrote.")


def test_an_approval_stands_above_the_mail_that_it_sent(desk: Client, ana: User) -> None:
    draft = ready_draft(body="The body that left.")
    mail = decisions.approve(draft=draft, by=ana).outgoing
    assert in_order(page_of(draft.conversation_id, desk), "Ana Sol approved the draft", f'id="outgoing-{mail and mail.pk}"')


def test_a_reply_by_hand_stands_where_it_was_written_not_where_it_was_taken_over(desk: Client, ana: User) -> None:
    draft = ready_draft()
    decision = decisions.take_over(draft=draft, by=ana)
    Decision.objects.filter(pk=decision.pk).update(decided_at=timezone.now() - timedelta(minutes=9))
    conversation_acts.note(conversation=draft.conversation, text="Asked the warehouse.", by=ana)
    decisions.reply(draft=draft, text="By hand.", by=ana)
    assert in_order(page_of(draft.conversation_id, desk), "Ana Sol took over", "Asked the warehouse.", "By hand.")


def test_what_colleagues_did_is_told(desk: Client, ana: User) -> None:
    draft = ready_draft()
    conversation_acts.assign(conversation=draft.conversation, to=ana, by=ana)
    conversation_acts.snooze(conversation=draft.conversation, until=timezone.now() + timedelta(days=1), by=ana)
    page = page_of(draft.conversation_id, desk)
    assert in_order(page, "Ana Sol assigned this conversation", "Ana Sol snoozed this conversation")
    assert "Snoozed until" in page


def test_a_long_run_of_log_entries_is_folded(desk: Client, ana: User) -> None:
    talk = make_message().conversation
    assert talk is not None
    for _ in range(7):
        conversation_acts.assign(conversation=talk, to=ana, by=ana)
    assert "<summary>7 entries" in page_of(talk.pk, desk)


def test_a_note_is_shown_once_and_never_as_a_log_entry(desk: Client, ana: User) -> None:
    talk = make_message().conversation
    assert talk is not None
    conversation_acts.note(conversation=talk, text="Mind the discount.", by=ana)
    page = page_of(talk.pk, desk)
    assert page.count("Mind the discount.") == 1
    assert "wrote a note" not in page


def test_a_bounce_and_the_mail_it_reports_lead_to_each_other(desk: Client, ana: User) -> None:
    message = make_message()
    mail = make_outgoing(by=ana, message=message)
    bounce = make_message(conversation=message.conversation, kind=Message.Kind.BOUNCE, references=[mail.message_id])
    page = page_of(mail.conversation_id, desk)
    assert f'href="#message-{bounce.pk}"' in page
    assert f'href="#outgoing-{mail.pk}"' in page
    assert in_order(page, f'id="outgoing-{mail.pk}"', f'href="#message-{bounce.pk}"', f'id="message-{bounce.pk}"')


def test_a_delay_is_told_as_one(desk: Client, ana: User) -> None:
    message = make_message()
    mail = make_outgoing(by=ana, message=message)
    make_message(conversation=message.conversation, kind=Message.Kind.BOUNCE, references=[mail.message_id], bounce_is_delay=True)
    page = page_of(mail.conversation_id, desk)
    assert ("This mail was delayed at" in page, "This mail bounced" in page) == (True, False)


def test_a_bounce_without_an_id_is_about_the_last_mail_to_that_recipient(desk: Client, ana: User) -> None:
    message = make_message()
    mail = make_outgoing(by=ana, message=message)
    make_message(conversation=message.conversation, kind=Message.Kind.BOUNCE, bounce_recipients=[mail.recipient.upper()])
    assert "This mail bounced at" in page_of(mail.conversation_id, desk)


def test_a_file_that_is_cut_says_so_in_the_list(desk: Client) -> None:
    message = make_message(flags=["truncated"])
    for position, (name, sha256) in enumerate({"whole.png": "f" * 64, "cut.png": ""}.items()):
        message.attachments.create(position=position, name=name, content_type="image/png", size=2048, sha256=sha256)
    page = page_of(message.conversation_id or 0, desk)
    assert page.count("only its start is kept, image/png") == 1
    assert in_order(page, "whole.png", "cut.png", "only its start is kept")


def test_files_on_a_reply_are_listed(desk: Client, ana: User) -> None:
    draft = ready_draft()
    upload = attach_upload(by=ana, conversation=draft.conversation, name="Invoice 7.pdf")
    decisions.take_over(draft=draft, by=ana)
    decisions.reply(draft=draft, text="See the file.", files=[upload], by=ana)
    page = page_of(draft.conversation_id, desk)
    assert "Invoice 7.pdf" in page
    assert f"/uploads/{upload.pk}/" in page


@pytest.mark.parametrize("count", [200])
def test_a_long_thread_is_small_and_asks_little_on_each_page(
    count: int, desk: Client, ana: User, django_assert_max_num_queries: Any
) -> None:
    talk, now = make_conversation(), timezone.now()
    for number in range(count):
        body = f"Mail number {number:03}. " + "Слова и ещё слова. " * 150
        make_message(body, conversation=talk, received_at=now - timedelta(minutes=count - number))
    ready_draft(message=talk.messages.order_by("-received_at")[0])
    seen, address = "", f"/conversations/{talk.pk}/"
    while address:
        with django_assert_max_num_queries(12):
            answer = desk.get(address)
        assert len(answer.content) < LARGEST
        seen += answer.content.decode()
        address = answer.context["page"].earlier_url
    assert all(f"Mail number {number:03}." in seen for number in range(count))


def test_what_happened_in_the_same_moment_is_all_shown_once(desk: Client, ana: User) -> None:
    talk, at = make_conversation(), timezone.now()
    for number in range(40):
        make_message(f"Mail {number:02}.", conversation=talk, received_at=at)
        Note.objects.create(conversation=talk, text=f"Note {number:02}.", by=ana)
    Note.objects.update(at=at)
    seen = everything(talk, desk)
    assert all(seen.count(f'id="message-{one.pk}"') == 1 for one in talk.messages.all())
    assert all(seen.count(f"Note {number:02}.") == 1 for number in range(40))


def test_inline_answers_are_never_folded(desk: Client) -> None:
    whole = "> Which size?\nThe large one.\n> Which colour?\nBlue.\n"
    message = make_message(text=whole, reply_text="The large one.\nBlue.")
    page = page_of(message.conversation_id or 0, desk)
    assert "&gt; Which size?" in page
    assert "Quoted text" not in page


def test_every_mail_that_is_cut_leads_to_its_whole_text(desk: Client, ana: User) -> None:
    message = make_message("A long question. " * 900)
    mail = make_outgoing(by=ana, message=message, body="A long answer. " * 900)
    page = page_of(mail.conversation_id, desk)
    assert page.count("Show the whole text") == 2
    for address in (f"/messages/{message.pk}/text/", f"/outgoing/{mail.pk}/text/"):
        assert f'href="{address}"' in page


def test_longer_texts_share_the_room_of_the_page_and_say_where_the_rest_is(desk: Client) -> None:
    talk = make_conversation()
    for _ in range(12):
        ready_draft(message=make_message(conversation=talk), body="Она отправлена третьего мая. " * 60)
    desk.force_login(make_person("manager"))
    page = desk.get(f"/conversations/{talk.pk}/").content
    assert len(page) < LARGEST
    assert "The rest is in the export of this conversation." in page.decode()


def test_a_reason_is_told_whole_where_there_is_room(desk: Client, ana: User) -> None:
    draft = ready_draft(body="It was sent on 3 May. " * 60)
    decisions.reject(draft=draft, reason="Why not. " * 150 + "That is all.", by=ana)
    page = page_of(draft.conversation_id, desk)
    assert "That is all." in page
    assert "The rest is in the export" not in page


def test_other_conversations_of_the_customer_are_near(desk: Client) -> None:
    talk = make_conversation(customer_address="ann@customer.example")
    other = make_conversation(customer_address="ann@customer.example", subject="An older matter", mailbox=talk.mailbox)
    assert f'href="/conversations/{other.pk}/"' in page_of(talk.pk, desk)


def test_other_conversations_in_mailboxes_of_others_are_not(ana: User) -> None:
    talk = make_conversation(customer_address="ann@customer.example")
    make_conversation(customer_address="ann@customer.example", subject="Behind a door")
    limited = make_person()
    Profile.objects.create(user=limited, is_limited=True).mailboxes.add(talk.mailbox)
    client = Client()
    client.force_login(limited)
    assert "Behind a door" not in page_of(talk.pk, client)


def test_a_conversation_is_closed_and_opened_again_and_both_are_recorded(desk: Client) -> None:
    talk = make_conversation()
    desk.post(f"/conversations/{talk.pk}/close/")
    talk.refresh_from_db()
    assert talk.state == Conversation.State.CLOSED
    desk.post(f"/conversations/{talk.pk}/reopen/")
    talk.refresh_from_db()
    assert talk.state == Conversation.State.OPEN
    assert list(LogEntry.objects.order_by("pk").values_list("act", flat=True)) == ["conversation.closed", "conversation.opened"]


def test_a_conversation_in_which_a_mail_waits_is_not_closed(desk: Client) -> None:
    draft = ready_draft()
    answer = desk.post(f"/conversations/{draft.conversation_id}/close/", follow=True)
    assert "still waits for a decision" in answer.content.decode()
    draft.conversation.refresh_from_db()
    assert draft.conversation.state != Conversation.State.CLOSED
    assert not LogEntry.objects.filter(act="conversation.closed").exists()


def test_a_note_that_is_too_long_comes_back_as_it_was_typed(desk: Client) -> None:
    talk = make_conversation()
    answer = desk.post(f"/conversations/{talk.pk}/note/", {"note": "x" * 5001})
    assert answer.status_code == 422
    assert "x" * 5001 in answer.content.decode()
    assert not Note.objects.exists()


def test_snoozing_waking_and_assigning_lead_back_to_the_page(desk: Client, ana: User) -> None:
    talk = make_message().conversation
    assert talk is not None
    for verb, said in [("snooze", {"until": "tomorrow"}), ("wake", {}), ("assign", {"to": str(ana.pk)})]:
        answer = desk.post(f"/conversations/{talk.pk}/{verb}/", said)
        assert answer.headers["Location"] == f"/conversations/{talk.pk}/"
    talk.refresh_from_db()
    assert (talk.assigned_to, talk.state) == (ana, Conversation.State.OPEN)


def test_who_may_only_read_is_offered_no_act_and_no_draft() -> None:
    draft = handed_over_draft()
    manager = Client()
    manager.force_login(make_person("manager"))
    page = page_of(draft.conversation_id, manager)
    assert "The assistant handed over" in page
    assert not [verb for verb in ("Write a reply", "Keep the note", "/close/", f"/queue/{draft.pk}/") if verb in page]


@pytest.mark.parametrize("query", ["before=x&id=1.2", "before=2026-01-01T00:00:00Z&id=9.9", "before=2026-01-01T00:00:00Z&id=²", "id=1"])
def test_an_address_that_makes_no_sense_shows_a_page(query: str, desk: Client) -> None:
    assert desk.get(f"/conversations/{make_conversation().pk}/?{query}").status_code == 200
