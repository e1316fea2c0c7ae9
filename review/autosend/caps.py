"""Caps: how much may leave by itself, whatever was proven. Counted on the mails themselves: under the switch's lock when a reply is chosen
to leave (`routing`), without it at the last look (`checking`), where what others count at the same time can only hold back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import inf

from django.db.models import Count, Q
from django.utils import timezone

from inbox.models import Conversation, OutgoingMail
from inbox.public_providers import PUBLIC_PROVIDERS
from review.models import Attempt, Decision, Terms

DAY = timedelta(hours=24)
IN_CONVERSATION, TO_SENDER, TO_DOMAIN, FROM_MAILBOX = 1, 3, 20, 500
"""So many automatic mails in 24 hours at most, to a sender and to a domain from all mailboxes together.
A domain at which everybody may have an address has no cap of its own."""
BURST, BURST_WITHIN = 30, timedelta(minutes=5)
"""More from one mailbox within so short a time is no ordinary day."""
_Cancelled = OutgoingMail.State.CANCELLED


@dataclass(frozen=True, slots=True)
class Reached:
    """A cap that was reached, in words. Of one that `is_alarming` the category does not recover by itself."""

    words: str
    is_alarming: bool = False


def reached(
    *, attempt: Attempt, conversation: Conversation, recipient: str, terms: Terms, besides: int = 0, at: datetime | None = None
) -> Reached | None:
    """The cap that one more automatic mail would break; None where there is room. `besides` is the id of a mail that is not counted."""
    now = at or timezone.now()
    if _of_category(attempt, besides, now) >= terms.daily_cap:
        return Reached(f"{terms.daily_cap} replies of this category left by themselves within 24 hours: its daily cap.", is_alarming=True)
    found = _counts(conversation, recipient, besides, now)
    if found["burst"] >= BURST:
        words = f"{BURST} replies left the mailbox {conversation.mailbox.name} by themselves within five minutes."
        return Reached(words, is_alarming=True)
    limits = {
        "conversation": (IN_CONVERSATION, "in this conversation"),
        "sender": (TO_SENDER, f"to {recipient}"),
        "domain": (TO_DOMAIN if _domain(recipient) not in PUBLIC_PROVIDERS else inf, f"to {_domain(recipient)}"),
        "mailbox": (FROM_MAILBOX, f"from {conversation.mailbox.name}"),
    }
    full = [f"{limit} {words}" for name, (limit, words) in limits.items() if found[name] >= limit]
    return Reached(f"The cap of automatic replies in 24 hours is reached: {full[0]}.") if full else None


def _of_category(attempt: Attempt, besides: int, now: datetime) -> int:
    left = Decision.objects.filter(attempt__category=attempt.category_id, undone_at=None, decided_at__gt=now - DAY)
    return left.exclude(outgoing=besides).exclude(outgoing__state=_Cancelled).count()


def _counts(conversation: Conversation, recipient: str, besides: int, now: datetime) -> dict[str, int]:
    mails = OutgoingMail.objects.filter(is_automatic=True, created_at__gt=now - DAY)
    here = Q(mailbox_id=conversation.mailbox_id)
    return (
        mails.exclude(pk=besides)
        .exclude(state=_Cancelled)
        .aggregate(
            mailbox=Count("pk", filter=here),
            conversation=Count("pk", filter=Q(conversation=conversation.pk)),
            sender=Count("pk", filter=Q(recipient__iexact=recipient)),
            domain=Count("pk", filter=Q(recipient__iendswith=f"@{_domain(recipient)}")),
            burst=Count("pk", filter=here & Q(created_at__gt=now - BURST_WITHIN)),
        )
    )


def _domain(recipient: str) -> str:
    return recipient.rpartition("@")[2].lower()
