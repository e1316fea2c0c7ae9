"""Passwords and the way in: what django-allauth asks us about accounts, and what the audit log hears of it."""

from datetime import timedelta
from typing import Any, cast

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from django.contrib.auth.models import User
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from review import audit_log
from review.authentication import lockout, sessions
from review.desk import words

WRONG = "The name and the password do not belong together. Capital letters count in the password."
SAID = {
    "account/messages/password_changed.txt": "The password was changed. Everything else that was signed in with the old one is signed out.",
    "account/messages/password_set.txt": "The password was set.",
    "mfa/messages/totp_activated.txt": "The authenticator app is set up.",
    "mfa/messages/totp_deactivated.txt": "The authenticator app was removed.",
    "mfa/messages/webauthn_added.txt": "The passkey was added.",
    "mfa/messages/webauthn_removed.txt": "The passkey was removed.",
    "mfa/messages/recovery_codes_generated.txt": "Here are new recovery codes. Older ones no longer work.",
}
"""What a person is told after an act, by django-allauth's name for it; other acts show for themselves."""
PROOFS = {"reauthenticate": "Use your password", "mfa_reauthenticate": "Use a code", "mfa_reauthenticate:webauthn": "Use a passkey"}
METHODS = {
    "password": "password",
    "socialaccount": "single sign-on",
    "totp": "code",
    "webauthn": "passkey",
    "recovery_codes": "recovery code",
}


class AccountAdapter(DefaultAccountAdapter):
    """Our answers to django-allauth: nobody signs up, guessing is slowed, and each way in is recorded."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": WRONG,
        "email_password_mismatch": WRONG,
        "incorrect_password": "That is not your password.",
        "enter_current_password": "That is not your password.",
        "too_many_login_attempts": "Too many wrong attempts. Wait some minutes and try again.",
        "rate_limited": "Too many wrong attempts. Wait some minutes and try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: people are invited, or come from the single sign-on (single_sign_on.py)."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Raises ValidationError while no guess is free, else counts one, which a right password gives back."""
        lockout.refuse_if_locked(request, key=self._get_login_attempts_cache_key(request, **credentials))
        super().pre_authenticate(request, **credentials)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Records it. A name that nobody has is not kept: people type passwords into the wrong field."""
        name = _name(credentials)
        record_failure(request, meant=_meant(name), why="The password was wrong.", counted_under=lockout.key(name))

    def post_login(self, request: HttpRequest, user: User, **about: Any) -> HttpResponse:
        """Records how somebody came in."""
        audit_log.record(act="person.signed_in", by=user, about=user.get_username(), words=_ways(request, user), address=address(request))
        return cast(HttpResponse, super().post_login(request, user, **about))

    def login(self, request: HttpRequest, user: User) -> None:
        """Starts the clocks of the session."""
        super().login(request, user)
        sessions.begin(request)

    def logout(self, request: HttpRequest) -> None:
        """Ends the session, in the list of sessions too."""
        sessions.end_own(request)

    def set_password(self, user: User, password: str) -> None:
        """Records that it was changed, by the person or by whoever had a link for it."""
        said = "" if self.request.user.is_authenticated else "With a link for a new password."
        with audit_log.recording(act="person.password_changed", by=user, about=user.get_username(), words=said):
            super().set_password(user, password)

    def add_message(self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **about: Any) -> None:
        """Says only what SAID has words for."""
        said = about.pop("message", None) or SAID.get(message_template or "")
        if said:
            super().add_message(request, level, message=said, **about)

    def is_reauthentication_required(self, *, app: str, **about: Any) -> bool:
        """Whether a person has to prove again who they are: not when they signed in a moment ago."""
        records = get_authentication_records(self.request, self.request.user)
        is_fresh = bool(records) and timezone.now().timestamp() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT
        return not is_fresh and bool(super().is_reauthentication_required(app=app, **about))

    def get_reauthentication_methods(self, user: User) -> list[dict[str, str]]:
        """How `user` may prove once more who is there, in our words."""
        return [method | {"description": PROOFS[method["id"]]} for method in super().get_reauthentication_methods(user)]

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        return lockout.key(_name(credentials))


def record_failure(request: HttpRequest, *, meant: User | None, why: str, counted_under: str = "") -> None:
    """Note in the audit log that somebody tried to come in as `meant` (None: as nobody we know) and could not, and whether that locks."""
    about = meant.get_username() if meant else "nobody we know"
    audit_log.record(act="person.sign_in_failed", by=None, about=about, words=why, address=address(request))
    if counted_under and (seconds := lockout.seconds_left(request, key=counted_under)):
        length = words.span(timedelta(seconds=seconds))
        audit_log.record(act="person.locked_out", by=None, about=about, words=f"For {length}.", address=address(request))


def having(email: str) -> list[User]:
    """Whoever has this email address, whatever its capitals. The database alone would take an ı for an i, and mail a link to a stranger."""
    return [user for user in User.objects.filter(email__iexact=email) if user.email.lower() == email.lower()] if email else []


def address(request: HttpRequest) -> str:
    """The network address that a request came from."""
    return str(AccountAdapter().get_client_ip(request))


def _name(credentials: dict[str, Any]) -> str:
    return str(credentials.get("username") or credentials.get("email") or "")


def _meant(name: str) -> User | None:
    return User.objects.filter(Q(username__iexact=name) | Q(email__iexact=name)).order_by("pk").first() if name else None


def _ways(request: HttpRequest, user: User) -> str:
    records = get_authentication_records(request, user)
    ways = [METHODS.get(record.get("type") or record["method"], "") for record in records]
    return f"With {' and '.join(dict.fromkeys(filter(None, ways)))}." if any(ways) else ""
