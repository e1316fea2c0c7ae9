"""Passwords: changing one's own, and a new one for who forgot theirs."""

from typing import Any

from allauth.account import views as account
from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from review.authentication import reset_links
from review.authentication.views.parts import OwnPage, WrongForms, own
from review.desk import words
from review.permissions import DeskRequest, may_manage_people, needs


class _Change(OwnPage, account.PasswordChangeView):
    template_name = "account/password.html"

    def get_default_success_url(self) -> str:
        return reverse("mfa_index")


class _SetFirst(OwnPage, account.PasswordSetView):
    template_name = "account/password.html"

    def get_default_success_url(self) -> str:
        return reverse("mfa_index")


class _Forgotten(WrongForms, account.PasswordResetView):
    """Mails a link where the product can send mail; else tells whom to ask."""

    template_name = "account/forgotten.html"

    def dispatch(self, request: HttpRequest, *args: Any, **about: Any) -> HttpResponseBase:
        if not settings.EMAIL_HOST:
            return render(request, "account/forgotten_ask.html")
        return super().dispatch(request, *args, **about)  # type: ignore[no-any-return]


class _NewPassword(WrongForms, account.PasswordResetFromKeyView):
    template_name = "account/new_password.html"

    def get_context_data(self, **about: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**about)
        return context | {"name": self.reset_user.get_username() if self.reset_user else ""}


change = own(_Change.as_view())
set_first = own(_SetFirst.as_view())
forgotten = never_cache(_Forgotten.as_view())
new_password = never_cache(_NewPassword.as_view())


@require_safe
def forgotten_sent(request: HttpRequest) -> HttpResponse:
    """A link is on its way, if the address is one of ours: the page does not tell which."""
    return render(request, "account/forgotten_sent.html")


@require_safe
def new_password_done(request: HttpRequest) -> HttpResponse:
    """The new password holds."""
    return render(request, "account/new_password_done.html")


@require_POST
@needs(may_manage_people)
@never_cache
def make_link(request: DeskRequest, person_id: int) -> HttpResponse:
    """A link with which somebody sets a new password, shown to the admin once."""
    person = get_object_or_404(User, pk=person_id)
    link = reset_links.make(person, by=request.user)
    return render(
        request, "account/password_link.html", {"name": words.person(person), "link": link, "lifetime": words.span(reset_links.LIFETIME)}
    )
