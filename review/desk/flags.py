"""What came out about replies that left: the flags of one, and of all on a page."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.html import format_html

from inbox.models import OutgoingMail
from review.desk import words
from review.desk.words import Moment
from review.ledger import flags
from review.models import Decision, Flag

OF_A_DRAFT = (Decision.Kind.APPROVED, Decision.Kind.EDITED, Decision.Kind.AUTO_SENT)
LEFT = (OutgoingMail.State.SENT, OutgoingMail.State.MAYBE_SENT)


@dataclass(frozen=True, slots=True)
class Flagged:
    """A flag in words. `clear_url` is empty for who may not clear it, or once it is cleared."""

    kind: str
    words: str
    by: str
    at: Moment
    cleared: str
    clear_url: str
    why_not: str


@dataclass(frozen=True, slots=True)
class Flags:
    """The flags of a reply, and where to post a new one: `kinds` are values and names."""

    flagged: list[Flagged]
    url: str
    kinds: list[tuple[str, str]]


def shown(mail: OutgoingMail, *, user: User) -> Flags | None:
    """The flags of a mail that came from `outgoing.find`; None where it is no reply of the assistant that left."""
    decision: Decision | None = getattr(mail, "decision", None)
    if decision is None or decision.kind not in OF_A_DRAFT or mail.state not in LEFT:
        return None
    found = flags.of([decision.draft]).get(decision.draft_id, [])
    decided = bool(found) and decision.draft.decisions.filter(by=user).exists()
    return Flags([_flagged(each, decided) for each in found], reverse("flag_reply", args=[mail.pk]), list(Flag.Kind.choices))


def of_mails(mails: Collection[OutgoingMail]) -> dict[int, list[str]]:
    """The flags that stand, in words, by mail; empty lists for replies of the assistant without one. Other mails are left out."""
    decided = Decision.objects.filter(outgoing__in=mails, kind__in=OF_A_DRAFT, outgoing__state__in=LEFT)
    rows = decided.values_list("outgoing", "draft__late_flags__kind", "draft__late_flags__cleared_at")
    found: dict[int, list[str]] = defaultdict(list)
    for mail, kind, cleared_at in rows:
        found[mail] += [Flag.Kind(kind).label] if kind and cleared_at is None else []
    return found


def _flagged(flag: Flag, has_decided: bool) -> Flagged:
    is_open = flag.cleared_at is None
    cleared = (
        format_html("Found mistaken by {}, {}", words.person(flag.cleared_by), words.timed(flag.cleared_at)) if flag.cleared_at else ""
    )
    return Flagged(
        kind=flag.get_kind_display(),
        words=flag.words,
        by=words.person(flag.by),
        at=words.moment(flag.at),
        cleared=cleared,
        clear_url=reverse("clear_flag", args=[flag.pk]) if is_open and not has_decided else "",
        why_not="You decided on this reply, so somebody else must say whether the flag is mistaken." if is_open and has_decided else "",
    )
