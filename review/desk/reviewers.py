"""What the page of the team says of reviewers, and My settings of oneself."""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.core.paginator import Page, Paginator
from django.urls import reverse

from review import confidence, planting, reviewers
from review.desk import words
from review.desk.automation.shares import percent
from review.desk.words import Moment
from review.models import PlantedDraft

ON_A_PAGE = 40
OWN = 20
"""So many of one's own planted drafts are listed."""
BOUND_ALPHA = 0.01
"""The share of the certainty that the proof spends on the catch rate (see `ledger.evidence`)."""
MANY_TOO_FAST = 0.1
DEFINED = {
    "planted": "Drafts with a deliberate error that they met in the last 12 months, and those that they did not let pass. "
    "“At least” is the share that they catch with a certainty of 99 %.",
    "reading": "Median of how long a draft was open before it was decided, of up to 500 decisions of the last 30 days.",
    "fast": "Approvals as the draft stood that took less than a second for 12 words, or less than 3 seconds. They do not count as proof.",
    "run": "Approvals as the draft stood, one after another without anything else in between.",
    "looks": "Decisions that a second reviewer judged too, in the last 12 months, and how many of them were seen differently.",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One reviewer, in words."""

    name: str
    planted: str
    bound: str
    reading: str
    decided: str
    fast: str
    are_many_fast: bool
    run: str
    looks: str
    taken: str


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of error, and how many of those that were met were caught."""

    name: str
    caught: str


@dataclass(frozen=True, slots=True)
class Met:
    """A planted draft that the person met."""

    words: str
    about: str
    url: str
    at: Moment
    is_caught: bool


@dataclass(frozen=True, slots=True)
class Own:
    """A person's own planted drafts: "9 of 10", with the newest of them."""

    caught: str
    met: list[Met]


def page(number: str) -> tuple[list[Row], Page[User]]:
    """The reviewers on a page of the list, by name."""
    found = Paginator(reviewers.team(), ON_A_PAGE).get_page(number)
    return [_row(each) for each in reviewers.signals(list(found.object_list))], found


def kinds() -> list[Kind]:
    """The errors that the team met."""
    return [Kind(name, f"{caught} of {met}") for name, met, caught in reviewers.by_kind()]


def own(person: User) -> Own | None:
    """What somebody met themselves; None for nothing yet."""
    met = reviewers.own_planted(person, most=OWN)
    if not met:
        return None
    rates = planting.rates(since=None, reviewers=[person.pk])
    return Own(f"{rates.caught} of {rates.planted}", [_met(each) for each in met])


def _row(each: reviewers.Signals) -> Row:
    reading = each.reading
    bound = confidence.catch_rate_bound(each.planted, each.caught, BOUND_ALPHA) if each.planted else 0
    return Row(
        name=words.person(each.person),
        planted=f"{each.caught} of {each.planted}" if each.planted else "none yet",
        bound=f"at least {percent(bound)}" if bound else "",
        reading="" if reading.median is None else f"{reading.median:.0f} s",
        decided=words.count(reading.decided, "decision"),
        fast=f"{reading.too_fast} of {reading.approved}" if reading.approved else "",
        are_many_fast=reading.too_fast > MANY_TOO_FAST * reading.approved,
        run=str(reading.longest_run) if reading.approved else "",
        looks=f"{each.differing} of {each.looked_at}" if each.looked_at else "none yet",
        taken=f"took {words.count(each.looks, 'look')}" if each.looks else "",
    )


def _met(planted: PlantedDraft) -> Met:
    talk = planted.draft.conversation
    assert planted.judged_at is not None
    return Met(
        words=planted.words,
        about=talk.subject or "(no subject)",
        url=reverse("conversation", args=[talk.pk]),
        at=words.moment(planted.judged_at),
        is_caught=bool(planted.caught),
    )
