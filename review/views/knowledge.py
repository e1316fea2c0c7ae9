"""Articles, templates, guidance and categories: the lists and the editor."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from drafting import categories, versions
from drafting.errors import Refused
from drafting.models import Category, Version
from drafting.versions import SavedMeanwhile
from review import audit_log, frame
from review.desk import knowledge, pinned, slots_preview, words
from review.desk.knowledge_kinds import KINDS, Kind, named
from review.desk.next_nine import opening
from review.desk.next_nine.opening import Begun
from review.desk.tabs import tabs
from review.kept_forms import KeptForm
from review.knowledge_forms import FORMS
from review.next_nine import remedies
from review.permissions import DeskRequest, may_administer, needs


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
    kind, thing = named(thing_kind), _thing(thing_kind, thing_id)
    begun = opening.begun(request.GET, user=request.user, kind=kind.name, thing=thing)
    return _editor(request, kind, FORMS[kind.name](instance=thing, initial=begun.initial if begun else None), begun=begun)


@require_POST
@needs(may_administer)
def save(request: DeskRequest, thing_kind: str, thing_id: int = 0) -> HttpResponse:
    """Keep what was typed."""
    kind, thing = named(thing_kind), _thing(thing_kind, thing_id)
    form = FORMS[kind.name](request.POST, instance=thing)
    begun = opening.begun(request.POST, user=request.user, kind=kind.name, thing=thing)
    if not form.is_valid():
        return _editor(request, kind, form, begun=begun, status=422)
    try:
        version = remedies.keep(form=form, cause=begun.cause if begun else "", by=request.user)
    except SavedMeanwhile as error:
        form.tell(error)
        return _editor(request, kind, form, begun=begun, status=409)
    frame.forget_setup()
    messages.success(request, f"Saved as version {version.number}.")
    return redirect(begun.url) if begun else redirect("knowledge_thing", thing_kind, version.of)


@require_POST
@needs(may_administer)
def switch(request: DeskRequest, thing_kind: str, thing_id: int) -> HttpResponse:
    """Let the assistant use it, or no longer."""
    thing, is_active = _existing(thing_kind, thing_id), request.POST.get("is_active") == "yes"
    said = "Active." if is_active else "Inactive."
    with audit_log.recording(act=f"{thing_kind}.switched", by=request.user, about=str(thing), words=said, of=thing_id):
        thing = versions.switch(thing=thing, is_active=is_active, by=request.user)
    frame.forget_setup()
    messages.success(request, f"“{thing}” is {'active' if thing.is_active else 'inactive'} now.")
    return redirect("knowledge_thing", thing_kind, thing_id)


@require_POST
@needs(may_administer)
def delete_category(request: DeskRequest, category_id: int) -> HttpResponse:
    """Delete a category that nothing refers to; its versions stay."""
    category = get_object_or_404(Category, pk=category_id)
    try:
        with audit_log.recording(act="category.deleted", by=request.user, about=category.name, of=category_id):
            categories.delete(category=category, seen=words.said_id(request.POST.get("seen", "")), by=request.user)
    except Refused as error:
        messages.error(request, f"{error}")
        return redirect("knowledge_thing", Version.Kind.CATEGORY.value, category_id)
    frame.forget_setup()
    messages.success(request, f"“{category.name}” was deleted. Its versions are kept.")
    return redirect("categories")


@require_POST
@needs(may_administer)
def preview_template(request: DeskRequest) -> HttpResponse:
    """The template as typed, with its slots marked."""
    return render(request, "review/_slots_preview.html", {"preview": slots_preview.preview(request.POST.get("body", "")[:20_000])})


def _frame(kind: Kind) -> dict[str, Any]:
    """What all pages of a kind show."""
    differs = pinned.differs() if pinned.is_pinned(kind.name) else None
    return {"tabs": tabs("Knowledge", here=kind.page), "kind": kind, "differs": differs}


def _thing(kind: str, thing_id: int) -> Any:
    return _existing(kind, thing_id) if thing_id else None


def _existing(kind: str, thing_id: int) -> Any:
    return get_object_or_404(named(kind).model, pk=thing_id)


def _editor(request: DeskRequest, kind: Kind, form: KeptForm, *, begun: Begun | None = None, status: int = 200) -> HttpResponse:
    thing = form.instance if form.instance.pk else None
    context = {
        "form": form,
        "begun": begun,
        "thing": thing,
        "title": str(kind.model.objects.get(pk=thing.pk)) if thing else f"New {kind.one}",
        "version": f"Version {form.newest.number}" if form.newest else "",
        "deletion": _deletion(thing, form) if isinstance(thing, Category) else None,
        "uses": knowledge.uses(thing, user=request.user) if thing else [],
        "preview": slots_preview.preview(str(form["body"].value() or "")) if kind is KINDS[Version.Kind.TEMPLATE] else None,
    }
    return render(request, "review/knowledge_editor.html", {**_frame(kind), **context}, status=status)


def _deletion(category: Category, form: KeptForm) -> dict[str, Any]:
    """Why the category cannot be deleted, or what a deletion has seen."""
    found = categories.references(category)
    refers = f"{words.listed(found)} refer{'s' if found == ['a setup that was chosen for it'] else ''} to it" if found else ""
    return {"refers": refers, "seen": form.newest.number if form.newest else 0}
