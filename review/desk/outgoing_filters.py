"""What the page of outgoing mail is filtered by, as its address says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date

from inbox import outbox, text_search
from inbox.models import OutgoingMail
from review import access
from review.desk import words

State = OutgoingMail.State
GROUPS: dict[str, tuple[str, tuple[State, ...]]] = {
    "stuck": ("Needs a person", (State.FAILED, State.MAYBE_SENT)),
    "bounced": ("Came back", (State.SENT,)),
    "held": ("Held", (State.HELD,)),
    "going": ("On its way", (State.READY, State.CLAIMED, State.DOT_SENT, State.RETRY)),
    "sent": ("Sent", (State.SENT,)),
    "cancelled": ("Cancelled", (State.CANCELLED,)),
}
"""What people tell apart, by the name in the address."""
LONGEST = 100
RARE = 5_000
"""So many mails at most are looked at one by one for a word."""
SCANNED = 20_000
"""So many of the newest mails are searched for a word that is in most."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked for; empty or 0 for anything. `group` is a name of GROUPS; `since` and `until` are days, both inclusive."""

    group: str = ""
    text: str = ""
    mailbox: int = 0
    person: int = 0
    since: str = ""
    until: str = ""

    @property
    def values(self) -> dict[str, str]:
        """What is set, as in an address."""
        named = {
            "state": self.group,
            "q": self.text,
            "mailbox": self.mailbox,
            "person": self.person,
            "since": self.since,
            "until": self.until,
        }
        return {name: str(value) for name, value in named.items() if value}

    @property
    def are_set(self) -> bool:
        """Whether anything is."""
        return bool(self.values)

    def address(self, **more: str) -> str:
        """The page with these filters."""
        said = urlencode({**self.values, **more})
        return f"{reverse('outgoing')}?{said}" if said else reverse("outgoing")


def read(values: Mapping[str, str]) -> Filters:
    """The filters of an address; what makes no sense is left out."""
    return Filters(
        group=values.get("state", "") if values.get("state", "") in GROUPS else "",
        text=values.get("q", "").replace("\0", "").strip()[:LONGEST],
        mailbox=words.said_id(values.get("mailbox", "")),
        person=words.said_id(values.get("person", "")),
        since=_day(values.get("since", "")),
        until=_day(values.get("until", "")),
    )


def apply(filters: Filters, *, user: User, before: Q | None = None) -> QuerySet[OutgoingMail]:
    """The mails that `user` may see and the filters leave, all but the state, newest first."""
    asked = {
        "mailbox": filters.mailbox,
        "queued_by": filters.person,
        "created_at__gte": _midnight(filters.since),
        "created_at__lt": _midnight(filters.until, days=1),
    }
    mails = access.outgoing(user).filter(before or Q(), **{name: value for name, value in asked.items() if value})
    mails = mails.order_by("-created_at", "-pk")
    return _that_say(filters.text, mails) if filters.text else mails


def within(group: str, *, as_news: bool = False) -> Q:
    """Which mails a group has. What came back is there `as_news` only as long as somebody has to do something about it."""
    of_state = Q(state__in=GROUPS[group][1])
    if group != "bounced":
        return of_state
    return outbox.came_back() if as_news else of_state & Q(bounced_at__isnull=False)


def _that_say(text: str, mails: QuerySet[OutgoingMail]) -> QuerySet[OutgoingMail]:
    """Those with the words of `text`. A rare word is found by the index of words; of a frequent one the newest mails have enough."""
    said = Q(search=text_search.typed(text))
    pks = list(OutgoingMail.objects.filter(said).values_list("pk", flat=True)[: RARE + 1])
    if len(pks) <= RARE:
        return mails.filter(pk__in=pks)
    return mails.filter(said, pk__in=mails.values("pk")[:SCANNED])


def _day(text: str) -> str:
    try:
        found = parse_date(text)
    except ValueError:
        return ""
    return found.isoformat() if found and date(1970, 1, 2) < found < date(9000, 1, 1) else ""


def _midnight(day: str, *, days: int = 0) -> datetime | None:
    """Where a day begins in the person's zone."""
    if not day:
        return None
    return timezone.make_aware(datetime.combine(date.fromisoformat(day) + timedelta(days=days), time.min))
