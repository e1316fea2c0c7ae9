"""The admin site has no sign-in of its own: people come to it by the one of the desk, with its second factor and its limits."""

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe


@require_safe
def sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page, and back. Who is signed in already and was sent here may not open the admin site."""
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect_to_login(request.GET.get("next", "/admin/"))


@require_safe
def change_password(request: HttpRequest) -> HttpResponse:
    """To where everybody changes theirs."""
    return redirect("account_change_password")
