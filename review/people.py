"""The people at the desk: their roles, what each may see, and how they like it."""

from dataclasses import dataclass
from typing import Any, cast

from django.contrib.auth.models import User
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q, QuerySet

from review.models import Profile


@dataclass(frozen=True, slots=True)
class Standing:
    """What the desk knows of a person: the names of their groups, how they like it, and the mailboxes they are limited to (None: not)."""

    groups: frozenset[str]
    profile: Profile
    mailbox_ids: frozenset[int] | None


def standing(user: User) -> Standing:
    """The standing of `user`, read in one query, once per request. Who never set anything has a profile of defaults, not saved."""
    if not hasattr(user, "_standing"):
        user._standing = _standing(_described().get(pk=user.pk))  # type: ignore[attr-defined]
    return cast(Standing, user._standing)  # type: ignore[attr-defined]


def find(user_id: int | str) -> User | None:
    """The person with that key, if any, with their standing in the same query."""
    described = _described().filter(pk=user_id).first()
    if not described:
        return None
    user: User = described
    user._standing = _standing(described)  # type: ignore[attr-defined]
    return user


def prefer(*, person: User, **preferences: Any) -> None:
    """Keep how a person likes the desk; `preferences` are fields of Profile."""
    Profile.objects.update_or_create(user=person, defaults=preferences)
    forget(person)


def forget(user: User) -> None:
    """Read the standing of `user` anew when it is asked for next: something of it was changed."""
    if hasattr(user, "_standing"):
        del user._standing


def _described() -> QuerySet[User]:
    groups = ArrayAgg("groups__name", filter=Q(groups__isnull=False), distinct=True, default=[])
    mailboxes = ArrayAgg("profile__mailboxes", filter=Q(profile__mailboxes__isnull=False), distinct=True, default=[])
    return User.objects.select_related("profile").annotate(group_names=groups, mailbox_ids=mailboxes)


def _standing(described: Any) -> Standing:
    profile = described.profile if hasattr(described, "profile") else Profile(user_id=described.pk)
    return Standing(frozenset(described.group_names), profile, frozenset(described.mailbox_ids) if profile.is_limited else None)
