"""Reports say when they lag behind, instead of showing old numbers as if they were new."""

from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from review.exports import report_pdf
from review.models import Touched
from review.reports import lag, rolling
from review.reports.periods import Period
from review.reports.reading import Scope
from review.reports.summary import summary
from tests.drafting.factories import make_message
from tests.review.exports.reading import words_of
from tests.review.factories import make_person
from tests.review.reports_page.test_by_hand import words

pytestmark = pytest.mark.django_db
WEEK = Period(date(2026, 3, 9), date(2026, 3, 15))


def touched(conversation: int, at: datetime) -> Touched:
    """Something changed in a conversation."""
    return Touched.objects.create(conversation_id=conversation, at=at)


@pytest.fixture
def behind(db: None) -> None:
    """Two conversations wait, one of them for five minutes."""
    touched(7, timezone.now() - timedelta(minutes=5))
    touched(7, timezone.now())
    touched(8, timezone.now())


def test_what_changed_just_now_is_no_lag() -> None:
    assert lag.uncounted() == 0
    touched(7, timezone.now() - timedelta(seconds=50))
    assert lag.uncounted() == 0


def test_each_conversation_counts_once(behind: None) -> None:
    assert lag.uncounted() == 2


def test_what_was_put_aside_still_lags(monkeypatch: pytest.MonkeyPatch) -> None:
    make_message()
    Touched.objects.update(at=timezone.now() - timedelta(minutes=5))
    monkeypatch.setattr(rolling, "judge", lambda history: 1 // 0)
    rolling.roll_all()
    assert lag.uncounted() == 1


def test_the_page_its_pdf_and_its_file_say_so(behind: None) -> None:
    client = Client()
    client.force_login(make_person("manager"))
    said = "Not counted yet: 2 conversations in which something changed. Some numbers will change."
    assert said in words(client.get("/reports/").content.decode())
    found = summary(period=WEEK, scope=Scope())
    assert said in words_of(report_pdf.document(found, by=None))
    lines = b"".join(client.post("/reports/download/", {"file": "figures"}).streaming_content).decode()  # type: ignore[attr-defined]
    assert "\r\nNot counted yet,uncounted,2," in lines
    Touched.objects.all().delete()
    assert "Not counted yet" not in words(client.get("/reports/").content.decode())
    assert "Not counted yet" not in words_of(report_pdf.document(summary(period=WEEK, scope=Scope()), by=None))
