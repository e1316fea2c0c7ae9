"""One conversation to take away. Posted to, because each export leaves an entry in the audit log."""

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from inbox.models import Conversation
from review import audit_log
from review.desk import conversation_head
from review.exports import json_file, pdf
from review.permissions import DeskRequest, may_read, needs


@require_POST
@needs(may_read)
def export_json(request: DeskRequest, conversation_id: int) -> HttpResponseBase:
    """All that is known of it, for programs."""
    talk = _noted(request, conversation_id, "As JSON.")
    response = StreamingHttpResponse(json_file.lines(talk, by=request.user), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="conversation-{talk.pk}.json"'
    return response


@require_POST
@needs(may_read)
def export_pdf(request: DeskRequest, conversation_id: int) -> HttpResponse:
    """The same for people."""
    talk = _noted(request, conversation_id, "As PDF.")
    response = HttpResponse(pdf.document(talk, by=request.user), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="conversation-{talk.pk}.pdf"'
    return response


def _noted(request: DeskRequest, conversation_id: int, words: str) -> Conversation:
    talk = get_object_or_404(conversation_head.find(request.user), pk=conversation_id)
    audit_log.record(act="conversation.exported", by=request.user, about=str(talk), words=words, conversation=talk)
    return talk
