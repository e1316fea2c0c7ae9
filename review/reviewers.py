"""Reviewers, measured: how many planted errors they catch, how long they read, how often a second reviewer sees it differently.

Signals for a talk, never a ranking: a careful reader is slow, and a quick one may have had the easy mails.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone

from review import access
from review.ledger import verdicts
from review.ledger.evidence import RATED_FOR
from review.models import PlantedDraft, SecondLook
from review.permissions import Role

PERIOD = timedelta(days=30)
MOST = 500
"""Of each reviewer the newest decisions of the period, so that the cost does not grow with the volume."""

READING = """
WITH recent AS (
    SELECT person.id AS person, d.kind, d.seconds, d.least, row_number() OVER (PARTITION BY person.id ORDER BY d.decided_at, d.id) AS place
      FROM unnest(%(people)s) AS person (id) CROSS JOIN LATERAL (
        SELECT decision.id, decision.kind, decision.seconds_open + coalesce(planted.seconds, 0) AS seconds, decision.decided_at,
               greatest(%(least)s, array_length(regexp_split_to_array(btrim(draft.body), '\\s+'), 1) / %(words)s::float) AS least
          FROM review_decision decision JOIN drafting_draft draft ON draft.id = decision.draft_id
          LEFT JOIN review_planteddraft planted ON planted.draft_id = draft.id AND planted.reviewer_id = person.id
               AND planted.judged_at <= decision.decided_at
         WHERE decision.by_id = person.id AND decision.undone_at IS NULL AND decision.decided_at > %(since)s AND draft.body <> ''
         ORDER BY decision.decided_at DESC LIMIT %(most)s
    ) d
), runs AS (
    SELECT person, count(*) AS length FROM (
        SELECT person, kind, place - row_number() OVER (PARTITION BY person, kind ORDER BY place) AS run FROM recent
    ) AS numbered WHERE kind = 'approved' GROUP BY person, run
)
SELECT person, count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds),
       count(*) FILTER (WHERE kind = 'approved'),
       count(*) FILTER (WHERE kind = 'approved' AND seconds < least),
       coalesce((SELECT max(length) FROM runs WHERE runs.person = recent.person), 0)
  FROM recent GROUP BY person
"""


@dataclass(frozen=True, slots=True)
class Reading:
    """Of the newest decisions of a reviewer on drafts: how many, the median of seconds that the draft was open (None: of none known), how
    many were approvals as the draft stood, how many of those are known to be too fast to have been read, and the longest run of them.

    Who met a planted draft first had read nearly the same text: that time counts too."""

    decided: int = 0
    median: float | None = None
    approved: int = 0
    too_fast: int = 0
    longest_run: int = 0


@dataclass(frozen=True, slots=True)
class Signals:
    """All that is known of one reviewer. Of `looked_at` decisions that a second reviewer judged too, `differing` were seen differently;
    `looks` is how many second looks they took themselves."""

    person: User
    reading: Reading
    planted: int
    caught: int
    looked_at: int
    differing: int
    looks: int


def team() -> QuerySet[User]:
    """Everybody who may review, by name."""
    roles = Q(groups__name__in=[Role.REVIEWER, Role.ADMIN]) | Q(is_superuser=True)
    named = (Lower("first_name"), Lower("last_name"), "username")
    return User.objects.filter(roles, is_active=True).distinct().order_by(*named)


def signals(people: list[User]) -> list[Signals]:
    """What is known of each, in four queries."""
    ids = [person.pk for person in people]
    reading, planted = _reading(ids), _planted(ids)
    firsts, seconds = _looked_at(ids), _looks(ids)
    return [
        Signals(
            person=person,
            reading=reading.get(person.pk, Reading()),
            **planted.get(person.pk, {"planted": 0, "caught": 0}),
            **firsts.get(person.pk, {"looked_at": 0, "differing": 0}),
            looks=seconds.get(person.pk, 0),
        )
        for person in people
    ]


def by_kind() -> list[tuple[str, int, int]]:
    """What was planted for the whole team: each kind of error, how many of them were met, and how many caught."""
    counted = _judged().values_list("kind").annotate(met=Count("pk"), caught=Count("pk", filter=Q(caught=True)))
    found = {kind: (met, caught) for kind, met, caught in counted}
    return [(label, *found[kind]) for kind, label in PlantedDraft.Kind.choices if kind in found]


def own_planted(person: User, *, most: int) -> list[PlantedDraft]:
    """The newest planted drafts that somebody met, with what they were about, in mailboxes that they may see."""
    mine = PlantedDraft.objects.filter(reviewer=person, judged_at__isnull=False, draft__in=access.drafts(person))
    judged = mine.select_related("draft__conversation")
    return list(judged.defer("body", "atoms", "draft__body", "draft__atoms", "draft__facts").order_by("-judged_at")[:most])


def _reading(ids: list[int]) -> dict[int, Reading]:
    floor = {"words": verdicts.WORDS_A_SECOND, "least": verdicts.LEAST_SECONDS}
    values: dict[str, Any] = {"people": ids, "since": timezone.now() - PERIOD, "most": MOST, **floor}
    with connection.cursor() as cursor:
        cursor.execute(READING, values)
        return {person: Reading(*counts) for person, *counts in cursor.fetchall()}


def _judged() -> QuerySet[PlantedDraft]:
    return PlantedDraft.objects.filter(judged_at__gt=timezone.now() - RATED_FOR)


def _planted(ids: list[int]) -> dict[int, dict[str, int]]:
    counted = _judged().filter(reviewer__in=ids).values_list("reviewer")
    found = counted.annotate(planted=Count("pk"), caught=Count("pk", filter=Q(caught=True)))
    return {person: {"planted": planted, "caught": caught} for person, planted, caught in found}


def _looked_at(ids: list[int]) -> dict[int, dict[str, int]]:
    answered = SecondLook.objects.filter(first__in=ids, answered_at__gt=timezone.now() - RATED_FOR).values_list("first")
    found = answered.annotate(looked_at=Count("pk"), differing=Count("pk", filter=~Q(unsafe=F("first_unsafe"))))
    return {person: {"looked_at": looked_at, "differing": differing} for person, looked_at, differing in found}


def _looks(ids: list[int]) -> dict[Any, int]:
    taken = SecondLook.objects.filter(by__in=ids, answered_at__gt=timezone.now() - RATED_FOR)
    return dict(taken.values_list("by").annotate(Count("pk")))
