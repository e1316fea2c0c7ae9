"""The mails behind a number of the report: what became of each, newest first, each leading to its conversation."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet, Sum, Value
from django.urls import reverse

from review.desk import dossiers, words
from review.desk.reports import numbers, tables
from review.desk.reports.fate import Fate, fate
from review.desk.reports.filters import Asked, Filters
from review.models import Outcome, Spread, Tally
from review.reports.figures import BY_KEY, LEFT, Figure
from review.reports.periods import Period, begin
from review.reports.reading import Scope
from review.reports.saving import DEFINITION as SAVING
from review.reports.saving import DRAFTED
from review.reports.summary import DURATIONS

STEP = 50
ALL = BY_KEY["inbound"]
MEASURED = {Spread.Kind.FIRST_RESPONSE: "responded", Spread.Kind.RESOLUTION: "resolved", Spread.Kind.REVIEW: "reviews"}
"""The measure of the mails of which a duration is known."""
FIGURES = {
    **BY_KEY,
    **{figure.key: figure for figure in LEFT},
    **{kind.value: Figure(kind.value, kind.label, DURATIONS[kind], (measure,)) for kind, measure in MEASURED.items()},
    "saved": Figure("saved", "Hours saved", SAVING, DRAFTED),
}
"""Everything that can be followed to its mails, by the key of addresses."""
PARTS = {"": "Counted", "of": "All of them", "rest": "Not counted"}
REASONS = {kind: spread for spread, (kind, _, _) in tables.KINDS.items()}


@dataclass(frozen=True, slots=True)
class Behind:
    """What is asked for: a condition on outcomes, and where the sums say on which days there are such rows (`on_days`: by day, how often
    it is counted, and of at most how many mails)."""

    name: str
    definition: str
    wanted: Q
    on_days: QuerySet[Any]
    choices: tuple[tuple[str, str, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One mail."""

    url: str
    customer: str
    subject: str
    category: str
    mailbox: str
    fate: Fate
    at: words.Moment
    dossier_url: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of mails. `total` says how often it is counted in all."""

    name: str
    definition: str
    days: str
    whose: str
    total: str
    choices: tuple[tuple[str, str, bool], ...]
    rows: list[Row]
    problems: list[str]
    report_url: str
    older_url: str
    newest_url: str


def listing(values: Mapping[str, str], asked: Asked, *, may_see_evidence: bool) -> Listing:
    """The mails that an address asks for."""
    filters, problems = asked.filters, list(asked.problems)
    period = _narrowed(values, filters, problems)
    behind = _behind(values, filters, period, problems, may_see_evidence=may_see_evidence)
    place = _place(values)
    days = list(behind.on_days)
    rows = _find(behind, filters.scope, days, place)
    shown, here = rows[:STEP], {name: values[name] for name in ("figure", "part", "step", "hour", *REASONS) if values.get(name)}
    address = reverse("report_mails")
    older = {"before": shown[-1].day.isoformat(), "id": str(shown[-1].message_id)} if len(rows) > STEP else {}
    return Listing(
        name=behind.name,
        definition=behind.definition,
        days=in_words(period),
        whose=asked.in_words,
        total=numbers.count(sum(day["n"] for day in days)),
        choices=behind.choices,
        rows=_rows(shown, may_see_evidence=may_see_evidence),
        problems=problems,
        report_url=reverse("reports") + filters.query(),
        older_url=address + filters.query(**here, **older) if older else "",
        newest_url=address + filters.query(**here) if place else "",
    )


def in_words(period: Period) -> str:
    """The days of a period: 3 November 2026, or from the one to the other."""
    first, last = (f"{day.day} {day:%B %Y}" for day in (period.first, period.last))
    return first if first == last else f"{first} to {last}"


def _narrowed(values: Mapping[str, str], filters: Filters, problems: list[str]) -> Period:
    """The step of the chart that is asked for, or the whole period."""
    asked, period = values.get("step", ""), filters.period
    if not asked:
        return period
    steps = [*period.steps()]
    try:
        place = steps.index(begin(date.fromisoformat(asked), step=period.step))
    except ValueError:
        problems.append(f"“{asked[:40]}” is no day of the period: here is all of it.")
        return period
    after = steps[place + 1 : place + 2]
    last = date.fromordinal(after[0].toordinal() - 1) if after else period.last
    return Period(max(steps[place], period.first), min(last, period.last))


def _behind(values: Mapping[str, str], filters: Filters, period: Period, problems: list[str], *, may_see_evidence: bool) -> Behind:
    for kind, spread in REASONS.items():
        if key := values.get(kind, "").replace("\0", ""):
            return _of_reason(kind, spread, key, filters.scope, period)
    if values.get("hour"):
        if found := _of_hour(values["hour"], filters.scope, period):
            return found
        problems.append("There are the hours 0 to 167 in a week: here are all mails.")
    figure = FIGURES.get(values.get("figure") or ALL.key)
    if figure is None or (figure.key == "error" and not may_see_evidence):
        problems.append("There is no such figure for you: here are all mails.")
        figure = ALL
    return _of_figure(figure, values.get("part", ""), filters, period)


def _of_reason(kind: str, spread: Spread.Kind, key: str, scope: Scope, period: Period) -> Behind:
    wanted = {
        "hand_over": Q(hand_over_reason=key),
        "edit": Q(edit_reasons__contains=[key]),
        "check": Q(failed_checks__contains=[key]),
    }
    heading = {"hand_over": "Handed over", "edit": "Edited", "check": "Check failed"}[kind]
    on_days = _spread_days(spread, key, scope, period)
    return Behind(f"{heading}: {tables.reason_name(kind, key)}", tables.KINDS[spread][1], wanted[kind], on_days)


def _of_hour(asked: str, scope: Scope, period: Period) -> Behind | None:
    if not (asked.isascii() and asked.isdigit() and len(asked) <= 3 and int(asked) < 168):
        return None
    day, hour = divmod(int(asked), 24)
    name = f"Received on a {tables.WEEKDAYS[day]} from {hour}:00 to {hour + 1}:00"
    on_days = _spread_days(Spread.Kind.HOUR, str(int(asked)), scope, period)
    return Behind(name, "By when mails were received.", Q(hour_of_week=int(asked)), on_days)


def _of_figure(figure: Figure, part: str, filters: Filters, period: Period) -> Behind:
    part = part if part in PARTS and figure.of else ""
    counted, of = _any_of(figure.counted), _any_of(figure.of or figure.counted)
    none = Q(**{f"{name}__lte": 0 for name in figure.counted})
    wanted = {"": counted, "of": of, "rest": of & none}[part]
    address = reverse("report_mails")
    choices = tuple((name, address + filters.query(figure=figure.key, part=key), key == part) for key, name in PARTS.items())
    less = figure.counted if part == "rest" else ()
    on_days = _tally_days(figure.of if part else figure.counted, filters.scope, period, less=less)
    return Behind(figure.name, figure.definition, wanted, on_days, choices if figure.of else ())


def _any_of(measures: tuple[str, ...]) -> Q:
    return Q(*((f"{name}__gt", 0) for name in measures), _connector=Q.OR)


def _tally_days(measures: tuple[str, ...], scope: Scope, period: Period, *, less: tuple[str, ...] = ()) -> Any:
    """The days on which there is any of `measures`, beyond what there is of `less`."""
    rows = Tally.objects.filter(scope.rows, span=Tally.Span.DAY, on__gte=period.first, on__lte=period.last)
    counted = sum((Sum(name) for name in measures[1:]), Sum(measures[0])) - sum((Sum(name) for name in less), Value(0))
    return rows.order_by("-on").values("on").annotate(n=counted, mails=Sum("inbound")).filter(n__gt=0)


def _spread_days(kind: Spread.Kind, key: str, scope: Scope, period: Period) -> Any:
    rows = Spread.objects.filter(scope.rows, span=Spread.Span.DAY, on__gte=period.first, on__lte=period.last, kind=kind, key=key)
    return rows.order_by("-on").values("on").annotate(n=Sum("count"), mails=Sum("count"))


def _place(values: Mapping[str, str]) -> tuple[date, int] | None:
    """Behind which mail the page begins."""
    try:
        return date.fromisoformat(values.get("before", "")), int(words.said_id(values.get("id", "")))
    except ValueError:
        return None


def _find(behind: Behind, scope: Scope, days: list[dict[str, Any]], place: tuple[date, int] | None) -> list[Outcome]:
    """One more than a page of outcomes, newest first.

    The sums say on which days there are such mails, so that rare ones are found without walking through the history. Mails can be fewer
    than is counted on a day; then some days before are asked as well, and at last all of them.
    """
    rows = Outcome.objects.filter(scope.rows, behind.wanted).select_related("conversation", "mailbox", "category", "message")
    rows = rows.only(*_NEEDED).order_by("-day", "-message")
    left = [day for day in days if place is None or day["on"] <= place[0]]
    if place:
        rows = rows.filter(Q(day__lt=place[0]) | Q(day=place[0], message__lt=place[1]))
    found: list[Outcome] = []
    for factor in (1, 4, None):
        missing = STEP + 1 - len(found)
        asked = _take(left, factor and factor * missing)
        if asked and missing:
            found += rows.filter(day__in=asked)[:missing]
    return found


def _take(days: list[dict[str, Any]], mails: int | None) -> list[date]:
    """Take away so many of the days that they have that many mails; None for all of them."""
    taken: list[date] = []
    while days and (mails is None or mails > 0):
        day = days.pop(0)
        taken.append(day["on"])
        mails = None if mails is None else mails - min(day["n"], day["mails"])
    return taken


_NEEDED = (
    *(field.name for field in Outcome._meta.local_fields),
    *("conversation__customer_name", "conversation__customer_address", "conversation__subject", "mailbox__name", "category__name"),
    "message__subject",
)


def _rows(shown: list[Outcome], *, may_see_evidence: bool) -> list[Row]:
    dossier_urls = dossiers.urls([one.message_id for one in shown])
    return [_row(one, dossier_urls.get(one.message_id, ""), fate(one, may_see_evidence=may_see_evidence)) for one in shown]


def _row(one: Outcome, dossier_url: str, ended: Fate) -> Row:
    talk = one.conversation
    return Row(
        url=reverse("conversation", args=[talk.pk]),
        customer=talk.customer_name or talk.customer_address or "(no sender)",
        subject=one.message.subject or talk.subject or "(no subject)",
        category=one.category.name if one.category else "",
        mailbox=one.mailbox.name,
        fate=ended,
        at=words.moment(one.received_at),
        dossier_url=dossier_url,
    )
