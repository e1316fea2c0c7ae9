"""Setups: what writes the drafts, whether it is still what was pinned, and how to switch."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from drafting import presets, setup_jobs, setups
from drafting.errors import Refused
from drafting.models import Category, Setup, SetupJob
from review import audit_log, frame
from review.desk import setup as desk
from review.desk import setup_jobs as jobs
from review.desk import setup_list
from review.desk.automation import losing
from review.desk.tabs import tabs
from review.permissions import DeskRequest, may_administer, needs
from review.setup_forms import SetupForm, SwitchForm, filled_from_given, filled_from_preset


@require_safe
@needs(may_administer)
def show_setup(request: DeskRequest) -> HttpResponse:
    """The default setup, what it consists of, and whether it is still what runs."""
    found = setups.compare()
    setup = found.used.get(None)
    shown = desk.page(setup, found) if setup else {}
    about = {"tabs": tabs("Setup", here="setup"), "own_setups": setup_list.own_setups(found), "history": setup_list.history()}
    return render(request, "review/setup.html", shown | about)


@require_safe
@needs(may_administer)
def show_setups(request: DeskRequest) -> HttpResponse:
    """All setups."""
    return render(request, "review/setups.html", {"tabs": tabs("Setup", here="setups"), "lines": setup_list.lines()})


@require_safe
@needs(may_administer)
def show_details(request: DeskRequest, setup_id: int) -> HttpResponse:
    """One setup, active or not."""
    setup = get_object_or_404(Setup, pk=setup_id)
    return render(request, "review/setup.html", desk.page(setup, setups.compare()) | {"tabs": tabs("Setup", here="setups")})


@require_safe
@needs(may_administer)
def show_switch(request: DeskRequest, setup_id: int) -> HttpResponse:
    """What follows from switching to a setup, before it is done."""
    setup = get_object_or_404(Setup, pk=setup_id)
    return render(request, "review/setup_switch.html", _switch(setup, SwitchForm()))


@require_POST
@needs(may_administer)
def activate(request: DeskRequest, setup_id: int) -> HttpResponse:
    """Switch to a setup, for all mails or those of a category."""
    setup, form = get_object_or_404(Setup, pk=setup_id), SwitchForm(request.POST)
    if form.is_valid() and not setups.unusable(setup):
        try:
            with audit_log.recording(act="setup.activated", by=request.user, about=str(setup)) as entry:
                activation = setups.activate(setup=setup, by=request.user, category=form.cleaned_data["category"])
                entry.words = f"For {activation.category or 'all mails whose category has no setup of its own'}."
        except Refused as error:
            form.add_error(None, str(error))
        else:
            frame.forget_setup()
            messages.success(request, f"{setup} drafts {activation.category or 'all other mails'} from now on.")
            return redirect("setup")
    return render(request, "review/setup_switch.html", _switch(setup, form), status=422)


@require_POST
@needs(may_administer)
def return_to_default(request: DeskRequest, category_slug: str) -> HttpResponse:
    """Let the default setup draft for a category again."""
    category = get_object_or_404(Category, slug=category_slug)
    with audit_log.recording(act="setup.returned", by=request.user, about=str(category)):
        setups.return_to_default(category=category, by=request.user)
    messages.success(request, f"The default setup drafts {category} again.")
    return redirect("setup")


@require_POST
@needs(may_administer)
def repin(request: DeskRequest) -> HttpResponse:
    """Pin what runs now, with the model servers as they were."""
    try:
        with audit_log.recording(act="setup.repinned", by=request.user) as entry:
            setup = setups.repin(by=request.user)
            entry.about = str(setup)
    except Refused as error:
        messages.error(request, str(error))
    else:
        frame.forget_setup()
        messages.success(request, f"What runs now is pinned as {setup}, which drafts from now on.")
    return redirect("setup")


@require_safe
@needs(may_administer)
def show_new(request: DeskRequest) -> HttpResponse:
    """The form for a new setup, filled from a preset if one was chosen."""
    preset = presets.find(request.GET.get("preset", ""))
    form = filled_from_preset(preset) if preset else SetupForm()
    return render(request, "review/setup_new.html", _new(form) | {"preset": preset})


@require_POST
@needs(may_administer)
def add(request: DeskRequest) -> HttpResponse:
    """Let a worker probe and pin a model server."""
    form = SetupForm(request.POST)
    if form.is_valid():
        said = f"At {form.given['base_url']}."
        with audit_log.recording(act="setup.asked_for", by=request.user, about=form.given["model"], words=said):
            job = setup_jobs.begin(kind=SetupJob.Kind.ADD, by=request.user, given=form.given)
        return redirect("setup_job", job.pk)
    return render(request, "review/setup_new.html", _new(form), status=422)


@require_POST
@needs(may_administer)
def check(request: DeskRequest, setup_id: int) -> HttpResponse:
    """Let a worker check the canaries now."""
    return _begin(request, SetupJob.Kind.CHECK, setup_id)


@require_POST
@needs(may_administer)
def probe(request: DeskRequest, setup_id: int) -> HttpResponse:
    """Let a worker probe the model server now."""
    return _begin(request, SetupJob.Kind.PROBE, setup_id)


@require_safe
@needs(may_administer)
def show_job(request: DeskRequest, job_id: int) -> HttpResponse:
    """How a job goes; one that failed to pin comes with the form as it was."""
    job = get_object_or_404(SetupJob.objects.select_related("setup"), pk=job_id)
    failed = job.kind == SetupJob.Kind.ADD and job.state == SetupJob.State.FAILED
    context = _new(filled_from_given(job.given)) if failed else {"tabs": tabs("Setup", here="setups")}
    return render(request, "review/setup_job.html", context | {"job": jobs.shown(job)})


@require_safe
@needs(may_administer)
def show_job_progress(request: DeskRequest, job_id: int) -> HttpResponse:
    """The part that is asked for again and again; once the job has ended, the page is loaded anew."""
    job = jobs.shown(get_object_or_404(SetupJob.objects.select_related("setup"), pk=job_id))
    response = render(request, "review/_setup_job.html", {"job": job})
    if not job.poll_url:
        frame.forget_setup()
        response.headers["HX-Refresh"] = "true"
    return response


def _begin(request: DeskRequest, kind: SetupJob.Kind, setup_id: int) -> HttpResponse:
    setup = get_object_or_404(Setup, pk=setup_id)
    with audit_log.recording(act="setup.probed" if kind == SetupJob.Kind.PROBE else "setup.checked", by=request.user, about=str(setup)):
        job = setup_jobs.begin(kind=kind, by=request.user, setup=setup)
    return redirect("setup_job", job.pk)


def _switch(setup: Setup, form: SwitchForm) -> dict[str, Any]:
    active = setups.active()
    about = {"active": active, "changes": desk.changes(active, setup), "wrong": setups.unusable(setup), "losing": losing.by_switch(setup)}
    return about | {"setup": setup, "form": form, "tabs": tabs("Setup", here="setups")}


def _new(form: SetupForm) -> dict[str, Any]:
    return {"form": form, "presets": presets.PRESETS, "caveat": presets.CAVEAT, "tabs": tabs("Setup", here="setups")}
