"""Earned auto-send: how far each category is, and what admins do about it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from drafting.models import Category
from review import audit_log, autosend, frame
from review.desk import words
from review.desk.automation import ledger, overview, progress, rates
from review.desk.automation import page as desk
from review.desk.tabs import tabs
from review.ledger import export
from review.models import Attempt
from review.permissions import DeskRequest, may_administer, may_allow_auto_send, may_see_evidence, needs

FILES: dict[str, tuple[Callable[[Attempt], str | bytes], str, str]] = {
    "csv": (export.as_csv, "csv", "text/csv; charset=utf-8"),
    "json": (export.as_json, "json", "application/json"),
    "archive": (export.archive, "zip", "application/zip"),
}
"""How the ledger can be taken away: what makes the file, its ending, its type."""
STOPPED = "All auto-send is stopped. What was queued is held back and waits for people."
ALLOWED = "Auto-send is allowed again."


@require_safe
@needs(may_see_evidence)
def show_automation(request: DeskRequest) -> HttpResponse:
    """All categories."""
    rows = overview.rows(frame.setup_in_use().used, links=may_administer(request.user))
    context = {
        "rows": rows,
        "is_admin": may_administer(request.user),
        "tabs": tabs("Automation", here="automation"),
        "approval_defined": rates.DEFINED,
        "error_rate_defined": progress.AUDITED,
        "sent_defined": rates.SENT,
    }
    return render(request, "review/automation.html", context)


@require_safe
@needs(may_see_evidence)
def show_category(request: DeskRequest, category_id: int) -> HttpResponse:
    """How one category stands."""
    category = get_object_or_404(Category, pk=category_id)
    is_admin = may_administer(request.user)
    context = {
        "page": desk.page(category, frame.setup_in_use().used, links=is_admin),
        "tabs": desk.tabs(category, here="automation_category", is_admin=is_admin),
        "is_admin": is_admin,
        "may_allow": may_allow_auto_send(request.user),
    }
    return render(request, "review/automation_category.html", context)


@require_safe
@needs(may_see_evidence)
def show_ledger(request: DeskRequest, category_id: int) -> HttpResponse:
    """The verdicts of one attempt."""
    category = get_object_or_404(Category, pk=category_id)
    attempts = ledger.attempts(category)
    current = overview.in_use(attempts, frame.setup_in_use().used)
    context = {
        "category": category,
        "table": ledger.table(attempts, current, request.GET.dict(), user=request.user),
        "tabs": desk.tabs(category, here="automation_ledger", is_admin=may_administer(request.user)),
    }
    return render(request, "review/automation_ledger.html", context)


@require_POST
@needs(may_see_evidence)
def export_ledger(request: DeskRequest, category_id: int) -> HttpResponse:
    """The ledger of an attempt as a file. Posted to, because each export leaves an entry in the audit log."""
    found = FILES.get(request.POST.get("format", ""))
    asked = words.said_id(request.POST.get("attempt", ""))
    if found is None or not asked:
        return HttpResponseBadRequest("Say which attempt, and format=csv, json or archive.")
    attempt = get_object_or_404(Attempt.objects.select_related("category", "setup", "chooser"), pk=asked, category=category_id)
    make, ending, content_type = found
    audit_log.record(act="auto_send.exported", by=request.user, about=str(attempt.category), words=f"As {ending.upper()}.")
    return HttpResponse(make(attempt), content_type=content_type, headers=ledger.headers(attempt, ending))


@require_POST
@needs(may_administer)
def stop_all(request: DeskRequest) -> HttpResponse:
    """Nothing leaves by itself from now on."""
    autosend.switch.stop_all(by=request.user, words=request.POST.get("words", "").strip()[:500])
    messages.success(request, STOPPED)
    return redirect(_here(request))


@require_POST
@needs(may_allow_auto_send)
def allow_again(request: DeskRequest) -> HttpResponse:
    """Let unlocked categories send again."""
    try:
        autosend.switch.allow_again(by=request.user, words=request.POST.get("words", "").strip()[:500])
    except autosend.NotNow as error:
        messages.error(request, str(error))
    else:
        messages.success(request, ALLOWED)
    return redirect(_here(request))


def _here(request: DeskRequest) -> str:
    """The page from which somebody posted, where it is one of ours."""
    asked = request.POST.get("next", "")
    return asked if url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()}) else reverse("automation")
