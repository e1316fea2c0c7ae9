"""What a remedy brought: its cause before and after, by week and by hundred mails that needed a reply.

`mails` are the drafts and hand-overs of the cause, of which a mail may have several.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp, lgamma, log

from django.db.models import Count, Q, Value
from django.db.models import Sum as SumOf
from django.utils import timezone

from review.models import Miss, Remedy, Tally
from review.next_nine.causes import base, theme
from review.next_nine.themes import SAY_LITTLE, WINDOW
from review.reports.load import midnight
from review.reports.reading import Scope

BEFORE = timedelta(days=56)
"""So many days before a remedy it is compared with, at most."""
SHOWN = timedelta(days=182)
"""How far back the line goes."""
SOONEST = timedelta(days=14)
"""A remedy is not judged before."""
LEAST = 5
"""Nor before as many mails would have been expected had nothing changed."""
CHANCE = 0.05
"""Chance of such a difference, had nothing changed, from which it is not called one."""
Days = Mapping[date, int]
_NEEDED = ""
"""No cause has this key."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of days, both included: the `mails` of the cause, and all mails that needed a reply."""

    first: date
    last: date
    mails: int
    needed: int

    @property
    def days(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1

    @property
    def a_week(self) -> float:
        """So often a week."""
        return self.mails * 7 / self.days

    @property
    def per_hundred(self) -> float | None:
        """So often for each hundred mails that needed a reply; None without any."""
        return 100 * self.mails / self.needed if self.needed else None


@dataclass(frozen=True, slots=True)
class Effect:
    """One remedy. Without `after` it is of today; `verdict` is "early", "fewer", "more", "same", or "untold": there is nothing any more
    that it could be compared with.
    """

    remedy: Remedy
    before: Span
    after: Span | None
    verdict: str


@dataclass(frozen=True, slots=True)
class Week:
    """The seven days that begin on `on`. `days` of them are over or under way; `mails` and `needed` as in `Span`."""

    on: date
    days: int
    mails: int
    needed: int


@dataclass(frozen=True, slots=True)
class History:
    """A cause over time: week by week, oldest first, and what was done about it. `with_themes`: the mails of its themes are among them."""

    weeks: tuple[Week, ...]
    effects: tuple[Effect, ...]
    with_themes: bool = False


def histories(causes: Collection[str], *, scope: Scope, today: date, mended_since: date | None = None) -> dict[str, History]:
    """Of each cause, and of those about which something was done on `mended_since` or later. Two queries, bounded by `SHOWN` or the
    oldest of their remedies with the window before it.

    A cause counts together with its themes: a theme that is found takes mails out of it, which is no success of anything. Themes are told
    by the mails of `WINDOW`: older days stay as they were grouped once, and compare with nothing.
    """
    remedies: dict[str, list[Remedy]] = defaultdict(list)
    wanted = Q(cause__in=causes)
    if mended_since:
        wanted |= Q(cause__in=Remedy.objects.filter(at__gte=midnight(mended_since)).values("cause"))
    for remedy in Remedy.objects.filter(wanted).select_related("by").order_by("at"):
        remedies[remedy.cause].append(remedy)
    causes = list(dict.fromkeys([*causes, *remedies]))
    oldest = min((_day(done[0]) for done in remedies.values()), default=today)
    mails, have_themes = _counts(causes, scope, min(today - SHOWN, oldest - BEFORE))
    every = mails[_NEEDED]
    found = {}
    for cause in causes:
        needed, since = (_since_found(every, mails[cause]), today - WINDOW) if theme(cause) else (every, date.min)
        done = effects(remedies[cause], mails[cause], needed, today=today, since=since)
        found[cause] = History(weeks(mails[cause], needed, today=today), done, cause in have_themes)
    return found


def effects(remedies: Sequence[Remedy], mails: Days, needed: Days, *, today: date, since: date = date.min) -> tuple[Effect, ...]:
    """Each remedy against the time from the one before it, up to the next one; days before `since` compare with nothing. The day itself
    counts for neither side.
    """
    days = [_day(each) for each in remedies]
    found = []
    for place, (remedy, day) in enumerate(zip(remedies, days, strict=True)):
        earlier = max((other for other in days[:place] if other < day), default=date.min)
        first = max(day - BEFORE, since, _first_day(mails, needed), earlier + timedelta(days=1) if earlier > date.min else date.min)
        last = min((other - timedelta(days=1) for other in days[place:] if other > day), default=today - timedelta(days=1))
        before = _span(min(first, day - timedelta(days=1)), day - timedelta(days=1), mails, needed)
        after = _span(day + timedelta(days=1), last, mails, needed) if last > day else None
        found.append(Effect(remedy, before, after, verdict(before, after) if day > since else "untold"))
    return tuple(found)


def verdict(before: Span, after: Span | None) -> str:
    """Whether there are fewer or more than before, for as many mails that needed a reply.

    Had nothing changed, each of both stretches would fall into the later one with its share of all mails that needed a reply: the
    number that did is binomial (the conditional test of two Poisson rates, Przyborowski and Wilenski 1940). Two-sided, doubled tail.
    """
    if after is None or after.days < SOONEST.days or not before.needed or not after.needed:
        return "early"
    if before.mails * after.needed < LEAST * before.needed and after.mails < LEAST:
        return "early"
    total, share = before.mails + after.mails, after.needed / (before.needed + after.needed)
    fewer = _at_most(after.mails, total, share)
    more = 1 - _at_most(after.mails - 1, total, share)
    if 2 * min(fewer, more) > CHANCE:
        return "same"
    return "fewer" if fewer < more else "more"


def weeks(mails: Days, needed: Days, *, today: date) -> tuple[Week, ...]:
    """From the week of the first mail on, at most as many as `SHOWN` has; the last one ends after today."""
    monday = today - timedelta(days=today.weekday())
    first = max(_first_day(mails, needed), today - SHOWN)
    begin = first - timedelta(days=first.weekday())
    found = []
    while begin <= monday:
        days = [begin + timedelta(days=place) for place in range(7)]
        held = [day for day in days if day <= today]
        found.append(Week(begin, len(held), sum(mails.get(day, 0) for day in held), sum(needed.get(day, 0) for day in held)))
        begin += timedelta(days=7)
    return tuple(found)


def _day(remedy: Remedy) -> date:
    return timezone.localdate(remedy.at, timezone.get_default_timezone())


def _since_found(needed: Days, mails: Days) -> Days:
    """Of a theme it is not known how many mails it had before its first one was found."""
    first = min(mails, default=date.max)
    return {day: count for day, count in needed.items() if day >= first}


def _first_day(mails: Days, needed: Days) -> date:
    return min((*mails, *needed), default=date.max - timedelta(days=10))


def _span(first: date, last: date, mails: Days, needed: Days) -> Span:
    days = [first + timedelta(days=place) for place in range((last - first).days + 1)]
    return Span(first, last, sum(mails.get(day, 0) for day in days), sum(needed.get(day, 0) for day in days))


def _at_most(k: int, n: int, share: float) -> float:
    """P(X <= k) of a binomial with n trials; in logarithms, as the coefficients grow beyond what a float holds."""
    yes, no, whole = log(share), log(1 - share), lgamma(n + 1)
    return sum(exp(whole - lgamma(i + 1) - lgamma(n - i + 1) + i * yes + (n - i) * no) for i in range(k + 1))


def _counts(causes: Collection[str], scope: Scope, since: date) -> tuple[dict[str, dict[date, int]], set[str]]:
    """Drafts and hand-overs by day of each cause, mails that needed a reply under `_NEEDED`; and the causes that have themes among them."""
    found: dict[str, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    have_themes: set[str] = set()
    with_themes = Q(cause__in=causes)
    for cause in set(causes).intersection(SAY_LITTLE):
        with_themes |= Q(cause__startswith=f"{cause}+")
    own = Miss.objects.filter(scope.rows, with_themes, day__gte=since).order_by().values_list("cause", "day")
    needed = (
        Tally.objects.filter(scope.rows, span=Tally.Span.DAY, on__gte=since).order_by().annotate(of=Value(_NEEDED)).values_list("of", "on")
    )
    for of, day, count in own.annotate(count=Count("pk")).union(needed.annotate(count=SumOf("needed")), all=True):
        for key in {of, base(of)} if count else ():
            found[key][day] += count
        if of != base(of):
            have_themes.add(base(of))
    return found, have_themes
