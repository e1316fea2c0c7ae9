"""What people choose from in the queue: categories, mailboxes and colleagues, read in one query and kept for some seconds."""

from dataclasses import dataclass
from typing import cast

from django.contrib.auth.models import User
from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.fields import ArrayField
from django.core.cache import caches
from django.db.models import BigIntegerField, Case, CharField, F, Q, QuerySet, TextField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Concat, NullIf, Trim

from drafting.models import Category
from inbox.models import Mailbox
from review.permissions import Role

SECONDS = 15
"""How long they may be old. Whatever comes of a choice looks anew."""
_KEY = "choices"
_COLUMNS = ("kind", "place", "label", "pk", "seen")
_IDS = ArrayField(BigIntegerField())


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who answers mail. `mailbox_ids` are those they are limited to; None for all."""

    pk: int
    name: str
    mailbox_ids: frozenset[int] | None


@dataclass(frozen=True, slots=True)
class Choices:
    """Ids and names of the categories and mailboxes in use, and who answers mail, each in the order of menus."""

    categories: list[tuple[int, str]]
    mailboxes: list[tuple[int, str]]
    colleagues: list[Colleague]


def choices() -> Choices:
    """All of them, whoever asks."""
    return cast(Choices, caches["process"].get_or_set(_KEY, _read, SECONDS))


def _read() -> Choices:
    kinds = [
        _named("category", Category.objects.filter(is_active=True), F("name"), F("position")),
        _named("mailbox", Mailbox.objects.filter(is_active=True), F("name"), Value(0)),
        _colleagues(),
    ]
    rows = list(kinds[0].union(*kinds[1:], all=True).order_by("kind", "place", "label"))
    return Choices(
        categories=[(pk, label) for kind, _, label, pk, _ in rows if kind == "category"],
        mailboxes=[(pk, label) for kind, _, label, pk, _ in rows if kind == "mailbox"],
        colleagues=[Colleague(pk, label, _ids(seen)) for kind, _, label, pk, seen in rows if kind == "person"],
    )


def _ids(seen: list[int] | None) -> frozenset[int] | None:
    return None if seen is None else frozenset(seen)


def _colleagues() -> QuerySet[User]:
    reviews = Q(is_superuser=True) | Q(groups__name__in=[Role.REVIEWER, Role.ADMIN])
    none = Value([], output_field=_IDS)
    mailboxes = ArrayAgg("profile__mailboxes", filter=Q(profile__mailboxes__isnull=False), distinct=True, default=none)
    seen = Case(When(profile__is_limited=True, then=mailboxes), default=None, output_field=_IDS)
    name = Coalesce(NullIf(Trim(Concat("first_name", Value(" "), "last_name")), Value("")), F("username"))
    return _named("person", User.objects.filter(reviews, is_active=True), name, Value(0), seen=seen)


def _named(kind: str, found: QuerySet, label: Combinable, place: Combinable, seen: Combinable | None = None) -> QuerySet:  # type: ignore[type-arg]
    label, place = Cast(label, TextField()), Cast(place, BigIntegerField())
    seen = seen or Cast(Value(None), _IDS)
    about = {"kind": Value(kind, output_field=CharField()), "place": place, "label": label, "seen": seen}
    listed: QuerySet = found.order_by().annotate(**about).values_list(*_COLUMNS)  # type: ignore[type-arg]
    return listed
