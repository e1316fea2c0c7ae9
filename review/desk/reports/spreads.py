"""Reasons and hours of a report as plain rows, for its files and for programs. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, cast

from review.desk.reports.tables import KINDS, reason_name
from review.models import Spread
from review.reports.summary import Spreads

Kind = Literal["hand_over", "edit", "check"]


@dataclass(frozen=True, slots=True)
class Reason:
    """How many mails were handed over or edited for a reason, or had a check that failed."""

    kind: Kind
    key: str
    name: str
    mails: int


def reasons(found: Spreads) -> Iterator[Reason]:
    """Kind by kind, the most frequent first."""
    for spread, (kind, _, _) in KINDS.items():
        for key, mails in sorted(found[spread].items(), key=lambda one: (-one[1], one[0])):
            yield Reason(cast(Kind, kind), key, reason_name(kind, key), mails)


def hours(found: Spreads) -> list[tuple[int, int]]:
    """Hours of the week (Monday 0:00 is 0) in which mails came in, with how many."""
    return sorted((int(key), mails) for key, mails in found[Spread.Kind.HOUR].items())
