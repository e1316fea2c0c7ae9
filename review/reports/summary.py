"""The figures of a period as plain data, with those of the period before: what page, PDF, API and weekly mail all show."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from drafting.models import Category
from review import confidence
from review.models import Spread
from review.reports import durations, reading
from review.reports.figures import FIGURES, LEFT, Compares, Figure
from review.reports.periods import Period, today
from review.reports.reading import Part, Scope, Sums

UNSORTED = "Without category"
OF_EVIDENCE = frozenset({"error"})
"""Figures that tell how far the proof of auto-send is: who reviews does not see them (`permissions.may_see_evidence`)."""
DURATIONS = {
    Spread.Kind.FIRST_RESPONSE: (
        "From the first mail of a conversation that needed a reply until our first reply to it left, also where that came back. "
        "Conversations without one are not in it."
    ),
    Spread.Kind.RESOLUTION: (
        "From that first mail until every mail of the conversation that needed a reply had one. Others are not in it. There is no target "
        "for it."
    ),
    Spread.Kind.REVIEW: "How long people had the drafts for one mail open before they decided, where that is known.",
}
"""What took how long, and what that means. Quantiles are at most 5 % above the exact ones (`durations.py`)."""
REASONS = {
    Spread.Kind.HAND_OVER: (
        "Mails that needed a reply and for which the assistant gave up without offering any draft, each once, by the reason of its last "
        "try."
    ),
    Spread.Kind.EDIT_REASON: "What reviewers said after they had edited a draft. Edits of which nobody said why are missing.",
    Spread.Kind.FAILED_CHECK: (
        "What the first draft failed that was offered for a mail; a draft may fail several checks. Drafts that were written again later "
        "are not looked at."
    ),
}
"""What is counted of reasons, and what that means."""
RIPE = timedelta(days=7)
"""So long after a mail it counts as it will (`Compares.AFTER_A_WEEK`)."""
FEW_WAIT = 0.02
"""How many more of the mails may wait than of those before, as a share of them, and still compare: their replies change little."""


Spreads = dict[Spread.Kind, Counter[str]]
"""How often what occurred, by its key."""


@dataclass(frozen=True, slots=True)
class Value:
    """A figure in one period: what was counted, and of how many (None where it is a plain number)."""

    figure: Figure
    numerator: int
    denominator: int | None

    @property
    def value(self) -> float | None:
        """A share from 0 to 1, or the number itself; None for a share of nothing."""
        if self.denominator is None:
            return float(self.numerator)
        return self.numerator / self.denominator if self.denominator else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The shares between which the true one lies with 95 % certainty; None where the figure has none, or nothing to tell it from."""
        return confidence.interval(self.denominator, self.numerator) if self.figure.has_interval and self.denominator else None


@dataclass(frozen=True, slots=True)
class Line:
    """A figure, and what it was in the period before. `open` says why the two cannot be compared yet, if so."""

    now: Value
    before: Value
    open: Compares = Compares.ALWAYS

    @property
    def figure(self) -> Figure:
        """Which one."""
        return self.now.figure

    @property
    def change(self) -> float | None:
        """How much the value grew: of a share by so many hundredths of it being 1 (0.05 is 5 percentage points), else by so many.
        None where there is nothing to compare, or they cannot be."""
        if self.open or self.now.value is None or self.before.value is None:
            return None
        return self.now.value - self.before.value


@dataclass(frozen=True, slots=True)
class Quantiles:
    """In seconds: half of all took `median` at most, nine of ten `p90`; None where there are none. `count` says how many there are."""

    count: int
    median: int | None
    p90: int | None


@dataclass(frozen=True, slots=True)
class Duration:
    """How long something took, and in the period before. `open` says why the two cannot be compared yet, if so."""

    key: str
    name: str
    definition: str
    now: Quantiles
    before: Quantiles
    open: Compares = Compares.ALWAYS


@dataclass(frozen=True, slots=True)
class Group:
    """One category, `id` 0 and `slug` "" for mails without any: all its figures, and how its replies left, by their keys."""

    id: int
    slug: str
    name: str
    figures: dict[str, Line]
    left: dict[str, Line]


@dataclass(frozen=True, slots=True)
class Summary:
    """What a report says. `figures` and `left` are in the order of `FIGURES` and `LEFT`; `groups` by how many mails came in, most first.

    `spreads` say how often what occurred. `parts` are what all of it was added up from, for charts over the period. `uncounted` is in how
    many conversations, of any period, something changed that is not in it yet.
    """

    period: Period
    scope: Scope
    figures: tuple[Line, ...]
    left: tuple[Line, ...]
    durations: tuple[Duration, ...]
    groups: tuple[Group, ...]
    spreads: Spreads
    parts: tuple[Part, ...]
    uncounted: int


def summary(*, period: Period, scope: Scope, hides: frozenset[str] = frozenset()) -> Summary:
    """The figures of the mails in `scope` that were received in `period`, but for those with a key in `hides`. Five queries at most."""
    shown = [figure for figure in FIGURES if figure.key not in hides]
    parts, earlier = reading.parts(period=period, scope=scope), reading.parts(period=period.before, scope=scope)
    now, before = reading.total(parts), reading.total(earlier)
    spreads, before_spreads, uncounted = reading.spreads_and_before(period=period, scope=scope)
    return Summary(
        period=period,
        scope=scope,
        figures=tuple(_lines(shown, now, before, period).values()),
        left=tuple(_lines(LEFT, now, before, period).values()),
        durations=tuple(_durations(spreads, before_spreads, (now, before), period)),
        groups=_groups(parts, earlier, shown, period),
        spreads=spreads,
        parts=tuple(parts),
        uncounted=uncounted,
    )


def value(figure: Figure, sums: Sums) -> Value:
    """A figure of these sums."""
    return Value(figure, figure.numerator(sums), figure.denominator(sums))


def _lines(figures: Iterable[Figure], now: Sums, before: Sums, period: Period) -> dict[str, Line]:
    return {figure.key: Line(value(figure, now), value(figure, before), _open(figure.compares, now, before, period)) for figure in figures}


def _open(compares: Compares, now: Sums, before: Sums, period: Period) -> Compares:
    """Why these sums of the period cannot be compared yet; ALWAYS where they can."""
    is_so = {
        Compares.AFTER_A_WEEK: period.last > today() - RIPE,
        Compares.ONCE_ANSWERED: _more_wait(now, before),
        Compares.NEVER: True,
    }
    return compares if is_so.get(compares) else Compares.ALWAYS


def _more_wait(now: Sums, before: Sums) -> bool:
    """Whether clearly more mails wait than before, for as many that needed a reply. A single one never is: a desk at work always has it."""
    as_before = now["needed"] * before["waiting"] / before["needed"] if before["needed"] else 0
    return now["waiting"] - as_before > max(1, FEW_WAIT * now["needed"])


def _durations(now: Spreads, before: Spreads, sums: tuple[Sums, Sums], period: Period) -> Iterator[Duration]:
    for kind, definition in DURATIONS.items():
        compares = Compares.ALWAYS if kind == Spread.Kind.REVIEW else Compares.ONCE_ANSWERED
        found = _quantiles(now[kind]), _quantiles(before[kind])
        yield Duration(kind.value, kind.label, definition, *found, _open(compares, *sums, period))


def _quantiles(counts: Counter[str]) -> Quantiles:
    return Quantiles(counts.total(), durations.quantile(counts, 0.5), durations.quantile(counts, 0.9))


def _groups(parts: list[Part], earlier: list[Part], shown: list[Figure], period: Period) -> tuple[Group, ...]:
    """The categories of the period; one that only had mails before is no line of this report."""
    now, before = _by_category(parts), _by_category(earlier)
    known = {row.pk: row for row in Category.objects.filter(pk__in=filter(None, now))} if any(now) else {}
    found = [_group(known.get(key), shown, reading.total(now[key]), reading.total(before[key]), period) for key in now]
    return tuple(sorted(found, key=lambda group: (-group.figures["inbound"].now.numerator, group.name)))


def _group(category: Category | None, shown: list[Figure], now: Sums, before: Sums, period: Period) -> Group:
    about = (category.pk, category.slug, category.name) if category else (0, "", UNSORTED)
    return Group(*about, figures=_lines(shown, now, before, period), left=_lines(LEFT, now, before, period))


def _by_category(parts: list[Part]) -> dict[int, list[Part]]:
    found: dict[int, list[Part]] = defaultdict(list)
    for part in parts:
        found[part.category or 0].append(part)
    return found
