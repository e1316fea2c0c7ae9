"""Invitations to the desk: a link that works once, for seven days. Whoever has it becomes a user with the roles that it says.

Only a hash of the link's secret is kept, so nobody can read a link out of the database; it is told once, when it is made.
"""

import secrets
from collections.abc import Collection
from datetime import timedelta
from hashlib import sha256

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from drafting.errors import NotFound, Refused
from inbox.models import Mailbox
from review import audit_log, team
from review.models import Invitation
from review.permissions import Role

VALID = timedelta(days=7)
GONE = "This invitation was used already, was withdrawn, or is too old. Ask an admin for another one."


def open_ones() -> QuerySet[Invitation]:
    """Those that were neither accepted nor withdrawn; among them those that have run out and could be renewed."""
    return Invitation.objects.filter(accepted_at=None, withdrawn_at=None)


@transaction.atomic
def invite(*, email: str, roles: Collection[Role], mailboxes: Collection[Mailbox] | None, by: User | None) -> tuple[Invitation, str]:
    """A new invitation, and the secret of its link. Raises Refused where the address has an account or an invitation already."""
    if User.objects.filter(email__iexact=email).exists():
        raise Refused(f"Somebody with the address {email} is here already. Change their roles instead.")
    if open_ones().filter(email__iexact=email).exists():
        raise Refused(f"{email} is invited already. Renew that invitation, or withdraw it first.")
    secret = _secret()
    invitation = Invitation.objects.create(
        email=email,
        roles=sorted(role.value for role in roles),
        is_limited=mailboxes is not None,
        secret_sha256=_hash(secret),
        by=by,
        expires_at=timezone.now() + VALID,
    )
    invitation.mailboxes.set(mailboxes or [])
    audit_log.record(act="person.invited", by=by, about=email, words=f"As {', '.join(invitation.roles)}.")
    return invitation, secret


@transaction.atomic
def renew(*, invitation: Invitation, by: User) -> str:
    """A new link for another seven days; the old one no longer works. Raises Refused where it was accepted or withdrawn."""
    secret = _secret()
    _change(invitation, secret_sha256=_hash(secret), expires_at=timezone.now() + VALID)
    audit_log.record(act="person.invitation_renewed", by=by, about=invitation.email)
    return secret


@transaction.atomic
def withdraw(*, invitation: Invitation, by: User) -> None:
    """Its link no longer works. Raises Refused where it was accepted or withdrawn before."""
    _change(invitation, withdrawn_at=timezone.now())
    audit_log.record(act="person.invitation_withdrawn", by=by, about=invitation.email)


def find(secret: str) -> Invitation:
    """The invitation of a link. Raises NotFound, in words, where it does not work (any more)."""
    hashed = _hash(secret)
    found = open_ones().filter(secret_sha256=hashed, expires_at__gt=timezone.now()).first()
    if found is None or not constant_time_compare(found.secret_sha256, hashed):
        raise NotFound(GONE)
    return found


@transaction.atomic
def accept(*, secret: str, username: str, password: str, first_name: str, last_name: str) -> User:
    """Make the user who was invited; what is typed was validated. Raises NotFound; of two who accept at once the second."""
    invitation = Invitation.objects.select_for_update().get(pk=find(secret).pk)
    if invitation.accepted_at or invitation.withdrawn_at:
        raise NotFound(GONE)
    user = User.objects.create_user(username, invitation.email, password, first_name=first_name, last_name=last_name)
    mailboxes = list(invitation.mailboxes.all()) if invitation.is_limited else None
    team.give(person=user, roles=[Role(role) for role in invitation.roles], mailboxes=mailboxes)
    Invitation.objects.filter(pk=invitation.pk).update(accepted_at=timezone.now(), accepted_by=user)
    audit_log.record(act="person.joined", by=user, about=invitation.email, words=f"As {username}, {', '.join(invitation.roles)}.")
    return user


def _change(invitation: Invitation, **values: object) -> None:
    if not open_ones().filter(pk=invitation.pk).update(**values):
        raise Refused("This invitation was accepted or withdrawn meanwhile.")


def _secret() -> str:
    return secrets.token_urlsafe(32)


def _hash(secret: str) -> str:
    return sha256(secret.encode("utf-8", "replace")).hexdigest()
