"""The weekly report by mail: wanting it, and ending it, at the desk or with the link in the mail."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from review import public_address
from review.desk import weekly_report
from review.permissions import DeskRequest, may_report, needs
from review.reports import weekly

BACK = ("reports", "settings")
"""The pages that have the form, by the names of their addresses."""


@require_POST
@needs(may_report)
def save_weekly_report(request: DeskRequest) -> HttpResponse:
    """Get it on this day of the week from now on."""
    said, state = request.POST.get("weekday", ""), weekly_report.state(request.user)
    if state.why_not or said not in {choice.value for choice in state.days}:
        messages.error(request, state.why_not or "Choose a day of the week.")
    else:
        row = weekly.subscribe(person=request.user, weekday=int(said), desk=public_address.of(request))
        messages.success(request, f"You get the report by mail each {weekly.DAYS[row.weekday]}.")
    return _back(request)


@require_POST
@needs(may_report)
def stop_weekly_report(request: DeskRequest) -> HttpResponse:
    """Get it no more."""
    weekly.unsubscribe(person=request.user)
    messages.success(request, "You get no weekly report any more.")
    return _back(request)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def end_weekly_report(request: HttpRequest, secret: str) -> HttpResponse:
    """Where the link in the mail leads, for whoever holds it: a page with a button, which mail programs may press as well (RFC 8058).

    Looking at it ends nothing, as scanners of mail look at every link. Whether the link still ends anything is told to nobody.
    """
    if is_ended := request.method == "POST":
        weekly.unsubscribe_by_link(token=secret)
    response = render(request, "review/weekly_report_end.html", {"is_ended": is_ended})
    # The address is the secret: no other page may learn it.
    response["Referrer-Policy"] = "no-referrer"
    return response


def _back(request: DeskRequest) -> HttpResponse:
    page = request.POST.get("from", "")
    return redirect(page if page in BACK else BACK[0])
