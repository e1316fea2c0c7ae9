"""The list of all conversations. The page of one is in `conversation.py`."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from review.desk import conversations
from review.permissions import DeskRequest, may_read, needs


@require_safe
@needs(may_read)
def show_conversations(request: DeskRequest) -> HttpResponse:
    """The list, newest first."""
    return render(request, "review/conversations.html", {"listing": conversations.listing(request.GET, user=request.user)})
