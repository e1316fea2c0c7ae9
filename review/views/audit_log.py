"""The audit log: who did what, when."""

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from review import audit_log
from review.desk import audit
from review.permissions import DeskRequest, may_audit, needs


@require_safe
@needs(may_audit)
def show_audit_log(request: DeskRequest) -> HttpResponse:
    """The newest acts, or those that the address asks for."""
    return render(request, "review/audit_log.html", {"listing": audit.listing(request.GET.dict(), user=request.user)})


@require_POST
@needs(may_audit)
def download_audit_log(request: DeskRequest) -> HttpResponseBase:
    """All that the filters leave, as CSV."""
    filters = audit.read(request.POST.dict())
    audit_log.record(act="audit_log.downloaded", by=request.user, words=audit.told(filters))
    lines = audit.lines(filters, user=request.user, zone=timezone.get_current_timezone())
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="audit-log-{timezone.localdate():%Y-%m-%d}.csv"'
    return response
