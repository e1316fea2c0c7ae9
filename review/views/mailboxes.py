"""Mailboxes: how each is, and what admins set up about it."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from inbox import connection_tests, mailboxes, oauth
from inbox.errors import MailError, Refused
from inbox.models import Mailbox, SignIn
from review import access, audit_log, connecting
from review.desk import mailboxes as listing
from review.mailbox_forms import MailboxForm
from review.permissions import DeskRequest, may_administer, needs


@require_safe
@needs(may_administer)
def show_mailboxes(request: DeskRequest) -> HttpResponse:
    """All mailboxes."""
    return render(request, "review/mailboxes.html", {"rows": listing.rows(request.user)})


@require_safe
@needs(may_administer)
def new_mailbox(request: DeskRequest) -> HttpResponse:
    """The form for a mailbox."""
    return _page(request, MailboxForm())


@require_POST
@needs(may_administer)
def add_mailbox(request: DeskRequest) -> HttpResponse:
    """Keep a new mailbox."""
    return _save(request, MailboxForm(request.POST))


@require_safe
@needs(may_administer)
def show_mailbox(request: DeskRequest, mailbox_id: int) -> HttpResponse:
    """One mailbox, to change it."""
    return _page(request, MailboxForm(instance=_mailbox(request, mailbox_id)))


@require_POST
@needs(may_administer)
def save_mailbox(request: DeskRequest, mailbox_id: int) -> HttpResponse:
    """Keep what was changed."""
    return _save(request, MailboxForm(request.POST, instance=_mailbox(request, mailbox_id)))


@require_POST
@needs(may_administer)
def test_mailbox(request: DeskRequest, mailbox_id: int = 0) -> HttpResponse:
    """Whether the servers as typed can be used; nothing is kept."""
    form = MailboxForm(request.POST, instance=_mailbox(request, mailbox_id) if mailbox_id else None)
    results = _try(form.instance) if form.is_valid() else []
    status = 200 if results else 422
    if request.htmx:
        return render(request, "review/_connection_test.html", {"results": results, "faults": form.faults}, status=status)
    return _page(request, form, results=results, status=status)


@require_safe
@needs(may_administer)
def connect_mailbox(request: DeskRequest, mailbox_id: int) -> HttpResponse:
    """Lead to the provider, where somebody lets us use the mailbox. A form could not: our policy keeps forms here."""
    try:
        return redirect(connecting.leave(request, mailbox=_mailbox(request, mailbox_id)))
    except Refused as error:
        messages.error(request, str(error))
        return redirect("mailbox", mailbox_id)


@require_safe
@needs(may_administer)
def mailbox_connected(request: DeskRequest) -> HttpResponse:
    """Back from the provider."""
    try:
        mailbox = connecting.come_back(request, by=request.user)
    except MailError as error:
        messages.error(request, str(error))
        return redirect("mailboxes")
    messages.success(request, f"{mailbox.name} is connected and fetched just now.")
    return redirect("mailbox", mailbox.pk)


@require_POST
@needs(may_administer)
def pause_mailbox(request: DeskRequest, mailbox_id: int) -> HttpResponse:
    """Fetch nothing until it is resumed."""
    mailbox = _mailbox(request, mailbox_id)
    with audit_log.recording(act="mailbox.paused", by=request.user, about=mailbox.name):
        mailboxes.pause(mailbox=mailbox)
    return redirect("mailboxes")


@require_POST
@needs(may_administer)
def resume_mailbox(request: DeskRequest, mailbox_id: int) -> HttpResponse:
    """Fetch again."""
    mailbox = _mailbox(request, mailbox_id)
    with audit_log.recording(act="mailbox.resumed", by=request.user, about=mailbox.name):
        mailboxes.resume(mailbox=mailbox)
    return redirect("mailboxes")


@require_POST
@needs(may_administer)
def fetch_mailbox(request: DeskRequest, mailbox_id: int) -> HttpResponse:
    """Fetch now instead of at the next turn."""
    mailbox = _mailbox(request, mailbox_id)
    mailboxes.fetch_now(mailbox=mailbox)
    messages.success(request, f"{mailbox.name} is fetched just now.")
    return redirect("mailboxes")


@require_POST
@needs(may_administer)
def delete_mailbox(request: DeskRequest, mailbox_id: int) -> HttpResponse:
    """Remove a mailbox that never had mail."""
    mailbox = _mailbox(request, mailbox_id)
    try:
        with audit_log.recording(act="mailbox.deleted", by=request.user, about=mailbox.name):
            mailboxes.delete(mailbox=mailbox)
    except Refused as error:
        messages.error(request, str(error))
        return redirect("mailbox", mailbox_id)
    messages.success(request, f"The mailbox {mailbox.name} is deleted.")
    return redirect("mailboxes")


def _mailbox(request: DeskRequest, mailbox_id: int) -> Mailbox:
    return get_object_or_404(access.mailboxes(request.user), pk=mailbox_id)


def _save(request: DeskRequest, form: MailboxForm) -> HttpResponse:
    if not form.is_valid():
        return _page(request, form, status=422)
    with audit_log.recording(act="mailbox.saved", by=request.user, about=form.instance.name, changed=form.changed_data):
        mailbox = mailboxes.save(mailbox=form.instance)
    if mailbox.sign_in != SignIn.PASSWORD and not oauth.is_connected(mailbox):
        messages.success(request, f"{mailbox.name} is saved. Connect it now, so that its mail can be fetched.")
        return redirect("mailbox", mailbox.pk)
    messages.success(request, f"{mailbox.name} is saved and fetched just now.")
    return redirect("mailboxes")


def _try(mailbox: Mailbox) -> list[listing.Result]:
    return [
        listing.result("Mail in", connection_tests.try_incoming(mailbox), "Mail can be fetched"),
        listing.result("Mail out", connection_tests.try_outgoing(mailbox), "Replies can be sent"),
    ]


def _page(request: DeskRequest, form: MailboxForm, *, results: Sequence[listing.Result] = (), status: int = 200) -> HttpResponse:
    stored = Mailbox.objects.filter(pk=form.instance.pk).first()
    context = {
        "form": form,
        "mailbox": stored,
        "title": stored.name if stored else "New mailbox",
        "results": results,
        "connection": listing.connection(stored) if stored else None,
        "return_address": connecting.address(request),
        "test_url": reverse("test_mailbox", args=[stored.pk]) if stored else reverse("test_new_mailbox"),
    }
    return render(request, "review/mailbox.html", context, status=status)
