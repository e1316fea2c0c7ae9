"""The page of one conversation, and what people do with it there: one address per verb, each leads back to the page."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from inbox.errors import Refused
from inbox.models import Conversation
from review import access, claims, conversation_acts
from review.desk import conversation_head, history, refusal, snoozing, toast, words
from review.forms import NoteForm
from review.permissions import DeskRequest, may_read, may_review, needs

Act = Callable[[Conversation], object]


@require_safe
@needs(may_read)
def show_conversation(request: DeskRequest, conversation_id: int) -> HttpResponse:
    """Everything that happened in one conversation."""
    return _page(request, conversation_id)


@require_POST
@needs(may_review)
def note(request: DeskRequest, conversation_id: int) -> HttpResponse:
    """Write a note; one that cannot be kept comes back as it was typed."""
    form = NoteForm(request.POST)
    if not form.is_valid():
        wrong = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return _page(request, conversation_id, typed=form.typed, wrong=wrong, status=422)
    return _do(request, conversation_id, lambda talk: conversation_acts.note(conversation=talk, text=form.said, by=request.user), "Noted.")


@require_POST
@needs(may_review)
def snooze(request: DeskRequest, conversation_id: int) -> HttpResponse:
    """Put it off."""

    def act(talk: Conversation) -> None:
        until = snoozing.read(request.POST.get("until", ""), request.POST.get("at", ""))
        conversation_acts.snooze(conversation=talk, until=until, by=request.user)

    return _do(request, conversation_id, act, "Snoozed. It comes back by itself, or at once with a new mail from the customer.")


@require_POST
@needs(may_review)
def wake(request: DeskRequest, conversation_id: int) -> HttpResponse:
    """Bring it back before its time."""
    return _do(request, conversation_id, lambda talk: conversation_acts.wake(conversation=talk, by=request.user), "It is back.")


@require_POST
@needs(may_review)
def assign(request: DeskRequest, conversation_id: int) -> HttpResponse:
    """Make it somebody's, or nobody's."""
    said = request.POST.get("to", "")

    def act(talk: Conversation) -> None:
        to = User.objects.filter(pk=words.said_id(said), is_active=True).first()
        if said and not to:
            raise Refused("Choose somebody who works here.")
        conversation_acts.assign(conversation=talk, to=to, by=request.user)

    return _do(request, conversation_id, act, "Assigned." if said else "Assigned to nobody.")


@require_POST
@needs(may_review)
def close(request: DeskRequest, conversation_id: int) -> HttpResponse:
    """Nothing is left to do in it."""
    return _do(request, conversation_id, lambda talk: conversation_acts.close(conversation=talk, by=request.user), "Closed.")


@require_POST
@needs(may_review)
def reopen(request: DeskRequest, conversation_id: int) -> HttpResponse:
    """Something is left to do in it after all."""
    return _do(request, conversation_id, lambda talk: conversation_acts.reopen(conversation=talk, by=request.user), "Open again.")


@require_POST
@needs(may_review)
def join(request: DeskRequest, conversation_id: int) -> HttpResponse:
    """It goes on from another: the same customer, at a second address."""
    return _do(request, conversation_id, lambda talk: conversation_acts.join(conversation=talk, by=request.user), "Joined.")


@require_POST
@needs(may_review)
def keep_apart(request: DeskRequest, conversation_id: int) -> HttpResponse:
    """It is another customer's."""
    return _do(request, conversation_id, lambda talk: conversation_acts.keep_apart(conversation=talk, by=request.user), "Kept apart.")


def _do(request: DeskRequest, conversation_id: int, act: Act, said: str) -> HttpResponse:
    talk = get_object_or_404(access.conversations(request.user).select_related("mailbox"), pk=conversation_id)
    try:
        act(talk)
    except (Refused, claims.ClaimedByOther) as error:
        messages.error(request, refusal.words_of(error))
    else:
        messages.success(request, said)
    return redirect("conversation", talk.pk)


def _page(request: DeskRequest, conversation_id: int, *, typed: str = "", wrong: str = "", status: int = 200) -> HttpResponse:
    talk = get_object_or_404(conversation_head.find(request.user), pk=conversation_id)
    context = {
        "head": conversation_head.head(talk, user=request.user),
        "page": history.page(talk, request.GET.dict(), opens_items=may_review(request.user)),
        "typed": typed,
        "wrong": wrong,
        "toast": toast.after_sending(request.GET, request.user),
    }
    return render(request, "review/conversation.html", context, status=status)
