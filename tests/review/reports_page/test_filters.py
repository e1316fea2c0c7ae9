"""What the address of the report asks for: days, mailbox, category, setup; and what it says of what makes no sense."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User

from drafting.models import SetupActivation
from review import access, permissions, team
from review.desk.reports import filters
from review.desk.reports.filters import Asked
from review.reports.periods import Period
from tests.drafting.factories import make_category, make_mailbox, make_setup
from tests.review.factories import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_march")]
LAST_30 = Period(date(2026, 2, 13), date(2026, 3, 14))


def read(user: User, **values: str) -> Asked:
    return filters.read(values, user=user)


@pytest.mark.parametrize(
    ("preset", "first", "last"),
    [
        ("7", date(2026, 3, 8), date(2026, 3, 14)),
        ("30", date(2026, 2, 13), date(2026, 3, 14)),
        ("90", date(2025, 12, 15), date(2026, 3, 14)),
        ("month", date(2026, 3, 1), date(2026, 3, 14)),
        ("last_month", date(2026, 2, 1), date(2026, 2, 28)),
        ("year", date(2026, 1, 1), date(2026, 3, 14)),
    ],
)
def test_a_preset_means_days(preset: str, first: date, last: date, mia: User) -> None:
    asked = read(mia, period=preset)
    assert asked.filters.period == Period(first, last)
    assert asked.filters.query() == ("" if preset == "30" else f"?period={preset}")
    assert asked.problems == []


def test_without_anything_it_is_the_last_thirty_days_of_all_mails(mia: User) -> None:
    asked = read(mia)
    assert asked.filters.period == LAST_30
    assert asked.filters.scope.mailboxes is None
    assert asked.in_words == "All mails"


def test_the_day_begins_in_the_time_zone_of_the_installation(mia: User, settings: Any) -> None:
    settings.TIME_ZONE = "Pacific/Kiritimati"
    assert read(mia).today == date(2026, 3, 15)


def test_any_days_can_be_asked_for_and_stay_in_the_address(mia: User) -> None:
    asked = read(mia, period="days", first="2025-01-05", last="2025-02-01")
    assert asked.filters.period == Period(date(2025, 1, 5), date(2025, 2, 1))
    assert asked.filters.query() == "?first=2025-01-05&last=2025-02-01"
    assert read(mia, first="2025-01-05").filters.period == Period(date(2025, 1, 5), date(2026, 3, 14))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"period": "fortnight"}, "There is no period called “fortnight”"),
        ({"period": "days", "first": "31.1.2026"}, "“31.1.2026” is no day: write it as 2026-01-31."),
        ({"period": "days", "first": "2026-03-02", "last": "2026-03-01"}, "The period ends before it begins"),
        ({"period": "days", "first": "0001-01-01"}, "Choose days from the year 2000 to 2099."),
        ({"period": "days", "first": "2026-01-01", "last": "9999-12-31"}, "Choose days from the year 2000 to 2099."),
        ({"period": "days", "first": "2001-01-01", "last": "2026-01-01"}, "A period may be ten years long at most."),
    ],
)
def test_a_period_that_makes_no_sense_is_named_and_the_rest_holds(values: dict[str, str], said: str, mia: User) -> None:
    box = make_mailbox(name="Service")
    asked = read(mia, mailbox=str(box.pk), **values)
    assert asked.filters.period == LAST_30
    assert asked.filters.mailbox == str(box.pk)
    assert len(asked.problems) == 1
    assert said in asked.problems[0]


def test_a_choice_that_is_not_there_is_named_and_the_period_holds(mia: User) -> None:
    asked = read(mia, period="7", mailbox="99999999", category="x", setup="'; --")
    assert asked.filters.preset == "7"
    assert not asked.filters.are_set
    assert [problem.split(" that ")[0] for problem in asked.problems] == [
        "There is no mailbox “99999999”",
        "There is no category “x”",
        "There is no setup “'; --”",
    ]


def test_mails_can_be_chosen_by_mailbox_category_and_setup(mia: User) -> None:
    box, category, setup = make_mailbox(name="Service"), make_category("return"), make_setup()
    SetupActivation.objects.create(setup=setup)
    asked = read(mia, mailbox=str(box.pk), category=str(category.pk), setup=str(setup.pk))
    scope = asked.filters.scope
    assert (scope.mailboxes, scope.category, scope.setup) == (frozenset({box.pk}), category.pk, setup.pk)
    assert asked.in_words == f"Service, Return, Setup {setup.pk}"
    unsorted = read(mia, category="0")
    assert unsorted.filters.scope.category == 0
    assert unsorted.in_words == "Without category"


def test_who_is_limited_to_mailboxes_sees_and_may_choose_only_those() -> None:
    mine, other = make_mailbox(name="Mine"), make_mailbox(name="Other")
    limited = make_person("manager")
    team.give(person=limited, roles=[permissions.Role.MANAGER], mailboxes=[mine])
    asked = read(limited, mailbox=str(other.pk))
    assert asked.filters.scope.mailboxes == frozenset({mine.pk})
    assert [choice.name for choice in asked.mailboxes] == ["Mine"]
    assert asked.problems


def test_the_menus_take_one_query_and_are_kept_for_a_moment(mia: User, django_assert_num_queries: Any) -> None:
    for _ in range(3):
        make_mailbox()
    access.mailbox_ids(mia)
    with django_assert_num_queries(1):
        read(mia)
    with django_assert_num_queries(0):
        assert len(read(mia).mailboxes) == 3
