"""What each kind of data is, when it is due, and how it goes. Conversations that are open or snoozed are never touched.

But nobody closes what asks nothing of anybody: an open conversation in which there never was anything but newsletters, automatic mail, our
own mail and notices of a delay counts as done.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.lookups import IsNull
from django.utils import timezone

from drafting.models import Draft, Evidence, ModelCall
from inbox.models import Attachment, Conversation, Erasable, Message, OutgoingMail
from review import audit_log, uploads, writing
from review.autosend import switch
from review.desk.erased import SUBJECT
from review.models import Delivery, LogEntry, RetentionPeriod, Upload, Writing
from review.privacy import erasing, files, hindrances, matters
from review.reports.histories import SETTLED

Kind = RetentionPeriod.Kind
Rows = Callable[[datetime], "QuerySet[Any]"]
QUIET = (Conversation.State.WAITING, Conversation.State.CLOSED)
WORK = (Message.Kind.PERSON, Message.Kind.BOUNCE)
"""Kinds of messages that people see to, but for notices of a delay (as in `inbox.ingest.joining`)."""
LEFT = (OutgoingMail.State.SENT, OutgoingMail.State.FAILED, OutgoingMail.State.CANCELLED)
OVER = (Draft.State.DECIDED, Draft.State.SUPERSEDED)
REPORTED = (SETTLED, switch.STOPPED, switch.ALLOWED)
"""What reports tell of the past by entries of the audit log alone: that a person said of a mail that it was sent, and when all auto-send
was stopped and allowed again. Act, time, person and conversation stay; the words go, as with all other entries."""
WORDLESS: dict[str, Any] = {"about": SUBJECT, "words": "", "detail": {}}


@dataclass(frozen=True, slots=True)
class Rule:
    """Rows that are due once older than a point in time, and what takes their content away; it says of how many."""

    kind: str
    due: Rows
    remove: Callable[[Collection[int]], int]


def _in(*states: str, at: str) -> Q:
    return Q((f"{at}__state__in", states))


def _quiet(*, of: str = "conversation__") -> Q:
    """Rows whose conversation is done; `of` is the path to its fields."""
    messages = Message.objects.filter(conversation=OuterRef(f"{of}pk"), kind__in=WORK, bounce_is_delay=False)
    drafts = Draft.objects.filter(conversation=OuterRef(f"{of}pk"))
    is_nobodys = Q((f"{of}state", Conversation.State.OPEN)) & _none(messages) & _none(drafts)
    return Q((f"{of}state__in", QUIET)) | is_nobodys


def _none(rows: "QuerySet[Any]") -> Q:
    """As NOT EXISTS, which PostgreSQL would answer by reading all rows there are, once for each batch."""
    return Q(IsNull(Subquery(rows.values("pk")[:1]), True))


def _messages(before: datetime) -> "QuerySet[Message]":
    return Message.objects.filter(_quiet(), received_at__lt=before, raw_erased_at=None)


def _messages_with_files(before: datetime) -> "QuerySet[Message]":
    return _messages(before).filter(Exists(Attachment.objects.filter(message=OuterRef("pk"))))


def _mails(before: datetime) -> "QuerySet[OutgoingMail]":
    """Nothing else needs their bytes: they are in the Sent folder, or never will be."""
    done = OutgoingMail.objects.filter(_quiet(), state__in=LEFT, created_at__lt=before)
    return done.filter(Q(filed_at__isnull=False) | Q(file_due_at=None)).exclude(mime=b"")


def _mails_with_files(before: datetime) -> "QuerySet[OutgoingMail]":
    """Of those whose files are gone the bytes are gone too, so the files tell what is due."""
    kept = Upload.objects.filter(outgoing=OuterRef("pk"), erased_at=None)
    done = OutgoingMail.objects.filter(_quiet(), state__in=LEFT, created_at__lt=before)
    return done.filter(Exists(kept), Q(filed_at__isnull=False) | Q(file_due_at=None))


def _conversations(before: datetime) -> "QuerySet[Conversation]":
    newer = OutgoingMail.objects.filter(conversation=OuterRef("pk"), created_at__gte=before)
    return Conversation.objects.filter(_quiet(of=""), ~Exists(newer), last_message_at__lt=before, erased_at=None)


def _calls(before: datetime) -> "QuerySet[ModelCall]":
    return ModelCall.objects.filter(_quiet(of="draft__conversation__"), _in(*OVER, at="draft"), at__lt=before, erased_at=None)


def _evidence(before: datetime) -> "QuerySet[Evidence]":
    return Evidence.objects.filter(_quiet(of="draft__conversation__"), _in(*OVER, at="draft"), at__lt=before, erased_at=None)


def _log(before: datetime) -> "QuerySet[LogEntry]":
    rows = LogEntry.objects.filter(Q(conversation=None) | _quiet(), at__lt=before)
    return rows.exclude(act__startswith="privacy.").exclude(act__in=REPORTED)


def _log_of_reports(before: datetime) -> "QuerySet[LogEntry]":
    rows = LogEntry.objects.filter(Q(conversation=None) | _quiet(), act__in=REPORTED, at__lt=before)
    return rows.exclude(**WORDLESS)


def _deliveries(before: datetime) -> "QuerySet[Delivery]":
    return Delivery.objects.filter(created_at__lt=before).exclude(state=Delivery.State.WAITING)


def _uploads(before: datetime) -> "QuerySet[Upload]":
    return Upload.objects.filter(uploads.UNSENT, Q(conversation=None) | _quiet(), at__lt=before)


def _writings(before: datetime) -> "QuerySet[Writing]":
    return Writing.objects.filter(writing.UNSENT, Q(conversation=None) | _quiet(), at__lt=before)


def _remove_raw(ids: Collection[int]) -> int:
    return files.delete_raw(Message.objects.filter(pk__in=ids).only("raw_sha256"))


def _remove_mime(ids: Collection[int]) -> int:
    return OutgoingMail.objects.filter(pk__in=ids, state__in=LEFT).update(mime=b"", file_due_at=None)


def _remove_sent_files(ids: Collection[int]) -> int:
    number = _remove_mime(ids)
    Upload.objects.filter(outgoing__in=ids, erased_at=None).update(**_by_rule())
    transaction.on_commit(files.sweep_soon, robust=True)
    return number


def _remove_conversations(ids: Collection[int]) -> int:
    """Those in which something is on its way are left for later."""
    free = Conversation.objects.filter(_quiet(of=""), pk__in=ids).order_by("pk").select_for_update(skip_locked=True)
    pks = list(free.values_list("pk", flat=True))
    busy = {one.conversation for one in hindrances.against(matters.of_conversations(pks))}
    rest = [pk for pk in pks if pk not in busy]
    if rest:
        erasing.take_away(matters.of_conversations(rest), at=timezone.now(), why=Erasable.For.RULE)
    return len(rest)


def _remove_calls(ids: Collection[int]) -> int:
    return ModelCall.objects.filter(pk__in=ids).update(request={}, response="", error="", **_by_rule())


def _remove_evidence(ids: Collection[int]) -> int:
    found = Evidence.objects.filter(pk__in=ids)
    Draft.objects.filter(pk__in=list(found.values_list("draft", flat=True))).update(facts={})
    return found.update(question={}, answer=None, **_by_rule())


def _remove_words(ids: Collection[int]) -> int:
    return LogEntry.objects.filter(pk__in=ids).update(**WORDLESS)


def _delete(model: Any) -> Callable[[Collection[int]], int]:
    return lambda ids: model.objects.filter(pk__in=ids).delete()[0]


def _remove_uploads(ids: Collection[int]) -> int:
    return sum(uploads.remove(upload=one) for one in Upload.objects.filter(pk__in=ids))


def _by_rule() -> dict[str, Any]:
    return {"erased_at": timezone.now(), "erased_for": Erasable.For.RULE}


RULES = (
    Rule(Kind.RAW, _messages, _remove_raw),
    Rule(Kind.RAW, _mails, _remove_mime),
    Rule(Kind.ATTACHMENTS, _messages_with_files, _remove_raw),
    Rule(Kind.ATTACHMENTS, _mails_with_files, _remove_sent_files),
    Rule(Kind.MAIL, _conversations, _remove_conversations),
    Rule(Kind.MODEL_CALLS, _calls, _remove_calls),
    Rule(Kind.EVIDENCE, _evidence, _remove_evidence),
    Rule(Kind.AUDIT_LOG, _log, _delete(LogEntry)),
    Rule(Kind.AUDIT_LOG, _log_of_reports, _remove_words),
    Rule(Kind.DELIVERIES, _deliveries, _delete(Delivery)),
    Rule(Kind.UNSENT, _uploads, _remove_uploads),
    Rule(Kind.UNSENT, _writings, _delete(Writing)),
)


@transaction.atomic
def remove(rule: Rule, ids: Collection[int]) -> int:
    """Take the content of these rows away; says of how many."""
    with audit_log.erasing():
        return rule.remove(ids)
