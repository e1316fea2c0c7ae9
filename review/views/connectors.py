"""Connectors: the company's own systems, and what may be looked up in them."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from drafting import versions
from drafting.models import Connector, ConnectorTool, Version
from drafting.versions import SavedMeanwhile
from review import access, audit_log, frame
from review.connector_forms import ConnectorForm, FieldFormSet, ToolForm, TryForm
from review.desk import connector_uses, pinned, version_history, words
from review.desk.next_nine import opening
from review.desk.tabs import tabs
from review.next_nine import remedies
from review.permissions import DeskRequest, may_administer, needs


@require_safe
@needs(may_administer)
def show_connectors(request: DeskRequest) -> HttpResponse:
    """All connectors with their lookups."""
    context = {
        "tabs": tabs("Connectors", here="connectors"),
        "connectors": Connector.objects.prefetch_related("tools").order_by("name"),
        "kinds": Connector.Kind.choices,
        "deleted": version_history.deleted(Version.Kind.CONNECTOR, Version.Kind.LOOKUP),
        "differs": pinned.differs(),
        "begun": opening.begun(request.GET, user=request.user, kind=Version.Kind.CONNECTOR),
    }
    return render(request, "review/connectors.html", context)


@require_safe
@needs(may_administer)
def new_connector(request: DeskRequest, kind: str) -> HttpResponse:
    """The form for a connector of a kind."""
    return _connector_page(request, ConnectorForm(instance=_of_kind(kind)))


@require_POST
@needs(may_administer)
def add_connector(request: DeskRequest, kind: str) -> HttpResponse:
    """Keep a new connector."""
    return _save_connector(request, ConnectorForm(request.POST, instance=_of_kind(kind)))


@require_safe
@needs(may_administer)
def show_connector(request: DeskRequest, connector_id: int) -> HttpResponse:
    """One connector, to change it."""
    return _connector_page(request, ConnectorForm(instance=get_object_or_404(Connector, pk=connector_id)))


@require_POST
@needs(may_administer)
def save_connector(request: DeskRequest, connector_id: int) -> HttpResponse:
    """Keep what was changed."""
    return _save_connector(request, ConnectorForm(request.POST, instance=get_object_or_404(Connector, pk=connector_id)))


@require_safe
@needs(may_administer)
def show_connector_deletion(request: DeskRequest, connector_id: int) -> HttpResponse:
    """What uses the lookups of a connector, and the question whether to delete it."""
    connector = get_object_or_404(Connector, pk=connector_id)
    return _deletion_page(request, connector, list(connector.tools.all()))


@require_POST
@needs(may_administer)
def delete_connector(request: DeskRequest, connector_id: int) -> HttpResponse:
    """Delete a connector with its lookups; the versions stay."""
    return _delete(request, get_object_or_404(Connector, pk=connector_id))


@require_safe
@needs(may_administer)
def new_connector_tool(request: DeskRequest, connector_id: int) -> HttpResponse:
    """The form for a lookup in a connector."""
    form = ToolForm(instance=ConnectorTool(connector=get_object_or_404(Connector, pk=connector_id)))
    return _tool_page(request, form, FieldFormSet(initial=[]))


@require_POST
@needs(may_administer)
def add_connector_tool(request: DeskRequest, connector_id: int) -> HttpResponse:
    """Keep a new lookup."""
    tool = ConnectorTool(connector=get_object_or_404(Connector, pk=connector_id))
    return _save_tool(request, ToolForm(request.POST, instance=tool))


@require_safe
@needs(may_administer)
def show_connector_tool(request: DeskRequest, tool_id: int) -> HttpResponse:
    """One lookup, to change it and to try it."""
    tool = _tool(tool_id)
    return _tool_page(request, ToolForm(instance=tool), FieldFormSet(initial=tool.fields))


@require_POST
@needs(may_administer)
def save_connector_tool(request: DeskRequest, tool_id: int) -> HttpResponse:
    """Keep what was changed."""
    return _save_tool(request, ToolForm(request.POST, instance=_tool(tool_id)))


@require_safe
@needs(may_administer)
def show_connector_tool_deletion(request: DeskRequest, tool_id: int) -> HttpResponse:
    """What uses a lookup, and the question whether to delete it."""
    tool = _tool(tool_id)
    return _deletion_page(request, tool, [tool])


@require_POST
@needs(may_administer)
def delete_connector_tool(request: DeskRequest, tool_id: int) -> HttpResponse:
    """Delete a lookup; the versions stay."""
    return _delete(request, _tool(tool_id))


@require_POST
@needs(may_administer)
def try_connector_tool(request: DeskRequest, tool_id: int) -> HttpResponse:
    """Ask the system now, and show what came back."""
    from drafting.connectors import trying

    tool, form = _tool(tool_id), TryForm(request.POST)
    trial = None
    if form.is_valid():
        mailbox = access.mailboxes(request.user).order_by("pk").values_list("address", flat=True).first() or ""
        trial = trying.try_out(tool, **form.cleaned_data, mailbox=mailbox)
    return _tool_page(request, ToolForm(instance=tool), FieldFormSet(initial=tool.fields), try_form=form, trial=trial)


def _of_kind(kind: str) -> Connector:
    if kind not in Connector.Kind.values:
        raise Http404
    return Connector(kind=kind)


def _tool(tool_id: int) -> ConnectorTool:
    return get_object_or_404(ConnectorTool.objects.select_related("connector"), pk=tool_id)


def _save_connector(request: DeskRequest, form: ConnectorForm) -> HttpResponse:
    if not form.is_valid():
        return _connector_page(request, form, status=422)
    try:
        version = remedies.keep(form=form, cause=_cause(request), by=request.user)
    except SavedMeanwhile as error:
        form.tell(error)
        return _connector_page(request, form, status=409)
    _say_saved(request, version)
    return redirect(_also_for(request, reverse("connector", args=[version.of])))


def _save_tool(request: DeskRequest, form: ToolForm) -> HttpResponse:
    fields = FieldFormSet(request.POST)
    if not form.judge(fields):
        return _tool_page(request, form, fields, status=422)
    try:
        version = remedies.keep(form=form, cause=_cause(request), by=request.user)
    except SavedMeanwhile as error:
        form.tell(error)
        return _tool_page(request, form, fields, status=409)
    _say_saved(request, version)
    return redirect(_also_for(request, reverse("connector_tool", args=[version.of])))


def _cause(request: DeskRequest) -> str:
    """What of the next nine the form was opened to mend, "" for none."""
    return remedies.known(str(request.POST.get(opening.PARAMETER, "")))


def _also_for(request: DeskRequest, address: str) -> str:
    """Where the person goes on with what they began to mend."""
    cause = _cause(request)
    return f"{address}?{urlencode({opening.PARAMETER: cause})}" if cause else address


def _begun(request: DeskRequest, kind: str) -> opening.Begun | None:
    return opening.begun(request.POST if request.method == "POST" else request.GET, user=request.user, kind=kind)


def _say_saved(request: DeskRequest, version: Version) -> None:
    frame.forget_setup()
    messages.success(request, f"Saved as version {version.number}.")


def _delete(request: DeskRequest, thing: Connector | ConnectorTool) -> HttpResponse:
    name, kind, pk = str(thing), versions.kind_of(thing), thing.pk
    try:
        with audit_log.recording(act=f"{kind}.deleted", by=request.user, about=name, of=pk):
            versions.delete(thing=thing, seen=words.said_id(str(request.POST.get("seen", ""))), by=request.user)
    except SavedMeanwhile as meanwhile:
        messages.error(request, f"{meanwhile} It was not deleted; look at it again.")
        return redirect(version_history.address(kind, pk))
    frame.forget_setup()
    messages.success(request, f"“{name}” was deleted. Its versions are kept.")
    return redirect("connectors")


def _deletion_page(request: DeskRequest, thing: Connector | ConnectorTool, tools: Sequence[ConnectorTool]) -> HttpResponse:
    kind = versions.kind_of(thing)
    newest = versions.newest(kind=kind, of=thing.pk)
    context = {
        "thing": thing,
        "is_connector": isinstance(thing, Connector),
        "url": version_history.address(kind, thing.pk),
        "tools": tools,
        "uses": connector_uses.of(tools),
        "seen": newest.number if newest else 0,
    }
    return render(request, "review/connector_deletion.html", context)


def _connector_page(request: DeskRequest, form: ConnectorForm, *, status: int = 200) -> HttpResponse:
    connector = form.instance
    tools: Sequence[ConnectorTool] = list(connector.tools.all()) if connector.pk else []
    stored = Connector.objects.filter(pk=connector.pk).first()
    context = {"form": form, "connector": connector, "title": stored.name if stored else "New connector", "tools": tools}
    about = {"differs": pinned.differs(), "begun": _begun(request, Version.Kind.CONNECTOR)}
    return render(request, "review/connector.html", context | about, status=status)


def _tool_page(
    request: DeskRequest, form: ToolForm, fields: object, *, status: int = 200, try_form: TryForm | None = None, trial: object = None
) -> HttpResponse:
    tool = form.instance
    title = (tool.pk and form.initial.get("name")) or "New lookup"
    context = {"form": form, "fields": fields, "tool": tool, "title": title, "try_form": try_form or TryForm(), "trial": trial}
    about = {"differs": pinned.differs(), "begun": _begun(request, Version.Kind.LOOKUP)}
    return render(request, "review/connector_tool.html", context | about, status=status)
