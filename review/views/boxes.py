"""What belongs to a box to write in: what is typed is kept, files are attached and removed, templates inserted.

Each address is there for a conversation, and without one for a new conversation. Without scripts, all of these keep what was typed and lead
back to the page of the box (`next`).
"""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from drafting.models import ReplyTemplate
from inbox.models import Conversation
from review import access, downloads, uploads, writing
from review.desk import insertions, words
from review.desk import writing as desk
from review.errors import CannotAttach, CannotSend
from review.models import Upload
from review.permissions import DeskRequest, may_read, may_review, needs


@require_POST
@needs(may_review)
def keep(request: DeskRequest, conversation_id: int | None = None) -> HttpResponse:
    """Keep what is typed by now."""
    _keep(request, _find(request, conversation_id))
    return HttpResponse(status=204)


@require_POST
@needs(may_review)
def discard(request: DeskRequest, conversation_id: int | None = None) -> HttpResponse:
    """Drop the text that was kept. Files stay; they have their own button."""
    writing.discard(by=request.user, conversation=_find(request, conversation_id))
    return _back(request, conversation_id)


@require_POST
@needs(may_review)
def attach(request: DeskRequest, conversation_id: int | None = None) -> HttpResponse:
    """Attach files, as many as fit; each that does not says why."""
    talk = _find(request, conversation_id)
    wrong = []
    for file in request.FILES.getlist("files"):
        try:
            uploads.attach(file=file, by=request.user, conversation=talk)
        except CannotAttach as error:
            wrong.append(str(error))
    if request.headers.get("X-Part"):
        return _files(request, talk, wrong)
    _keep(request, talk)
    for said in wrong:
        messages.error(request, said)
    return _back(request, conversation_id)


@require_POST
@needs(may_review)
def remove_upload(request: DeskRequest, upload_id: int) -> HttpResponse:
    """Remove a file that was not sent. One that is gone already is fine."""
    upload = get_object_or_404(access.uploads(request.user).filter(uploads.UNSENT), pk=upload_id, by=request.user)
    uploads.remove(upload=upload)
    if request.headers.get("X-Part"):
        return _files(request, upload.conversation, [])
    if "text" in request.POST:
        _keep(request, upload.conversation)
    return _back(request, upload.conversation_id)


@require_safe
@needs(may_read)
def upload(request: DeskRequest, upload_id: int) -> HttpResponseBase:
    """A file that we sent, or that the person attached, only ever as a download."""
    found = get_object_or_404(access.uploads(request.user), pk=upload_id)
    return downloads.upload(found)


@require_safe
@needs(may_review)
def templates(request: DeskRequest, conversation_id: int | None = None) -> HttpResponse:
    """Templates to insert, filled as far as code knows."""
    return render(request, "review/_writing_templates.html", {"insertions": _insertions(request, _find(request, conversation_id))})


@require_POST
@needs(may_review)
def insert(request: DeskRequest, conversation_id: int | None = None) -> HttpResponse:
    """Without scripts: choose a template; with one chosen, put it below what was typed."""
    talk = _find(request, conversation_id)
    if "text" in request.POST:
        _keep(request, talk)
    template = ReplyTemplate.objects.filter(pk=words.said_id(request.POST.get("template", "")), is_active=True).first()
    if template is None:
        found = _insertions(request, talk)
        context = {"insertions": found, "insert_url": desk.urls(talk)["insert"], "next_url": _next(request, conversation_id)}
        return render(request, "review/writing_template.html", context)
    kept = writing.unsent(by=request.user, conversation=talk)
    text = "\n\n".join(filter(None, [kept.text.rstrip() if kept else "", insertions.insertion(template=template, conversation=talk).text]))
    writing.keep(by=request.user, conversation=talk, box="", text=text)
    return _back(request, conversation_id)


def chosen(request: DeskRequest, conversation: Conversation | None) -> Sequence[Upload]:
    """The files that a form sends along: those that it lists, and those that were chosen in it and not attached yet. Raises CannotSend."""
    ids = {words.said_id(one) for one in request.POST.getlist("file")}
    listed = list(uploads.unsent(by=request.user, conversation=conversation).filter(pk__in=ids))
    if len(listed) != len(ids):
        raise CannotSend("A file that you attached was removed or sent meanwhile, so nothing was sent. Look at the files, then send again.")
    try:
        added = [uploads.attach(file=file, by=request.user, conversation=conversation) for file in request.FILES.getlist("files")]
    except CannotAttach as error:
        raise CannotSend(f"Nothing was sent. {error}") from error
    return [*listed, *added]


def _find(request: DeskRequest, conversation_id: int | None) -> Conversation | None:
    if conversation_id is None:
        return None
    return get_object_or_404(access.conversations(request.user), pk=conversation_id)


def _keep(request: DeskRequest, conversation: Conversation | None) -> None:
    typed: dict[str, Any] = {
        name: request.POST[name] for name in ("text", "answers", "recipient", "subject", "language") if name in request.POST
    }
    if mailbox := access.mailboxes(request.user).filter(pk=words.said_id(request.POST.get("mailbox", ""))).first():
        typed["mailbox_id"] = mailbox.pk
    if "text" in typed:
        typed["text"] = typed["text"].replace("\r\n", "\n")
    writing.keep(by=request.user, conversation=conversation, box=request.POST.get("box", "")[:32], **typed)


def _files(request: DeskRequest, conversation: Conversation | None, wrong: list[str]) -> HttpResponse:
    context = {"box": {"files": desk.files(request.user, conversation), "errors": wrong}}
    return render(request, "review/_writing_files.html", context, status=422 if wrong else 200)


def _insertions(request: DeskRequest, conversation: Conversation | None) -> list[insertions.Insertion]:
    text, language = request.GET.get("q", "").strip()[:80], request.GET.get("language", "")[:8]
    return insertions.insertions(conversation=conversation, text=text, language=language)


def _next(request: DeskRequest, conversation_id: int | None) -> str:
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return wanted
    return reverse("write", args=[conversation_id]) if conversation_id else reverse("new_conversation")


def _back(request: DeskRequest, conversation_id: int | None) -> HttpResponse:
    return HttpResponseRedirect(_next(request, conversation_id))
