"""The training export: how much there is, what it looks like, and the file."""

import json
from itertools import islice

from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from review import access, audit_log, training
from review.desk import tabs
from review.models import Decision
from review.permissions import DeskRequest, may_administer, needs
from review.training_forms import ExportForm

SHOWN = 3


@require_safe
@needs(may_administer)
def show_training(request: DeskRequest) -> HttpResponse:
    """How many lines there are, and the first three as they would be written."""
    return _page(request, ExportForm(request.GET))


@require_POST
@needs(may_administer)
def download_training(request: DeskRequest) -> HttpResponseBase:
    """The file, a line at a time."""
    form = ExportForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    since = form.cleaned_data["since"]
    audit_log.record(act="training.downloaded", by=request.user, words=f"Since {since}." if since else "All of it.")
    response = StreamingHttpResponse(training.lines(_exportable(request, form)), content_type="application/x-ndjson")
    response["Content-Disposition"] = f'attachment; filename="training-{timezone.localdate():%Y-%m-%d}.jsonl"'
    return response


def _exportable(request: DeskRequest, form: ExportForm) -> QuerySet[Decision]:
    return training.exportable(**form.cleaned_data, among=access.decisions(request.user))


def _page(request: DeskRequest, form: ExportForm, status: int = 200) -> HttpResponse:
    rows = _exportable(request, form) if form.is_valid() else None
    number, is_more = training.count(rows) if rows is not None else (0, False)
    context = {
        "tabs": tabs.tabs("Setup", here="training"),
        "form": form,
        "is_known": rows is not None,
        "number": f"{'more than ' if is_more else ''}{number:,}",
        "lines": "line" if number == 1 else "lines",
        "is_empty": number == 0,
        "shown": [json.dumps(line, ensure_ascii=False, indent=2) for line in islice(training.examples(rows, batch=SHOWN), SHOWN)]
        if rows is not None
        else [],
    }
    return render(request, "review/training.html", context, status=status)
