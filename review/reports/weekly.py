"""The weekly report by mail: who wants it, when it is due, and that each one leaves once. Only this module changes WeeklyReport rows."""

import secrets
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from review import access, audit_log, permissions
from review.models import WeeklyReport
from review.reports import lag, weekly_mail
from review.reports.periods import Period, today
from review.reports.reading import Scope
from review.reports.summary import OF_EVIDENCE, summary

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
FROM_HOUR = 6
"""Not before this hour of the day, in the installation's time zone: what was in work at midnight is counted by then."""
COUNTED_BY_HOUR = 12
"""Until this hour it waits for what is not counted yet; then it leaves and says how much that is."""


@transaction.atomic
def subscribe(*, person: User, weekday: int, desk: str) -> WeeklyReport:
    """Send `person` the report each week on `weekday` (Monday is 0), from the next such day on. `desk` begins the addresses in it."""
    row, is_new = WeeklyReport.objects.get_or_create(person=person, defaults={"token": secrets.token_urlsafe(32), "weekday": weekday})
    before = _before(_last(weekday, today()))
    row.weekday, row.desk, row.sent_for = weekday, desk, max(row.sent_for or before, before)
    row.save(update_fields=["weekday", "desk", "sent_for"])
    if is_new:
        audit_log.record(act="report.subscribed", by=person, about=person.get_username(), words=f"On {DAYS[weekday]}s.")
    return row


@transaction.atomic
def unsubscribe(*, person: User) -> None:
    """Send `person` no more of them."""
    _end(WeeklyReport.objects.filter(person=person), words="")


@transaction.atomic
def unsubscribe_by_link(*, token: str) -> None:
    """The same for whoever holds the link in the mail. A link that ends nothing any more is no error: what was wanted is so."""
    _end(WeeklyReport.objects.filter(token=token), words="With the link in the mail.")


def next_on(row: WeeklyReport) -> date:
    """The day on which the next one is sent, or was to be."""
    last = _last(row.weekday, today())
    return last if _is_open(row, last) else last + timedelta(days=7)


def due() -> Iterator[int]:
    """The ids of those that are due now: their day has come, and that week was neither sent nor given up."""
    now = timezone.localtime(timezone=timezone.get_default_timezone())
    if not settings.EMAIL_HOST or now.hour < FROM_HOUR or (now.hour < COUNTED_BY_HOUR and lag.uncounted()):
        return
    rows = WeeklyReport.objects.filter(person__is_active=True).select_related("person").order_by("pk")
    yield from (row.pk for row in rows if _is_open(row, _last(row.weekday, now.date())) and permissions.may_report(row.person))


def send(*, report_id: int) -> bool:
    """Send one that is due, and say whether it left.

    It is claimed first, so that of several workers one sends it. Where the mail server refused it, it is open again for the next sweep, for
    a day; where nobody knows whether the server took it, it stays claimed: rather none than two.
    """
    row = WeeklyReport.objects.select_related("person").filter(pk=report_id).first()
    if row is None or not permissions.may_report(row.person) or not _is_open(row, on := _last(row.weekday, today())):
        return False
    mail = _compose(row, on)
    return _claim(row, on) and _deliver(row, on, mail)


def _compose(row: WeeklyReport, on: date) -> EmailMessage:
    """The mail of the seven days before `on`, with what the person may see."""
    hides = frozenset() if permissions.may_see_evidence(row.person) else OF_EVIDENCE
    scope = Scope(mailboxes=access.mailbox_ids(row.person))
    return weekly_mail.compose(report=row, said=summary(period=Period(on - timedelta(days=7), _before(on)), scope=scope, hides=hides))


def _deliver(row: WeeklyReport, on: date, mail: EmailMessage) -> bool:
    try:
        weekly_mail.deliver(mail)
    except weekly_mail.NotSent as error:
        _give_back(row, on, str(error))
        return False
    except weekly_mail.MaybeSent as error:
        WeeklyReport.objects.filter(pk=row.pk).update(problem=str(error))
        return False
    WeeklyReport.objects.filter(pk=row.pk).update(problem="")
    return True


def _is_open(row: WeeklyReport, on: date) -> bool:
    return row.sent_for is None or row.sent_for < _before(on)


def _claim(row: WeeklyReport, on: date) -> bool:
    """Whether this worker sends it. Should it die meanwhile, the words stay and tell."""
    at = timezone.localtime(timezone=timezone.get_default_timezone())
    problem = f"The report up to {_said(_before(on))} was begun to be sent at {_clock(at)}, and nothing tells whether it left."
    open_ones = WeeklyReport.objects.filter(Q(sent_for=None) | Q(sent_for__lt=_before(on)), pk=row.pk)
    return bool(open_ones.update(sent_for=_before(on), problem=problem))


def _give_back(row: WeeklyReport, on: date, why: str) -> None:
    """Open it again, unless it was tried for a day; say why either way. `row` holds what was there before the claim."""
    problem = f"The report up to {_said(_before(on))} could not be sent: {why}"
    if row.problem and today() > on:
        WeeklyReport.objects.filter(pk=row.pk, sent_for=_before(on)).update(problem=f"{problem} It was given up after a day.")
        return
    WeeklyReport.objects.filter(pk=row.pk, sent_for=_before(on)).update(sent_for=row.sent_for, problem=f"{problem} It is tried every hour.")


def _end(rows: QuerySet[WeeklyReport], *, words: str) -> None:
    for row in rows.select_related("person").select_for_update(of=("self",)):
        row.delete()
        audit_log.record(act="report.unsubscribed", by=row.person, about=row.person.get_username(), words=words)


def _last(weekday: int, day: date) -> date:
    """The newest such day of the week, `day` itself included."""
    return day - timedelta(days=(day.weekday() - weekday) % 7)


def _before(day: date) -> date:
    return day - timedelta(days=1)


def _said(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _clock(at: datetime) -> str:
    return f"{at:%H:%M} on {_said(at.date())}"
