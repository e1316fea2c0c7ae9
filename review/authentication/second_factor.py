"""The second factor: an authenticator app (TOTP, RFC 6238), passkeys (WebAuthn), recovery codes; and who must have one."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from inbox.fields import cipher
from review import audit_log, permissions
from review.authentication import sessions

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""What counts as a second factor; recovery codes only stand in for one."""
SETTING_UP = {
    *("mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "mfa_view_recovery_codes", "mfa_download_recovery_codes"),
    *("account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "sign_out", "theme", "health"),
}
"""The addresses that somebody may use who still has to set up a second factor."""


def is_required(user: User | AnonymousUser) -> bool:
    """Whether `user` must have a second factor (REQUIRE_SECOND_FACTOR)."""
    if settings.REQUIRE_SECOND_FACTOR == "admins":
        return user.is_staff or permissions.may_administer(user)
    return bool(settings.REQUIRE_SECOND_FACTOR == "everybody" and user.is_authenticated)


def has_one(user: User | AnonymousUser) -> bool:
    """Whether `user` has a second factor."""
    return bool(Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exists())


def is_missing(user: User | AnonymousUser) -> bool:
    """Whether `user` has to set up a second factor before anything else."""
    return is_required(user) and not has_one(user)


def reset(user: User, *, by: User) -> None:
    """Take all of somebody's factors and recovery codes away, because they lost them, and sign them out everywhere."""
    with audit_log.recording(act="person.second_factor_reset", by=by, about=user.get_username()):
        Authenticator.objects.filter(user=user).delete()
        sessions.end_all(user)


class SecondFactorMiddleware:
    """Leads people who must have a second factor to set one up; they can do nothing else before."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        """The way to the set-up instead of the view, where it is due; a bare 401 for a part of a page."""
        match = request.resolver_match
        if not request.user.is_authenticated or (match and match.url_name in SETTING_UP) or not is_missing(request.user):
            return None
        if request.headers.get("HX-Request"):
            return HttpResponse(status=401)
        return HttpResponseRedirect(reverse("mfa_index"))


class SecondFactorAdapter(DefaultMFAAdapter):
    """Our answers to django-allauth: secrets are kept encrypted, and what is required cannot be taken away."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "That did not match. Codes change every 30 seconds: use the one that is shown now.",
        "cannot_delete_authenticator": "You must have a second factor, and this is your only one. Add another first.",
        "cannot_generate_recovery_codes": "Recovery codes stand in for a second factor. Set one up first.",
    }

    def get_totp_label(self, user: User) -> str:
        """How the account is called in the authenticator app."""
        return user.get_username()

    def encrypt(self, text: str) -> str:
        """What is stored of a secret."""
        return cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again."""
        return cipher().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whether a factor may go: always but when it is the last and required."""
        others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=FACTORS).exclude(pk=authenticator.pk)
        return others.exists() or not is_required(authenticator.user)

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        """The name of a new passkey, until the person gives it another."""
        return f"Passkey {Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """What a browser shows a passkey to be for."""
        return {**super().get_public_key_credential_rp_entity(), "name": "Countersign"}
