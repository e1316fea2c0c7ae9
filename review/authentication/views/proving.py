"""Proving once more who is there, before something that a thief at an open screen would like to do."""

from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.webauthn import views as webauthn

from review.authentication.views.parts import OwnPage, own
from review.desk.security import plain_json


class _ByPassword(OwnPage, account.ReauthenticateView):
    template_name = "account/confirm.html"


class _ByCode(OwnPage, mfa.ReauthenticateView):
    template_name = "account/confirm.html"


class _ByPasskey(OwnPage, webauthn.ReauthenticateWebAuthnView):
    template_name = "account/confirm_passkey.html"

    def get_context_data(self, **about: Any) -> dict[str, Any]:
        context = super().get_context_data(**about)
        return context | {"options": plain_json(context["js_data"]["request_options"])}


by_password = own(_ByPassword.as_view())
by_code = own(_ByCode.as_view())
by_passkey = own(_ByPasskey.as_view())
