"""The reports: figures of a period, the mails behind each, files, and what is taken for granted."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from review import audit_log
from review.desk import weekly_report, words
from review.desk.reports import assumptions, decided, files, filters, left, load, mails, reasons, waiting
from review.desk.reports import page as desk
from review.desk.reports.listing import in_words
from review.desk.reports.tabs import tabs
from review.permissions import DeskRequest, may_report, may_see_evidence, needs
from review.report_forms import AssumptionForm, PriceForm
from review.reports import prices, saving
from review.reports.summary import OF_EVIDENCE


@require_safe
@needs(may_report)
def show_report(request: DeskRequest) -> HttpResponse:
    """All figures of a period."""
    asked = filters.read(request.GET.dict(), user=request.user)
    context = {"page": desk.page(asked, user=request.user), "asked": asked, "tabs": tabs(asked.filters, here="reports")}
    return render(request, "review/reports.html", context | {"weekly": weekly_report.state(request.user)})


@require_safe
@needs(may_report)
def show_numbers(request: DeskRequest) -> HttpResponse:
    """The numbers behind the chart."""
    asked = filters.read(request.GET.dict(), user=request.user)
    return render(request, "review/reports_numbers.html", {"page": left.page(asked.filters), "asked": asked})


@require_safe
@needs(may_report)
def show_mails(request: DeskRequest) -> HttpResponse:
    """The mails behind a figure, the drafts that wait, or the decisions behind the load."""
    asked = filters.read(request.GET.dict(), user=request.user)
    values = request.GET.dict()
    listing = waiting.listing(values, asked) or decided.listing(values, asked)
    listing = listing or mails.listing(values, asked, may_see_evidence=may_see_evidence(request.user))
    return render(request, "review/reports_mails.html", {"listing": listing, "asked": asked})


@require_safe
@needs(may_report)
def show_reasons(request: DeskRequest) -> HttpResponse:
    """Why people had to do something, and when mails come in."""
    asked = filters.read(request.GET.dict(), user=request.user)
    context = {"page": reasons.page(asked.filters), "asked": asked, "tabs": tabs(asked.filters, here="report_reasons")}
    return render(request, "review/reports_reasons.html", context)


@require_safe
@needs(may_report)
def show_load(request: DeskRequest) -> HttpResponse:
    """How the work is spread over people."""
    asked = filters.read(request.GET.dict(), user=request.user)
    context = {"page": load.page(asked.filters), "asked": asked, "tabs": tabs(asked.filters, here="report_load")}
    return render(request, "review/reports_load.html", context)


@require_POST
@needs(may_report)
def download(request: DeskRequest) -> HttpResponseBase:
    """A file. Posted to, because each download leaves an entry in the audit log."""
    file = request.POST.get("file", "")
    if file not in files.FILES:
        return HttpResponseBadRequest(f"Say which file: file={words.listed([*files.FILES]).replace(' and ', ' or ')}.")
    asked = filters.read(request.POST.dict(), user=request.user)
    if asked.problems:
        return HttpResponseBadRequest(" ".join(asked.problems), content_type="text/plain; charset=utf-8")
    period = asked.filters.period
    audit_log.record(act="report.downloaded", by=request.user, about=files.FILES[file][1], words=f"{in_words(period)}. {asked.in_words}.")
    hides = frozenset() if may_see_evidence(request.user) else OF_EVIDENCE
    response = StreamingHttpResponse(files.lines(file, asked, hides=hides), content_type="text/csv; charset=utf-8")
    name = f"report-{file}-{period.first:%Y-%m-%d}-{period.last:%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
@needs(may_report)
def show_assumptions(request: DeskRequest) -> HttpResponse:
    """What figures rest on that nobody counted."""
    return _assumptions(request)


@require_POST
@needs(may_report)
def save_assumption(request: DeskRequest) -> HttpResponse:
    """Say how long a reply takes by hand."""
    form = AssumptionForm(request.POST)
    if not form.is_valid():
        return _assumptions(request, status=422, assumption=form)
    saving.save(minutes=form.cleaned_data["minutes"], by=request.user)
    messages.success(request, "Saved. All reports count with it, those of the past too.")
    return redirect("report_assumptions")


@require_POST
@needs(may_report)
def save_price(request: DeskRequest) -> HttpResponse:
    """Say what the tokens of a setup cost."""
    form = PriceForm(request.POST)
    if not form.is_valid():
        return _assumptions(request, status=422, price=form)
    prices.save(**form.cleaned_data, by=request.user)
    messages.success(request, f"Saved. {form.cleaned_data['setup']} costs that in all reports, those of the past too.")
    return redirect("report_assumptions")


def _assumptions(request: DeskRequest, *, status: int = 200, **typed: Any) -> HttpResponse:
    taken = assumptions.taken()
    forms = {"assumption": AssumptionForm(initial={"minutes": taken.minutes}), "price": PriceForm()}
    context = {"taken": taken, "forms": forms | typed, "tabs": tabs(None, here="report_assumptions")}
    return render(request, "review/reports_assumptions.html", context, status=status)
