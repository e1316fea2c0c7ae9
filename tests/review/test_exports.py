"""One conversation to take away, as JSON and as PDF."""

import io
import json
import time
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pypdf import PdfReader

from inbox.models import Conversation
from review import conversation_acts, decisions
from review.exports import sheets
from review.models import LogEntry, Profile
from tests.drafting.factories import make_conversation, make_message
from tests.review.factories import BODY, attach, make_person, ready_draft
from tests.review.planting.rows import eligible_draft, plant

pytestmark = pytest.mark.django_db


def as_json(talk: Conversation, desk: Client) -> Any:
    answer = desk.post(f"/conversations/{talk.pk}/export.json")
    return json.loads(b"".join(answer.streaming_content))  # type: ignore[attr-defined]


def as_words(talk: Conversation, desk: Client) -> str:
    answer = desk.post(f"/conversations/{talk.pk}/export.pdf")
    assert answer["Content-Type"] == "application/pdf"
    found = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    # pypdf tells both bytes of a code in a font with more than 256 signs.
    return " ".join(found.replace("\0", "").split())


@pytest.fixture
def edited(ana: User) -> Conversation:
    """A conversation whose draft Ana edited."""
    draft = ready_draft(body="Hello Ann,\n\nyour order is late.", failed=1)
    decisions.edit(draft=draft, text="Hello Ann,\n\nyour order is early.", by=ana)
    conversation_acts.note(conversation=draft.conversation, text="The carrier was quick.", by=ana)
    return draft.conversation


def test_json_has_the_dossier_of_each_draft(edited: Conversation, desk: Client) -> None:
    found = as_json(edited, desk)
    assert (found["format"], found["version"]) == ("countersign.conversation", 1)
    assert list(found)[-6:] == ["conversation", "messages", "drafts", "outgoing", "notes", "log"]
    [draft] = found["drafts"]
    [decision] = draft["decisions"]
    assert draft["evidence"][0]["answer"]["number"] == "SO-1007"
    assert [check["passed"] for check in draft["checks"]].count(False) == 1
    assert len(draft["setup"]["fingerprint"]) == 64
    assert decision["by"] == "Ana Sol"
    assert decision["changes"] == [" Hello Ann,", " ", "-your order is late.", "+your order is early."]
    assert found["outgoing"][0]["id"] == decision["outgoing"]
    assert found["notes"][0]["text"] == "The carrier was quick."


def test_the_pdf_says_it_in_words(edited: Conversation, desk: Client) -> None:
    said = as_words(edited, desk)
    for words in [
        "Where is my order?",
        "SO-1007",
        "FAILED. The language is not fine.",
        "-your order is late.",
        "+your order is early.",
        "Ana Sol edited and approved the draft",
        "The carrier was quick.",
        "fingerprint",
    ]:
        assert words in said


@pytest.mark.parametrize("words", ["Где мой заказ", "Πού είναι", "订单在哪里", "注文はどこ", "Größe ﬁ ąęő"])
def test_the_pdf_has_fonts_for_the_scripts_of_customers(words: str, desk: Client) -> None:
    message = make_message(text=words, reply_text="")
    assert message.conversation is not None
    assert words.replace("ﬁ", "fi") in as_words(message.conversation, desk).replace("ﬁ", "fi")


@pytest.mark.parametrize("words", ["أين طلبي", "היכן ההזמנה"])
def test_scripts_that_run_from_the_right_are_shaped_and_set(words: str, desk: Client) -> None:
    """A reader gives joined letters back in their own way; each of them is there."""
    message = make_message(text=words, reply_text="")
    assert message.conversation is not None
    said = as_words(message.conversation, desk)
    assert sheets.runs_from_right(words)
    assert "[U+" not in said
    assert set(words.replace(" ", "")) <= set(said)


def test_signs_that_no_font_has_are_shown_by_their_codes(desk: Client) -> None:
    message = make_message(text="Thanks 😀 안녕", reply_text="")
    assert message.conversation is not None
    said = as_words(message.conversation, desk)
    assert "Thanks [U+1F600] [U+C548][U+B155]" in said
    assert "Signs that no font here has are shown by their codes" in said


def test_files_are_named_in_both(desk: Client) -> None:
    message = make_message()
    attach(message, photo__png=b"\x89PNG")
    assert message.conversation is not None
    assert as_json(message.conversation, desk)["messages"][0]["attachments"][0]["name"] == "photo.png"
    assert "photo.png" in as_words(message.conversation, desk)


def test_each_export_is_recorded(edited: Conversation, desk: Client, ana: User) -> None:
    as_json(edited, desk)
    as_words(edited, desk)
    entries = LogEntry.objects.filter(act="conversation.exported", by=ana, conversation=edited).order_by("pk")
    assert list(entries.values_list("words", flat=True)) == ["As JSON.", "As PDF."]


def test_a_long_conversation_takes_bounded_time_and_says_what_is_left_out(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("review.exports.pdf.MOST_LETTERS", 40_000)
    talk = make_conversation()
    for number in range(60):
        make_message(f"Mail number {number:02}. " + "A few words more. " * 100, conversation=talk)
    begun = time.monotonic()
    said = as_words(talk, desk)
    assert time.monotonic() - begun < 30
    assert "Mail number 59." in said
    assert "Mail number 00." not in said
    assert "The JSON export has all of it." in said
    assert len(as_json(talk, desk)["messages"]) == 60


def test_a_mailbox_that_a_person_may_not_see_is_not_exported(edited: Conversation) -> None:
    limited = make_person()
    Profile.objects.create(user=limited, is_limited=True)
    client = Client()
    client.force_login(limited)
    for kind in ("json", "pdf"):
        assert client.post(f"/conversations/{edited.pk}/export.{kind}").status_code == 404
    assert not LogEntry.objects.filter(act="conversation.exported").exists()


@pytest.fixture
def planted(ana: User) -> Conversation:
    """A conversation whose draft waits, with an error planted in it for Ana."""
    draft = eligible_draft()
    plant(draft, ana)
    return draft.conversation


def test_who_reviews_does_not_read_the_draft_that_a_planted_one_lies_over(planted: Conversation, desk: Client) -> None:
    said = json.dumps(as_json(planted, desk)["drafts"], ensure_ascii=False) + as_words(planted, desk)
    assert "left our warehouse" not in said
    assert "is fine." not in said
    assert said.count("it waits in the queue") == 2


def test_nor_what_was_approved_of_it_before_and_taken_back(desk: Client, ana: User) -> None:
    draft = eligible_draft()
    decision = decisions.edit(draft=draft, text=f"{BODY}, at last", by=ana)
    decisions.undo(decision=decision, by=ana)
    found = as_json(draft.conversation, desk)
    said = json.dumps([found["drafts"], found["outgoing"]]) + as_words(draft.conversation, desk)
    assert "left our warehouse" not in said
    assert "at last" not in said


def test_who_does_not_review_reads_it(planted: Conversation) -> None:
    client = Client()
    client.force_login(make_person("manager"))
    [draft] = as_json(planted, client)["drafts"]
    assert (draft["body"], draft["left_out"]) == (BODY, "")
    assert "left our warehouse" in as_words(planted, client)


def test_what_is_decided_is_exported_whole(planted: Conversation, desk: Client) -> None:
    draft = planted.drafts.get()
    draft.state = draft.State.SUPERSEDED
    draft.save()
    assert as_json(planted, desk)["drafts"][0]["body"] == BODY
    assert "left our warehouse" in as_words(planted, desk)
