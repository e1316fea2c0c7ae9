"""The forms of django-allauth, in our words."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from allauth.account import forms as account
from allauth.account.internal import flows
from allauth.core import context
from allauth.mfa.base import forms as codes
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse

from review.authentication import lockout
from review.authentication.accounts import having, record_failure

NO_MATCH = "The passkey did not match, or that took too long. Try again."


class _Plain(forms.Form):
    """Our labels, and nothing said twice."""

    labels: dict[str, str] = {}
    hints: dict[str, str] = {}

    def __init__(self, *args: Any, **about: Any) -> None:
        super().__init__(*args, **about)
        for name, field in self.fields.items():
            field.label = self.labels.get(name, field.label)
            field.help_text = self.hints.get(name, "")
            field.widget.attrs.pop("placeholder", None)


class SignInForm(_Plain, account.LoginForm):
    """A name, or an email address, and a password. In the page the name is called `username`, which password managers know."""

    labels = {"login": "User name or email"}

    def __init__(self, *args: Any, **about: Any) -> None:
        super().__init__(*args, **about)
        self.fields["login"].widget.attrs |= {
            "autocomplete": "username",
            "autocapitalize": "none",
            "spellcheck": "false",
            "maxlength": "254",
        }

    def add_prefix(self, field_name: str) -> str:
        """The name of a field in the page."""
        return super().add_prefix("username" if field_name == "login" else field_name)

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """Go on to the second factor, or in. How long the session lasts is for sessions.py to say."""
        self._login.redirect_url = redirect_url
        return cast(HttpResponse, flows.login.perform_password_login(request, self.user_credentials(), self._login))


class PasswordAgainForm(_Plain, account.ReauthenticateForm):
    """The password, to prove once more who is there."""


class ChangePasswordForm(_Plain, account.ChangePasswordForm):
    """The old password and a new one."""

    labels = {"oldpassword": "Password now", "password1": "New password", "password2": "New password again"}
    hints = {"password1": "At least 10 characters, and none of the passwords that everybody uses."}


class SetPasswordForm(_Plain, account.SetPasswordForm):
    """A first password, for somebody who came by single sign-on."""

    labels = {"password1": "New password", "password2": "New password again"}
    hints = ChangePasswordForm.hints


class NewPasswordForm(_Plain, account.ResetPasswordKeyForm):
    """A new password, for somebody who has a link for it."""

    labels = SetPasswordForm.labels
    hints = ChangePasswordForm.hints


class ForgottenForm(_Plain, account.ResetPasswordForm):
    """The address that a link for a new password is mailed to."""

    labels = {"email": "Your email address"}

    def clean_email(self) -> str:
        """The address as it was typed; `users` are who may sign in with it."""
        email = str(self.cleaned_data["email"])
        self.users = [user for user in having(email) if user.is_active]
        return email


class _Code(_Plain):
    """A code of the authenticator app or a recovery code."""

    labels = {"code": "Code"}

    def __init__(self, *args: Any, **about: Any) -> None:
        super().__init__(*args, **about)
        self.fields["code"].widget.attrs |= {"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": "20"}

    def clean_code(self) -> str:
        """Raises ValidationError for a wrong code, and while no attempt is free."""
        lockout.refuse_if_locked(context.request, key=lockout.code_key(self.user))  # type: ignore[attr-defined]
        return str(super().clean_code())  # type: ignore[misc]

    def _emit_authentication_failed(self, authenticator: Authenticator) -> None:
        user = authenticator.user
        record_failure(context.request, meant=user, why="The code was wrong.", counted_under=lockout.code_key(user))


class CodeForm(_Code, codes.AuthenticateForm):
    """A code after the password."""


class CodeAgainForm(_Code, codes.ReauthenticateForm):
    """A code, to prove once more who is there."""


class FirstCodeForm(_Code, totp.ActivateTOTPForm):
    """The first code of a new authenticator app, to see that it works."""

    labels = {"code": "Code that the app shows"}


class RemoveAppForm(totp.DeactivateTOTPForm):
    """Nothing to type, but it may be refused."""


@contextmanager
def _saying_so() -> Iterator[None]:
    """What django-allauth says of a passkey is meant for codes."""
    try:
        yield
    except ValidationError as error:
        if error.code == "incorrect_code":
            raise ValidationError(NO_MATCH) from error
        raise


class PasskeyForm(webauthn.AuthenticateWebAuthnForm):
    """A passkey after the password."""

    def clean_credential(self) -> Authenticator:
        """Raises ValidationError for what does not match."""
        with _saying_so():
            return super().clean_credential()


class AddPasskeyForm(_Plain, webauthn.AddWebAuthnForm):
    """A name for the passkey; what the browser made is filled in by static/review/passkeys.js."""

    labels = {"name": "Name"}
    hints = {"name": "Such as the device that keeps it."}

    def __init__(self, *args: Any, **about: Any) -> None:
        super().__init__(*args, **about)
        self.fields["name"] = forms.CharField(label=self.labels["name"], help_text=self.hints["name"], required=False, max_length=60)
        self.fields.pop("passwordless", None)

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError for what the browser did not make for us."""
        with _saying_so():
            return cast(dict[str, Any], super().clean())


class NamePasskeyForm(_Plain, webauthn.EditWebAuthnForm):
    """Another name for a passkey."""

    labels = {"name": "Name"}
