"""The versions of what admins edit: what each changed, and how to go back to one."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from drafting import versions
from drafting.errors import Refused
from drafting.models import Connector, Version
from review import audit_log, frame
from review.desk import pinned, version_history, words
from review.permissions import DeskRequest, may_administer, needs


@require_safe
@needs(may_administer)
def show_versions(request: DeskRequest, thing_kind: str, thing_id: int) -> HttpResponse:
    """Every version with what it changed, also of what was deleted."""
    if thing_kind not in Version.Kind.values:
        raise Http404
    page = version_history.page(thing_kind, thing_id, before=words.said_id(request.GET.get("before", "")))
    if page is None:
        raise Http404
    return render(request, "review/versions.html", {"page": page, "differs": pinned.differs() if pinned.is_pinned(thing_kind) else None})


@require_POST
@needs(may_administer)
def restore(request: DeskRequest, thing_kind: str, thing_id: int, number: int) -> HttpResponse:
    """Make an older version the newest."""
    version = get_object_or_404(Version, kind=thing_kind, of=thing_id, number=number)
    try:
        with audit_log.recording(act=f"{thing_kind}.restored", by=request.user, words=f"As version {number} was.", of=thing_id) as entry:
            thing = versions.restore(version=version, by=request.user)
            entry.about = str(thing)
    except Refused as error:
        messages.error(request, str(error))
        return redirect("versions", thing_kind, thing_id)
    frame.forget_setup()
    messages.success(request, f"Version {number} is in use again.")
    if isinstance(thing, Connector) and version.content["secret"] and not thing.secret:
        messages.warning(request, "Versions keep no secrets: type the one for this server.")
    return redirect(version_history.address(thing_kind, thing_id))
