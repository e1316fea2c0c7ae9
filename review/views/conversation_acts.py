"""What people do with conversations beside deciding: one address per verb, only by POST, for one conversation or several of the list.

They are named by `conversation`. With `draft` in the address the answer is that item, or the next where this one went; else the list.
"""

from collections.abc import Callable

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from drafting.models import Draft
from inbox.errors import Refused
from inbox.models import Conversation
from review import access, claims, conversation_acts
from review.desk import acts_toast, filters, item, queue, refusal, snoozing, toast, words
from review.forms import NoteForm
from review.permissions import DeskRequest, may_review, needs
from review.views import panes

MOST = 200
"""So many conversations at once."""
Act = Callable[[Conversation], None]


@require_POST
@needs(may_review)
def snooze(request: DeskRequest) -> HttpResponse:
    """Put off; from the item one goes on with the next."""
    try:
        until = snoozing.read(request.POST.get("until", ""), request.POST.get("at", ""))
    except Refused as error:
        return _refuse(request, "snooze", "", str(error))
    done, left = _each(request, lambda talk: conversation_acts.snooze(conversation=talk, until=until, by=request.user))
    told = acts_toast.snoozed(done, left, until=until, filters=filters.read(request.GET), draft_id=_draft_id(request))
    return _go_on(request, told, moves_on=bool(done))


@require_POST
@needs(may_review)
def wake(request: DeskRequest) -> HttpResponse:
    """Bring back before its time."""
    done, left = _each(request, lambda talk: conversation_acts.wake(conversation=talk, by=request.user))
    return _go_on(request, acts_toast.woken(done, left), moves_on=False)


@require_POST
@needs(may_review)
def assign(request: DeskRequest) -> HttpResponse:
    """Make it somebody's; what is a colleague's now is not for this person to go on with."""
    to_id = request.POST.get("to", "")
    if to_id == "other":
        to_id = request.POST.get("other", "")
    to = User.objects.filter(pk=words.said_id(to_id), is_active=True).first()
    if to_id and not to:
        return _refuse(request, "assign", "", "Choose somebody who works here.")
    # Taking back is not taken back itself: the next undo is of what was done before.
    before = None if "is_undo" in request.POST else str(_found(request).values_list("assigned_to", flat=True).first() or "")
    done, left = _each(request, lambda talk: conversation_acts.assign(conversation=talk, to=to, by=request.user))
    wanted, draft_id = filters.read(request.GET), _draft_id(request)
    told = acts_toast.assigned(done, left, to=to, before=before, by=request.user, filters=wanted, draft_id=draft_id)
    return _go_on(request, told, moves_on=bool(done) and to not in (None, request.user))


@require_POST
@needs(may_review)
def note(request: DeskRequest) -> HttpResponse:
    """Write a note; the item stays, with whatever is being written in it."""
    form = NoteForm(request.POST)
    talk = get_object_or_404(_found(request))
    if not form.is_valid():
        return _refuse(request, "note", form.typed, " ".join(str(error) for errors in form.errors.values() for error in errors))
    conversation_acts.note(conversation=talk, text=form.said, by=request.user)
    draft_id = _draft_id(request)
    if not request.htmx or not draft_id:
        return panes.show(request, draft_id, told=toast.Toast("Noted."))
    draft = get_object_or_404(item.find(request.user), pk=draft_id)
    shown = item.talk(draft, filters=filters.read(request.GET), user=request.user)
    return render(request, "review/_noted.html", {"talk": shown, "toast": toast.Toast("Noted, for colleagues only.")})


def _found(request: DeskRequest) -> QuerySet[Conversation]:
    named = request.POST.getlist("conversation") or request.GET.getlist("conversation")
    ids = [words.said_id(text) for text in named[:MOST]]
    return access.conversations(request.user).filter(pk__in=ids).select_related("mailbox")


def _draft_id(request: DeskRequest) -> int | None:
    """The item that the act was done in."""
    named = words.said_id(request.GET.get("draft", ""))
    return access.drafts(request.user).filter(pk=named).values_list("pk", flat=True).first() if named else None


def _each(request: DeskRequest, act: Act) -> tuple[list[Conversation], list[str]]:
    """Those with which it was done, and why not with the others. Each by itself: one that is refused keeps none of the rest."""
    done, left = [], []
    for talk in _found(request):
        try:
            act(talk)
            done.append(talk)
        except (Refused, claims.ClaimedByOther) as error:
            left.append(refusal.words_of(error))
    return done, left


def _go_on(request: DeskRequest, told: toast.Toast, *, moves_on: bool) -> HttpResponse:
    draft_id = _draft_id(request)
    if not draft_id:
        return panes.show_rows(request, told)
    if not moves_on:
        return panes.show(request, draft_id, told=told)
    draft = Draft.objects.get(pk=draft_id)
    return panes.show(request, queue.next_after(draft=draft, filters=filters.read(request.GET), user=request.user), told=told)


def _refuse(request: DeskRequest, field: str, text: str, words: str) -> HttpResponse:
    """Nothing was done: the page stays as it is, with what was typed; without scripts the item is shown anew with it."""
    if request.htmx:
        return panes.tell(request, words, status=422)
    typed = item.Typed(field, text, words)
    return panes.show(request, _draft_id(request), typed=typed, told=toast.Toast(words, tone="red"), status=422)
