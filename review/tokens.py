"""Tokens for programs: made by an admin, looked up by a hash of their secret, revoked. Only this module changes ApiToken rows."""

import hashlib
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from inbox.models import Mailbox
from review import audit_log, permissions
from review.models import ApiToken

PREFIX = "cs_"
"""What secrets begin with, so that scanners for leaked secrets can know them."""
SHOWN = 8
"""Characters of a secret that stay readable, to tell tokens apart."""


class NotAccepted(Exception):
    """The secret opens nothing; the message says why, for whoever runs the program."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A new token with its secret, which nobody can read again."""

    token: ApiToken
    secret: str


@transaction.atomic
def issue(
    *, name: str, scopes: Sequence[str], by: User, mailboxes: Collection[Mailbox] | None = None, expires_at: datetime | None = None
) -> Issued:
    """Make a token that may do `scopes` in `mailboxes` (None: all that `by` may see) until `expires_at` (None: until it is revoked)."""
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        name=name,
        start=secret[:SHOWN],
        secret_sha256=_hashed(secret),
        scopes=[ApiToken.Scope(scope) for scope in scopes],
        is_limited=mailboxes is not None,
        by=by,
        expires_at=expires_at,
    )
    token.mailboxes.set(mailboxes or [])
    names = sorted(mailbox.name for mailbox in mailboxes) if mailboxes is not None else None
    audit_log.record(act="token.made", by=by, about=name, start=token.start, scopes=list(token.scopes), mailboxes=names)
    return Issued(token, secret)


def verify(*, secret: str) -> ApiToken:
    """The token of this secret, if it opens anything now. Raises NotAccepted."""
    token = ApiToken.objects.select_related("by").filter(secret_sha256=_hashed(secret)).first()
    if token is None:
        raise NotAccepted("This token is not known. Make a new one on the page Connectors, API tokens.")
    if why := refusal(token):
        raise NotAccepted(f"{why} Make a new one on the page Connectors, API tokens.")
    return token


def refusal(token: ApiToken) -> str:
    """Why a token opens nothing any more, in a sentence; "" while it does."""
    return _why_shut(token, is_by_admin=permissions.may_administer(token.by))


def refusals(found: Sequence[ApiToken]) -> dict[int, str]:
    """The same for several, by their ids, in one query."""
    is_admin = Q(is_superuser=True) | Q(groups__name=permissions.Role.ADMIN)
    makers = User.objects.filter(is_admin, is_active=True, pk__in={token.by_id for token in found})
    admins = set(makers.values_list("pk", flat=True))
    return {token.pk: _why_shut(token, is_by_admin=token.by_id in admins) for token in found}


def _why_shut(token: ApiToken, *, is_by_admin: bool) -> str:
    if token.revoked_at:
        return f"This token was revoked on {token.revoked_at:%Y-%m-%d}."
    if token.expires_at and token.expires_at <= timezone.now():
        return f"This token expired on {token.expires_at:%Y-%m-%d}."
    if not is_by_admin:
        return "Who made this token is no longer an admin here, so it opens nothing."
    return ""


def note_use(*, token: ApiToken) -> None:
    """Keep when it was last used, to the minute: at most one write a minute, whatever the program does."""
    minute = timezone.now().replace(second=0, microsecond=0)
    if token.used_at is None or token.used_at < minute:
        earlier = Q(used_at=None) | Q(used_at__lt=minute)
        ApiToken.objects.filter(earlier, pk=token.pk).update(used_at=minute)


@transaction.atomic
def revoke(*, token: ApiToken, by: User) -> bool:
    """Make a token open nothing, for good. Says whether it was still open."""
    changed = ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now())
    if changed:
        audit_log.record(act="token.revoked", by=by, about=token.name, start=token.start)
    return bool(changed)


def _hashed(secret: str) -> str:
    """A plain hash is enough: the secret has 256 random bits, so nobody can try them."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
