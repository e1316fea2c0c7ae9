"""Where somebody starts, and the look of the pages."""

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from review import frame, people, permissions
from review.desk import words
from review.permissions import DeskRequest, needs

A_YEAR = 365 * 24 * 3600


@require_http_methods(["GET", "HEAD"])
@needs(permissions.is_somebody)
def home(request: DeskRequest) -> HttpResponse:
    """The page that a person works on; who has no role yet is told what to do about it."""
    if not permissions.roles(request.user):
        return render(request, "review/no_role.html", {"name": words.person(request.user)})
    return redirect(first_page(request.user))


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Light, dark or as the system, kept in a cookie and with the person."""
    response = HttpResponseRedirect(_wanted(request) or reverse("home"))
    chosen = request.POST.get("theme", "")
    if chosen in frame.THEMES:
        keep_theme(response, chosen)
        if isinstance(request.user, User):
            people.prefer(person=request.user, theme=chosen)
    return response


def keep_theme(response: HttpResponse, chosen: str) -> HttpResponse:
    """Let the browser remember the theme, for the pages before anybody has signed in."""
    response.set_cookie("theme", chosen, max_age=A_YEAR, samesite="Lax")
    return response


def first_page(user: User) -> str:
    """Where a person starts."""
    return "queue" if permissions.may_review(user) else "conversations"


def _wanted(request: HttpRequest) -> str:
    """The address to go on to, if it is one of ours."""
    url = request.POST.get("next") or request.GET.get("next", "")
    return url if url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure()) else ""
