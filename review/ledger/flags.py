"""What comes out about a reply after it was decided. It flips the verdict of its draft, until a person finds the flag mistaken.

`autosend.flag` is how people flag: what reveals a leak, a wrong recipient or a promise suspends the category there as well.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils import timezone

from drafting.gate import find_flags
from drafting.gate.wording import quoted
from drafting.models import Draft
from inbox.models import Message
from review import audit_log
from review.ledger import counting, settling
from review.ledger.verdicts import Finding
from review.models import Decision, Flag, LedgerEntry, Verdict

COMPLAINING = ("complaint", "threat", "legal")
"""What code takes for a complaint about the reply before, of what `gate.find_flags` finds."""
COMPLAINT_WITHIN = timedelta(days=30)
ERASED = "The reply was erased, so nobody can judge it any more. What was found out about it stays as it is."
_ABOUT_FLAGS = (Verdict.Reason.FLAGGED, Verdict.Reason.CLEARED)
_OF_THE_DRAFT = (Decision.Kind.APPROVED, Decision.Kind.EDITED, Decision.Kind.AUTO_SENT)


class NotFlagged(Exception):
    """Nothing was flagged or cleared, for the reason in words, which people read."""


@transaction.atomic
def flag(*, draft: Draft, kind: str, words: str, by: User | None, message: Message | None = None, at: datetime | None = None) -> Flag:
    """Flag the reply that came of a draft. `by` is None where code found it, in `message`. Where such a flag stands already
    nothing changes, but what a person writes is kept with it.

    A draft that left by itself is unsafe then without counting: the proof is about what people see. Raises NotFlagged where a person does
    not say what is wrong.
    """
    if by and not words.strip():
        raise NotFlagged("Say in a few words what is wrong with the reply.")
    if by and draft.erased_at:
        raise NotFlagged(ERASED)
    entry = counting.locked(draft.pk)
    about = {"words": words.strip(), "by": by, "message": message}
    made, is_new = Flag.objects.get_or_create(draft=draft, kind=Flag.Kind(kind), cleared_at=None, defaults=about)
    if entry and is_new:
        counts = entry.route == LedgerEntry.Route.PERSON
        found = Finding(reason=Verdict.Reason.FLAGGED, unsafe=True, counts=counts, words=f"{made.get_kind_display()}. {made.words}".strip())
        counting.write(attempt=entry.attempt, found=[(entry, found)], at=at or timezone.now(), by=by)
    if by and not is_new:
        made = _add(made, by, words.strip())
    if by:
        audit_log.record(act="reply.flagged", by=by, **_told(made, words.strip()))
    return made


@transaction.atomic
def clear(*, flag: Flag, by: User, words: str, at: datetime | None = None) -> Flag:
    """Find a flag mistaken: once none stands, its draft has the verdict again that it had before.

    Raises NotFlagged for who decided on the draft themselves, where nobody says why, and for a flag that was cleared before.
    """
    if not words.strip():
        raise NotFlagged("Say in a few words why the flag is mistaken.")
    if flag.draft.erased_at:
        raise NotFlagged(ERASED)
    if flag.draft.decisions.filter(by=by).exists():
        raise NotFlagged("You decided on this reply yourself, so somebody else must find the flag mistaken.")
    now = at or timezone.now()
    entry = counting.locked(flag.draft_id)
    if not Flag.objects.filter(pk=flag.pk, cleared_at=None).update(cleared_by=by, cleared_at=now):
        raise NotFlagged("Somebody was faster: the flag was cleared.")
    flag.refresh_from_db()
    if entry and not Flag.objects.filter(draft=flag.draft_id, cleared_at=None).exists():
        counting.write(attempt=entry.attempt, found=[(entry, _before(entry, words.strip()))], at=now, by=by)
    audit_log.record(act="reply.cleared", by=by, **_told(flag, words.strip()))
    return flag


def of(drafts: Iterable[Draft]) -> dict[int, list[Flag]]:
    """The flags of drafts by draft id, those that were cleared included, oldest first."""
    found: dict[int, list[Flag]] = {}
    for one in Flag.objects.filter(draft__in=drafts).select_related("by", "cleared_by", "message").order_by("pk"):
        found.setdefault(one.draft_id, []).append(one)
    return found


def find_complaints(*, at: datetime | None = None, most: int = 500) -> list[Flag]:
    """Sweep: flag replies about which the customer complains in a later mail, newest mails first. Returns the flags."""
    new = Message.objects.filter(weighed_at=None, kind=Message.Kind.PERSON).exclude(state=Message.State.RECEIVED)
    heard = {message: _complaints(message) for message in new.only("conversation", "received_at", "reply_text").order_by("-pk")[:most]}
    now = at or timezone.now()
    new.filter(pk__in=[message.pk for message, words in heard.items() if not words]).update(weighed_at=now)
    found = [_flag_reply_before(message, words, now) for message, words in heard.items() if words]
    return [one for one in found if one]


def _complaints(message: Message) -> list[str]:
    flags = find_flags(message.reply_text)
    return [word for kind in COMPLAINING for word in flags.get(kind, ())]


@transaction.atomic
def _flag_reply_before(message: Message, words: list[str], now: datetime) -> Flag | None:
    """Of two sweeps at once, one flags."""
    if not Message.objects.filter(pk=message.pk, weighed_at=None).update(weighed_at=now):
        return None
    decisions = Decision.objects.filter(draft__conversation=message.conversation_id, kind__in=_OF_THE_DRAFT, undone_at=None)
    left = decisions.filter(outgoing__state__in=settling.LEFT).annotate(left_at=Coalesce("outgoing__sent_at", "outgoing__dot_sent_at"))
    before = left.filter(left_at__lt=message.received_at, left_at__gt=message.received_at - COMPLAINT_WITHIN)
    decision = before.select_related("draft").order_by("-left_at").first()
    if decision is None:
        return None
    said = f"The customer's next mail says {quoted(words)}."
    return flag(draft=decision.draft, kind=Flag.Kind.COMPLAINT, words=said, by=None, message=message, at=now)


def _add(flag: Flag, by: User, words: str) -> Flag:
    """Keep with a flag what somebody else wrote of the same, with their name. Of two at once, one waits."""
    locked = Flag.objects.select_for_update(no_key=True).get(pk=flag.pk)
    line = f"{by.get_full_name() or by.get_username()}: {words}"
    if line not in locked.words and words != locked.words:
        locked.words = "\n".join(filter(None, [locked.words, line]))
        locked.save(update_fields=["words"])
    return locked


def _before(entry: LedgerEntry, words: str) -> Finding:
    """What the draft's verdict was but for its flags."""
    last = entry.verdicts.exclude(reason__in=_ABOUT_FLAGS).order_by("-pk").first()
    found = settling.finding(last) or settling.without_flags(entry)
    return Finding(reason=Verdict.Reason.CLEARED, unsafe=found.unsafe, counts=found.counts, words=words)


def _told(flag: Flag, words: str) -> dict[str, Any]:
    """How the audit log tells of it."""
    talk = flag.draft.conversation
    return {"about": talk.subject, "words": f"{flag.get_kind_display()}. {words}", "conversation": talk}
