"""What a simulation tells: what was unlocked when, what left unsafe, when drift was caught."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from deploy.simulation.company import Arrival
from deploy.simulation.plan import Plan
from review.models import Attempt, Transition

COLUMNS = ("category", "mails", "unsafe", "reviewed", "alone", "unsafe alone", "since drift", "unlocked", "suspended")
UNLOCK, SUSPEND = Attempt.State.RAMP_10, Attempt.State.SUSPENDED


@dataclass
class Tally:
    """The counts of one category. `since_drift` are the unsafe mails that left alone after its drafts had become worse."""

    mails: int = 0
    unsafe: int = 0
    reviewed: int = 0
    rejected: int = 0
    sent_alone: int = 0
    unsafe_sent_alone: int = 0
    since_drift: int = 0
    audits_since_drift: int = 0


@dataclass
class Report:
    """Counts by category, and the steps that attempts took, in order: (mails so far, category, from, to, cause)."""

    plan: Plan
    tell: Callable[[str], None] = print
    tallies: dict[str, Tally] = field(default_factory=dict)
    steps: list[tuple[int, str, str, str, str]] = field(default_factory=list)
    handed_over: int = 0
    _numbers: Counter[str] = field(default_factory=Counter)
    _told: int = 0

    def tally(self, name: str) -> Tally:
        """The counts of a category."""
        return self.tallies.setdefault(name, Tally())

    def count_arrival(self, arrival: Arrival) -> None:
        """One more eligible draft."""
        self._numbers[arrival.kind.name] += 1
        tally = self.tally(arrival.kind.name)
        tally.mails += 1
        tally.unsafe += arrival.is_unsafe

    def count_reviewed(self, arrival: Arrival, *, is_rejected: bool) -> None:
        """A person decided on it."""
        tally = self.tally(arrival.kind.name)
        tally.reviewed += 1
        tally.rejected += is_rejected
        tally.audits_since_drift += arrival.has_drifted

    def count_sent_alone(self, arrival: Arrival) -> None:
        """It left without a person."""
        tally = self.tally(arrival.kind.name)
        tally.sent_alone += 1
        tally.unsafe_sent_alone += arrival.is_unsafe
        tally.since_drift += arrival.is_unsafe and arrival.has_drifted

    def tell_news(self) -> None:
        """Tell the steps that were taken since the last time."""
        mails = sum(self._numbers.values())
        for step in Transition.objects.filter(pk__gt=self._told).select_related("attempt__category").order_by("pk"):
            self._told = step.pk
            name = step.attempt.category.name
            self.steps.append((mails, name, step.before, step.after, step.cause))
            self.tell(f"{step.at:%Y-%m-%d %H:%M}  mail {mails:>6}  {name:<18}{_words(step)}")

    def finish(self, *, handed_over: int) -> "Report":
        """All is over; `handed_over` mails were taken by the mail server."""
        self.tell_news()
        self.handed_over = handed_over
        return self

    def unlocked_at(self, name: str) -> list[int]:
        """After how many mails of the company a category was unlocked, each time."""
        return [mails for mails, category, _, after, _ in self.steps if category == name and after == UNLOCK]

    def suspended_at(self, name: str) -> list[int]:
        """The same of its suspensions."""
        return [mails for mails, category, _, after, _ in self.steps if category == name and after == SUSPEND]

    def table(self) -> str:
        """The counts of all categories, as a table."""
        rows = [(name, *self._cells(name, tally)) for name, tally in self.tallies.items()]
        return "\n".join(f"{row[0]:<18}" + "".join(f"{cell!s:>14}" for cell in row[1:]) for row in [COLUMNS, *rows])

    def _cells(self, name: str, tally: Tally) -> tuple[object, ...]:
        counts = (tally.mails, tally.unsafe, tally.reviewed, tally.sent_alone, tally.unsafe_sent_alone, tally.since_drift)
        return (*counts, _first(self.unlocked_at(name)), _first(self.suspended_at(name)))


def _words(step: Transition) -> str:
    before = step.get_before_display() if step.before else "begins"
    cause = f": {step.get_cause_display().lower()}" if step.cause else ""
    return f"{before} → {step.get_after_display()}{cause} ({step.k} unsafe of {step.n})"


def _first(numbers: list[int]) -> str:
    return f"@{numbers[0]}" if numbers else "-"
