"""What an export says of each row, as plain data that JSON can hold. Times are ISO 8601 in UTC, durations as their names say."""

from datetime import UTC, datetime
from difflib import unified_diff
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Prefetch, QuerySet

from drafting.models import CheckResult, Draft, Evidence, Setup
from inbox.models import Conversation, Message, OutgoingMail
from review.desk import words
from review.models import Decision, LogEntry, Note

Data = dict[str, Any]
LEFT_OUT = "Its text is left out here: it waits in the queue, and is read where it is decided on."


def drafts(talk: Conversation) -> QuerySet[Draft]:
    """The drafts of a conversation with all that their dossiers hold."""
    return whole(Draft.objects.filter(conversation=talk))


def whole(found: QuerySet[Draft]) -> QuerySet[Draft]:
    """Drafts with all that their dossiers hold, oldest first."""
    decisions = Prefetch("decisions", Decision.objects.select_related("by").order_by("decided_at", "pk"))
    checks = Prefetch("checks", CheckResult.objects.order_by("position"))
    evidence = Prefetch("evidence", Evidence.objects.order_by("position"))
    found = found.select_related("category", "setup", "customer").defer("setup__parts", "facts")
    return found.prefetch_related(decisions, checks, evidence).order_by("created_at", "pk")


def waits(row: Draft) -> bool:
    """Whether the draft may yet be decided in the queue. There another text may be planted in it for a reviewer, who must not read its own
    elsewhere."""
    return row.state == Draft.State.READY and row.is_eligible


def waiting_mails(talk: Conversation) -> frozenset[int]:
    """The ids of mails that were called off, and whose drafts wait again."""
    waiting = Decision.objects.filter(draft__conversation=talk, draft__state=Draft.State.READY, draft__is_eligible=True)
    return frozenset(waiting.exclude(outgoing=None).values_list("outgoing", flat=True))


def conversation(talk: Conversation) -> Data:
    """How the conversation stands."""
    return {
        "id": talk.pk,
        "subject": talk.subject,
        "state": talk.state,
        "led_by": talk.led_by,
        "mailbox": {"name": talk.mailbox.name, "address": talk.mailbox.address},
        "customer": {"name": talk.customer_name, "address": talk.customer_address},
        "assigned_to": name(talk.assigned_to),
        "snoozed_until": time(talk.snoozed_until),
        "split_from": talk.split_from_id,
        "created_at": time(talk.created_at),
        "last_message_at": time(talk.last_message_at),
        "erased_at": time(talk.erased_at),
    }


def message(row: Message) -> Data:
    """A mail that came in."""
    files = [{"name": one.name, "content_type": one.content_type, "size": one.size, "sha256": one.sha256} for one in row.attachments.all()]
    return {
        "id": row.pk,
        "received_at": time(row.received_at),
        "kind": row.kind,
        "state": row.state,
        "message_id": row.message_id,
        "from": {"name": row.from_name, "address": row.from_address},
        "to": row.to,
        "cc": row.cc,
        "subject": row.subject,
        "language": row.language,
        "text": row.text or row.reply_text,
        "new_text": row.reply_text,
        "hidden_text": row.hidden_text,
        "authenticity": {"result": row.authenticity, "reason": row.authenticity_reason},
        "problem": row.problem,
        "attachments": files,
        "raw_sha256": row.raw_sha256,
        "erased_at": time(row.erased_at),
        "raw_erased_at": time(row.raw_erased_at),
    }


def draft(row: Draft, *, is_left_out: bool = False) -> Data:
    """The dossier of a draft that came from `drafts`; `is_left_out`: without its text and what tells of it (see `waits`)."""
    said = _draft(row)
    return said | _without_text(said) if is_left_out else said


def _without_text(said: Data) -> Data:
    return {
        "body": "",
        "asks": [],
        "atoms": [],
        "checks": [one | {"reason": ""} for one in said["checks"]],
        "decisions": [one | {"final_text": "", "changes": []} for one in said["decisions"]],
        "left_out": LEFT_OUT,
    }


def _draft(row: Draft) -> Data:
    return {
        "id": row.pk,
        "message": row.message_id,
        "state": row.state,
        "redraft_of": row.redraft_of_id,
        "instruction": row.instruction,
        "created_at": time(row.created_at),
        "finished_at": time(row.finished_at),
        "category": row.category.slug if row.category else None,
        "customer": {"number": row.customer.number, "name": row.customer.name} if row.customer else None,
        "setup": _setup(row.setup),
        "language": row.language,
        "body": row.body,
        "hand_over": {"reason": row.hand_over_reason, "words": row.hand_over_words} if row.hand_over_reason else None,
        "asks": row.asks,
        "atoms": row.atoms,
        "flags": row.flags,
        "passed_every_check": row.is_eligible,
        "checks": [{"code": one.code, "passed": one.passed, "reason": one.reason} for one in row.checks.all()],
        "evidence": [_evidence(one) for one in row.evidence.all()],
        "decisions": [_decision(one, row) for one in row.decisions.all()],
        "erased_at": time(row.erased_at),
        "left_out": "",
    }


def mail(row: OutgoingMail, *, is_left_out: bool = False) -> Data:
    """A mail of ours; `is_left_out`: without its text (see `waiting_mails`)."""
    files = [{"name": one.name, "content_type": one.content_type, "size": one.size, "sha256": one.sha256} for one in row.uploads.all()]
    return {
        "id": row.pk,
        "message_id": row.message_id,
        "in_reply_to": row.in_reply_to_id,
        "created_at": time(row.created_at),
        "by": name(row.queued_by),
        "recipient": row.recipient,
        "subject": row.subject,
        "text": LEFT_OUT if is_left_out else row.body,
        "state": row.state,
        "attempts": row.attempts,
        "last_error": row.last_error,
        "checked_before_sending": row.check_words,
        "sent_at": time(row.sent_at),
        "files": files,
        "erased_at": time(row.erased_at),
    }


def note(row: Note) -> Data:
    """A note of a colleague."""
    return {"id": row.pk, "at": time(row.at), "by": name(row.by), "text": row.text}


def log_entry(row: LogEntry) -> Data:
    """An entry of the audit log."""
    return {"id": row.pk, "at": time(row.at), "by": name(row.by), "act": row.act, "words": row.words}


def changes(before: str, after: str) -> list[str]:
    """What a person changed, line by line as in a unified diff: "-" taken out, "+" put in, " " left. Empty where nothing changed."""
    if before == after:
        return []
    lines = unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=1_000_000)
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


def _evidence(row: Evidence) -> Data:
    return {
        "id": row.pk,
        "tool": row.tool,
        "source": row.source,
        "question": row.question,
        "outcome": row.outcome,
        "answer": row.answer,
        "asked_by": row.asked_by,
        "milliseconds": row.milliseconds,
        "at": time(row.at),
    }


def _decision(row: Decision, of: Draft) -> Data:
    return {
        "id": row.pk,
        "kind": row.kind,
        "by": name(row.by),
        "decided_at": time(row.decided_at),
        "undone_at": time(row.undone_at),
        "seconds_open": row.seconds_open,
        "reason": row.reason,
        "edit_reason": row.edit_reason,
        "final_text": row.final_text,
        "changes": changes(of.body, row.final_text) if row.final_text and of.body else [],
        "outgoing": row.outgoing_id,
    }


def _setup(row: Setup | None) -> Data | None:
    return {"name": str(row), "fingerprint": row.fingerprint, "model": row.model} if row else None


def time(moment: datetime | None) -> str | None:
    """A time in UTC; None for none."""
    return moment.astimezone(UTC).isoformat() if moment else None


def name(user: User | None) -> str | None:
    """How colleagues call somebody; None for nobody."""
    return words.person(user) if user else None
