"""Connecting a mailbox: an admin lets us use it, at the provider, once; and how long that lasts."""

import base64
import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.db import transaction
from django.db.models import DateField, Q
from django.db.models.functions import Cast, Now
from django.utils import timezone

from inbox.errors import Refused
from inbox.models import Grant, Mailbox, SignIn
from inbox.oauth.asking import ask, endpoint, made_for
from inbox.oauth.tokens import said_tokens

WARNING = timedelta(days=14)
MORE = {
    # Google gives a lasting permission only where it is asked for, and again only where the person is asked again.
    SignIn.GOOGLE: {"access_type": "offline", "prompt": "consent"},
    SignIn.MICROSOFT: {"response_mode": "query"},
}


@dataclass(frozen=True, slots=True)
class Begun:
    """A connection that was begun: where the admin goes, and what has to be remembered until they come back."""

    url: str
    state: str
    verifier: str


def begin(*, mailbox: Mailbox, redirect_uri: str) -> Begun:
    """The provider's page on which somebody lets us use the mailbox."""
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(64)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "client_id": mailbox.oauth_client_id,
        "redirect_uri": redirect_uri,
        "response_type": "code",
        "scope": endpoint(mailbox, "scope"),
        "state": state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "login_hint": mailbox.imap_username,
    }
    return Begun(f"{endpoint(mailbox, 'authorize')}?{urlencode(asked | MORE[SignIn(mailbox.sign_in)])}", state, verifier)


def finish(*, mailbox: Mailbox, code: str, verifier: str, redirect_uri: str) -> None:
    """Turn the code that the admin came back with into a lasting permission, and have it used. Raises Refused or Unavailable."""
    answer = ask(mailbox, {"grant_type": "authorization_code", "code": code, "code_verifier": verifier, "redirect_uri": redirect_uri})
    name = SignIn(mailbox.sign_in).label
    if missing := _scopes(endpoint(mailbox, "scope")) - _scopes(answer.get("scope", endpoint(mailbox, "scope"))):
        raise Refused(f"{name} did not get your yes to all of it ({', '.join(sorted(missing))}): connect again and tick everything.")
    if not answer.get("refresh_token"):
        raise Refused(f"{name} gave no lasting permission: take the access away in the account at {name}, then connect again.")
    now = timezone.now()
    with transaction.atomic():
        values = said_tokens(answer) | {"made_for": made_for(mailbox), "granted_at": now, "lease_until": None, "problem": ""}
        Grant.objects.update_or_create(mailbox=mailbox, defaults={"ends_at": None} | values)
        Mailbox.objects.filter(pk=mailbox.pk).update(next_fetch_at=now, watch_due_at=now, fetch_error="")


def is_connected(mailbox: Mailbox) -> bool:
    """Whether a permission is there, for this very account and these servers."""
    return Grant.objects.filter(mailbox=mailbox.pk, made_for=made_for(mailbox), problem="").exists()


def expiring() -> Q:
    """Which mailboxes end to be readable soon, as far as we know."""
    soon = Now() + WARNING
    by_provider = Q(sign_in__in=[SignIn.GOOGLE, SignIn.MICROSOFT])
    return by_provider & (Q(oauth_secret_expires_on__lte=Cast(soon, DateField())) | Q(grant__ends_at__lte=soon))


def warning(mailbox: Mailbox) -> str:
    """What ends soon, and what to do about it; "" where nothing is known to."""
    if mailbox.sign_in == SignIn.PASSWORD:
        return ""
    name, soon = SignIn(mailbox.sign_in).label, timezone.now() + WARNING
    ends: datetime | None = getattr(getattr(mailbox, "grant", None), "ends_at", None)
    if (last := mailbox.oauth_secret_expires_on) and last <= soon.date():
        return f"The client secret {_when(last)}: make a new one at {name} and type it on this page."
    if ends and ends <= soon:
        return f"The permission from {name} {_when(timezone.localdate(ends))}: connect again."
    return ""


def _when(day: date) -> str:
    return f"{'expired' if day < timezone.localdate() else 'expires'} on {day.day} {day:%B %Y}"


def _scopes(text: str) -> set[str]:
    """What lets us use mail; providers leave out of their answers that the permission lasts (offline_access)."""
    return {scope for scope in text.lower().split() if "/" in scope}
