"""The mails behind a number of the report: what became of each, newest first, of durations the longest; each leads to its conversation."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from review.desk import dossiers, words
from review.desk.reports import measures, numbers
from review.desk.reports.behind import KEPT, Behind, behind, narrowed
from review.desk.reports.fate import fate
from review.desk.reports.filters import Asked
from review.desk.reports.listing import STEP, Listing, Row, in_words
from review.models import Outcome
from review.reports import lag
from review.reports.assumed import Assumed, assumed
from review.reports.periods import Period
from review.reports.reading import Scope

UNITS = {"cost": " tokens", "saved": " replies"}
"""What is added up where the figure is named for something else."""


@dataclass(frozen=True, slots=True)
class Place:
    """Behind which mail a page begins: that with `id`, of `before` as a day, or as seconds where the longest come first."""

    before: str
    id: int

    @property
    def day(self) -> date:
        """Raises ValueError where it is none."""
        return date.fromisoformat(self.before)


def listing(values: Mapping[str, str], asked: Asked, *, may_see_evidence: bool) -> Listing:
    """The mails that an address asks for."""
    filters, problems = asked.filters, [*asked.problems, *filter(None, [numbers.still_uncounted(lag.uncounted())])]
    period = narrowed(values, filters, problems)
    meant = behind(values, filters, period, problems, may_see_evidence=may_see_evidence)
    place = _place(values, meant)
    days = list(meant.on_days)
    total = sum(day["n"] for day in days)
    rows = _longest(meant, filters.scope, period, place) if meant.longest else _newest(meant, filters.scope, days, place)
    shown, here = rows[:STEP], {name: values[name] for name in KEPT if values.get(name)}
    address = reverse("report_mails")
    older = _behind_last(shown[-1], meant) if len(rows) > STEP else {}
    return Listing(
        name=meant.name,
        definition=meant.definition,
        days=in_words(period),
        whose=asked.in_words,
        total=f"{numbers.count(total)}{UNITS.get(meant.figure, '')}",
        choices=meant.choices,
        rows=_rows(shown, meant, may_see_evidence=may_see_evidence),
        problems=problems,
        report_url=reverse("reports") + filters.query(),
        older_url=address + filters.query(**here, **older) if older else "",
        newest_url=address + filters.query(**here) if place else "",
        first_name="Longest" if meant.longest else "Newest",
        next_name="Shorter" if meant.longest else "Older",
        measure=measures.head(meant.figure),
    )


def _place(values: Mapping[str, str], meant: Behind) -> Place | None:
    """Behind which mail the page begins."""
    place = Place(values.get("before", ""), words.said_id(values.get("id", "")))
    if meant.longest:
        return place if words.said_id(place.before) or place.before == "0" else None
    try:
        return place if place.day else None
    except ValueError:
        return None


def _behind_last(last: Outcome, meant: Behind) -> dict[str, str]:
    before = str(getattr(last, meant.longest)) if meant.longest else last.day.isoformat()
    return {"before": before, "id": str(last.message_id)}


def _mails(meant: Behind, scope: Scope) -> QuerySet[Outcome]:
    rows = Outcome.objects.filter(scope.rows, meant.wanted).select_related("conversation", "mailbox", "category", "message")
    return rows.only(*_NEEDED)


def _longest(meant: Behind, scope: Scope, period: Period, place: Place | None) -> list[Outcome]:
    """One more than a page of outcomes, along the index of their seconds."""
    rows = _mails(meant, scope).filter(day__gte=period.first, day__lte=period.last).order_by(f"-{meant.longest}", "-message")
    if place:
        seconds = int(place.before)
        rows = rows.filter(Q((f"{meant.longest}__lt", seconds)) | Q((meant.longest, seconds), message__lt=place.id))
    return list(rows[: STEP + 1])


def _newest(meant: Behind, scope: Scope, days: list[dict[str, Any]], place: Place | None) -> list[Outcome]:
    """One more than a page of outcomes, newest first.

    The sums say on which days there are such mails, so that rare ones are found without walking through the history. Mails can be fewer
    than is counted on a day; then some days before are asked as well, and at last all of them.
    """
    rows = _mails(meant, scope).order_by("-day", "-message")
    left = [day for day in days if place is None or day["on"] <= place.day]
    if place:
        rows = rows.filter(Q(day__lt=place.day) | Q(day=place.day, message__lt=place.id))
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


def _rows(shown: list[Outcome], meant: Behind, *, may_see_evidence: bool) -> list[Row]:
    dossier_urls = dossiers.urls([one.message_id for one in shown])
    taken = assumed() if meant.figure in measures.ASSUMED else None
    return [_row(one, dossier_urls.get(one.message_id, ""), meant, taken, may_see_evidence=may_see_evidence) for one in shown]


def _row(one: Outcome, dossier_url: str, meant: Behind, taken: Assumed | None, *, may_see_evidence: bool) -> Row:
    talk = one.conversation
    return Row(
        url=reverse("conversation", args=[talk.pk]),
        customer=talk.customer_name or talk.customer_address or "(no sender)",
        subject=one.message.subject or talk.subject or "(no subject)",
        category=one.category.name if one.category else "",
        mailbox=one.mailbox.name,
        fate=fate(one, may_see_evidence=may_see_evidence),
        at=words.moment(one.received_at),
        dossier_url=dossier_url,
        measure=measures.measure(meant.figure, one, taken),
    )
