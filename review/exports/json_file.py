"""A conversation as JSON, written piece by piece, so that a long one takes no more memory than a short one.

The shape, version 1; later versions only add names. Times are ISO 8601 in UTC, null where there is none.

    {"format": "countersign.conversation", "version": 1, "exported_at": time, "exported_by": name,
     "conversation": {"id", "subject", "state", "led_by", "mailbox": {"name", "address"}, "customer": {"name", "address"},
                      "assigned_to", "snoozed_until", "split_from", "created_at", "last_message_at", "erased_at"},
     "messages": [{"id", "received_at", "kind", "state", "message_id", "from": {"name", "address"}, "to", "cc", "subject", "language",
                   "text", "new_text", "hidden_text", "authenticity": {"result", "reason"}, "problem",
                   "attachments": [{"name", "content_type", "size", "sha256"}], "raw_sha256", "erased_at", "raw_erased_at"}],
     "drafts": [{"id", "message", "state", "redraft_of", "instruction", "created_at", "finished_at", "category",
                 "customer": {"number", "name"}, "setup": {"name", "fingerprint", "model"}, "language", "body",
                 "hand_over": {"reason", "words"}, "asks", "atoms", "flags", "passed_every_check",
                 "checks": [{"code", "passed", "reason"}],
                 "evidence": [{"id", "tool", "source", "question", "outcome", "answer", "asked_by", "milliseconds", "at"}],
                 "decisions": [{"id", "kind", "by", "decided_at", "undone_at", "seconds_open", "reason", "edit_reason", "final_text",
                                "changes", "outgoing"}], "erased_at", "left_out"}],
     "outgoing": [{"id", "message_id", "in_reply_to", "created_at", "by", "recipient", "subject", "text", "state", "attempts",
                   "last_error", "checked_before_sending", "sent_at", "files": [as attachments],
                   "erased_at"}],
     "notes": [{"id", "at", "by", "text"}],
     "log": [{"id", "at", "by", "act", "words"}]}

"message" and "in_reply_to" name messages by their "id", "outgoing" a mail of ours. "changes" are the lines of a unified diff between
the draft's "body" and the decision's "final_text". "seconds_open" is how long the person had the draft open before deciding.
"left_out" says why a draft comes without its text, "" where it has it: whoever reviews drafts reads those that wait where they decide.
"erased_at" is when the content of a row was erased, "raw_erased_at" when the bytes of a mail, attachments included, went from storage.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC
from itertools import chain
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from inbox.models import Conversation, Message, OutgoingMail
from review.desk import words
from review.exports import dossier
from review.models import LogEntry, Note

FORMAT, VERSION = "countersign.conversation", 1
AT_ONCE = 100


def lines(talk: Conversation, *, by: User, leaves_out: bool = False) -> Iterator[str]:
    """The file in pieces. `talk` comes with its mailbox; `leaves_out` the texts of drafts that wait, for who reviews them."""
    about = {
        "format": FORMAT,
        "version": VERSION,
        "exported_at": timezone.now().astimezone(UTC).isoformat(),
        "exported_by": words.person(by),
        "conversation": dossier.conversation(talk),
    }
    yield _json(about)[:-1]
    for name, rows in _lists(talk, leaves_out):
        yield f",\n{_json(name)}: ["
        yield from chain.from_iterable(("" if number == 0 else ",", "\n", _json(row)) for number, row in enumerate(rows))
        yield "]"
    yield "}\n"


def _lists(talk: Conversation, leaves_out: bool) -> Iterator[tuple[str, Iterable[dict[str, Any]]]]:
    messages = Message.objects.filter(conversation=talk).defer("html", "references").prefetch_related("attachments")
    sent = OutgoingMail.objects.filter(conversation=talk).select_related("queued_by").defer("mime").prefetch_related("uploads")
    untold = dossier.waiting_mails(talk) if leaves_out else frozenset()
    notes = Note.objects.filter(conversation=talk).select_related("by").order_by("at", "pk")
    log = LogEntry.objects.filter(conversation=talk).select_related("by").order_by("at", "pk")
    yield "messages", map(dossier.message, messages.order_by("received_at", "pk").iterator(AT_ONCE))
    drafts, mails = dossier.drafts(talk).iterator(AT_ONCE), sent.order_by("created_at", "pk").iterator(AT_ONCE)
    yield "drafts", (dossier.draft(one, is_left_out=leaves_out and dossier.waits(one)) for one in drafts)
    yield "outgoing", (dossier.mail(one, is_left_out=one.pk in untold) for one in mails)
    yield "notes", map(dossier.note, notes.iterator(AT_ONCE))
    yield "log", map(dossier.log_entry, log.iterator(AT_ONCE))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
