"""The figures of the report as cards: the number, what it is made of, how it changed, what it means, and the way to its mails. Pure."""

from dataclasses import dataclass

from django.urls import reverse

from review.desk.reports import numbers
from review.desk.reports.filters import Filters
from review.models import Spread
from review.reports.figures import Good
from review.reports.saving import DEFINITION as SAVING
from review.reports.saving import Saving
from review.reports.summary import Duration, Line, Value

SAME = "same as before"
NOTHING_BEFORE = "nothing to compare with before"
QUANTILES = "Half took no longer than the median, nine in ten than the p90; both are rounded up by 5 % at most."


@dataclass(frozen=True, slots=True)
class Card:
    """One figure. `made_of` says numerator and denominator, that with the address of its mails ("" for none); `change` is in
    words, `tone` that of a tag. `link` is a further way on: words and address."""

    key: str
    name: str
    value: str
    definition: str
    url: str = ""
    made_of: tuple[tuple[str, str], ...] = ()
    note: str = ""
    change: str = ""
    tone: str = "quiet"
    link: tuple[str, str] = ("", "")


def mails_url(filters: Filters, figure: str, part: str = "", **changes: str) -> str:
    """Where the mails behind a figure are listed; `part` "of" for those of its denominator, "rest" for those of it that do not count."""
    return reverse("report_mails") + filters.query(figure=figure, part=part, **changes)


def card(line: Line, filters: Filters, *, value: str = "") -> Card:
    """A figure; `value` where it is said in another way than by itself."""
    key, now = line.figure.key, line.now
    url = mails_url(filters, key) if now.numerator else ""
    change, tone = changed(line)
    made_of: tuple[tuple[str, str], ...] = ((numbers.count(now.numerator), ""),)
    if now.denominator is not None:
        made_of += ((f"of {numbers.count(now.denominator)}", mails_url(filters, key, "of") if now.denominator else ""),)
    return Card(
        key=key,
        name=line.figure.name,
        value=value or said(now),
        definition=line.figure.definition,
        url=url,
        made_of=made_of if now.denominator else (),
        note=interval(now),
        change=change,
        tone=tone,
    )


def said(value: Value) -> str:
    """A figure as a number."""
    return numbers.count(value.numerator) if value.denominator is None else numbers.share(value.value)


def interval(value: Value) -> str:
    """Between which shares the true one lies."""
    ends = value.interval
    return f"between {numbers.share(ends[0])} and {numbers.share(ends[1])} with 95{numbers.SPACE}% certainty" if ends else ""


def changed(line: Line) -> tuple[str, str]:
    """How a figure differs from the period before, in words that say whether that is good, and a tone."""
    if line.now.value is None or line.before.value is None:
        return ("" if line.now.value is None else NOTHING_BEFORE), "quiet"
    if (change := line.change) is None:
        return line.open.value, "quiet"
    is_share = line.now.denominator is not None
    if not change or (is_share and said(line.now) == said(line.before)):
        return SAME, "quiet"
    size = numbers.points(change) if is_share else numbers.count(abs(change))
    judged, tone = _judged(line.figure.good, change)
    return f"{'up' if change > 0 else 'down'} {size} from {said(line.before)}{judged}", tone


def duration(found: Duration, filters: Filters) -> Card:
    """How long something took: the median first, then the p90."""
    now = found.now
    url = mails_url(filters, found.key) if now.count else ""
    change, tone = _slower(found)
    return Card(
        key=found.key,
        name=found.name,
        value=numbers.duration(now.median),
        definition=f"{found.definition} {QUANTILES}",
        url=url,
        made_of=((f"median of {numbers.count(now.count)}", ""),) if now.count else (),
        note=f"nine in ten within {numbers.duration(now.p90)}" if now.count else "",
        change=change,
        tone=tone,
    )


def saved(saving: Saving, filters: Filters) -> Card:
    """The hours that the assistant saved, with what that takes for granted."""
    replies = f"{numbers.count(saving.replies)} {'reply' if saving.replies == 1 else 'replies'} at {saving.minutes:g} min by hand,"
    url = mails_url(filters, "saved") if saving.replies else ""
    deciding = mails_url(filters, Spread.Kind.REVIEW) if saving.deciding else ""
    return Card(
        key="saved",
        name="Hours saved",
        value=numbers.hours(saving.seconds),
        definition=SAVING,
        url=url or deciding,
        made_of=((replies, url), (f"less {numbers.hours(saving.deciding)} of deciding", deciding)),
        link=("Change what is assumed", reverse("report_assumptions")),
    )


def _judged(good: Good, change: float) -> tuple[str, str]:
    if good == Good.NEITHER:
        return "", "quiet"
    return (", better", "green") if (change > 0) == (good == Good.UP) else (", worse", "red")


def _slower(found: Duration) -> tuple[str, str]:
    now, before = found.now, found.before
    if now.median is None or before.median is None:
        return ("" if now.median is None else NOTHING_BEFORE), "quiet"
    if found.open:
        return found.open.value, "quiet"
    if numbers.duration(now.median) == numbers.duration(before.median):
        return SAME, "quiet"
    is_longer = now.median > before.median
    return f"{'longer' if is_longer else 'shorter'} than {numbers.duration(before.median)}", "red" if is_longer else "green"
