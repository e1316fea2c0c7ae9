"""A list of rows behind a number of the report, as the page shows it: mails, drafts that wait, or decisions. Pure."""

from dataclasses import dataclass

from review.desk import words
from review.desk.reports.fate import Fate
from review.reports.periods import Period

STEP = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One mail, with what became of it. `measure` says how much of the number is its own, where the list has a column for that."""

    url: str
    customer: str
    subject: str
    category: str
    mailbox: str
    fate: Fate
    at: words.Moment
    dossier_url: str = ""
    measure: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of rows. `total` says how often it is counted in all. `outcome` and `when` head the columns of what became of a mail and of
    the time; `measure` that of its part of the number, "" where there is none."""

    name: str
    definition: str
    days: str
    whose: str
    total: str
    rows: list[Row]
    problems: list[str]
    report_url: str
    choices: tuple[tuple[str, str, bool], ...] = ()
    older_url: str = ""
    newest_url: str = ""
    first_name: str = "Newest"
    next_name: str = "Older"
    outcome: str = "What became of it"
    when: str = "Received"
    measure: str = ""


def in_words(period: Period) -> str:
    """The days of a period: 3 November 2026, or from the one to the other."""
    first, last = (f"{day.day} {day:%B %Y}" for day in (period.first, period.last))
    return first if first == last else f"{first} to {last}"
