"""The figures of a period."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from pydantic import BaseModel, Field

from review.api.shapes.drafts import Category
from review.reports import summary


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
        description="The value less the one before; null where one of them is, or where the last days of the period are still open."
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


class Report(BaseModel):
    """The figures of the mails that were received in a period, in some mailboxes, of a category and a setup, or of all."""

    first: date
    last: date
    time_zone: str = Field(description="Whose days these are.")
    figures: list[ReportFigure]
    left: list[ReportFigure] = Field(description="How replies left: each answered mail counts once.")
    durations: list[ReportDuration]
    categories: list[ReportCategory] = Field(description="By how many mails came in, most first.")
    uncounted_conversations: int = Field(description="In how many, of any period, something changed that is not counted yet: 0 as a rule.")

    @classmethod
    def of(cls, found: summary.Summary, *, time_zone: str) -> "Report":
        """A report as the page shows it."""
        return cls(
            first=found.period.first,
            last=found.period.last,
            time_zone=time_zone,
            figures=[ReportFigure.of_line(line) for line in found.figures],
            left=[ReportFigure.of_line(line) for line in found.left],
            durations=[ReportDuration.of(one) for one in found.durations],
            categories=[ReportCategory.of(group) for group in found.groups],
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
