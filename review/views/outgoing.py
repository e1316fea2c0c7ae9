"""Mail on its way, and what a person can do about it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from inbox.errors import TooLate
from inbox.models import Conversation, OutgoingMail
from review import access, claims, decisions, errors
from review.desk import flags, outgoing, refusal
from review.permissions import DeskRequest, may_review, needs

BACK = "Nothing is sent again by itself. Its draft waits for a person in the queue."


@require_safe
@needs(may_review)
def show_outgoing(request: DeskRequest) -> HttpResponse:
    """What is on its way and what left, as the address asks for."""
    return render(request, "review/outgoing.html", {"listing": outgoing.listing(request.GET.dict(), user=request.user)})


@require_safe
@needs(may_review)
def show_mail(request: DeskRequest, mail_id: int) -> HttpResponse:
    """One mail as it was frozen, and what became of it."""
    mail = get_object_or_404(outgoing.find(request.user), pk=mail_id)
    context = {"mail": outgoing.mail(mail, user=request.user), "flags": flags.shown(mail, user=request.user)}
    return render(request, "review/outgoing_mail.html", context)


@require_POST
@needs(may_review)
def cancel(request: DeskRequest, mail_id: int) -> HttpResponse:
    """Stop a mail that has not left: its decision is taken back, and what was written goes back to who wrote it."""
    found = access.outgoing(request.user).select_related("decision", "conversation").defer("mime")
    mail = get_object_or_404(found, pk=mail_id)
    try:
        decisions.take_back(mail=mail, by=request.user)
    except (errors.Undecidable, claims.ClaimedByOther) as error:
        messages.error(request, refusal.words_of(error))
        return redirect("outgoing")
    messages.success(request, "Cancelled. Nothing was sent.")
    return redirect(_where_it_was_written(mail, request.user))


@require_POST
@needs(may_review)
def retry(request: DeskRequest, mail_id: int) -> HttpResponse:
    """Try a failed mail once more; give the draft of an automatic one back to people."""
    mail = get_object_or_404(access.outgoing(request.user).select_related("conversation"), pk=mail_id)
    with _told(request):
        leaves = decisions.retry(mail=mail, by=request.user)
        messages.success(request, _again(mail) if leaves else BACK)
    return redirect("outgoing")


@require_POST
@needs(may_review)
def resolve(request: DeskRequest, mail_id: int) -> HttpResponse:
    """Say whether a mail that was maybe sent went out; if not, it is sent again, or the draft of an automatic one given back."""
    mail = get_object_or_404(access.outgoing(request.user).select_related("conversation"), pk=mail_id)
    was_sent = {"yes": True, "no": False}.get(request.POST.get("was_sent", ""))
    if was_sent is None:
        return HttpResponseBadRequest("Say whether the mail was sent: was_sent=yes or was_sent=no.")
    with _told(request):
        leaves = decisions.resolve(mail=mail, was_sent=was_sent, by=request.user)
        messages.success(request, "Noted as sent." if was_sent else _again(mail) if leaves else BACK)
    return redirect("outgoing")


def _again(mail: OutgoingMail) -> str:
    """What becomes of a mail that a person wants to be sent once more."""
    match mail.state:
        case OutgoingMail.State.HELD:
            return "It is sent again once its facts were looked up again."
        case OutgoingMail.State.CANCELLED:
            return mail.last_error
    return "It is sent again now."


def _where_it_was_written(mail: OutgoingMail, user: User) -> str:
    if hasattr(mail, "decision"):
        return reverse("item", args=[mail.decision.draft_id])
    if mail.queued_by_id != user.pk:
        return reverse("conversation", args=[mail.conversation_id])
    is_new = mail.in_reply_to_id is None and mail.conversation.state == Conversation.State.CLOSED
    return reverse("new_conversation") if is_new else reverse("write", args=[mail.conversation_id])


@contextmanager
def _told(request: DeskRequest) -> Iterator[None]:
    """Where what is done inside comes too late, people read why."""
    try:
        yield
    except TooLate as error:
        messages.error(request, str(error))
    except errors.Undecidable as error:
        messages.error(request, refusal.words_of(error))
