"""The report as PDF: every figure with what it is made of and what it means, how replies left, and a table of the categories."""

from collections.abc import Sequence

from django.contrib.auth.models import User
from django.utils import timezone

from review.desk import words
from review.desk.reports import numbers
from review.exports import report_words as said
from review.exports.sheets import Column, Sheets
from review.reports.summary import Duration, Group, Line, Summary

BY_CATEGORY = ("needed", "coverage", "automation", "approval", "edit", "rejection", "take_over", "error")
"""The figures of the table of categories, by key."""
HEADS = {"needed": "Needed a reply", "approval": "Unedited approval", "error": "Audited errors"}
"""Shorter names, where the whole one is too wide for a column."""
FIGURES = (Column("Figure", 0.53), Column("Value", 0.15, True), Column("Counted", 0.14, True), Column("Before", 0.18, True))
TIMES = (Column("How long it took", 0.53), Column("Median", 0.15, True), Column("9 of 10 within", 0.14, True), Column("Before", 0.18, True))
NOTHING = "No mail from people was received in this period."


def document(report: Summary, *, by: User | None) -> bytes:
    """The file; `by` asked for it, None where it is sent by itself."""
    title = f"Report, {said.period(report.period)}"
    sheets = Sheets(title)
    sheets.heading(title, 16)
    sheets.small(said.scope(report.scope))
    sheets.small(f"Compared with {said.period(report.period.before)}. {said.days()}")
    if report.uncounted:
        sheets.small(numbers.still_uncounted(report.uncounted))
    sheets.small(f"Made {_now()}{f' by {words.person(by)}' if by else ''}.")
    for part in (_figures, _times, _left, _categories):
        part(sheets, report)
    return bytes(sheets.output())


def _figures(sheets: Sheets, report: Summary) -> None:
    sheets.heading("Key figures", 12)
    if not report.parts:
        sheets.text_block(NOTHING)
    sheets.grid(FIGURES, [_figure(line) for line in report.figures])


def _figure(line: Line) -> list[str]:
    interval = said.interval(line.now)
    return [
        f"{line.figure.name}\n{line.figure.definition}",
        f"{said.value(line.now)}\n{interval}" if interval else said.value(line.now),
        said.counted(line.now),
        "\n".join(filter(None, [said.value(line.before), said.change(line)])),
    ]


def _times(sheets: Sheets, report: Summary) -> None:
    sheets.grid(TIMES, [_time(one) for one in report.durations])


def _time(one: Duration) -> list[str]:
    before = (
        f"{numbers.duration(one.before.median)}\n9 of 10 within {numbers.duration(one.before.p90)}" if one.before.count else numbers.NONE
    )
    name = f"{one.name}\n{one.definition} Known of {numbers.count(one.now.count)}."
    return [name, numbers.duration(one.now.median), numbers.duration(one.now.p90), before]


def _left(sheets: Sheets, report: Summary) -> None:
    total = sum(line.now.numerator for line in report.left)
    sheets.heading("How replies left", 12)
    sheets.small(f"{words.count(total, 'mail')} answered. Each counts once, by the first reply that left.")
    sheets.ln(1)
    for line in report.left:
        share = line.now.numerator / total if total else 0
        sheets.bar(line.figure.name, share, f"{numbers.count(line.now.numerator)}, {numbers.share(share if total else None)}")


def _categories(sheets: Sheets, report: Summary) -> None:
    if not report.groups:
        return
    sheets.heading("By category", 12)
    names = {line.figure.key: HEADS.get(line.figure.key, line.figure.name) for line in report.figures}
    shown = [names[key] for key in BY_CATEGORY if key in names]
    columns = [Column("Category", 0.24), *(Column(name, 0.76 / len(shown), True) for name in shown)]
    sheets.grid(columns, [_category(group) for group in report.groups])


def _category(group: Group) -> Sequence[str]:
    lines = [group.figures[key].now for key in BY_CATEGORY if key in group.figures]
    return [group.name, *("\n".join(filter(None, [said.value(one), said.counted(one).replace(" of ", "/")])) for one in lines)]


def _now() -> str:
    at = timezone.localtime()
    return f"{at.day} {at:%B %Y, %H:%M %Z}"
