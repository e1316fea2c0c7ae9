"""Making all outcomes and sums again from the raw rows, or saying what they would be otherwise, while the product runs."""

from collections.abc import Callable, Iterator
from datetime import date
from itertools import groupby

from inbox.models import Conversation
from review.models import Outcome, Tally, Touched
from review.reports import rolling, summing
from review.reports.periods import Step, begin

PIECE = 2000
"""Conversations that are read in one step."""


def rebuild(*, tell: Callable[[str], object]) -> None:
    """Make all again piece by piece. Whoever is interrupted may begin again, or leave the rest of the outcomes to the sweep."""
    rolling.follow_zone()
    count = rolling.touch_all()
    rolling.roll_all(most=PIECE, tell=lambda done: tell(f"{min(done, count)} of {count} conversations."))
    for days in _months():
        rolling.sum_again(days)
        tell(f"Sums of {days[0]:%B %Y}.")
    if aside := Touched.objects.filter(aside_until__isnull=False).values("conversation_id").distinct().count():
        tell(f"Could not be counted, the log says why: {aside} of the conversations.")


def differences() -> Iterator[str]:
    """What would be otherwise, in sentences; nothing is changed. What waits for the next roll is left out."""
    last = 0
    while ids := list(Conversation.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:PIECE]):
        last = ids[-1]
        waiting = Touched.objects.filter(conversation_id__in=ids).values_list("conversation_id", flat=True)
        yield from (f"Message {pk} is counted wrong." for pk in rolling.compare(set(ids) - set(waiting)))
    for days in _months():
        for span, day in summing.differing(summing.groups_of(days)):
            yield f"The sums of the {span} {day} do not add up."


def _months() -> list[list[date]]:
    """All days of which there are outcomes or sums, by month."""
    of_outcomes = Outcome.objects.order_by().values_list("day", flat=True).distinct()
    days = sorted({*of_outcomes, *Tally.objects.order_by().values_list("on", flat=True).distinct()})
    return [list(found) for _, found in groupby(days, key=lambda day: begin(day, step=Step.MONTH))]
