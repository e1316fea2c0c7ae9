"""What the pages of people show."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from inbox.models import Mailbox
from review import invitations, people, permissions
from review.authentication.second_factor import FACTORS
from review.desk import words
from review.models import Invitation
from review.permissions import Role

MAIL = "Hello,\n\nyou are invited to our mail desk, Countersign. Open this link to join:\n\n{url}\n\nIt works once, until {until}.\n"


@dataclass(frozen=True, slots=True)
class Row:
    """A person in the list. `state` is said where they cannot work: no role, or deactivated."""

    name: str
    about: str
    url: str
    roles: list[str]
    mailboxes: str
    signed_in: words.Moment | None
    has_second_factor: bool
    state: str
    is_me: bool


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation that nobody has accepted yet."""

    email: str
    roles: str
    mailboxes: str
    by: str
    until: words.Moment
    has_run_out: bool
    renew_url: str
    withdraw_url: str


@dataclass(frozen=True, slots=True)
class Link:
    """A new invitation's link, to be shown once, and a mail with it for one's own mail program."""

    email: str
    url: str
    mail_url: str
    until: words.Moment


def rows(me: User) -> list[Row]:
    """Everybody who has an account, those who can sign in first, by name."""
    mailboxes = ArrayAgg("profile__mailboxes__name", filter=Q(profile__mailboxes__isnull=False), distinct=True, default=[])
    groups = ArrayAgg("groups__name", filter=Q(groups__name__in=list(Role)), distinct=True, default=[])
    factor = Exists(Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTORS))
    found = User.objects.select_related("profile").annotate(mailbox_names=mailboxes, roles=groups, has_factor=factor)
    return [_row(one, me) for one in found.order_by("-is_active", "first_name", "last_name", "username")]


def invited() -> list[Invited]:
    """Who was invited and has not come yet, the newest first."""
    names = ArrayAgg("mailboxes__name", filter=Q(mailboxes__isnull=False), distinct=True, default=[])
    found = invitations.open_ones().select_related("by").annotate(mailbox_names=names).order_by("-pk")
    return [_invited(one, now=timezone.now()) for one in found]


def access_of(person: User) -> dict[str, Any]:
    """The roles and mailboxes of `person`, as the form begins with them."""
    seen = people.standing(person).mailbox_ids
    roles = permissions.roles(person) if person.is_superuser else [role for role in Role if role.value in people.standing(person).groups]
    chosen = Mailbox.objects.filter(pk__in=seen or [])
    return {"roles": [role.value for role in roles], "scope": "all" if seen is None else "some", "mailboxes": chosen}


def link(invitation: Invitation, url: str) -> Link:
    """What to do with a new link."""
    until = words.moment(invitation.expires_at)
    said = MAIL.format(url=url, until=until.short)
    mail_url = f"mailto:{quote(invitation.email)}?subject={quote('Your invitation to Countersign')}&body={quote(said)}"
    return Link(invitation.email, url, mail_url, until)


def _row(one: Any, me: User) -> Row:
    roles = sorted(Role) if one.is_superuser else sorted(one.roles)
    name, is_limited = words.person(one), hasattr(one, "profile") and one.profile.is_limited
    return Row(
        name=name,
        about=" · ".join(dict.fromkeys(text for text in (one.username, one.email) if text and text != name)),
        url=reverse("person", args=[one.pk]),
        roles=[str(role).capitalize() for role in roles],
        mailboxes=", ".join(one.mailbox_names) or "None" if is_limited else "All",
        signed_in=words.moment(one.last_login) if one.last_login else None,
        has_second_factor=one.has_factor,
        state="Deactivated" if not one.is_active else "" if roles else "No role",
        is_me=one.pk == me.pk,
    )


def _invited(one: Any, *, now: datetime) -> Invited:
    return Invited(
        email=one.email,
        roles=words.listed(one.roles).capitalize(),
        mailboxes=", ".join(one.mailbox_names) or "None" if one.is_limited else "All",
        by=words.person(one.by),
        until=words.moment(one.expires_at),
        has_run_out=one.expires_at <= now,
        renew_url=reverse("renew_invitation", args=[one.pk]),
        withdraw_url=reverse("withdraw_invitation", args=[one.pk]),
    )
