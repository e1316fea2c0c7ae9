"""What a number of the report counts: the condition on outcomes that its mails meet, and the days on which the sums know of any."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet, Sum, Value
from django.urls import reverse

from review.desk.reports import tables
from review.desk.reports.filters import Filters
from review.models import Spread, Tally
from review.reports.figures import BY_KEY, LEFT, Figure
from review.reports.periods import Period, begin
from review.reports.prices import DEFINITION as COST
from review.reports.reading import Scope
from review.reports.saving import DEFINITION as SAVING
from review.reports.saving import DRAFTED
from review.reports.summary import DURATIONS, OF_EVIDENCE
from review.reports.summary import REASONS as DEFINED

ALL = BY_KEY["inbound"]
ANSWERED = "answered"
LONGEST = {
    Spread.Kind.FIRST_RESPONSE: ("responded", "first_response_seconds"),
    Spread.Kind.RESOLUTION: ("resolved", "resolution_seconds"),
    Spread.Kind.REVIEW: ("reviews", "review_seconds"),
}
"""The measure of the mails of which a duration is known, and its column."""
FIGURES = {
    **BY_KEY,
    **{figure.key: figure for figure in LEFT},
    **{kind.value: Figure(kind.value, kind.label, DURATIONS[kind], (measure,)) for kind, (measure, _) in LONGEST.items()},
    ANSWERED: Figure(ANSWERED, "Answered", "Mails that were answered, in whichever way.", sum((way.counted for way in LEFT), ())),
    "cost": Figure("cost", "Cost of the model", COST, ("prompt_tokens", "completion_tokens")),
    "saved": Figure("saved", "Hours saved", SAVING, DRAFTED),
}
"""Everything that can be followed to its mails, by the key of addresses."""
PARTS = {"": "Counted", "of": "All of them", "rest": "Not counted"}
REASONS = {kind: spread for spread, (kind, _, _) in tables.KINDS.items()}
KEPT = ("figure", "part", "step", "hour", *REASONS)
"""What of an address says which mails are meant, beside the filters."""


@dataclass(frozen=True, slots=True)
class Behind:
    """What is asked for: a condition on outcomes, and where the sums say on which days there are such rows (`on_days`: by day, how often
    it is counted, and of at most how many mails). `figure` is its key, "" where it is a reason or an hour; `longest` the column of seconds
    of which the most come first, "" where the newest do."""

    name: str
    definition: str
    wanted: Q
    on_days: QuerySet[Any]
    choices: tuple[tuple[str, str, bool], ...] = ()
    figure: str = ""
    longest: str = ""


def narrowed(values: Mapping[str, str], filters: Filters, problems: list[str]) -> Period:
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


def behind(values: Mapping[str, str], filters: Filters, period: Period, problems: list[str], *, may_see_evidence: bool) -> Behind:
    """What an address asks for; what makes no sense there is told in `problems`, and all mails are meant."""
    for kind, spread in REASONS.items():
        if key := values.get(kind, "").replace("\0", ""):
            return _of_reason(kind, spread, key, filters.scope, period)
    if values.get("hour"):
        if found := _of_hour(values["hour"], filters.scope, period):
            return found
        problems.append("There are the hours 0 to 167 in a week: here are all mails.")
    figure = FIGURES.get(values.get("figure") or ALL.key)
    if figure is None or (figure.key in OF_EVIDENCE and not may_see_evidence):
        problems.append("There is no such figure for you: here are all mails.")
        figure = ALL
    if figure.key in LONGEST:
        return _of_duration(Spread.Kind(figure.key), figure, filters.scope, period)
    return _of_figure(figure, values.get("part", ""), filters, period)


def _of_reason(kind: str, spread: Spread.Kind, key: str, scope: Scope, period: Period) -> Behind:
    wanted = {
        "hand_over": Q(hand_over_reason=key),
        "edit": Q(edit_reasons__contains=[key]),
        "check": Q(failed_checks__contains=[key]),
    }
    heading = {"hand_over": "Handed over", "edit": "Edited", "check": "Check failed"}[kind]
    on_days = _spread_days(spread, scope, period, key=key)
    return Behind(f"{heading}: {tables.reason_name(kind, key)}", DEFINED[spread], wanted[kind], on_days)


def _of_hour(asked: str, scope: Scope, period: Period) -> Behind | None:
    if not (asked.isascii() and asked.isdigit() and len(asked) <= 3 and int(asked) < 168):
        return None
    day, hour = divmod(int(asked), 24)
    name = f"Received on a {tables.WEEKDAYS[day]} from {hour}:00 to {hour + 1}:00"
    on_days = _spread_days(Spread.Kind.HOUR, scope, period, key=str(int(asked)))
    return Behind(name, "By when mails were received.", Q(hour_of_week=int(asked)), on_days)


def _of_duration(kind: Spread.Kind, figure: Figure, scope: Scope, period: Period) -> Behind:
    measure, column = LONGEST[kind]
    on_days = _spread_days(kind, scope, period)
    return Behind(figure.name, figure.definition, _any_of((measure,)), on_days, figure=figure.key, longest=column)


def _of_figure(figure: Figure, part: str, filters: Filters, period: Period) -> Behind:
    part = part if part in PARTS and figure.of else ""
    counted, of = _any_of(figure.counted), _any_of(figure.of or figure.counted)
    none = Q(**{f"{name}__lte": 0 for name in figure.counted})
    wanted = {"": counted, "of": of, "rest": of & none}[part]
    address = reverse("report_mails")
    choices = tuple((name, address + filters.query(figure=figure.key, part=key), key == part) for key, name in PARTS.items())
    less = figure.counted if part == "rest" else ()
    on_days = _tally_days(figure.of if part else figure.counted, filters.scope, period, less=less)
    return Behind(figure.name, figure.definition, wanted, on_days, choices if figure.of else (), figure=figure.key)


def _any_of(measures: tuple[str, ...]) -> Q:
    return Q(*((f"{name}__gt", 0) for name in measures), _connector=Q.OR)


def _tally_days(measures: tuple[str, ...], scope: Scope, period: Period, *, less: tuple[str, ...] = ()) -> Any:
    """The days on which there is any of `measures`, beyond what there is of `less`."""
    rows = Tally.objects.filter(scope.rows, span=Tally.Span.DAY, on__gte=period.first, on__lte=period.last)
    counted = sum((Sum(name) for name in measures[1:]), Sum(measures[0])) - sum((Sum(name) for name in less), Value(0))
    return rows.order_by("-on").values("on").annotate(n=counted, mails=Sum("inbound")).filter(n__gt=0)


def _spread_days(kind: Spread.Kind, scope: Scope, period: Period, *, key: str = "") -> Any:
    rows = Spread.objects.filter(scope.rows, span=Spread.Span.DAY, on__gte=period.first, on__lte=period.last, kind=kind)
    if key:
        rows = rows.filter(key=key)
    return rows.order_by("-on").values("on").annotate(n=Sum("count"), mails=Sum("count"))
