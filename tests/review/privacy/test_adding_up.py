"""Reports and the proof of auto-send say the same before and after a person was erased."""

import io
import json
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from drafting.models import Draft
from inbox.models import Conversation, Message, OutgoingMail
from review import audit_log, decisions, privacy, training
from review.ledger import export
from review.models import Attempt, Decision, Outcome, Spread, Tally
from review.privacy import erasing, matters, places, retention
from review.reports import rolling
from tests.drafting.factories import make_conversation, make_message
from tests.review.factories import make_outgoing, make_person
from tests.review.ledger.rows import make_terms
from tests.review.privacy.people import ANN, SECRET, answered, settled
from tests.review.reports.random_mail import RandomMail
from tests.review.reports.test_outcomes import automatic

pytestmark = pytest.mark.django_db


def figures() -> list[list[dict[str, Any]]]:
    """Everything that a report is made of, after all was counted anew."""
    rolling.touch_all()
    rolling.roll_all()
    tables = (Outcome.objects.order_by("pk"), Tally.objects.order_by("pk"), Spread.objects.order_by("pk"))
    return [[{name: value for name, value in row.items() if name != "id"} for row in rows.values()] for rows in tables]


@pytest.mark.parametrize("seed", range(4))
def test_no_figure_rests_on_what_was_said(seed: int) -> None:
    """Whatever state a conversation is in: here nothing stands against erasing."""
    mail = RandomMail(seed)
    for _ in range(150):
        mail.step()
    Message.objects.filter(kind="bounce").update(bounce_recipients=[ANN])
    Draft.objects.filter(state="ready").update(state="decided")
    matter = matters.of_conversations(Conversation.objects.values_list("pk", flat=True))
    before = figures()
    with audit_log.erasing():
        erasing._keep_bounces(matter)
        places.erase(matter, at=timezone.now(), why="person")
    assert Draft.objects.exclude(erased_at=None).count() > 5
    assert figures() == before


def test_a_mail_that_bounced_is_still_one_that_bounced() -> None:
    talk = make_conversation(state="waiting")
    message = make_message(conversation=talk, **settled())
    mail = make_outgoing(by=make_person(), message=message)
    bounce = {"kind": "bounce", "bounce_recipients": [ANN], "from_address": "mailer-daemon@mx.example"}
    make_message(conversation=talk, received_at=timezone.now() + timedelta(minutes=1), **settled() | bounce)
    before = figures()
    assert before[0][0]["bounced"] == 1
    privacy.erase(addresses=[ANN], by=None, dry_run=False)
    assert figures() == before
    mail.refresh_from_db()
    assert mail.last_error == "It came back."


def test_the_figures_of_an_answered_mail_are_the_same_whoever_asked_for_erasing() -> None:
    answered()
    before = figures()
    assert before[0][0]["edited"] == 1 and before[0][0]["prompt_tokens"] == 120
    privacy.erase(addresses=[ANN], by=None, dry_run=False)
    assert figures() == before


def test_the_figures_are_the_same_after_the_retention_rules() -> None:
    answered()
    before = figures()
    retention.save(days_by_kind=dict.fromkeys(retention.days(), 30), by=make_person("admin"))
    assert retention.apply(at=timezone.now() + timedelta(days=31))["mail"] == 1
    assert figures() == before


def test_that_a_person_was_needed_to_say_that_a_reply_left_outlives_the_audit_log() -> None:
    ana, draft = make_person(), automatic().draft
    Conversation.objects.update(state="waiting")
    OutgoingMail.objects.update(state="maybe_sent", sent_at=None, dot_sent_at=timezone.now())
    decisions.resolve(mail=OutgoingMail.objects.get(), was_sent=True, by=ana)
    before = figures()
    assert [(row["message_id"], row["auto_sent"], row["automated"]) for row in before[0]] == [(draft.message_id, 1, 0)]
    retention.save(days_by_kind=retention.days() | {"audit_log": 30}, by=make_person("admin"))
    retention.apply(at=timezone.now() + timedelta(days=31))
    assert figures() == before


def test_the_ledger_and_what_anybody_recomputes_from_it_are_the_same(tmp_path: Path) -> None:
    for _ in range(3):
        draft = answered()
    attempt = Attempt.objects.get()
    make_terms(attempt.category)
    before = unpacked(attempt, tmp_path / "before")
    privacy.erase(addresses=[ANN], by=None, dry_run=False)
    after = unpacked(attempt, tmp_path / "after")
    assert before == after and len(after["entries"]) == 3 and after["result"]["n"] == 3
    script = tmp_path / "after" / "recompute.py"
    said = subprocess.run([sys.executable, "-I", str(script)], capture_output=True, text=True, timeout=60, check=False)
    assert said.returncode == 0 and "The files agree with this." in said.stdout
    assert SECRET not in (tmp_path / "after" / "ledger.json").read_text() and draft.pk in {one["draft"] for one in after["entries"]}


def unpacked(attempt: Attempt, folder: Path) -> dict[str, Any]:
    with zipfile.ZipFile(io.BytesIO(export.archive(attempt))) as packed:
        packed.extractall(folder)
    told: dict[str, Any] = json.loads((folder / "ledger.json").read_text(encoding="utf-8"))
    return told | {"exported_at": ""}


def test_how_well_reviewers_catch_errors_is_the_same() -> None:
    from review import planting

    answered()
    before = planting.rates()
    privacy.erase(addresses=[ANN], by=None, dry_run=False)
    assert planting.rates() == before


def test_the_training_export_has_only_what_is_left() -> None:
    answered()
    assert training.exportable().count() == 1
    privacy.erase(addresses=[ANN], by=None, dry_run=False)
    assert training.exportable().count() == 0 and Decision.objects.count() == 1


def test_what_was_looked_up_and_is_gone_leaves_the_training_export_as_nobody_knows_what_to_mask() -> None:
    answered()
    retention.save(days_by_kind={"evidence": 30}, by=make_person("admin"))
    retention.apply(at=timezone.now() + timedelta(days=31))
    assert training.exportable().count() == 0


def test_after_a_planted_draft_was_erased_mails_can_leave_in_its_conversation() -> None:
    draft = answered()
    privacy.erase(addresses=[ANN], by=None, dry_run=False)
    message = make_message(conversation=draft.conversation, **settled())
    assert make_outgoing(by=make_person(), message=message).pk
