"""Mail on its way, and what a person can do about it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from inbox import outbox
from inbox.errors import TooLate
from review import access, audit_log, claims, decisions, errors
from review.desk import outgoing, refusal
from review.permissions import DeskRequest, may_review, needs


@require_safe
@needs(may_review)
def show_outgoing(request: DeskRequest) -> HttpResponse:
    """The states of what was approved."""
    return render(request, "review/outgoing.html", {"rows": outgoing.rows(request.user)})


@require_POST
@needs(may_review)
def cancel(request: DeskRequest, mail_id: int) -> HttpResponse:
    """Stop a held reply by taking its decision back, so that the customer's mail waits in the queue again."""
    mail = get_object_or_404(access.outgoing(request.user).select_related("decision"), pk=mail_id, decision__isnull=False)
    try:
        decisions.undo(decision=mail.decision, by=request.user)
    except (errors.Undecidable, claims.ClaimedByOther) as error:
        messages.error(request, refusal.words_of(error))
        return redirect("outgoing")
    messages.success(request, "Cancelled. Nothing was sent; the mail waits in the queue again.")
    return redirect("item", mail.decision.draft_id)


@require_POST
@needs(may_review)
def retry(request: DeskRequest, mail_id: int) -> HttpResponse:
    """Try a failed mail once more."""
    mail = get_object_or_404(access.outgoing(request.user).select_related("conversation"), pk=mail_id)
    act = audit_log.recording(act="mail.retried", by=request.user, about=str(mail), conversation=mail.conversation)
    with _told(request, "It is tried again now."), act:
        outbox.retry(mail=mail, by=request.user)
    return redirect("outgoing")


@require_POST
@needs(may_review)
def resolve(request: DeskRequest, mail_id: int) -> HttpResponse:
    """Say whether a mail that was maybe sent went out; if not, it is sent again."""
    mail = get_object_or_404(access.outgoing(request.user).select_related("conversation"), pk=mail_id)
    was_sent = {"yes": True, "no": False}.get(request.POST.get("was_sent", ""))
    if was_sent is None:
        return HttpResponseBadRequest("Say whether the mail was sent: was_sent=yes or was_sent=no.")
    said = "Noted as sent." if was_sent else "It is sent again now."
    act = audit_log.recording(
        act="mail.resolved_sent" if was_sent else "mail.resolved_not_sent", by=request.user, about=str(mail), conversation=mail.conversation
    )
    with _told(request, said), act:
        outbox.resolve(mail=mail, was_sent=was_sent, by=request.user)
    return redirect("outgoing")


@contextmanager
def _told(request: DeskRequest, said: str) -> Iterator[None]:
    """What is done inside is told with `said`, or with why it was too late."""
    try:
        yield
    except TooLate as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said)
