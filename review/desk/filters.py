"""What of the queue is shown; lives in the address of the page."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, Self
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.db.models import DateTimeField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, NullIf
from django.http import QueryDict
from django.utils import timezone

from drafting.models import CheckResult, Draft
from inbox.models import Conversation
from review import access, decisions
from review.choices import Colleague, choices
from review.desk import snoozing, words
from review.desk.menus import Choice, entries

GATES = {"passed": "Passed", "failed": "Failed", "handed_over": "Handed over"}
WHOSE = {"mine": "Mine", "nobody": "Nobody’s"}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Place(NamedTuple):
    """Where a mail stands in the list: replies that are missing have rank 0 and come first, what waits has 1; then the oldest first."""

    rank: int
    at: datetime
    draft_id: int

    def __str__(self) -> str:
        return f"{self.rank}-{(self.at - EPOCH) // timedelta(microseconds=1)}-{self.draft_id}"


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters of a queue page. Ids are those of the database; 0 means all. The list begins behind `after`, else with the oldest.

    Of `gates` and `whose` several may be chosen: what fits any of them is shown.
    """

    category: int = 0
    mailbox: int = 0
    language: str = ""
    gates: tuple[str, ...] = ()
    whose: tuple[str, ...] = ()
    late: bool = False
    snoozed: bool = False
    text: str = ""
    after: Place | None = None

    @property
    def are_set(self) -> bool:
        """Whether anything is filtered out."""
        return bool(self.gates or self.whose or self.late or self.snoozed or self.text or self.in_fold)

    @property
    def in_fold(self) -> bool:
        """Whether one of the filters is set that are folded away otherwise."""
        return bool(self.category or self.mailbox or self.language)

    def but(self, **changes: Any) -> Self:
        """These filters with changes."""
        return replace(self, **changes)

    def query(self, **changes: object) -> str:
        """These filters, with changes, as the query string of an address, question mark included."""
        values: dict[str, object] = {
            "category": self.category,
            "mailbox": self.mailbox,
            "language": self.language,
            "gate": self.gates,
            "whose": self.whose,
            "late": "1" if self.late else "",
            "snoozed": "1" if self.snoozed else "",
            "q": self.text,
            "after": str(self.after or ""),
        }
        said = urlencode({name: value for name, value in (values | changes).items() if value}, doseq=True)
        return f"?{said}" if said else ""

    def apply(self, drafts: QuerySet[Draft], user: User) -> QuerySet[Draft]:
        """The drafts that pass."""
        is_snoozed = Q(conversation__state=Conversation.State.SNOOZED)
        wanted = is_snoozed if self.snoozed else ~is_snoozed
        if self.category:
            wanted &= Q(category_id=self.category)
        if self.mailbox:
            wanted &= Q(conversation__mailbox_id=self.mailbox)
        if self.text:
            names = ("message__from_address", "message__from_name", "message__subject")
            wanted &= Q(*((f"{name}__icontains", self.text) for name in names), _connector=Q.OR)
        if self.late:
            wanted &= Q(message__received_at__lt=_due())
        found = drafts.filter(wanted, _any(_whose(name, user) for name in self.whose), _any(_gate(name) for name in self.gates))
        return found.alias(written_in=_language()).filter(written_in=self.language) if self.language else found


@dataclass(frozen=True, slots=True)
class Menus:
    """The menus above the queue, and those for what is done with several mails at once."""

    categories: list[Choice]
    mailboxes: list[Choice]
    languages: list[Choice]
    gates: list[Choice]
    whose: list[Choice]
    snoozes: list[snoozing.Snooze]
    colleagues: list[Colleague]


def read(values: QueryDict) -> Filters:
    """Filters out of an address; what makes no sense is no filter."""
    language = values.get("language", "")
    return Filters(
        category=words.said_id(values.get("category", "")),
        mailbox=words.said_id(values.get("mailbox", "")),
        language=language if language in words.LANGUAGES else "",
        gates=tuple(name for name in GATES if name in values.getlist("gate")),
        whose=tuple(name for name in WHOSE if name in values.getlist("whose")),
        late=values.get("late") == "1",
        snoozed=values.get("snoozed") == "1",
        text=values.get("q", "").replace("\0", "").strip()[:100],
        after=_said_place(values.get("after", "")),
    )


def menus(filters: Filters, *, user: User) -> Menus:
    """What there is to choose from; some of it may be some seconds old."""
    seen, found = access.mailbox_ids(user), choices()
    languages = sorted(words.LANGUAGES.items(), key=lambda pair: pair[1])
    return Menus(
        categories=entries(found.categories, filters.category),
        mailboxes=entries((one for one in found.mailboxes if seen is None or one[0] in seen), filters.mailbox),
        languages=entries(languages, filters.language),
        gates=entries(GATES.items(), filters.gates),
        whose=entries(WHOSE.items(), filters.whose),
        snoozes=snoozing.choices(),
        colleagues=[one for one in found.colleagues if one.pk != user.pk],
    )


def _said_place(text: str) -> Place | None:
    """The place that an address names; None for what names none."""
    if not (said := re.fullmatch(r"([01])-([0-9]{1,16})-([0-9]{1,18})", text)):
        return None
    rank, microseconds, draft_id = (int(number) for number in said.groups())
    return Place(rank, EPOCH + timedelta(microseconds=microseconds), draft_id)


def _any(conditions: object) -> Q:
    """One of the conditions; everything if there are none."""
    return Q(*conditions, _connector=Q.OR)  # type: ignore[misc]


def _gate(name: str) -> Q:
    if name == "handed_over":
        return Q(state=Draft.State.HANDED_OVER)
    failed = Exists(CheckResult.objects.filter(draft=OuterRef("pk"), passed=False))
    return Q(failed if name == "failed" else ~failed, state=Draft.State.READY)


def _whose(name: str, user: User) -> Q:
    if name == "nobody":
        return Q(conversation__assigned_to=None)
    taken_over = decisions.reply_missing().filter(by=user)
    mine = Q(claim__by=user, claim__until__gt=timezone.now()) | Q(conversation__assigned_to=user)
    return mine | Q(state=Draft.State.DECIDED, pk__in=taken_over.values("draft"))


def _due() -> Combinable:
    """What came in before this moment waits longer than its mailbox wants."""
    target = F("conversation__mailbox__reply_target_minutes") * Value(timedelta(minutes=1))
    return ExpressionWrapper(Value(timezone.now()) - target, output_field=DateTimeField())


def _language() -> Combinable:
    """The language of a draft as the list shows it."""
    return Coalesce(NullIf(F("language"), Value("")), F("message__language"))
