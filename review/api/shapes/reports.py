"""The figures of a period."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, Field

from review.api.shapes.drafts import Category
from review.desk.reports import spreads
from review.reports import summary
from review.reports.backlog import Waiting
from review.reports.beside import Beside
from review.reports.saving import Saving
from review.reports.steps import left_by_step


class Interval(BaseModel):
    """Between which shares, from 0 to 1, the true one lies with 95 % certainty."""

    low: float
    high: float


class FigureValue(BaseModel):
    """A figure in one period."""

    key: str
    numerator: int = Field(description="What was counted.")
    denominator: int | None = Field(description="Of how many; null where the figure is no share but a number.")
    value: float | None = Field(description="A share from 0 to 1, or the number itself; null for a share of nothing.")
    interval: Interval | None = Field(description="Of rates that are estimated from these mails.")

    @classmethod
    def of(cls, value: summary.Value) -> "FigureValue":
        """A figure as it was counted."""
        return cls(**_values(value))


class ReportFigure(FigureValue):
    """A figure with what it means, and what it was in the period before."""

    name: str
    definition: str
    before: FigureValue
    change: float | None = Field(
        description="The value less the one before; null where one of them is, or where they cannot be compared (yet)."
    )

    @classmethod
    def of_line(cls, line: summary.Line) -> "ReportFigure":
        """A figure of the report."""
        about = _values(line.now) | {"name": line.figure.name, "definition": line.figure.definition, "change": line.change}
        return cls(**about, before=FigureValue.of(line.before))


class Quantiles(BaseModel):
    """How long something took, in seconds, at most 5 % above the exact number; null where it never happened."""

    count: int
    median_seconds: int | None
    p90_seconds: int | None = Field(description="Nine of ten took no longer.")

    @classmethod
    def of(cls, found: summary.Quantiles) -> "Quantiles":
        """The durations of one period."""
        return cls(count=found.count, median_seconds=found.median, p90_seconds=found.p90)


class ReportDuration(BaseModel):
    """How long something took, in this period and in the one before."""

    key: str
    name: str
    definition: str
    now: Quantiles
    before: Quantiles

    @classmethod
    def of(cls, found: summary.Duration) -> "ReportDuration":
        """A duration of the report."""
        now, before = Quantiles.of(found.now), Quantiles.of(found.before)
        return cls(key=found.key, name=found.name, definition=found.definition, now=now, before=before)


class ReportCategory(BaseModel):
    """The figures of one category."""

    category: Category | None = Field(description="Null for mails without any.")
    figures: list[FigureValue]
    left: list[FigureValue]

    @classmethod
    def of(cls, group: summary.Group) -> "ReportCategory":
        """A line of the table of categories."""
        category = Category(slug=group.slug, name=group.name) if group.id else None
        return cls(category=category, figures=_now(group.figures.values()), left=_now(group.left.values()))


class ReportCost(BaseModel):
    """What the tokens cost of which the price is known, in one currency."""

    currency: str
    amount: Decimal


class ReportSaving(BaseModel):
    """What the assistant saved: `replies` × `minutes_by_hand`, less `deciding_seconds`, as `seconds`."""

    replies: int
    minutes_by_hand: float = Field(description="What is assumed that a reply takes that a person writes.")
    deciding_seconds: int
    seconds: float

    @classmethod
    def of(cls, found: Saving) -> "ReportSaving":
        """What was saved on the mails of the report."""
        return cls(replies=found.replies, minutes_by_hand=found.minutes, deciding_seconds=found.deciding, seconds=found.seconds)


class ReportReason(BaseModel):
    """How often a reason was given, or a check failed."""

    kind: Literal["hand_over", "edit", "check"]
    key: str
    name: str
    mails: int


class ReportHour(BaseModel):
    """How many mails came in within an hour of the week."""

    hour_of_week: int = Field(description="Monday 0:00 to 1:00 is 0, Sunday 23:00 to 24:00 is 167, in the time zone of the report.")
    mails: int


class ReportStep(BaseModel):
    """How many of the mails that were received from `first` on, until the next step, were answered in each way."""

    first: date
    left: dict[str, int]


class ReportWaiting(BaseModel):
    """What waits in a mailbox now, whatever the period."""

    mailbox: int
    name: str
    drafts: int
    hand_overs: int
    replies: int = Field(description="Taken over by somebody who has not sent the reply yet.")
    writing: int
    snoozed: int
    oldest: datetime | None = Field(description="When the oldest mail was received that waits and is not snoozed.")

    @classmethod
    def of(cls, one: Waiting) -> "ReportWaiting":
        """What waits in a mailbox."""
        return cls(**asdict(one))


class Report(BaseModel):
    """The figures of the mails that were received in a period, in some mailboxes, of a category and a setup, or of all."""

    first: date
    last: date
    time_zone: str = Field(description="Whose days these are.")
    figures: list[ReportFigure]
    left: list[ReportFigure] = Field(description="How replies left: each answered mail counts once.")
    durations: list[ReportDuration]
    categories: list[ReportCategory] = Field(description="By how many mails came in, most first.")
    steps: list[ReportStep] = Field(description="How replies left over the period, by day, week or month, as it is long.")
    costs: list[ReportCost]
    tokens_without_price: int
    saved: ReportSaving
    reasons: list[ReportReason] = Field(description="Why mails were handed over and drafts edited, and which checks failed.")
    hours: list[ReportHour] = Field(description="Those in which any mail came in.")
    waiting: list[ReportWaiting] = Field(description="By mailbox; those where nothing waits are left out.")
    uncounted_conversations: int = Field(description="In how many, of any period, something changed that is not counted yet: 0 as a rule.")

    @classmethod
    def of(cls, found: summary.Summary, more: Beside, *, time_zone: str) -> "Report":
        """A report as the page shows it."""
        return cls(
            first=found.period.first,
            last=found.period.last,
            time_zone=time_zone,
            figures=[ReportFigure.of_line(line) for line in found.figures],
            left=[ReportFigure.of_line(line) for line in found.left],
            durations=[ReportDuration.of(one) for one in found.durations],
            categories=[ReportCategory.of(group) for group in found.groups],
            steps=[ReportStep(first=first, left=counts) for first, counts in left_by_step(found).items()],
            costs=[ReportCost(currency=currency, amount=amount) for currency, amount in more.cost.amounts.items()],
            tokens_without_price=sum(more.cost.unpriced.values()),
            saved=ReportSaving.of(more.saving),
            reasons=[ReportReason(**asdict(one)) for one in spreads.reasons(found.spreads)],
            hours=[ReportHour(hour_of_week=hour, mails=mails) for hour, mails in spreads.hours(found.spreads)],
            waiting=[ReportWaiting.of(one) for one in more.waiting],
            uncounted_conversations=found.uncounted,
        )


def _now(lines: Iterable[summary.Line]) -> list[FigureValue]:
    return [FigureValue.of(line.now) for line in lines]


def _values(value: summary.Value) -> dict[str, Any]:
    interval = Interval(low=value.interval[0], high=value.interval[1]) if value.interval else None
    return {
        "key": value.figure.key,
        "numerator": value.numerator,
        "denominator": value.denominator,
        "value": value.value,
        "interval": interval,
    }
