"""Pages on which people write: a reply by hand, and the first mail of a new conversation."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from drafting.models import Draft
from inbox.models import Conversation, OutgoingMail
from review import access, claims, decisions, errors, writing
from review.desk import conversation as reading
from review.desk import recipients as suggesting
from review.desk import refusal
from review.desk import writing as desk
from review.forms import ReplyForm
from review.permissions import DeskRequest, may_review, needs
from review.views.boxes import chosen
from review.writing_forms import NewConversationForm

SHOWN = 6
Refused = (errors.Undecidable, claims.ClaimedByOther)


@require_safe
@needs(may_review)
def show_writing(request: DeskRequest, conversation_id: int) -> HttpResponse:
    """Write a reply, whatever became of the assistant's draft."""
    return _show_writing(request, _find(request, conversation_id))


@require_POST
@needs(may_review)
def answer(request: DeskRequest, conversation_id: int) -> HttpResponse:
    """Send the reply; bad input comes back with all that was typed."""
    talk = _find(request, conversation_id)
    form, box, answers = ReplyForm(request.POST), request.POST.get("box", ""), request.POST.get("answers", "")
    to = desk.answered(talk, answers) or desk.answered(talk, next((one.value for one in desk.answerable(talk)), ""))
    if not form.is_valid() or to is None:
        said = " ".join(str(error) for found in form.errors.values() for error in found)
        return _show_writing(request, talk, typed=form.typed, error=said or "There is nobody to answer here.", status=422)
    try:
        mail = decisions.answer(conversation=talk, to=to, text=form.said, by=request.user, files=chosen(request, talk), box=box)
    except Refused as error:
        writing.keep(by=request.user, conversation=talk, box=box, text=form.typed, answers=answers)
        return _show_writing(request, talk, typed=form.typed, error=refusal.words_of(error), status=409)
    return _sent(mail)


@require_safe
@needs(may_review)
def show_new(request: DeskRequest) -> HttpResponse:
    """Write to somebody who has not written."""
    kept = writing.unsent(by=request.user, conversation=None)
    names = {"mailbox": "mailbox_id", "recipient": "recipient", "subject": "subject", "language": "language"}
    initial = {name: getattr(kept, field) for name, field in names.items()} if kept else {}
    return _show_new(request, NewConversationForm(user=request.user, initial=initial))


@require_POST
@needs(may_review)
def begin(request: DeskRequest) -> HttpResponse:
    """Send the first mail; bad input comes back with all that was typed."""
    form = NewConversationForm(request.POST, user=request.user)
    if not form.is_valid():
        return _show_new(request, form, status=422)
    said, box = form.cleaned_data, request.POST.get("box", "")
    try:
        mail = decisions.begin(
            mailbox=said["mailbox"],
            recipient=said["recipient"],
            subject=said["subject"],
            language=said["language"],
            text=form.said,
            by=request.user,
            files=chosen(request, None),
            box=box,
        )
    except Refused as error:
        return _show_new(request, form, error=refusal.words_of(error), status=409)
    return _sent(mail)


@require_safe
@needs(may_review)
def recipients(request: DeskRequest) -> HttpResponse:
    """Addresses that begin with what was typed."""
    return render(request, "review/_recipients.html", {"recipients": suggesting.recipients(request.GET, user=request.user)})


def _find(request: DeskRequest, conversation_id: int) -> Conversation:
    return get_object_or_404(access.conversations(request.user).select_related("mailbox"), pk=conversation_id)


def _show_writing(request: DeskRequest, talk: Conversation, *, typed: str = "", error: str = "", status: int = 200) -> HttpResponse:
    url = reverse("write", args=[talk.pk])
    box = desk.box(user=request.user, conversation=talk, next_url=url, typed=typed)
    choices = desk.answerable(talk, request.POST.get("answers", "") or box.values.get("answers", "") or request.GET.get("to", ""))
    waiting = Draft.objects.filter(conversation=talk, state__in=decisions.LIVE).order_by("-pk").values_list("pk", flat=True).first()
    context = {
        "conversation": talk,
        "about": " · ".join(dict.fromkeys(filter(None, [talk.customer_name, talk.customer_address]))),
        "box": box,
        "choices": choices,
        "subject": next((one.subject for one in choices if one.is_chosen), ""),
        "answer_url": reverse("answer", args=[talk.pk]),
        "waiting_url": reverse("item", args=[waiting]) if waiting else "",
        "mails": reading.entries(reading.messages(talk, SHOWN), reading.replies(talk, SHOWN)),
        "error": error,
    }
    return render(request, "review/writing.html", context, status=status)


def _show_new(request: DeskRequest, form: NewConversationForm, *, error: str = "", status: int = 200) -> HttpResponse:
    typed = request.POST.get("text", "")
    box = desk.box(user=request.user, conversation=None, next_url=reverse("new_conversation"), typed=typed)
    has_mailboxes = form.fields["mailbox"].queryset.exists()  # type: ignore[attr-defined]
    context = {"form": form, "box": box, "has_mailboxes": has_mailboxes, "error": error}
    return render(request, "review/writing_new.html", context, status=status)


def _sent(mail: OutgoingMail) -> HttpResponse:
    """On to the conversation, where a notice offers to take the mail back."""
    return HttpResponseRedirect(f"{reverse('conversation', args=[mail.conversation_id])}?sent={mail.pk}")
