"""All conversations, and one of them."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from inbox.models import Conversation
from review import access
from review.desk import conversations, history
from review.permissions import DeskRequest, may_read, may_review, needs


@require_safe
@needs(may_read)
def show_conversations(request: DeskRequest) -> HttpResponse:
    """The list, newest first."""
    return render(request, "review/conversations.html", {"listing": conversations.listing(request.GET, user=request.user)})


@require_safe
@needs(may_read)
def show_conversation(request: DeskRequest, conversation_id: int) -> HttpResponse:
    """Everything that happened in one conversation."""
    talk = get_object_or_404(access.conversations(request.user).select_related("mailbox", "split_from"), pk=conversation_id)
    can_hand_back = talk.led_by == Conversation.Leader.PERSON and may_review(request.user)
    context = {
        "conversation": talk,
        "about": " · ".join(dict.fromkeys(filter(None, [talk.customer_name, talk.customer_address]))) or "Unknown sender",
        "page": history.page(talk, request.GET.get("before", ""), request.GET.get("id", "")),
        "hand_back_url": reverse("hand_back", args=[talk.pk]) if can_hand_back else "",
    }
    return render(request, "review/conversation.html", context)
