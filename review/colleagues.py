"""Who can be given a conversation."""

from dataclasses import dataclass
from typing import cast

from django.contrib.auth.models import User
from django.contrib.postgres.aggregates import ArrayAgg
from django.core.cache import caches
from django.db.models import Q

from review.permissions import Role

SECONDS = 15
"""How long the list may be old. Assigning itself looks anew."""
_ALL = "colleagues"


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who answers mail. `mailbox_ids` are those they are limited to; None for all."""

    pk: int
    name: str
    mailbox_ids: frozenset[int] | None


def of_mailbox(mailbox_id: int) -> list[Colleague]:
    """Those who may answer mail of this mailbox, by name."""
    return [one for one in everybody() if one.mailbox_ids is None or mailbox_id in one.mailbox_ids]


def everybody() -> list[Colleague]:
    """All who may answer mail, by name."""
    return cast(list[Colleague], caches["process"].get_or_set(_ALL, _read, SECONDS))


def _read() -> list[Colleague]:
    mailboxes = ArrayAgg("profile__mailboxes", filter=Q(profile__mailboxes__isnull=False), distinct=True, default=[])
    reviews = Q(is_superuser=True) | Q(groups__name__in=[Role.REVIEWER, Role.ADMIN])
    found = User.objects.filter(reviews, is_active=True).select_related("profile").annotate(seen=mailboxes).distinct()
    return sorted((_colleague(user, user.seen) for user in found), key=lambda one: one.name.casefold())


def _colleague(user: User, seen: list[int]) -> Colleague:
    is_limited = hasattr(user, "profile") and user.profile.is_limited
    return Colleague(user.pk, user.get_full_name() or user.get_username(), frozenset(seen) if is_limited else None)
