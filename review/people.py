"""The people at the desk: their roles, what each may see, and how they like it."""

from dataclasses import dataclass
from typing import Any, cast

from django.contrib.auth.models import User
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q

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
        user._standing = _read(user)  # type: ignore[attr-defined]
    return cast(Standing, user._standing)  # type: ignore[attr-defined]


def prefer(*, person: User, **preferences: Any) -> None:
    """Keep how a person likes the desk; `preferences` are fields of Profile."""
    Profile.objects.update_or_create(user=person, defaults=preferences)
    forget(person)


def forget(user: User) -> None:
    """Read the standing of `user` anew when it is asked for next: something of it was changed."""
    if hasattr(user, "_standing"):
        del user._standing


def _read(user: User) -> Standing:
    groups = ArrayAgg("groups__name", filter=Q(groups__isnull=False), distinct=True, default=[])
    mailboxes = ArrayAgg("profile__mailboxes", filter=Q(profile__mailboxes__isnull=False), distinct=True, default=[])
    found = User.objects.select_related("profile").annotate(group_names=groups, mailbox_ids=mailboxes).get(pk=user.pk)
    profile = found.profile if hasattr(found, "profile") else Profile(user=user)
    return Standing(frozenset(found.group_names), profile, frozenset(found.mailbox_ids) if profile.is_limited else None)
