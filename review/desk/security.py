"""What the pages of a person's own sign-in show."""

import json
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.auth.models import User
from django.core.serializers.json import DjangoJSONEncoder
from django.urls import reverse

from review.authentication import sessions as open_sessions
from review.desk import words
from review.desk.words import Moment

BROWSERS = (
    *(("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox")),
    *(("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari")),
)
"""How browsers call themselves in the User-Agent header, those that pose as others first."""
SYSTEMS = (
    *(("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X", "macOS")),
    *(("CrOS", "ChromeOS"), ("Linux", "Linux")),
)


@dataclass(frozen=True, slots=True)
class Passkey:
    """One passkey of a person."""

    name: str
    added: Moment
    used: Moment | None
    name_url: str
    remove_url: str


@dataclass(frozen=True, slots=True)
class Security:
    """What a person signs in with. `app_added` is None without an authenticator app, `codes_left` without recovery codes."""

    has_password: bool
    has_single_sign_on: bool
    app_added: Moment | None
    passkeys: list[Passkey]
    codes_left: int | None
    codes_words: str


@dataclass(frozen=True, slots=True)
class Session:
    """One place where a person is signed in."""

    id: int
    device: str
    address: str
    began: Moment
    seen: Moment
    is_current: bool


def security(user: User) -> Security:
    """What `user` signs in with."""
    authenticators = list(Authenticator.objects.filter(user=user).order_by("pk"))
    by_type = {one.type: one for one in authenticators}
    app, codes = by_type.get(Authenticator.Type.TOTP), by_type.get(Authenticator.Type.RECOVERY_CODES)
    left = len(codes.wrap().get_unused_codes()) if codes else None
    return Security(
        has_password=user.has_usable_password(),
        has_single_sign_on=SocialAccount.objects.filter(user=user).exists(),
        app_added=words.moment(app.created_at) if app else None,
        passkeys=[_passkey(one) for one in authenticators if one.type == Authenticator.Type.WEBAUTHN],
        codes_left=left,
        codes_words="" if left is None else f"{words.count(left, 'code')} left",
    )


def _passkey(one: Any) -> Passkey:
    return Passkey(
        name=str(one),
        added=words.moment(one.created_at),
        used=words.moment(one.last_used_at) if one.last_used_at else None,
        name_url=reverse("mfa_edit_webauthn", args=[one.pk]),
        remove_url=reverse("mfa_remove_webauthn", args=[one.pk]),
    )


def sessions(user: User, *, current: str | None) -> list[Session]:
    """Where `user` is signed in, here (the session with the key `current`) first."""
    rows = [
        Session(
            id=one.pk,
            device=device(one.user_agent),
            address=one.ip,
            began=words.moment(one.created_at),
            seen=words.moment(one.last_seen_at),
            is_current=one.session_key == current,
        )
        for one in open_sessions.of(user)
    ]
    return sorted(rows, key=lambda row: not row.is_current)


def limits() -> str:
    """How long a session lasts, in words."""
    idle, lifetime = words.span(settings.SESSION_IDLE), words.span(settings.SESSION_LIFETIME)
    return f"A session ends after {idle} without activity, and {lifetime} after signing in."


def device(user_agent: str) -> str:
    """The browser and the system that a User-Agent header tells, such as "Firefox on Windows"."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    return " on ".join(filter(None, [browser, system])) or "An unknown program"


def plain_json(options: Any) -> str:
    """What a browser needs for a passkey, for the data attribute of a form."""
    return json.dumps(options, cls=DjangoJSONEncoder)
