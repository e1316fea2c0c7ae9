"""Decisions and entries of the audit log know their mailbox, whoever writes them and however old they are."""

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection

from review import access, audit_log, decisions
from review.models import Decision, LogEntry
from tests.review.factories import make_person, ready_draft
from tests.review.test_access import limit

pytestmark = pytest.mark.django_db


def test_a_decision_is_of_the_mailbox_of_its_conversation(ana: User) -> None:
    draft, other = ready_draft(), ready_draft()
    decision = decisions.approve(draft=draft, by=ana)
    decisions.approve(draft=other, by=ana)
    decision.refresh_from_db()
    assert decision.mailbox == draft.conversation.mailbox
    assert list(access.decisions(limit(make_person(), draft.conversation.mailbox))) == [decision]


def test_an_entry_is_of_the_mailbox_of_its_conversation_or_of_none(ana: User) -> None:
    talk = ready_draft().conversation
    about = audit_log.record(act="conversation.closed", by=ana, conversation=talk)
    beside = audit_log.record(act="person.signed_in", by=ana)
    about.refresh_from_db()
    beside.refresh_from_db()
    assert (about.mailbox, beside.mailbox) == (talk.mailbox, None)


def test_what_was_written_before_is_filled_in_some_rows_at_a_time(ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    drafts = [ready_draft() for _ in range(3)]
    for draft in drafts:
        decisions.approve(draft=draft, by=ana)
        audit_log.record(act="conversation.closed", by=ana, conversation=draft.conversation)
    audit_log.record(act="person.signed_in", by=ana)
    with audit_log.erasing():
        Decision.objects.update(mailbox=None)
        LogEntry.objects.update(mailbox=None)
    migration = import_module("review.migrations.0023_mailboxes_filled")
    monkeypatch.setattr(migration, "AT_ONCE", 2)
    with connection.schema_editor() as editor:
        migration.fill(apps, editor)
    assert [decision.mailbox for decision in Decision.objects.order_by("pk")] == [draft.conversation.mailbox for draft in drafts]
    told = LogEntry.objects.filter(act="conversation.closed").order_by("pk")
    assert [entry.mailbox for entry in told] == [draft.conversation.mailbox for draft in drafts]
    assert LogEntry.objects.get(act="person.signed_in").mailbox is None
