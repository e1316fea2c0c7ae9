"""Second looks: a small share of decided drafts that another reviewer judges, without knowing what the first one said."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from review import access, audit_log, chance
from review.ledger import counting, verdicts
from review.models import Decision, LedgerEntry, SecondLook, Verdict

SHARE = 0.03


class NotAnswered(Exception):
    """What the second reviewer said was not kept, for the reason in words, which they read."""


def ask(*, entry: LedgerEntry, decision: Decision, at: datetime | None = None) -> SecondLook | None:
    """Ask for a second look where chance says so, at a draft that `decision` gave a verdict that counts. Once, however often called."""
    if entry.draft_id is None or decision.by_id is None or not entry.counts or entry.unsafe is None:
        return None
    if chance.share("second", entry.draft_id) >= SHARE:
        return None
    first = {"first_id": decision.by_id, "first_unsafe": entry.unsafe, "asked_at": at or timezone.now()}
    return SecondLook.objects.get_or_create(draft_id=entry.draft_id, defaults=first)[0]


def waiting(user: User) -> QuerySet[SecondLook]:
    """What `user` may take a second look at: decisions of others, in mailboxes that they may see, oldest first."""
    open_looks = SecondLook.objects.filter(answered_at=None, draft__in=access.drafts(user)).exclude(first=user)
    return open_looks.select_related("draft__message", "draft__conversation", "draft__category").order_by("asked_at", "pk")


@transaction.atomic
def answer(*, look: SecondLook, by: User, unsafe: bool, words: str, at: datetime | None = None) -> SecondLook:
    """Keep what the second reviewer says. Unsafe where the first one found it safe makes the draft unsafe; the other way changes nothing.

    Raises NotAnswered: the look is not theirs to take, somebody was faster, or nobody says what is wrong.
    """
    if unsafe and not words.strip():
        raise NotAnswered("Say in a few words what is wrong with the draft.")
    if look.first_id == by.pk or not access.drafts(by).filter(pk=look.draft_id).exists():
        raise NotAnswered("This draft is for somebody else to look at.")
    now = at or timezone.now()
    entry = counting.locked(look.draft_id)
    said = {"by": by, "unsafe": unsafe, "words": words.strip(), "answered_at": now}
    if not SecondLook.objects.filter(pk=look.pk, answered_at=None).update(**said):
        raise NotAnswered("Somebody was faster: this draft had its second look.")
    if entry and unsafe and entry.unsafe is False:
        found = verdicts.unsafe(Verdict.Reason.SECOND_LOOK, words.strip())
        counting.write(attempt=entry.attempt, found=[(entry, found)], at=now, by=by)
    look.refresh_from_db()
    talk = look.draft.conversation
    audit_log.record(act="reply.looked_at", by=by, about=talk.subject, words="Unsafe." if unsafe else "Safe.", conversation=talk)
    return look
