"""The figures of the report, the same as on the page."""

from datetime import date, timedelta

from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404
from ninja import Query, Router

from drafting.models import Category, Setup
from review import access
from review.api import shapes
from review.api.auth import ApiRequest, may
from review.api.problems import Problem
from review.models import ApiToken
from review.reports import periods
from review.reports.beside import beside
from review.reports.periods import Period
from review.reports.reading import Scope
from review.reports.summary import summary

USUAL = timedelta(days=29)
"""A period without a first day begins so long before its last."""
router = Router(tags=["Reports"], auth=may(ApiToken.Scope.READ_REPORTS))


@router.get("/reports/figures", response=shapes.Report, summary="Read the figures of a period")
def read_figures(request: ApiRequest, asked: Query[shapes.ReportFilter]) -> shapes.Report:
    """How much is automated, how well, and where the time goes, for the mails that were received from one day to another.

    Every figure comes with its numerator and denominator, its definition, and the same for the period of equal length before. A token for
    some mailboxes counts those alone.
    """
    found = summary(period=_period(asked.first, asked.last), scope=_scope(request.auth, asked))
    return shapes.Report.of(found, beside(found), time_zone=settings.TIME_ZONE)


def _period(first: date | None, last: date | None) -> Period:
    last = last or max(first or periods.today(), periods.today())
    try:
        return periods.chosen(first or (last - USUAL if last > periods.EARLIEST + USUAL else last), last)
    except ValueError as error:
        raise Problem(422, f"from and to are no period: {error}", errors=[{"where": "query.from", "words": str(error)}]) from None


def _scope(token: ApiToken, asked: shapes.ReportFilter) -> Scope:
    """Raises Http404 for what is not there, or not for this token."""
    mailboxes = access.mailbox_ids(token)
    if asked.mailbox is not None:
        mailboxes = frozenset({get_object_or_404(access.mailboxes(token), pk=asked.mailbox).pk})
    category = get_object_or_404(Category, slug=asked.category).pk if asked.category else None
    if asked.setup is not None and not Setup.objects.filter(pk=asked.setup).exists():
        raise Http404
    return Scope(mailboxes=mailboxes, category=category, setup=asked.setup)
