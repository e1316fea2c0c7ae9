"""Times within sentences."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone
from django.utils.html import format_html, strip_tags

from review.desk import words


def test_a_time_within_a_sentence_says_the_exact_one_on_hover() -> None:
    at = datetime(2024, 11, 3, 13, 5, 7, tzinfo=UTC)
    said = format_html("Snoozed until {}.", words.timed(at))
    assert strip_tags(said) == "Snoozed until 3 Nov 2024."
    assert f'title="{words.moment(at).exact}"' in said
    assert f'datetime="{words.moment(at).iso}"' in said


def test_how_long_ago_says_the_exact_time_on_hover() -> None:
    now = timezone.now()
    assert strip_tags(words.ago(now)) == "just now"
    assert strip_tags(words.ago(now - timedelta(minutes=5))) == "5 min ago"
    assert "title=" in words.ago(now)


def test_what_others_wrote_is_escaped_among_sentences() -> None:
    said = words.sentences("", "<b>It hung.</b>", format_html("Next try {}.", words.timed(timezone.now())))
    assert said.startswith("&lt;b&gt;It hung.&lt;/b&gt; Next try <time ")
