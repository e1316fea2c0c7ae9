"""One conversation, or the report, to take away. Posted to, because each export leaves an entry in the audit log."""

from django.http import HttpResponse, HttpResponseBadRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from inbox.models import Conversation
from review import audit_log
from review.desk import conversation_head
from review.desk.reports import filters
from review.exports import json_file, pdf, report_words
from review.permissions import DeskRequest, may_read, may_report, may_review, may_see_evidence, needs
from review.reports.summary import OF_EVIDENCE, summary


@require_POST
@needs(may_read)
def export_json(request: DeskRequest, conversation_id: int) -> HttpResponseBase:
    """All that is known of it, for programs."""
    talk = _noted(request, conversation_id, "As JSON.")
    response = StreamingHttpResponse(
        json_file.lines(talk, by=request.user, leaves_out=may_review(request.user)), content_type="application/json"
    )
    response["Content-Disposition"] = f'attachment; filename="conversation-{talk.pk}.json"'
    return response


@require_POST
@needs(may_read)
def export_pdf(request: DeskRequest, conversation_id: int) -> HttpResponse:
    """The same for people."""
    talk = _noted(request, conversation_id, "As PDF.")
    response = HttpResponse(pdf.document(talk, by=request.user, leaves_out=may_review(request.user)), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="conversation-{talk.pk}.pdf"'
    return response


@require_POST
@needs(may_report)
def export_report(request: DeskRequest) -> HttpResponse:
    """The figures of the period and the mails that the form says, as PDF."""
    asked = filters.read(request.POST.dict(), user=request.user)
    if asked.problems:
        return HttpResponseBadRequest(" ".join(asked.problems), content_type="text/plain; charset=utf-8")
    # The library takes a second to load, and nothing else needs it.
    from review.exports import report_pdf

    period, scope = asked.filters.period, asked.filters.scope
    hides = frozenset() if may_see_evidence(request.user) else OF_EVIDENCE
    said = f"{report_words.period(period)}. {report_words.scope(scope)}."
    audit_log.record(act="report.downloaded", by=request.user, about="as PDF", words=said)
    content = report_pdf.document(summary(period=period, scope=scope, hides=hides), by=request.user)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="report-{period.first}-{period.last}.pdf"'
    return response


def _noted(request: DeskRequest, conversation_id: int, words: str) -> Conversation:
    talk = get_object_or_404(conversation_head.find(request.user), pk=conversation_id)
    audit_log.record(act="conversation.exported", by=request.user, about=str(talk), words=words, conversation=talk)
    return talk
