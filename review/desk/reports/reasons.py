"""Why mails were handed over, drafts edited and checks failed; and in which hours mails come in."""

from dataclasses import dataclass

from django.conf import settings

from review.desk.reports import tables
from review.desk.reports.filters import Filters
from review.desk.reports.mails import in_words
from review.desk.reports.tables import Hour, Reasons
from review.models import Spread
from review.reports import reading


@dataclass(frozen=True, slots=True)
class Page:
    """The tables of a period; `nothing` where no mail came in."""

    days: str
    zone: str
    nothing: bool
    reasons: list[Reasons]
    heat: list[tuple[str, list[Hour]]]


def page(filters: Filters) -> Page:
    """The tables of a period."""
    spreads = reading.spreads(period=filters.period, scope=filters.scope)
    hours = spreads[Spread.Kind.HOUR]
    return Page(in_words(filters.period), settings.TIME_ZONE, not hours, tables.reasons(spreads, filters), tables.heat(hours))
