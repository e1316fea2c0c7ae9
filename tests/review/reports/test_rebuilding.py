"""Everything can be counted again at any time, or only compared."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from review.models import Outcome, ReportZone, Spread, Tally, Touched
from review.reports import rolling
from tests.drafting.factories import make_message
from tests.review.factories import ready_draft
from tests.review.reports import plain
from tests.review.reports.random_mail import RandomMail

pytestmark = pytest.mark.django_db


def told(*options: str) -> str:
    """What the command says."""
    out = StringIO()
    call_command("rebuild_reports", *options, stdout=out)
    return out.getvalue()


def test_everything_is_made_again_from_the_raw_rows() -> None:
    mail = RandomMail(11)
    for _ in range(60):
        mail.step()
    rolling.roll_all()
    spoil()
    assert "Everything is counted again." in told()
    assert plain.kept_tallies() == plain.tallies("UTC")
    assert plain.kept_spreads() == plain.spreads("UTC")
    assert not Touched.objects.exists()
    assert "Everything is counted right." in told("--dry-run")


def test_a_dry_run_says_what_is_counted_wrong_and_changes_nothing() -> None:
    today, message = timezone.now().date(), ready_draft().message
    rolling.roll_all()
    assert told("--dry-run") == "Everything is counted right.\n"
    Outcome.objects.update(calls=99)
    Tally.objects.filter(span="month").update(inbound=99)
    said = told("--dry-run")
    assert f"Message {message.pk} is counted wrong." in said
    assert f"The sums of the day {today} do not add up." in said
    assert f"The sums of the month {today.replace(day=1)} do not add up." in said
    assert "Counted wrong: 3." in said
    assert Outcome.objects.get().calls == 99


def test_what_waits_for_the_next_roll_is_not_wrong() -> None:
    make_message()
    assert told("--dry-run") == "Everything is counted right.\n"
    assert not Outcome.objects.exists()


def test_sums_of_days_without_mail_are_found() -> None:
    message = make_message()
    rolling.roll_all()
    nobody_wrote = timezone.now().date() - timedelta(days=400)
    Tally.objects.create(span="month", on=nobody_wrote.replace(day=1), mailbox=message.mailbox, inbound=3)
    assert "Counted wrong: 1." in told("--dry-run")
    told()
    assert not Tally.objects.filter(on__lt=nobody_wrote).exists()


def spoil() -> None:
    """The counts are damaged in every table."""
    Outcome.objects.filter(pk__in=list(Outcome.objects.values_list("pk", flat=True)[:3])).delete()
    Outcome.objects.update(approved=7, day=timezone.now().date())
    Tally.objects.update(inbound=5)
    Spread.objects.filter(kind="hour").update(count=9)
    Spread.objects.filter(kind="review").delete()
    Touched.objects.all().delete()
    ReportZone.objects.all().delete()
