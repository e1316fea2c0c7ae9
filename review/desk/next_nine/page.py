"""The list of causes, most work first, and one cause with its mails."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q
from django.urls import reverse

from review import access, permissions
from review.desk import words
from review.desk.next_nine import done, opening, told
from review.desk.next_nine.done import AllDone
from review.desk.next_nine.opening import Button, Places
from review.desk.next_nine.told import Story
from review.desk.reports import filters
from review.desk.reports.filters import Asked, Filters
from review.models import Decision, Miss
from review.next_nine import effects, groups, named, remedies
from review.next_nine.causes import theme
from review.next_nine.effects import History
from review.next_nine.groups import Group
from review.next_nine.themes import SAY_LITTLE, WINDOW
from review.reports import saving
from review.reports.periods import Period
from review.reports.summary import UNSORTED

NINE = 9
MOST_REST = 40
STEP = 25
MOST_CATEGORIES = 3
MOST_REMEDIES = 2
"""On a card."""


@dataclass(frozen=True, slots=True)
class Row:
    """One cause. `trend` is words and a tone."""

    number: int
    title: str
    url: str
    mails: str
    trend: tuple[str, str]
    work: str
    categories: list[str]


@dataclass(frozen=True, slots=True)
class Card:
    """One of the nine: with its line, what was done, and what would mend it."""

    row: Row
    story: Story
    buttons: list[Button]


@dataclass(frozen=True, slots=True)
class Page:
    """The whole list. `more` counts the causes that are not shown."""

    asked: Asked
    period: str
    mails: str
    work: str
    share: str
    cards: list[Card]
    rest: list[Row]
    more: int
    done: AllDone
    minutes: str
    can_mend: bool


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail of a cause, and what became of it."""

    url: str
    who: str
    subject: str
    what: str
    category: str
    at: words.Moment


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause with everything, if there ever was such a one. `older_url` leads on through its mails."""

    cause: str
    is_known: bool
    asked: Asked
    period: str
    row: Row | None
    title: str
    story: Story
    buttons: list[Button]
    mails: list[Mail]
    older_url: str
    newest_url: str
    list_url: str
    can_mend: bool


def page(values: Mapping[str, str], *, user: User) -> Page:
    """The causes of a period, of the mails that `user` may see."""
    asked = filters.read(values, user=user)
    minutes = saving.minutes(saving.assumption())
    found = groups.groups(period=asked.filters.period, scope=asked.filters.scope, minutes_by_hand=minutes)
    shown, rest = found[:NINE], found[NINE : NINE + MOST_REST]
    histories = _histories([one.cause for one in shown], asked, mended_since=done.begins(asked.today))
    known = named.names([*(one.cause for one in rest), *histories])
    places = opening.places([one.cause for one in shown], known)
    rows = [_row(number, one, known, asked) for number, one in enumerate((*shown, *rest), start=1)]
    whole = sum(one.seconds for one in found)
    return Page(
        asked=asked,
        period=in_words(asked.filters.period),
        mails=told.rate(sum(one.mails_a_week for one in found)),
        work=told.work(sum(one.minutes_a_week for one in found)),
        share=f"{100 * sum(one.seconds for one in shown) / whole:.0f} %" if whole else "",
        cards=[_card(row, one, histories[one.cause], places) for row, one in zip(rows, shown, strict=False)],
        rest=rows[NINE:],
        more=max(len(found) - NINE - MOST_REST, 0),
        done=done.all_done(histories, known, asked.filters, today=asked.today),
        minutes=f"{minutes:g}",
        can_mend=permissions.may_administer(user),
    )


def cause(key: str, values: Mapping[str, str], *, user: User) -> Cause:
    """One cause in a period, with its mails from a place in the list on."""
    asked = filters.read(values, user=user)
    key = key.replace("\0", "")
    known, minutes = named.names([key]), saving.minutes_within()
    found = groups.groups(period=asked.filters.period, scope=asked.filters.scope, minutes_by_hand=minutes, causes=[key])
    group = found[0] if found else Group(key, 0, 0, 0, (), asked.filters.period.days / 7)
    history = _histories([key], asked)[key]
    mails, older = _mails(key, values, asked, user)
    here, query = reverse("next_nine_cause", args=[key]), asked.filters.query()
    return Cause(
        cause=key,
        asked=asked,
        period=in_words(asked.filters.period),
        row=_row(1, group, known, asked) if found else None,
        title=named.title(key, known),
        story=told.story(history, urls=done.addresses(history)),
        buttons=opening.buttons(group, opening.places([key], known)),
        mails=mails,
        older_url=here + asked.filters.query(**older) if older else "",
        newest_url=f"{here}{query}" if "after" in values else "",
        is_known=bool(found or mails or history.effects) or bool(remedies.known(key)),
        list_url=f"{reverse('next_nine')}{query}",
        can_mend=permissions.may_administer(user),
    )


def in_words(period: Period) -> str:
    """The days of a period."""
    return f"{told.day(period.first)} to {told.day(period.last)}"


def _histories(causes: list[str], asked: Asked, *, mended_since: date | None = None) -> dict[str, History]:
    return effects.histories(causes, scope=asked.filters.scope, today=asked.today, mended_since=mended_since)


def _card(row: Row, group: Group, history: History, places: Places) -> Card:
    story = told.story(history, urls=done.addresses(history))
    return Card(row, story, opening.buttons(group, places, most=MOST_REMEDIES))


def _row(number: int, group: Group, known: named.Names, asked: Asked) -> Row:
    names = asked.names["category"]
    told_categories = [f"{names.get(str(pk), UNSORTED)} {mails}" for pk, mails in group.categories[:MOST_CATEGORIES]]
    more = len(group.categories) - MOST_CATEGORIES
    return Row(
        number=number,
        title=named.title(group.cause, known),
        url=f"{reverse('next_nine_cause', args=[group.cause])}{asked.filters.query()}",
        mails=told.rate(group.mails_a_week),
        trend=_trend(group, asked.filters, asked.today),
        work=told.work(group.minutes_a_week),
        categories=[*told_categories, *([f"{more} more"] if more > 0 else [])],
    )


def _trend(group: Group, chosen: Filters, asked_on: date) -> tuple[str, str]:
    """Against the period of the same length before, unless that has days that were never told apart by themes."""
    if chosen.period.before.first < asked_on - WINDOW and (theme(group.cause) or group.cause in SAY_LITTLE):
        return (f"not compared: themes tell mails of {WINDOW.days} days apart", "quiet")
    before = f"{told.rate(group.earlier_a_week)} in the {chosen.period.days} days before"
    if not group.earlier:
        return ("none in the days before", "amber")
    if group.mails == group.earlier:
        return (f"as many as {before}", "quiet")
    return (f"was {before}", "amber" if group.mails > group.earlier else "green")


def _mails(key: str, values: Mapping[str, str], asked: Asked, user: User) -> tuple[list[Mail], dict[str, Any]]:
    """The newest first, behind the place that the address names; and the place of the next page, if there is one."""
    rows = Miss.objects.filter(asked.filters.scope.rows, cause=key, conversation__in=access.conversations(user))
    within = rows.filter(day__gte=asked.filters.period.first, day__lte=asked.filters.period.last).order_by("-day", "-decision")
    if place := _place(values):
        within = within.filter(Q(day__lt=place[0]) | Q(day=place[0], decision__lt=place[1]))
    about = ("day", "decision_id", "conversation_id", "category__name", "conversation__customer_name", "conversation__customer_address")
    decided = ("decision__kind", "decision__edit_reason", "decision__reason", "decision__decided_at", "conversation__subject")
    found = list(within.values(*about, *decided, "decision__draft__hand_over_words", "decision__draft__hand_over_reason")[: STEP + 1])
    last = found[STEP - 1] if len(found) > STEP else None
    older = {"after": last["day"].isoformat(), "id": last["decision_id"]} if last else {}
    return [_mail(row) for row in found[:STEP]], older


def _place(values: Mapping[str, str]) -> tuple[date, int] | None:
    try:
        return date.fromisoformat(values.get("after", "")), words.said_id(values.get("id", ""))
    except ValueError:
        return None


def _mail(row: Mapping[str, Any]) -> Mail:
    kind = Decision.Kind(row["decision__kind"]).label
    reason = row["decision__edit_reason"]
    why = Decision.EditReason(reason).label.lower() if reason else row["decision__reason"] or row["decision__draft__hand_over_words"]
    return Mail(
        url=reverse("conversation", args=[row["conversation_id"]]),
        who=row["conversation__customer_name"] or row["conversation__customer_address"],
        subject=row["conversation__subject"],
        what=f"{kind}: {why[:200]}" if why else kind,
        category=row["category__name"] or "",
        at=words.moment(row["decision__decided_at"]),
    )
