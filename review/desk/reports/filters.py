"""Of which days and mails the report tells; lives in the address. What makes no sense there is named, and the rest still holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, cast
from urllib.parse import urlencode

from django.core.cache import caches
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast
from django.utils import timezone

from drafting.models import Category, Setup
from inbox.models import Mailbox
from review import access
from review.access import Viewer
from review.desk.menus import Choice, entries
from review.reports.periods import Period
from review.reports.reading import Scope
from review.reports.summary import UNSORTED

PRESETS = {
    "7": "Last 7 days",
    "30": "Last 30 days",
    "90": "Last 90 days",
    "month": "This month",
    "last_month": "Last month",
    "year": "This year",
}
DEFAULT, DAYS = "30", "days"
SECONDS = 15
"""How long menus may be old."""
_KEY = "report-menus"
_FIRST, _LAST = date(2000, 1, 1), date(2099, 12, 31)
Menu = list[tuple[str, str]]
"""Values and names to choose from."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What was asked for. `preset` is a key of PRESETS, or DAYS for the days from `period.first` to `period.last`; `mailbox`, `category`
    and `setup` are as the address says them, "" for all; `may_see` are the mailboxes that the person may see, None for all."""

    preset: str
    period: Period
    mailbox: str = ""
    category: str = ""
    setup: str = ""
    may_see: frozenset[int] | None = None

    @property
    def scope(self) -> Scope:
        """The same for counting."""
        return Scope(
            mailboxes=frozenset({int(self.mailbox)}) if self.mailbox else self.may_see,
            category=int(self.category) if self.category else None,
            setup=int(self.setup) if self.setup else None,
        )

    @property
    def are_set(self) -> bool:
        """Whether some mails are left out."""
        return bool(self.mailbox or self.category or self.setup)

    @property
    def values(self) -> dict[str, str]:
        """As an address or a form holds them."""
        days = {"first": self.period.first.isoformat(), "last": self.period.last.isoformat()} if self.preset == DAYS else {}
        preset = "" if self.preset in {DEFAULT, DAYS} else self.preset
        values = {"period": preset, **days, "mailbox": self.mailbox, "category": self.category, "setup": self.setup}
        return {name: value for name, value in values.items() if value}

    def query(self, **changes: Any) -> str:
        """As the end of an address, question mark included, with `changes`; the empty ones of them are left out."""
        said = urlencode({name: value for name, value in (self.values | changes).items() if value != ""})
        return f"?{said}" if said else ""

    def of_days(self, first: date, last: date) -> dict[str, str]:
        """What changes in an address that asks for these days of the period only."""
        within = Period(max(first, self.period.first), min(last, self.period.last))
        return {"period": "", "first": within.first.isoformat(), "last": within.last.isoformat()}


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters with the menus to change them, what could not be understood, and every name by its id."""

    filters: Filters
    today: date
    presets: list[Choice]
    mailboxes: list[Choice]
    categories: list[Choice]
    setups: list[Choice]
    problems: list[str] = field(default_factory=list)

    @property
    def names(self) -> dict[str, dict[str, str]]:
        """The names of mailboxes, categories and setups by their ids."""
        menus = {"mailbox": self.mailboxes, "category": self.categories, "setup": self.setups}
        return {kind: {choice.value: choice.name for choice in menu} for kind, menu in menus.items()}

    @property
    def in_words(self) -> str:
        """Of which mails the report tells, beside the days."""
        chosen = (choice.name for menu in (self.mailboxes, self.categories, self.setups) for choice in menu if choice.is_chosen)
        return ", ".join(chosen) or "All mails"


def read(values: Mapping[str, str], *, user: Viewer) -> Asked:
    """What an address asks for, of what `user` may see. One query, for the menus, unless they were read a moment ago."""
    today = timezone.localdate(timezone=timezone.get_default_timezone())
    menus = _menus(user)
    problems: list[str] = []
    preset, period = _period(values, today, problems)
    chosen = {kind: _chosen(values, kind, menu, problems) for kind, menu in menus.items()}
    return Asked(
        filters=Filters(preset, period, **chosen, may_see=access.mailbox_ids(user)),
        today=today,
        presets=entries([*PRESETS.items(), (DAYS, "From … to …")], preset),
        mailboxes=entries(menus["mailbox"], chosen["mailbox"]),
        categories=entries(menus["category"], chosen["category"]),
        setups=entries(menus["setup"], chosen["setup"]),
        problems=problems,
    )


def preset_period(preset: str, today: date) -> Period:
    """The days that a preset means; those up to `today` include it."""
    first_of_month = today.replace(day=1)
    if preset == "month":
        return Period(first_of_month, today)
    if preset == "last_month":
        last = first_of_month - timedelta(days=1)
        return Period(last.replace(day=1), last)
    return Period(today.replace(month=1, day=1) if preset == "year" else today - timedelta(days=int(preset) - 1), today)


def _period(values: Mapping[str, str], today: date, problems: list[str]) -> tuple[str, Period]:
    asked = values.get("period") or (DAYS if values.get("first") or values.get("last") else DEFAULT)
    usual = preset_period(DEFAULT, today)
    if asked in PRESETS:
        return asked, preset_period(asked, today)
    if asked != DAYS:
        problems.append(f"There is no period called “{asked[:40]}”: here are the last 30 days.")
        return DEFAULT, usual
    try:
        return DAYS, Period(_day(values.get("first", ""), usual.first), _day(values.get("last", ""), usual.last))
    except ValueError as error:
        problems.append(f"{error} Here are the last 30 days.")
        return DEFAULT, usual


def _day(text: str, usual: date) -> date:
    """The day that was typed. Raises ValueError, in words for people."""
    try:
        day = date.fromisoformat(text) if text else usual
    except ValueError:
        raise ValueError(f"“{text[:40]}” is no day: write it as 2026-01-31.") from None
    if not _FIRST <= day <= _LAST:
        raise ValueError("Choose days from the year 2000 to 2099.")
    return day


def _chosen(values: Mapping[str, str], kind: str, menu: Menu, problems: list[str]) -> str:
    asked = values.get(kind, "")
    if asked and asked not in dict(menu):
        problems.append(f"There is no {kind} “{asked[:40]}” that you may see: the choice is left out.")
        return ""
    return asked


def _menus(user: Viewer) -> dict[str, Menu]:
    """Mailboxes that `user` may see, categories, and the setups from the newest on."""
    menus: dict[str, Menu] = {"mailbox": [], "category": [], "setup": []}
    mine = access.mailbox_ids(user)
    rows = cast(list[tuple[str, int, str]], caches["process"].get_or_set(_KEY, _rows, SECONDS))
    for kind, value, name in rows:
        if kind == "mailbox" and mine is not None and value not in mine:
            continue
        menus[kind].append((str(value), name if name else f"Setup {value}"))
    for kind in ("mailbox", "category"):
        menus[kind].sort(key=lambda one: one[1].casefold())
    menus["category"].append(("0", UNSORTED))
    menus["setup"].sort(key=lambda one: -int(one[0]))
    return menus


def _rows() -> list[tuple[str, int, str]]:
    """All of them, in one query."""
    named = [
        rows.order_by().values_list(Value(kind, CharField()), "pk", Cast(name, CharField()))
        for kind, rows, name in (
            ("mailbox", Mailbox.objects.all(), F("name")),
            ("category", Category.objects.all(), F("name")),
            ("setup", Setup.objects.filter(activations__isnull=False).distinct(), Value("")),
        )
    ]
    return list(named[0].union(*named[1:], all=True))
