"""In and out: the sign-in page, the second factor, passkeys, single sign-on, signing out."""

import logging
from collections.abc import Callable
from typing import Any, cast

from allauth.account import views as account
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.logout import logout
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url, passthrough_next_redirect_url
from allauth.mfa.base import views as mfa
from allauth.mfa.webauthn import views as webauthn
from allauth.mfa.webauthn.internal import flows as passkeys
from allauth.socialaccount.adapter import get_adapter as social_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from requests import RequestException

from review.authentication import openid_connect
from review.authentication.accounts import record_failure
from review.authentication.views.parts import WrongForms
from review.desk.security import plain_json

log = logging.getLogger(__name__)


class _SignIn(WrongForms, account.LoginView):
    template_name = "account/sign_in.html"

    def get_context_data(self, **about: Any) -> dict[str, Any]:
        links = [
            (provider.name, passthrough_next_redirect_url(self.request, provider.get_login_url(self.request), "next"))
            for provider in social_adapter().list_providers(self.request)
        ]
        return {**super().get_context_data(**about), "providers": links}


class _SecondFactor(mfa.AuthenticateView):
    template_name = "mfa/authenticate.html"

    def form_invalid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)
        response.status_code = 422
        return response

    def get_context_data(self, **about: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**about)
        options = context["js_data"]["request_options"]
        has_passkeys = bool(options["publicKey"].get("allowCredentials"))
        return context | {"options": plain_json(options) if has_passkeys else ""}


class _Passkey(webauthn.LoginWebAuthnView):
    """Sign in with nothing but a passkey. Its GET is asked by static/review/passkeys.js and tells what to sign."""

    def form_valid(self, form: Any) -> HttpResponse:
        authenticator = form.cleaned_data["credential"]
        login = Login(user=authenticator.user, redirect_url=get_next_redirect_url(self.request))
        return cast(HttpResponse, passkeys.perform_passwordless_login(self.request, authenticator, login))

    def form_invalid(self, form: Any) -> HttpResponse:
        record_failure(self.request, meant=None, why="A passkey did not match.")
        messages.error(self.request, "That passkey is not known here. Use your password, or another passkey.")
        return HttpResponseRedirect(passthrough_next_redirect_url(self.request, reverse("sign_in"), "next"))


def _single_sign_on(view: type[Any]) -> Callable[..., HttpResponseBase]:
    """A step of single sign-on; whatever a provider answers wrongly, or not at all, becomes a page that says so."""

    @never_cache
    def step(request: HttpRequest, provider_id: str) -> HttpResponseBase:
        adapter = openid_connect.Adapter(request, provider_id)
        try:
            provider = adapter.get_provider()
        except SocialApp.DoesNotExist:
            raise Http404 from None
        try:
            return view.adapter_view(adapter)(request)  # type: ignore[no-any-return]
        except (OAuth2Error, RequestException, KeyError, TypeError, ValueError) as error:
            return render_authentication_error(request, provider, exception=error)  # type: ignore[no-any-return]

    return step


sign_in = _SignIn.as_view()
second_factor = _SecondFactor.as_view()
passkey = _Passkey.as_view()
single_sign_on = require_safe(_single_sign_on(OAuth2LoginView))
single_sign_on_back = require_safe(_single_sign_on(OAuth2CallbackView))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the session, or the sign-in that is under way."""
    logout(request, show_message=False)
    return redirect(get_adapter().get_logout_redirect_url(request))


@require_safe
def inactive(request: HttpRequest) -> HttpResponse:
    """The right password, of an account that an admin switched off."""
    return render(request, "account/inactive.html")


@require_safe
def cancelled(request: HttpRequest) -> HttpResponse:
    """Somebody came back from the provider without having signed in there."""
    messages.info(request, "You came back without signing in.")
    return redirect("sign_in")
