"""Access tokens: kept while they hold, replaced by one process at a time."""

import time
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from inbox.errors import Refused, Unavailable
from inbox.models import Grant, Mailbox, SignIn
from inbox.oauth.asking import ask, made_for

MARGIN = timedelta(minutes=5)
"""So long before its end an access token is replaced."""
LAST_MINUTE = timedelta(seconds=30)
"""So long before its end it can still be used, while somebody else replaces it."""
LEASE = timedelta(seconds=30)
PATIENCE = 20.0
"""Seconds to wait for another process that asks just now."""


def access_token(mailbox: Mailbox) -> str:
    """A token that the mail servers take for a while yet. Raises Unavailable, in words that say what a person has to do, if anything."""
    until = time.monotonic() + PATIENCE
    while True:
        grant = _usable(mailbox)
        if _holds(grant, MARGIN):
            return grant.access_token
        if lease := _take_lease(grant):
            return _refresh(mailbox, grant, lease)
        if _holds(grant, LAST_MINUTE):
            return grant.access_token
        if time.monotonic() > until:
            raise Unavailable("token", f"somebody else has been asking {SignIn(mailbox.sign_in).label} for a token for too long.")
        time.sleep(0.1)


def distrust(mailbox: Mailbox) -> None:
    """A mail server refused the access token: the next sign-in asks for another, which also shows whether the permission was revoked."""
    Grant.objects.filter(mailbox=mailbox.pk, lease_until=None).update(access_token="", expires_at=None)


def try_again(mailbox: Mailbox) -> None:
    """An admin changed something about the sign-in, such as an expired secret: what was wrong may not be so any more."""
    Grant.objects.filter(mailbox=mailbox.pk).update(problem="")


def initial_response(user: str, token: str) -> str:
    """The answer to the challenge of XOAUTH2, before it is encoded as base64."""
    return f"user={user}\1auth=Bearer {token}\1\1"


def _usable(mailbox: Mailbox) -> Grant:
    grant = Grant.objects.filter(mailbox=mailbox.pk).first()
    name = SignIn(mailbox.sign_in).label
    if grant is None:
        raise Unavailable("token", f"the mailbox is not connected with {name} yet: save it, then press Connect on its page.")
    if grant.made_for != made_for(mailbox):
        raise Unavailable("token", f"the account or a server changed since {name} gave its permission: save, then press Connect.")
    if grant.problem:
        raise Unavailable("token", grant.problem)
    return grant


def _holds(grant: Grant, margin: timedelta) -> bool:
    return bool(grant.access_token and grant.expires_at and grant.expires_at > timezone.now() + margin)


def _take_lease(grant: Grant) -> datetime | None:
    """The right to ask for a token, unless somebody else has it, or has got a new one since `grant` was read."""
    now = timezone.now()
    free = Grant.objects.filter(Q(lease_until=None) | Q(lease_until__lte=now), pk=grant.pk, expires_at=grant.expires_at)
    return now + LEASE if free.update(lease_until=now + LEASE) else None


def _refresh(mailbox: Mailbox, grant: Grant, lease: datetime) -> str:
    mine = Grant.objects.filter(pk=grant.pk, lease_until=lease)
    try:
        answer = ask(mailbox, {"grant_type": "refresh_token", "refresh_token": grant.refresh_token})
    except Unavailable:
        mine.update(lease_until=None)
        raise
    except Refused as error:
        mine.update(lease_until=None, problem=str(error), access_token="", expires_at=None)
        raise Unavailable("token", str(error)) from error
    mine.update(lease_until=None, **said_tokens(answer))
    return str(answer["access_token"])


def said_tokens(answer: dict[str, Any]) -> dict[str, Any]:
    """What a provider's answer says, as fields of a Grant. A refresh token comes with it only where it is a new one (RFC 6749, 6)."""
    now = timezone.now()
    found = {"access_token": answer["access_token"], "expires_at": now + timedelta(seconds=_seconds(answer.get("expires_in"), 3600))}
    if answer.get("refresh_token"):
        found["refresh_token"] = answer["refresh_token"]
    if ends_in := _seconds(answer.get("refresh_token_expires_in"), 0):
        found["ends_at"] = now + timedelta(seconds=ends_in)
    return found


def _seconds(said: object, otherwise: int) -> int:
    try:
        return min(max(int(str(said)), 0), 10**9) if said is not None else otherwise
    except ValueError:
        return otherwise
