"""The page behind an invitation's link, for somebody who has no account yet. Opening it decides nothing."""

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from drafting.errors import NotFound
from review import invitations
from review.people_forms import JoinForm


@require_safe
@never_cache
def show_invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """What the person is invited to, and how they want to sign in."""
    return _page(request, secret, JoinForm())


@require_POST
@never_cache
@sensitive_post_parameters("password", "again")
def accept_invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Make the account and sign in."""
    form = JoinForm(request.POST)
    if not form.is_valid():
        return _page(request, secret, form, status=422)
    try:
        user = invitations.accept(secret=secret, **form.said)
    except NotFound:
        return _page(request, secret, form)
    except IntegrityError:
        form.add_error("username", "Somebody else took this name a moment ago. Choose another one.")
        return _page(request, secret, form, status=422)
    record_authentication(request, user, method="password", username=user.username)
    answer: HttpResponse = perform_login(request, user, email_verification="none", redirect_url=reverse("home"))
    return answer


def _page(request: HttpRequest, secret: str, form: JoinForm, *, status: int = 200) -> HttpResponse:
    context: dict[str, object] = {"form": form, "secret": secret}
    try:
        context["invitation"] = invitations.find(secret)
    except NotFound as error:
        context, status = {"gone": str(error)}, 410
    response = render(request, "review/invitation.html", context, status=status)
    # The address is the secret: no other page may learn it. With "no-referrer" browsers would send the form as from nowhere (Origin: null),
    # and a form from nowhere is refused.
    response["Referrer-Policy"] = "strict-origin"
    return response
