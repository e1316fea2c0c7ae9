"""What was saved: replies that nobody had to write, less the time that deciding took."""

import pytest

from review.models import MEASURES, LogEntry
from review.reports import saving
from tests.review.factories import make_person

pytestmark = pytest.mark.django_db
SUMS = dict.fromkeys(MEASURES, 0)


def test_replies_from_drafts_save_the_time_of_writing_less_that_of_deciding() -> None:
    sums = SUMS | {"auto_sent": 4, "by_approval": 3, "by_edit": 2, "by_rewrite": 1, "by_hand": 50, "review_seconds": 600}
    found = saving.saving(sums, 6)
    assert found.replies == 10
    # 10 × 6 minutes are 3,600 s.
    assert found.seconds == 3000


def test_deciding_can_take_longer_than_writing_would_have() -> None:
    assert saving.saving(SUMS | {"by_edit": 1, "review_seconds": 500}, 5).seconds == -200


def test_six_minutes_are_assumed_until_somebody_knows_better() -> None:
    assert saving.minutes(saving.assumption()) == 6
    mia = make_person("manager")
    saving.save(minutes=9.5, by=mia)
    saving.save(minutes=4, by=mia)
    found = saving.assumption()
    assert saving.minutes(found) == 4
    assert found is not None
    assert found.by == mia
    assert [entry.about for entry in LogEntry.objects.filter(act="report.assumption_saved").order_by("pk")] == [
        "9.5 minutes by hand",
        "4 minutes by hand",
    ]
