"""Why mails were handed over, drafts edited and checks failed; and in which hours mails come in."""

from dataclasses import dataclass

from django.conf import settings

from review.desk.reports import numbers, tables
from review.desk.reports.filters import Filters
from review.desk.reports.listing import in_words
from review.desk.reports.tables import Hour, Reasons
from review.models import Spread
from review.reports import lag, reading


@dataclass(frozen=True, slots=True)
class Page:
    """The tables of a period; `nothing` where no mail came in. `uncounted` says that the numbers lag, "" where they do not."""

    days: str
    zone: str
    uncounted: str
    nothing: bool
    reasons: list[Reasons]
    heat: list[tuple[str, list[Hour]]]


def page(filters: Filters) -> Page:
    """The tables of a period."""
    spreads = reading.spreads(period=filters.period, scope=filters.scope)
    hours = spreads[Spread.Kind.HOUR]
    return Page(
        days=in_words(filters.period),
        zone=settings.TIME_ZONE,
        uncounted=numbers.still_uncounted(lag.uncounted()),
        nothing=not hours,
        reasons=tables.reasons(spreads, filters),
        heat=tables.heat(hours),
    )
