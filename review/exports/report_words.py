"""A report in words, for what leaves the desk: the PDF, and the mail."""

from django.conf import settings

from drafting.models import Category, Setup
from inbox.models import Mailbox
from review.desk import words
from review.desk.reports import numbers
from review.reports.periods import Period
from review.reports.reading import Scope
from review.reports.summary import UNSORTED, Line, Value

DAYS_OF = "Mails count on the day on which they were received, in the time zone {zone}."


def period(of: Period) -> str:
    """From when to when: 9 March 2026 to 15 March 2026."""
    first, last = (f"{day.day} {day:%B %Y}" for day in (of.first, of.last))
    return first if first == last else f"{first} to {last}"


def days() -> str:
    """Whose days they are."""
    return DAYS_OF.format(zone=settings.TIME_ZONE)


def scope(of: Scope) -> str:
    """Which mails are counted: All mailboxes · Category Stock · Setup 3."""
    said = [_mailboxes(of)]
    if of.category is not None:
        category = Category.objects.filter(pk=of.category).first()
        said.append(f"Category {category.name}" if category else UNSORTED)
    if of.setup is not None:
        said.append(str(Setup.objects.filter(pk=of.setup).defer("parts").first() or "an unknown setup"))
    return " · ".join(said)


def value(of: Value) -> str:
    """A figure: 75 %, 1,204, or a dash for a share of nothing."""
    return numbers.share(of.value) if of.denominator is not None else numbers.count(of.numerator)


def counted(of: Value) -> str:
    """What a share is a share of: 6 of 8. "" for a plain number."""
    return f"{numbers.count(of.numerator)} of {numbers.count(of.denominator)}" if of.denominator is not None else ""


def interval(of: Value) -> str:
    """Between which shares the true one lies; "" where that is not said."""
    return f"{numbers.share(of.interval[0])} to {numbers.share(of.interval[1])}" if of.interval else ""


def change(of: Line) -> str:
    """How it moved since the period before: up 2.1 points, down 14, unchanged; or that it cannot be compared yet. "" where there is
    nothing to compare with."""
    if of.now.value is None or of.before.value is None:
        return ""
    if of.change is None:
        return of.open.value
    is_share = of.now.denominator is not None
    size = numbers.points(of.change) if is_share else numbers.count(abs(of.change))
    if size in {numbers.points(0), numbers.count(0)}:
        return "unchanged"
    return f"{'up' if of.change > 0 else 'down'} {size}"


def _mailboxes(of: Scope) -> str:
    if of.mailboxes is None:
        return "All mailboxes"
    names = list(Mailbox.objects.filter(pk__in=of.mailboxes).order_by("name").values_list("name", flat=True))
    if not names:
        return "No mailbox"
    return f"Mailbox {names[0]}" if len(names) == 1 else f"Mailboxes {words.listed(names)}"
