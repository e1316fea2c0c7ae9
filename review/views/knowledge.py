"""Articles, templates and guidance: the lists, the editor, and the versions."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from drafting import versions
from drafting.errors import Refused
from drafting.models import Version
from drafting.versions import SavedMeanwhile
from review import frame
from review.desk import knowledge, knowledge_versions, rules, slots_preview, words
from review.desk.knowledge_kinds import KINDS, Kind, named
from review.desk.tabs import tabs
from review.kept_forms import KeptForm
from review.knowledge_forms import FORMS
from review.permissions import DeskRequest, may_administer, needs

PINNED = "Guidance is pinned with the setup: until somebody pins what runs now, every draft fails that check."


@require_safe
@needs(may_administer)
def show_list(request: DeskRequest, thing_kind: str) -> HttpResponse:
    """All of one kind."""
    listed = named(thing_kind)
    return render(request, "review/knowledge.html", {**_frame(listed), "listing": knowledge.listing(listed, request.GET)})


@require_safe
@needs(may_administer)
def show_editor(request: DeskRequest, thing_kind: str, thing_id: int = 0) -> HttpResponse:
    """The editor of one, or of a new one."""
    return _editor(request, named(thing_kind), FORMS[named(thing_kind).name](instance=_thing(thing_kind, thing_id)))


@require_POST
@needs(may_administer)
def save(request: DeskRequest, thing_kind: str, thing_id: int = 0) -> HttpResponse:
    """Keep what was typed."""
    form = FORMS[named(thing_kind).name](request.POST, instance=_thing(thing_kind, thing_id))
    if not form.is_valid():
        return _editor(request, named(thing_kind), form, status=422)
    try:
        version = form.keep(by=request.user)
    except SavedMeanwhile as error:
        form.tell(error)
        return _editor(request, named(thing_kind), form, status=409)
    frame.forget_setup()
    messages.success(request, f"Saved as version {version.number}. {PINNED if thing_kind == Version.Kind.GUIDANCE else ''}")
    return redirect("knowledge_thing", thing_kind, version.of)


@require_POST
@needs(may_administer)
def switch(request: DeskRequest, thing_kind: str, thing_id: int) -> HttpResponse:
    """Let the assistant use it, or no longer."""
    thing = versions.switch(thing=_existing(thing_kind, thing_id), is_active=request.POST.get("is_active") == "yes", by=request.user)
    frame.forget_setup()
    messages.success(request, f"“{thing}” is {'active' if thing.is_active else 'inactive'} now.")
    return redirect("knowledge_thing", thing_kind, thing_id)


@require_POST
@needs(may_administer)
def preview_template(request: DeskRequest) -> HttpResponse:
    """The template as typed, with its slots marked."""
    return render(request, "review/_slots_preview.html", {"preview": slots_preview.preview(request.POST.get("body", "")[:20_000])})


@require_safe
@needs(may_administer)
def show_versions(request: DeskRequest, thing_kind: str, thing_id: int) -> HttpResponse:
    """Every version with what it changed, also of what was deleted."""
    page = knowledge_versions.page(named(thing_kind), thing_id, before=words.said_id(request.GET.get("before", "")))
    if page is None:
        raise Http404
    thing = named(thing_kind).model.objects.filter(pk=thing_id).first()
    return render(request, "review/knowledge_versions.html", {**_frame(named(thing_kind)), "thing": thing, "page": page})


@require_POST
@needs(may_administer)
def restore(request: DeskRequest, thing_kind: str, thing_id: int, number: int) -> HttpResponse:
    """Make an older version the newest."""
    version = get_object_or_404(Version, kind=named(thing_kind).name, of=thing_id, number=number)
    try:
        versions.restore(version=version, by=request.user)
    except Refused as error:
        messages.error(request, str(error))
        return redirect("knowledge_versions", thing_kind, thing_id)
    frame.forget_setup()
    messages.success(request, f"Version {number} is in use again. {PINNED if thing_kind == Version.Kind.GUIDANCE else ''}")
    return redirect("knowledge_thing", thing_kind, thing_id)


def _frame(kind: Kind) -> dict[str, Any]:
    """What all pages of a kind show. Of these only guidance is pinned with the setup."""
    differs = rules.differs() if kind.name == Version.Kind.GUIDANCE else None
    return {"tabs": tabs("Knowledge", here=kind.page), "kind": kind, "differs": differs}


def _thing(kind: str, thing_id: int) -> Any:
    return _existing(kind, thing_id) if thing_id else None


def _existing(kind: str, thing_id: int) -> Any:
    return get_object_or_404(named(kind).model, pk=thing_id)


def _editor(request: DeskRequest, kind: Kind, form: KeptForm, status: int = 200) -> HttpResponse:
    thing = form.instance if form.instance.pk else None
    context = {
        "form": form,
        "thing": thing,
        "title": str(kind.model.objects.get(pk=thing.pk)) if thing else f"New {kind.one}",
        "version": f"Version {form.newest.number}" if form.newest else "",
        "uses": knowledge.uses(thing) if thing else [],
        "preview": slots_preview.preview(str(form["body"].value() or "")) if kind is KINDS[Version.Kind.TEMPLATE] else None,
    }
    return render(request, "review/knowledge_editor.html", {**_frame(kind), **context}, status=status)
