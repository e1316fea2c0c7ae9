"""What changed while the mails of a report came in: setups, rules, guidance, auto-send. In words, each leading to where it is told."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db.models import BigIntegerField, CharField, DateTimeField, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils import timezone

from drafting.models import SetupActivation, Version
from review import permissions
from review.autosend import switch
from review.desk import words
from review.desk.reports import stacked
from review.models import Attempt, LogEntry, Transition
from review.reports.load import midnight
from review.reports.periods import Period

MOST, NAMED = 40, 3
"""So many changes are listed, the newest (the audit log has all of them), and so many named in the chart at one mark."""
LOGGED = {Version.Kind.RULE: "rules", Version.Kind.GUIDANCE: "knowledge"}
"""Under which kind the audit log tells of them."""
COLUMNS = ("what", "when", "thing", "named", "became", "nth", "first", "last", "login")


@dataclass(frozen=True, slots=True)
class Change:
    """One change: what happened, in words, and where more of it can be seen."""

    at: datetime
    moment: words.Moment
    words: str
    url: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Changes that share a place on the time axis, from 0 to 1. `number` is that of the chart and of the list under it."""

    number: int
    place: float
    changes: list[Change]

    @property
    def words(self) -> str:
        """The first of them, and how many more there are."""
        more = len(self.changes) - NAMED
        said = "; ".join(change.words for change in self.changes[:NAMED])
        return f"{said}; and {more} more" if more > 0 else said


def marks(*, period: Period, category: str, setup: str, user: User) -> tuple[list[Mark], bool]:
    """The changes of the period, oldest first, and whether there were more than are told. Those of all categories concern each of them.

    One query. Who reviews learns nothing about how far the proof of a category is.
    """
    sources = [_activations(category, setup), _versions(Version.Kind.RULE, "name"), _versions(Version.Kind.GUIDANCE, "title"), _switched()]
    if permissions.may_see_evidence(user):
        sources.append(_transitions(category, setup))
    since, until = midnight(period.first), midnight(period.last + timedelta(days=1))
    within = [_within(rows, at, since, until) for rows, at in sources]
    found = list(within[0].union(*within[1:], all=True).order_by("-when")[: MOST + 1])
    changes = [_change(row, user) for row in reversed(found[:MOST])]
    begins = [*(midnight(max(step, period.first)) for step in period.steps()), until]
    places = [place(change.at, begins) for change in changes]
    told = [
        Mark(number, places[group[0]], [changes[index] for index in group])
        for number, group in enumerate(stacked.clusters(places), start=1)
    ]
    return told, len(found) > MOST


def place(at: datetime, begins: Sequence[datetime]) -> float:
    """Where a point in time stands among the columns of a chart, from 0 to 1. A week or month that is cut short is as wide as the others.

    `begins` is when each column begins, and at the end when the last one is over.
    """
    column = bisect_right(begins, at) - 1
    within = (at - begins[column]) / (begins[column + 1] - begins[column])
    return (column + within) / (len(begins) - 1)


def _within(rows: QuerySet[Any], at: str, since: datetime, until: datetime) -> Any:
    wanted = rows.filter(**{f"{at}__gte": since, f"{at}__lt": until}).annotate(
        when=Cast(at, DateTimeField()), first=F("by__first_name"), last=F("by__last_name"), login=F("by__username")
    )
    return wanted.order_by("-when").values(*COLUMNS)[: MOST + 1]


def _activations(category: str, setup: str) -> tuple[QuerySet[Any], str]:
    rows = SetupActivation.objects.all()
    if category:
        rows = rows.filter(Q(category__isnull=True) | Q(category=int(category)))
    if setup:
        rows = rows.filter(setup=int(setup))
    return _told(rows, "setup", thing=F("setup_id"), named=F("category__name")), "at"


def _versions(kind: Version.Kind, called: str) -> tuple[QuerySet[Any], str]:
    """Of what is part of a setup; `called` is the key of its name. A version that says that a rule was deleted does not name it."""
    rows = Version.objects.filter(kind=kind)
    of_it = rows.filter(of=OuterRef("of"), content__has_key=called).order_by("-number").values(called=KT(f"content__{called}"))
    name = Coalesce(KT(f"content__{called}"), Subquery(of_it[:1]))
    return _told(rows, kind.value, thing=F("of"), named=name, became=KT("content__is_deleted"), nth=F("number")), "at"


def _transitions(category: str, setup: str) -> tuple[QuerySet[Any], str]:
    rows = Transition.objects.all()
    if category:
        rows = rows.filter(attempt__category=int(category))
    if setup:
        rows = rows.filter(attempt__setup=int(setup))
    return _told(rows, "state", thing=F("attempt__category_id"), named=F("attempt__category__name"), became=F("after")), "at"


def _switched() -> tuple[QuerySet[Any], str]:
    """When all auto-send was stopped, and allowed again: only the audit log still knows."""
    rows = LogEntry.objects.filter(act__in=[switch.STOPPED, switch.ALLOWED])
    return _told(rows, "switch", became=F("act")), "at"


def _told(rows: QuerySet[Any], what: str, **columns: Any) -> Any:
    """Rows with the columns that all kinds have, each of one type."""
    kept = {"what": Value(what), "thing": Value(0), "named": Value(""), "became": Value(""), "nth": Value(0)} | columns
    types = {"thing": BigIntegerField(), "nth": IntegerField()}
    return rows.annotate(**{name: Cast(value, types.get(name, CharField())) for name, value in kept.items()})


def _change(row: dict[str, Any], user: User) -> Change:
    who = words.person(User(username=row["login"], first_name=row["first"], last_name=row["last"])) if row["login"] else ""
    said, url = _WORDS[row["what"]](row, user)
    return Change(row["when"], words.moment(row["when"]), f"{said}, by {who}" if who else said, url)


def _setup_words(row: dict[str, Any], user: User) -> tuple[str, str]:
    what = f"Setup {row['thing']}" if row["thing"] else "the default setup"
    whom = f" for {row['named']}" if row["named"] else ""
    may_open = row["thing"] and permissions.may_administer(user)
    return f"Switched to {what}{whom}", reverse("setup_details", args=[row["thing"]]) if may_open else _log_url(row, "setups")


def _rule_words(row: dict[str, Any], user: User) -> tuple[str, str]:
    verb = "deleted" if row["became"] == "true" else "added" if row["nth"] == 1 else "changed"
    may_open, what = permissions.may_administer(user), Version.Kind(row["what"])
    url = reverse("versions", args=[what.value, row["thing"]]) if may_open else _log_url(row, LOGGED[what])
    return f"{what.label} “{row['named']}” {verb}", url


def _state_words(row: dict[str, Any], _: User) -> tuple[str, str]:
    return f"{row['named']}: {Attempt.State(row['became']).label}", reverse("automation_category", args=[row["thing"]])


def _switch_words(row: dict[str, Any], _: User) -> tuple[str, str]:
    said = "All auto-send stopped" if row["became"] == switch.STOPPED else "Auto-send allowed again"
    return said, _log_url(row, "automation")


_WORDS: dict[str, Callable[[dict[str, Any], User], tuple[str, str]]] = {
    "setup": _setup_words,
    Version.Kind.RULE: _rule_words,
    Version.Kind.GUIDANCE: _rule_words,
    "state": _state_words,
    "switch": _switch_words,
}


def _log_url(row: dict[str, Any], kind: str) -> str:
    """Where a manager reads of it: the audit log of that day."""
    day = timezone.localdate(row["when"]).isoformat()
    return f"{reverse('audit_log')}?kind={kind}&since={day}&until={day}"


def places(found: Sequence[Mark]) -> list[tuple[float, str]]:
    """The marks as a chart takes them."""
    return [(mark.place, mark.words) for mark in found]
