"""The small lines of categories, as geometry and in words."""

from datetime import date

from review.desk.reports import spark

DAYS = [date(2026, 3, day) for day in (2, 3, 4)]


def test_a_line_goes_from_the_first_value_to_the_last_the_largest_on_top() -> None:
    assert spark.line([0, 4, 2]) == "2,20 48,2 94,11"


def test_the_newest_value_is_drawn_also_where_two_become_one() -> None:
    assert spark.line([0] * 40 + [7]).endswith("94,2")


def test_a_line_says_in_words_what_it_shows() -> None:
    assert spark.said([1, 1204, 2], DAYS) == "1 mail from 2 Mar, 2 from 4 Mar, most from 3 Mar: 1,204"


def test_one_value_is_no_line() -> None:
    assert spark.line([3]) == spark.said([3], DAYS[:1]) == ""
