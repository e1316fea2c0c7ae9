"""The privacy page: what there is about a person, how long what is kept, who was erased."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse

from review.desk import words
from review.models import Erasure, RetentionPeriod
from review.privacy import Findings, retention
from review.privacy.findings import in_order

LATEST = 20
MOST_HINDRANCES = 20
"""So many are listed; the others are looked at once these are out of the way."""


@dataclass(frozen=True, slots=True)
class Hindrance:
    """What stands against erasing, and the conversation in which it does."""

    words: str
    url: str


@dataclass(frozen=True, slots=True)
class Erased:
    """One erasure of the past."""

    digest: str
    counted: str
    by: str
    at: words.Moment


@dataclass(frozen=True, slots=True)
class Person:
    """What there is about somebody. `typed` is what has to be typed to erase it."""

    addresses: str
    typed: str
    counts: list[tuple[str, int]]
    hindrances: list[Hindrance]
    stays: list[str]
    erased: list[Erased]
    has_rows: bool
    is_empty: bool


@dataclass(frozen=True, slots=True)
class Due:
    """What a period that is about to be saved would take away, and what it is now."""

    name: str
    before: str
    after: str
    would: str


def person(found: Findings) -> Person:
    """A person's findings, for the page."""
    hindrances = [Hindrance(one.words, reverse("conversation", args=[one.conversation])) for one in found.hindrances[:MOST_HINDRANCES]]
    return Person(
        addresses=" ".join(found.addresses),
        typed=found.addresses[0],
        counts=found.named,
        hindrances=hindrances,
        stays=found.stays,
        erased=[_erased(one) for one in found.erasures],
        has_rows=bool(found.customers),
        is_empty=found.is_empty,
    )


def erasures() -> list[Erased]:
    """The latest ones, newest first."""
    return [_erased(one) for one in Erasure.objects.select_related("by").order_by("-pk")[:LATEST]]


def dues(days: Mapping[str, int | None]) -> list[Due]:
    """What would come of these periods, of kinds whose period would change."""
    now = retention.days()
    changed = {kind: number for kind, number in days.items() if number != now[kind]}
    counts = retention.due(changed)
    return [
        Due(RetentionPeriod.Kind(kind).label, _period(now[kind]), _period(number), _would(counts.get(kind, 0)))
        for kind, number in changed.items()
    ]


def _erased(one: Erasure) -> Erased:
    counted = ", ".join(f"{name} {number}" for name, number in in_order(one.counts))
    by = words.person(one.by) if one.by else "the command line"
    return Erased(f"{one.digests[0][:12]}…", counted, by, words.moment(one.at))


def _period(number: int | None) -> str:
    return words.count(number, "day") if number else "for ever"


def _would(number: int) -> str:
    more = " or more" if number >= retention.MOST_COUNTED else ""
    return f"would remove {number:,}{more} now" if number else "would remove nothing now"
