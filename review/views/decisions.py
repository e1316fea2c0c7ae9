"""The decisions: one address per verb, only by POST. Each answers with the next item, or with the same one and what stood against it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from drafting.models import Draft
from review import access, claims, decisions, errors, planting, writing
from review.desk import filters, item, queue, refusal, toast, words
from review.forms import RejectForm, ReplyForm, SayingForm
from review.models import Decision, PlantedDraft
from review.permissions import DeskRequest, may_review, needs
from review.views import panes
from review.views.boxes import chosen

Act = Callable[[Draft, User], Decision]
Kind = Decision.Kind
Refused = (errors.Undecidable, claims.ClaimedByOther)


@require_POST
@needs(may_review)
def approve(request: DeskRequest, draft_id: int) -> HttpResponse:
    """Send the draft as it stands."""
    return _decide(request, draft_id, Kind.APPROVED, lambda draft, by: decisions.approve(draft=draft, by=by))


@require_POST
@needs(may_review)
def edit(request: DeskRequest, draft_id: int) -> HttpResponse:
    """Send the reviewer's text."""
    form = ReplyForm(request.POST)
    return _decide(
        request,
        draft_id,
        Kind.EDITED,
        lambda draft, by: decisions.edit(draft=draft, text=form.said, by=by, **_beside(request, draft)),
        form=form,
        field="edit",
    )


@require_POST
@needs(may_review)
def reject(request: DeskRequest, draft_id: int) -> HttpResponse:
    """Have it written again."""
    form = RejectForm(request.POST)
    return _decide(
        request,
        draft_id,
        Kind.REJECTED,
        lambda draft, by: decisions.reject(draft=draft, reason=form.said, by=by),
        form=form,
        field="reject",
    )


@require_POST
@needs(may_review)
def take_over(request: DeskRequest, draft_id: int) -> HttpResponse:
    """Answer by hand; the item stays open for that."""
    return _decide(request, draft_id, Kind.TAKEN_OVER, lambda draft, by: decisions.take_over(draft=draft, by=by), stay=True)


@require_POST
@needs(may_review)
def reply(request: DeskRequest, draft_id: int) -> HttpResponse:
    """Send a text by hand."""
    form = ReplyForm(request.POST)
    return _decide(
        request,
        draft_id,
        "",
        lambda draft, by: decisions.reply(draft=draft, text=form.said, by=by, **_beside(request, draft)),
        form=form,
        field="reply",
    )


@require_POST
@needs(may_review)
def no_reply(request: DeskRequest, draft_id: int) -> HttpResponse:
    """Let the mail rest."""
    return _decide(request, draft_id, Kind.NO_REPLY, lambda draft, by: decisions.no_reply(draft=draft, by=by))


@require_POST
@needs(may_review)
def undo(request: DeskRequest, decision_id: int) -> HttpResponse:
    """Take a decision back and open its item again."""
    decision = get_object_or_404(access.decisions(request.user), pk=decision_id)
    try:
        decisions.undo(decision=decision, by=request.user)
    except Refused as error:
        return panes.show(request, decision.draft_id, told=toast.taken_back(refusal.words_of(error), tone="red"))
    return panes.show(request, decision.draft_id, told=toast.taken_back("Taken back. Nothing was sent."))


@require_POST
@needs(may_review)
def say_why(request: DeskRequest, decision_id: int) -> HttpResponse:
    """Note why a draft was edited."""
    edits = access.decisions(request.user).select_related("outgoing").defer("outgoing__mime").filter(by=request.user, kind=Kind.EDITED)
    decision = get_object_or_404(edits, pk=decision_id)
    if request.POST.get("edit_reason") not in Decision.EditReason.values:
        return HttpResponseBadRequest("Choose one of the reasons.")
    takes_effect = decisions.say_why(decision=decision, edit_reason=request.POST["edit_reason"], by=request.user)
    wanted = filters.read(request.GET)
    if not request.htmx:
        return redirect(reverse("queue") + wanted.query(done=decision.pk))
    decision.edit_reason = request.POST["edit_reason"]
    told = toast.noted(decision, wanted.query(), takes_effect=takes_effect)
    return render(request, "review/_toast.html", {"toast": told, "oob": True})


@require_POST
@needs(may_review)
def hand_back(request: DeskRequest, conversation_id: int) -> HttpResponse:
    """Let the assistant go on in a conversation. The item in which that was said (`draft` in the address) is shown anew."""
    conversation = get_object_or_404(access.conversations(request.user), pk=conversation_id)
    decisions.hand_back(conversation=conversation, by=request.user)
    if request.POST.get("from") == "conversation":
        return redirect("conversation", conversation.pk)
    named = words.said_id(request.GET.get("draft", ""))
    draft = access.drafts(request.user).filter(pk=named, conversation=conversation).first() if named else None
    return panes.show(request, draft.pk if draft else None, told=toast.taken_back("Handed back. The assistant goes on."))


def _decide(
    request: DeskRequest, draft_id: int, kind: str, act: Act, *, form: SayingForm | None = None, field: str = "", stay: bool = False
) -> HttpResponse:
    """`kind` is what is decided about the draft that the person was shown; "" for what is no decision about a draft."""
    draft = get_object_or_404(access.drafts(request.user).select_related("conversation__mailbox", "message"), pk=draft_id)
    typed = item.Typed(field, form.typed if form else "")
    if form and not form.is_valid():
        said = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return panes.show(request, draft_id, typed=item.Typed(field, typed.text, said), status=422)
    text = form.said if form and field == "edit" else ""
    try:
        if kind and (judged := planting.decide(draft=draft, kind=kind, by=request.user, text=text, shown=request.POST.get("shown", ""))):
            return _reveal(request, judged, typed)
        decision = act(draft, request.user)
    except Refused as error:
        if field in {"edit", "reply"}:
            writing.keep(by=request.user, conversation=draft.conversation, box=request.POST.get("box", "")[:32], text=typed.text)
        return panes.show(request, draft_id, typed=item.Typed(field, typed.text, refusal.words_of(error)), status=409)
    return _go_on(request, draft, decision, stay=stay)


def _reveal(request: DeskRequest, judged: PlantedDraft, typed: item.Typed) -> HttpResponse:
    """The same item with the draft itself. What was typed is kept, but an error stays out of the box (see `letter.letter`)."""
    if typed.field == "edit":
        talk = judged.draft.conversation
        writing.keep(by=request.user, conversation=talk, box=request.POST.get("box", "")[:32], text=typed.text)
    kept = replace(typed, is_open=typed.field == "edit" and bool(judged.caught)) if typed.field else None
    return panes.show(request, judged.draft_id, typed=kept)


def _beside(request: DeskRequest, draft: Draft) -> dict[str, Any]:
    """What leaves beside a text: its files, and the box that it was typed in."""
    return {"files": chosen(request, draft.conversation), "box": request.POST.get("box", "")[:32]}


def _go_on(request: DeskRequest, draft: Draft, decision: Decision, *, stay: bool) -> HttpResponse:
    wanted = filters.read(request.GET)
    following = draft.pk if stay else queue.next_after(draft=draft, filters=wanted, user=request.user)
    url = reverse("item", args=[following]) if following else reverse("queue")
    if not request.htmx:
        return HttpResponseRedirect(url + wanted.query(done=decision.pk))
    return panes.show(request, following, told=toast.after(decision, wanted.query()))
