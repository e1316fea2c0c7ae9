"""What was done of late about any cause, with what came of it: also where the cause has none left, or is no longer among the first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from review.desk import version_history
from review.desk.next_nine import told
from review.desk.next_nine.told import Done
from review.desk.reports.filters import Filters
from review.models import Remedy
from review.next_nine import named
from review.next_nine.effects import SHOWN, History
from review.reports.load import midnight

MOST = 20


@dataclass(frozen=True, slots=True)
class Mended:
    """One remedy, with the cause that it is for."""

    title: str
    url: str
    done: Done


@dataclass(frozen=True, slots=True)
class AllDone:
    """The newest remedies, newest first, and how many `more` there are; `fewer` of all of them were followed by fewer mails."""

    shown: list[Mended]
    more: int
    fewer: int
    count: int


def begins(today: date) -> date:
    """The first day of those of which remedies are told."""
    return today - SHOWN


def all_done(histories: Mapping[str, History], known: named.Names, filters: Filters, *, today: date) -> AllDone:
    """The remedies in these histories, by cause, that are not older than `begins`."""
    since = midnight(begins(today))
    found = [
        (effect.remedy.at, cause, one)
        for cause, history in histories.items()
        for effect, one in zip(history.effects, told.done(history, urls=addresses(history)), strict=True)
        if effect.remedy.at >= since
    ]
    newest = sorted(found, key=lambda row: (row[0], row[1]), reverse=True)
    shown = [Mended(named.title(cause, known), _url(cause, filters), one) for _, cause, one in newest[:MOST]]
    return AllDone(shown, max(len(found) - MOST, 0), sum(one.said == "fewer" for _, _, one in found), len(found))


def addresses(history: History) -> list[str]:
    """Where one can see what each remedy changed; "" where there is nothing to see."""
    return [_address(each.remedy) for each in history.effects]


def _url(cause: str, filters: Filters) -> str:
    return f"{reverse('next_nine_cause', args=[cause])}{filters.query()}#done"


def _address(remedy: Remedy) -> str:
    if remedy.kind == Remedy.Kind.TABLE and remedy.of:
        return reverse("table_import", args=[remedy.of])
    return version_history.address(remedy.kind, remedy.of) if remedy.of and remedy.kind != Remedy.Kind.ELSEWHERE else ""
