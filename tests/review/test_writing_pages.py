"""The pages on which people write: a reply by hand, and a new conversation."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from drafting.models import CustomerAddress
from inbox.models import Conversation, Mailbox, Message, OutgoingMail
from inbox.parsing import parse
from review import decisions, writing
from review.models import Decision, Profile
from tests.drafting.factories import make_conversation, make_customer, make_mailbox, make_message
from tests.review.factories import attach_upload, make_outgoing, ready_draft

pytestmark = pytest.mark.django_db


def answer(desk: Client, talk: Conversation, text: str = "By hand.", **values: object) -> tuple[int, str]:
    """Send a reply; the status, and the page or where it leads."""
    response = desk.post(f"/conversations/{talk.pk}/answer/", {"text": text, **values})
    return response.status_code, response.get("Location", "") or response.content.decode()


def test_a_reply_is_written_in_a_conversation_that_is_answered(desk: Client, ana: User) -> None:
    draft = ready_draft()
    decisions.approve(draft=draft, by=ana)
    page = desk.get(f"/conversations/{draft.conversation_id}/write/").content.decode()
    assert f'<option value="message:{draft.message_id}" selected>' in page
    status, where = answer(desk, draft.conversation, answers=f"message:{draft.message_id}")
    mail = OutgoingMail.objects.latest("pk")
    assert (status, where) == (302, f"/conversations/{draft.conversation_id}/?sent={mail.pk}")
    notice = desk.get(where).content.decode()
    assert "It leaves for ann@customer.example in a moment." in notice
    assert f'action="/outgoing/{mail.pk}/cancel/"' in notice


def test_a_draft_that_waits_is_taken_over_by_a_reply(desk: Client, ana: User) -> None:
    draft = ready_draft()
    assert f'href="/queue/{draft.pk}/"' in desk.get(f"/conversations/{draft.conversation_id}/write/").content.decode()
    answer(desk, draft.conversation)
    assert Decision.objects.get(draft=draft).kind == Decision.Kind.TAKEN_OVER


def test_the_newest_mail_of_the_customer_is_answered_unless_another_is_chosen(desk: Client) -> None:
    old = make_message("First", received_at=timezone.now() - timedelta(days=1))
    talk = old.conversation
    assert talk is not None
    new = make_message("Second", conversation=talk)
    answer(desk, talk)
    answer(desk, talk, answers=f"message:{old.pk}")
    assert list(OutgoingMail.objects.order_by("pk").values_list("in_reply_to", flat=True)) == [new.pk, old.pk]


def test_something_is_added_to_our_own_mail(desk: Client, ana: User) -> None:
    first = make_outgoing(by=ana)
    page = desk.get(f"/conversations/{first.conversation_id}/write/").content.decode()
    assert f'value="mail:{first.pk}"' in page
    answer(desk, first.conversation, answers=f"mail:{first.pk}")
    assert OutgoingMail.objects.latest("pk").recipient == first.recipient


def test_a_mail_of_another_conversation_is_not_answered_here(desk: Client) -> None:
    here, other = make_message(), make_message()
    assert here.conversation is not None
    answer(desk, here.conversation, answers=f"message:{other.pk}")
    assert OutgoingMail.objects.get().in_reply_to == here


def test_where_nobody_can_be_answered_the_page_says_so(desk: Client) -> None:
    bounce = make_message(kind=Message.Kind.BOUNCE)
    assert bounce.conversation is not None
    assert "Nobody can be answered" in desk.get(f"/conversations/{bounce.conversation_id}/write/").content.decode()
    assert answer(desk, bounce.conversation)[0] == 422


def test_bad_input_comes_back_with_all_that_was_typed(desk: Client, ana: User) -> None:
    draft = ready_draft()
    upload = attach_upload(by=ana, conversation=draft.conversation)
    status, page = answer(desk, draft.conversation, "On {day:date}.", file=[upload.pk])
    assert status == 409
    assert "{day:date} is still open" in page
    assert "On {day:date}.</textarea>" in page
    assert "paper.pdf" in page
    assert answer(desk, draft.conversation, " ")[0] == 422
    assert not OutgoingMail.objects.exists()


def test_a_colleagues_claim_keeps_the_text(desk: Client, ben: User) -> None:
    draft = ready_draft()
    decisions.take_over(draft=draft, by=ben)
    status, page = answer(desk, draft.conversation, "My words.")
    assert status == 409
    assert "Ben Orr took over" in page
    assert "My words.</textarea>" in page


def test_a_mail_by_hand_is_taken_back_to_where_it_was_written(desk: Client, ana: User) -> None:
    draft = ready_draft()
    decisions.approve(draft=draft, by=ana)
    answer(desk, draft.conversation, "My words.")
    mail = OutgoingMail.objects.latest("pk")
    where = desk.post(f"/outgoing/{mail.pk}/cancel/")["Location"]
    assert where == f"/conversations/{draft.conversation_id}/write/"
    assert "My words.</textarea>" in desk.get(where).content.decode()


NEW = {"recipient": "Ben@customer.example", "subject": "Your offer", "language": "de", "text": "Here it is."}


@pytest.fixture
def mailbox(db: None) -> Mailbox:
    return make_mailbox(signature="The Service")


def begin(desk: Client, to: Mailbox, **values: object) -> tuple[int, str]:
    response = desk.post("/conversations/new/send/", {"mailbox": to.pk, **NEW, **values})
    return response.status_code, response.get("Location", "") or response.content.decode()


def test_a_new_conversation_begins_with_a_mail_and_its_files(desk: Client, mailbox: Mailbox) -> None:
    file = SimpleUploadedFile("Angebot für Ben.pdf", b"%PDF-1.7 an offer")
    status, where = begin(desk, mailbox, files=[file])
    mail = OutgoingMail.objects.get()
    assert (status, where) == (302, f"/conversations/{mail.conversation_id}/?sent={mail.pk}")
    assert (mail.recipient, mail.subject, mail.body) == ("Ben@customer.example", "Your offer", "Here it is.\n\nThe Service")
    assert [one.name for one in parse(bytes(mail.mime)).attachments] == ["Angebot für Ben.pdf"]
    assert b'<html lang="de">' in bytes(mail.mime).replace(b"=3D", b"=").replace(b"=\r\n", b"")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"recipient": "ben"}, "Write one address"),
        ({"recipient": "a@x.example, b@x.example"}, "Write one address"),
        ({"subject": ""}, "Say what the mail is about"),
        ({"text": "For {name}."}, "{name} is still open"),
        ({"mailbox": 0}, "What you chose is not there any more."),
    ],
)
def test_bad_input_of_a_new_conversation_keeps_everything(desk: Client, mailbox: Mailbox, values: dict[str, object], words: str) -> None:
    status, page = begin(desk, mailbox, **values)
    assert status in {409, 422}
    assert words in page
    for typed in (NEW | values).values():
        assert str(typed) in page
    assert not Conversation.objects.exists()


def test_a_new_conversation_is_taken_back_to_its_page(desk: Client, mailbox: Mailbox) -> None:
    begin(desk, mailbox)
    where = desk.post(f"/outgoing/{OutgoingMail.objects.get().pk}/cancel/")["Location"]
    page = desk.get(where).content.decode()
    assert where == "/conversations/new/"
    assert 'value="Ben@customer.example"' in page
    assert "Here it is.</textarea>" in page


def test_a_new_conversation_that_was_begun_is_there_on_coming_back(desk: Client, mailbox: Mailbox) -> None:
    desk.post("/conversations/new/keep/", {"recipient": "ben@", "subject": "Offer", "text": "Dear", "mailbox": mailbox.pk, "box": "b"})
    page = desk.get("/conversations/new/").content.decode()
    assert 'value="ben@"' in page
    assert 'value="Offer"' in page
    assert "Dear</textarea>" in page


def test_nobody_writes_from_a_mailbox_that_they_may_not_see(desk: Client, ana: User, mailbox: Mailbox) -> None:
    Profile.objects.create(user=ana, is_limited=True).mailboxes.add(make_mailbox(name="Mine"))
    page = desk.get("/conversations/new/").content.decode()
    assert "Mine" in page
    assert mailbox.name not in page
    assert begin(desk, mailbox)[0] == 422


def test_addresses_are_suggested_by_how_they_begin(desk: Client, ana: User, mailbox: Mailbox) -> None:
    make_customer("anna@lee.example", name="Lee")
    CustomerAddress.objects.update(contact="Anna Lee")
    make_conversation(mailbox=mailbox, customer_address="annika@berg.example", customer_name="Annika Berg")
    make_conversation(customer_address="annabel@other.example")
    url = f"/conversations/new/recipients/?mailbox={mailbox.pk}&recipient="
    page = desk.get(f"{url}ANN").content.decode()
    assert '<option value="anna@lee.example">Anna Lee</option><option value="annika@berg.example">Annika Berg</option>' in page
    assert "annabel" not in page
    assert "<option" not in desk.get(f"{url}a").content.decode()


@pytest.mark.parametrize("path", ["write", "new"])
def test_the_pages_cost_few_queries_and_bytes_whatever_the_volume(desk: Client, ana: User, path: str) -> None:
    draft = ready_draft()
    for _ in range(30):
        make_message("Where is it? " * 200, conversation=draft.conversation)
        make_outgoing(by=ana, message=draft.message)
    for _ in range(5):
        attach_upload(by=ana, conversation=draft.conversation)
    writing.keep(by=ana, conversation=draft.conversation, box="b", text="Dear Ann")
    url = "/conversations/new/" if path == "new" else f"/conversations/{draft.conversation_id}/write/"
    desk.get(url)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page = desk.get(url)
    assert len(queries) <= 12
    assert len(page.content) <= 60_000
