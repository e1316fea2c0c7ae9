"""My settings: how a person likes the desk."""

from urllib.parse import unquote

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from review import people
from review.desk import reviewers, weekly_report
from review.desk.tabs import tabs
from review.permissions import DeskRequest, is_somebody, may_report, needs
from review.settings_forms import SettingsForm
from review.views.sign_in import keep_theme


@require_safe
@needs(is_somebody)
def show_settings(request: DeskRequest) -> HttpResponse:
    """What is chosen now."""
    return _page(request, _form(request))


@require_POST
@needs(is_somebody)
def save_settings(request: DeskRequest) -> HttpResponse:
    """Keep what was chosen."""
    form = _form(request, request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    people.prefer(person=request.user, **form.cleaned_data)
    messages.success(request, "Saved.")
    return keep_theme(redirect("settings"), form.cleaned_data["theme"])


def _form(request: DeskRequest, *typed: object) -> SettingsForm:
    profile = people.standing(request.user).profile
    return SettingsForm(*typed, instance=profile, browser_zone=unquote(request.COOKIES.get("zone", "")))


def _page(request: DeskRequest, form: SettingsForm, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "tabs": tabs("My settings", here="settings"),
        "planted": reviewers.own(request.user),
        "weekly": weekly_report.state(request.user) if may_report(request.user) else None,
    }
    return render(request, "review/settings.html", context, status=status)
