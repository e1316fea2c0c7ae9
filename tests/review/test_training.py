"""The training export: what was decided, masked, a line at a time; from the command and from the page."""

import json
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from drafting.models import Draft
from inbox.models import Message
from review import decisions, training
from review.models import Decision
from tests.drafting.factories import make_conversation, make_customer, make_message
from tests.review.factories import make_person, ready_draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(db: None) -> Draft:
    """A draft for a known customer, whose name, order and address stand everywhere."""
    customer = make_customer("ewa@customer.example", name="Nowak Maszyny", number="K-7431")
    customer.addresses.update(contact="Ewa Wójcik")
    conversation = make_conversation(subject="SO-1007 for Nowak", customer_name="Ewa W.")
    message = make_message("Where is SO-1007? Ewa Wojcik, ewa@customer.example", conversation=conversation, from_name="Ewa Wójcik")
    return ready_draft(message=message, customer=customer, body="Hello Ewa,\n\nyour order SO-1007 left on 3 November 2026.")


def exported(**about: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in training.lines(training.exportable(**about))]


def test_an_approved_draft_becomes_a_line_in_chat_format(draft: Draft, ana: User) -> None:
    Message.objects.update(text=f"{draft.message.text}\n\nPozdrawiam\nHalina Kos", reply_text="")
    decisions.approve(draft=draft, by=ana)
    (line,) = exported()
    assert [turn["role"] for turn in line["messages"]] == ["system", "user", "assistant"]
    material = json.loads(line["messages"][1]["content"])
    assert material["mail"] == {
        "subject": "[order number] for [name]",
        "text": "Where is [order number]? [name], [e-mail]\n\nPozdrawiam\n[name]",
    }
    assert material["evidence"][0]["answer"]["number"] == "[order number]"
    assert line["messages"][2]["content"] == "Hello [name],\n\nyour order [order number] left on 3 November 2026."
    about = line["countersign"]
    assert (about["verdict"], about["draft"], about["final_text"]) == ("approved", line["messages"][2]["content"], about["draft"])
    assert draft.setup is not None and about["fingerprint"] == draft.setup.fingerprint
    assert (about["category"], about["language"], about["decided_on"]) == ("order-status", "en", timezone.localdate().isoformat())


def test_an_edited_draft_has_both_texts_and_why(draft: Draft, ana: User) -> None:
    decisions.edit(draft=draft, text="Dear Ewa, it left. Ana Sol", by=ana, edit_reason="tone")
    (line,) = exported()
    assert line["messages"][2]["content"] == line["countersign"]["final_text"] == "Dear [name], it left. [name]"
    assert line["countersign"]["draft"].startswith("Hello [name]")
    assert (line["countersign"]["verdict"], line["countersign"]["edit_reason"]) == ("edited", "tone")


def test_what_was_answered_with_nothing_has_no_answer_to_learn(draft: Draft, ana: User) -> None:
    decisions.reject(draft=draft, reason="Ewa wants the date of SO-1007.", by=ana)
    (line,) = exported()
    assert [turn["role"] for turn in line["messages"]] == ["system", "user"]
    assert (line["countersign"]["verdict"], line["countersign"]["reason"]) == ("rejected", "[name] wants the date of [order number].")
    assert exported(only_replies=True) == []


def test_what_was_undone_is_left_out(draft: Draft, ana: User) -> None:
    decisions.undo(decision=decisions.approve(draft=draft, by=ana), by=ana)
    assert exported() == []


def test_a_draft_that_nobody_decided_is_left_out(draft: Draft) -> None:
    assert exported() == []


def test_a_mail_that_was_emptied_is_left_out(draft: Draft, ana: User) -> None:
    decisions.approve(draft=draft, by=ana)
    Message.objects.update(text="", reply_text="")
    assert exported() == []


def test_only_what_was_decided_since_a_day(draft: Draft, ana: User) -> None:
    decision = decisions.approve(draft=draft, by=ana)
    today = timezone.localdate()
    assert len(exported(since=today)) == 1
    Decision.objects.filter(pk=decision.pk).update(decided_at=timezone.now() - timedelta(days=2))
    assert exported(since=today) == []
    assert len(exported(since=today - timedelta(days=3))) == 1


def test_nothing_of_the_customer_is_in_a_line(draft: Draft, ana: User) -> None:
    decisions.edit(draft=draft, text="Ewa Wójcik (NOWAK), K-7431, order 1007 and so-1007, ewa@customer.example.", by=ana)
    (line,) = training.lines(training.exportable())
    for own in ("ewa", "wójcik", "wojcik", "nowak", "7431", "1007", "customer.example"):
        assert own not in line.lower().replace("customer number", "")


def test_rows_are_read_in_batches_however_many_there_are(ana: User) -> None:
    for _ in range(5):
        decisions.approve(draft=ready_draft(), by=ana)
    with CaptureQueriesContext(connection) as first:
        next(training.examples(training.exportable(), batch=2))
    assert len(first) <= 3
    with CaptureQueriesContext(connection) as every:
        assert len(list(training.examples(training.exportable(), batch=2))) == 5
    assert len(every) <= 3 * 3 + 1


def test_counting_stops_at_a_bound(draft: Draft, ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    decisions.approve(draft=draft, by=ana)
    assert training.count(training.exportable()) == (1, False)
    monkeypatch.setattr(training, "MOST_COUNTED", 0)
    assert training.count(training.exportable()) == (0, True)


def test_the_command_writes_a_file(draft: Draft, ana: User, tmp_path: Path) -> None:
    decisions.approve(draft=draft, by=ana)
    out, said = tmp_path / "training.jsonl", StringIO()
    call_command("export_training", "--since", date.today().isoformat(), "--out", str(out), stdout=said)
    assert len(out.read_text(encoding="utf-8").splitlines()) == 1
    assert "1 line in" in said.getvalue()
    assert list(tmp_path.iterdir()) == [out]


def test_the_command_says_what_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="write it as 2026-01-31"):
        call_command("export_training", "--since", "yesterday", "--out", str(tmp_path / "x"))
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export_training", "--out", str(tmp_path / "missing" / "x"))


@pytest.fixture
def admin_desk(db: None) -> Client:
    """An admin's browser that checks CSRF tokens."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_person("admin"))
    return client


def download(client: Client, **values: str) -> Any:
    token = str(client.get("/setup/training/").context["csrf_token"])
    return client.post("/setup/training/download/", {"csrfmiddlewaretoken": token, **values})


def test_the_page_says_how_many_lines_there_are_and_shows_the_first(admin_desk: Client, draft: Draft, ana: User) -> None:
    decisions.approve(draft=draft, by=ana)
    page = admin_desk.get("/setup/training/").content.decode()
    assert "1 line" in page and "[order number]" in page and "SO-1007" not in page
    assert "Nothing was decided" in admin_desk.get("/setup/training/?since=2999-01-01").content.decode()


def test_a_wrong_day_is_said_and_kept(admin_desk: Client) -> None:
    page = admin_desk.get("/setup/training/?since=soon").content.decode()
    assert "Write the day as 2026-01-31." in page and 'value="soon"' in page
    assert download(admin_desk, since="soon").status_code == 422


def test_the_file_is_streamed(admin_desk: Client, draft: Draft, ana: User) -> None:
    decisions.approve(draft=draft, by=ana)
    response = download(admin_desk, only_replies="on")
    assert response.streaming and "attachment" in response["Content-Disposition"]
    assert len(b"".join(response.streaming_content).splitlines()) == 1


def test_a_download_needs_a_token_and_a_post(admin_desk: Client) -> None:
    assert admin_desk.post("/setup/training/download/").status_code == 403
    assert admin_desk.get("/setup/training/download/").status_code == 405


def test_only_admins_may_export(ana: User) -> None:
    client = Client()
    client.force_login(ana)
    assert client.get("/setup/training/").status_code == 403
    assert client.post("/setup/training/download/").status_code == 403
