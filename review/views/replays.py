"""Replays: begin one, watch it, look into what it found."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from drafting import replays
from drafting.errors import Refused
from drafting.models import Replay
from review import access, audit_log
from review.desk import replay_mail
from review.desk import replays as desk
from review.desk.tabs import tabs
from review.permissions import DeskRequest, may_administer, needs
from review.replay_forms import ReplayForm


@require_safe
@needs(may_administer)
def show_replays(request: DeskRequest) -> HttpResponse:
    """The list, and the form to begin one; what the address says is filled in."""
    return render(request, "review/replays.html", _list(ReplayForm(initial=request.GET.dict())))


@require_POST
@needs(may_administer)
def prepare(request: DeskRequest) -> HttpResponse:
    """The form with rules out of the rule editor, which are too long for an address. Nothing is begun or kept."""
    return render(request, "review/replays.html", _list(ReplayForm(initial={"rules": request.POST.get("rules", "")})))


@require_POST
@needs(may_administer)
def start(request: DeskRequest) -> HttpResponse:
    """Begin a replay; workers write it."""
    form = ReplayForm(request.POST)
    if form.is_valid():
        try:
            with audit_log.recording(act="replay.started", by=request.user) as entry:
                replay = form.start(by=request.user)
                entry.about, entry.words = str(replay), f"{replay.choice}, with {replay.setup}."
            return redirect("replay", replay.pk)
        except Refused as error:
            form.add_error(None, str(error))
    return render(request, "review/replays.html", _list(form), status=422)


@require_safe
@needs(may_administer)
def show_replay(request: DeskRequest, replay_id: int) -> HttpResponse:
    """What one replay found, and its mails."""
    from drafting.replays import verdicts

    replay = _find(replay_id)
    results = desk.results(replay)
    mails, more_url = desk.mails(replay, request.GET.dict(), user=request.user)
    context = {
        "tabs": tabs("Setup", here="replays"),
        "results": results,
        "filters": desk.filters(results, request.GET.get("show", "")),
        "mails": mails,
        "more_url": more_url,
        "meanings": verdicts.meanings(),
    }
    return render(request, "review/replay.html", context)


@require_safe
@needs(may_administer)
def show_results(request: DeskRequest, replay_id: int) -> HttpResponse:
    """The counts alone, for the page that watches."""
    return render(request, "review/_replay_results.html", {"results": desk.results(_find(replay_id))})


@require_safe
@needs(may_administer)
def show_mail(request: DeskRequest, replay_id: int, run_id: int) -> HttpResponse:
    """One mail of a replay, side by side."""
    runs = access.replay_runs(request.user).select_related(
        "replay__setup", "message__mailbox", "category", "draft__category", "draft__setup"
    )
    run = get_object_or_404(runs, pk=run_id, replay=replay_id)
    return render(
        request, "review/replay_mail.html", {"mail": replay_mail.shown(run), "replay": run.replay, "tabs": tabs("Setup", here="replays")}
    )


@require_POST
@needs(may_administer)
def pause(request: DeskRequest, replay_id: int) -> HttpResponse:
    """Take no further mail until somebody resumes."""
    replay = _find(replay_id)
    try:
        with audit_log.recording(act="replay.paused", by=request.user, about=str(replay)):
            replays.pause(replay=replay, by=request.user)
    except Refused as error:
        messages.error(request, str(error))
    return redirect("replay", replay_id)


@require_POST
@needs(may_administer)
def resume(request: DeskRequest, replay_id: int) -> HttpResponse:
    """Go on."""
    replay = _find(replay_id)
    try:
        with audit_log.recording(act="replay.resumed", by=request.user, about=str(replay)):
            replays.resume(replay=replay)
    except Refused as error:
        messages.error(request, str(error))
    return redirect("replay", replay_id)


def _find(pk: int) -> Replay:
    return get_object_or_404(Replay.objects.select_related("setup", "by"), pk=pk)


def _list(form: ReplayForm) -> dict[str, Any]:
    return {"form": form, "lines": desk.lines(), "tabs": tabs("Setup", here="replays")}
