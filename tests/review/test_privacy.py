"""The privacy page: find a person, take it away, erase it; how long what is kept."""

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from drafting.models import Draft, Replay, ReplayRun
from inbox.models import Attachment, Message, OutgoingMail
from review import privacy, team
from review.models import Decision, Erasure, LogEntry, RetentionPeriod, Upload
from review.permissions import Role
from review.privacy import retention
from tests.drafting.factories import make_mailbox, make_message
from tests.review.factories import make_person
from tests.review.privacy.people import ANN, SECRET, answered, known_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    """An admin."""
    return make_person("admin", "ada", first_name="Ada", last_name="Voss")


@pytest.fixture
def client(ada: User) -> Client:
    """Her browser."""
    client = Client()
    client.force_login(ada)
    return client


def page(client: Client, url: str, **values: Any) -> str:
    return client.post(url, values, follow=True).content.decode()


def test_it_is_in_the_menu_of_admins_who_see_all_mailboxes_and_only_theirs(client: Client) -> None:
    assert 'href="/privacy/"' in client.get("/setup/").content.decode()
    lea = make_person("", "lea")
    team.give(person=lea, roles=list(Role), mailboxes=[make_mailbox()])
    client.force_login(User.objects.get(pk=lea.pk))
    assert 'href="/privacy/"' not in client.get("/setup/").content.decode()
    assert client.get("/privacy/").status_code == 403


def test_finding_says_how_much_there_is_of_what_and_what_stays(client: Client) -> None:
    answered()
    said = page(client, "/privacy/person/", addresses=f"  {ANN.upper()} ")
    assert "<dt>Mails from the person</dt><dd>1</dd>" in said and "Type ann@customer.example to erase it for good" in said
    assert "What stays" in said and "mail server" in said


def test_who_is_not_known_is_said_to_be_so(client: Client) -> None:
    said = page(client, "/privacy/person/", addresses=ANN)
    assert "There is nothing about this person" in said and "/privacy/person/export/" not in said


@pytest.mark.parametrize(("typed", "words"), [("", "Write the person&#x27;s mail address"), ("ann", "is no mail address")])
def test_what_is_no_address_comes_back_with_a_word_about_it(typed: str, words: str, client: Client) -> None:
    for url in ("/privacy/person/", "/privacy/person/export/", "/privacy/person/erase/"):
        answer = client.post(url, {"addresses": typed})
        assert answer.status_code == 422 and words in answer.content.decode()


def test_somebody_who_is_only_in_the_customer_table_can_have_that(client: Client) -> None:
    known_customer()
    said = page(client, "/privacy/person/", addresses=ANN)
    assert "There is nothing about this person that could be erased." in said and 'action="/privacy/person/export/"' in said


def test_an_export_is_an_archive(client: Client, ada: User) -> None:
    answered()
    answer = client.post("/privacy/person/export/", {"addresses": ANN})
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as packed:  # type: ignore[attr-defined]
        assert "mails.csv" in packed.namelist()
    assert LogEntry.objects.get(act="privacy.exported").by == ada


def test_erasing_takes_the_address_typed_again(client: Client) -> None:
    draft = answered()
    answer = client.post("/privacy/person/erase/", {"addresses": ANN, "typed": "ann@customer"})
    assert answer.status_code == 422 and "Nothing was erased" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.body


def test_what_was_erased_is_in_the_list_without_the_person(client: Client, ada: User) -> None:
    answered()
    said = page(client, "/privacy/person/erase/", addresses=ANN, typed=f" {ANN.upper()} ")
    assert "Erased." in said and "mails from the person 1" in said and "Ada Voss" in said and ANN not in said
    assert Erasure.objects.get().by == ada
    assert "Erased by Ada Voss" in page(client, "/privacy/person/", addresses=ANN)


def test_what_stands_against_it_is_listed_with_the_way_there(client: Client) -> None:
    message = make_message()
    said = page(client, "/privacy/person/", addresses=ANN)
    assert "It cannot be erased yet" in said and f'href="/conversations/{message.conversation_id}/"' in said
    answer = client.post("/privacy/person/erase/", {"addresses": ANN, "typed": ANN})
    assert answer.status_code == 409 and "Nothing was erased. A mail has just come in" in answer.content.decode()


def test_the_address_leaves_the_customer_table_when_asked_for(client: Client) -> None:
    known_customer()
    assert "customer table too" in page(client, "/privacy/person/", addresses=ANN)
    assert "nothing to erase" in page(client, "/privacy/person/erase/", addresses=ANN, typed=ANN)
    assert "Erased." in page(client, "/privacy/person/erase/", addresses=ANN, typed=ANN, with_rows="on")


def test_new_periods_are_shown_with_what_they_would_remove_before_they_are_saved(client: Client) -> None:
    answered()
    said = page(client, "/privacy/retention/", model_calls="30")
    assert "Requests to the model</strong>: for ever → 30 days, would remove nothing now." in said and "save/" in said
    assert not RetentionPeriod.objects.exists()
    assert "Saved." in page(client, "/privacy/retention/save/", model_calls="30")
    assert retention.days()["model_calls"] == 30
    assert "Nothing changed." in page(client, "/privacy/retention/save/", model_calls="30")
    assert "30 days → for ever" in page(client, "/privacy/retention/")


def test_what_is_counted_in_the_preview_is_what_would_go(client: Client) -> None:
    draft = answered()
    draft.model_calls.update(at=timezone.now() - timedelta(days=40))
    assert "would remove 1 now" in page(client, "/privacy/retention/", model_calls="30")


@pytest.mark.parametrize(("typed", "words"), [("3", "Keep it for 7 days at least"), ("x", "a whole number of days"), ("99999", "at most")])
def test_a_period_that_makes_no_sense_comes_back_with_a_word_about_it(typed: str, words: str, client: Client) -> None:
    for url in ("/privacy/retention/", "/privacy/retention/save/"):
        answer = client.post(url, {"mail": typed})
        assert answer.status_code == 422 and words in answer.content.decode()
    assert not RetentionPeriod.objects.exists()


def gone() -> str:
    return f"Erased on {timezone.localdate().day} "


def erased() -> Draft:
    draft = answered()
    privacy.erase(addresses=[ANN], by=None, dry_run=False)
    return draft


def test_a_conversation_says_that_it_was_erased_and_offers_nothing_to_do(client: Client) -> None:
    talk = erased().conversation
    said = client.get(f"/conversations/{talk.pk}/").content.decode()
    assert "(erased)" in said and said.count(gone()) >= 3 and "Write a reply" not in said and SECRET not in said


def test_every_page_that_showed_it_says_that_it_is_gone(client: Client) -> None:
    draft = erased()
    mail, run = OutgoingMail.objects.get(), ReplayRun.objects.get()
    for url in (
        f"/queue/{draft.pk}/",
        f"/outgoing/{mail.pk}/",
        f"/messages/{draft.message_id}/text/",
        f"/setup/replays/{Replay.objects.get().pk}/mails/{run.pk}/",
    ):
        answer = client.get(url)
        assert answer.status_code == 200 and gone() in answer.content.decode() and SECRET not in answer.content.decode(), url


def test_lists_go_on_with_what_is_left(client: Client) -> None:
    draft = erased()
    attempt = draft.ledger_entry.attempt
    for url in ("/conversations/", "/outgoing/", "/audit-log/", "/queue/", f"/automation/{attempt.category_id}/ledger/"):
        answer = client.get(url)
        assert answer.status_code == 200 and SECRET not in answer.content.decode(), url
    found = client.get(f"/conversations/?q={SECRET}").content.decode()
    assert f"/conversations/{draft.conversation_id}/" not in found


def test_a_file_that_was_erased_says_so(client: Client) -> None:
    erased()
    answer = client.get(f"/attachments/{Attachment.objects.get().pk}/")
    assert answer.status_code == 404 and gone() in answer.content.decode()
    assert client.get(f"/uploads/{Upload.objects.get().pk}/").status_code == 404


def test_an_attachment_that_a_rule_removed_says_so(client: Client, ada: User) -> None:
    draft = answered()
    Message.objects.filter(pk=draft.message_id).update(raw_erased_at=timezone.now())
    answer = client.get(f"/attachments/{Attachment.objects.get().pk}/")
    assert answer.status_code == 404 and "removed by the retention rule" in answer.content.decode()
    assert SECRET in client.get(f"/conversations/{draft.conversation_id}/").content.decode()


def test_exports_of_the_conversation_say_when_it_was_erased(client: Client) -> None:
    talk = erased().conversation
    told = client.post(f"/conversations/{talk.pk}/export.json")
    content = b"".join(told.streaming_content).decode()  # type: ignore[attr-defined]
    assert '"raw_erased_at": null' in content and SECRET not in content and '"erased_at": "' in content
    assert client.post(f"/conversations/{talk.pk}/export.pdf").status_code == 200


def test_nothing_can_be_flagged_or_taken_back_any_more(client: Client) -> None:
    draft = erased()
    mail = OutgoingMail.objects.get()
    client.post(f"/outgoing/{mail.pk}/flag/", {"kind": "leak", "words": "It was wrong."})
    assert draft.late_flags.count() == 1
    client.post(f"/decisions/{Decision.objects.get().pk}/undo/")
    assert Decision.objects.get().undone_at is None
