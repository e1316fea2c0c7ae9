"""The report as PDF: all that the pages tell, every figure with what it is made of and what it means."""

from collections.abc import Sequence
from datetime import date

from django.contrib.auth.models import User
from django.utils import timezone

from review.desk import words
from review.desk.reports import numbers, spreads, tables
from review.desk.reports.waiting import KINDS
from review.exports import report_words as said
from review.exports.sheets import Column, Sheets
from review.reports.backlog import DEFINITION, Waiting
from review.reports.beside import Beside, beside
from review.reports.prices import DEFINITION as COST
from review.reports.saving import DEFINITION as SAVING
from review.reports.steps import left_by_step
from review.reports.summary import Duration, Group, Line, Summary

BY_CATEGORY = ("needed", "coverage", "automation", "approval", "edit", "rejection", "take_over", "error")
"""The figures of the table of categories, by key."""
HEADS = {"needed": "Needed a reply", "approval": "Unedited approval", "error": "Audited errors"}
"""Shorter names, where the whole one is too wide for a column."""
HEADINGS = {"hand_over": "Handed over", "edit": "Edited", "check": "Check failed"}
FIGURES = (Column("Figure", 0.53), Column("Value", 0.15, True), Column("Counted", 0.14, True), Column("Before", 0.18, True))
TIMES = (Column("How long it took", 0.53), Column("Median", 0.15, True), Column("9 of 10 within", 0.14, True), Column("Before", 0.18, True))
REASONS = (Column("What", 0.3), Column("Reason or check", 0.54), Column("Mails", 0.16, True))
COSTS = (Column("What it costs", 0.53), Column("Amount", 0.22, True), Column("Of", 0.25, True))
WAITING = (Column("Waiting now", 0.25), *(Column(head, 0.125, True) for head in KINDS.values()), Column("Oldest", 0.125, True))
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
    more = beside(report)
    _figures(sheets, report)
    _times(sheets, report)
    _costs(sheets, more)
    _left(sheets, report)
    _categories(sheets, report)
    _reasons(sheets, report)
    _hours(sheets, report)
    _waiting(sheets, more.waiting)
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


def _costs(sheets: Sheets, more: Beside) -> None:
    cost, saving = more.cost, more.saving
    amounts = [numbers.money(amount, currency) for currency, amount in cost.amounts.items()] or [numbers.NONE]
    unpriced = sum(cost.unpriced.values())
    without = f"{numbers.count(unpriced)} tokens without a price" if unpriced else ""
    replies = f"{words.count(saving.replies, 'reply', 'replies')} at {saving.minutes:g} min, less {numbers.hours(saving.deciding)}"
    rows = [[f"Cost of the model\n{COST}", "\n".join(amounts), without], [f"Hours saved\n{SAVING}", numbers.hours(saving.seconds), replies]]
    sheets.grid(COSTS, rows)


def _left(sheets: Sheets, report: Summary) -> None:
    total = sum(line.now.numerator for line in report.left)
    sheets.heading("How replies left", 12)
    sheets.small(f"{words.count(total, 'mail')} answered. Each counts once, by the first reply that left.")
    sheets.ln(1)
    for ink, line in enumerate(report.left):
        share = line.now.numerator / total if total else 0
        sheets.bar(line.figure.name, share, f"{numbers.count(line.now.numerator)}, {numbers.share(share if total else None)}", ink=ink)
    sheets.ln(2)
    columns = [Column("Received from", 0.2), *(Column(line.figure.name, 0.16, True) for line in report.left)]
    by_step = left_by_step(report)
    steps = {first: counts for first, counts in by_step.items() if any(counts.values())}
    if steps:
        sheets.chart([*map(_day, by_step)], [tuple(counts.values()) for counts in by_step.values()])
        sheets.grid(columns, [[_day(first), *map(numbers.count, counts.values())] for first, counts in steps.items()])


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


def _reasons(sheets: Sheets, report: Summary) -> None:
    rows = [[HEADINGS[one.kind], one.name, numbers.count(one.mails)] for one in spreads.reasons(report.spreads)]
    if rows:
        sheets.heading("Reasons", 12)
        sheets.grid(REASONS, rows)


def _hours(sheets: Sheets, report: Summary) -> None:
    counts = dict(spreads.hours(report.spreads))
    if not counts:
        return
    sheets.heading("When mails come in", 12)
    columns = [Column("From", 0.16), *(Column(day, 0.12, True) for day in tables.DAYS)]
    rows = [[f"{hour}:00", *(numbers.count(counts.get(24 * day + hour, 0)) for day in range(7))] for hour in range(24)]
    sheets.grid(columns, rows)


def _waiting(sheets: Sheets, found: Sequence[Waiting]) -> None:
    if found:
        sheets.heading("What is waiting now", 12)
        sheets.small(DEFINITION)
        sheets.grid(WAITING, [[one.name, *(numbers.count(getattr(one, kind)) for kind in KINDS), _age(one)] for one in found])


def _age(one: Waiting) -> str:
    return words.age(one.oldest) if one.oldest else ""


def _day(on: date) -> str:
    return f"{on.day} {on:%b %Y}"


def _now() -> str:
    at = timezone.localtime()
    return f"{at.day} {at:%B %Y, %H:%M %Z}"
