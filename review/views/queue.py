"""The queue and one item of it, and who is on it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from drafting.models import Draft
from review import access, claims
from review.desk import filters, item, notice, queue, stages, toast, words
from review.permissions import DeskRequest, may_review, needs
from review.views import panes


@require_safe
@needs(may_review)
def show_queue(request: DeskRequest) -> HttpResponse:
    """The list of what waits, nothing opened: what was open is free for others."""
    wanted = filters.read(request.GET)
    claims.move_on(to=None, by=request.user)
    return render(request, "review/queue.html", _list(request, wanted) | {"toast": toast.after_redirect(request.GET, request.user)})


@require_safe
@needs(may_review)
def rows(request: DeskRequest) -> HttpResponse:
    """The rows alone, for the live list, with who asks for what is open; 204 while nothing has changed since the version of the page."""
    wanted = filters.read(request.GET)
    listing = queue.listing(filters=wanted, user=request.user, asked=claims.asked(request.user))
    if listing.version == request.GET.get("version"):
        return HttpResponse(status=204)
    return render(request, "review/_queue_alive.html", {"listing": listing, "filters": wanted, "notice": listing.asked})


@require_safe
@needs(may_review)
def show_item(request: DeskRequest, draft_id: int) -> HttpResponse:
    """One draft with its conversation. Opening it claims it; while somebody else is on it, it can be read.

    A page that asks by itself, with nobody there, claims nothing, and neither does one that fetches the next item ahead (`peek`).
    """
    wanted = filters.read(request.GET)
    draft = get_object_or_404(item.find(request.user), pk=draft_id)
    if "peek" in request.GET:
        shown = item.item(draft=draft, filters=wanted, user=request.user, claim=panes.standing_claim(draft), is_ahead=True)
        return render(request, "review/_item.html", {"item": shown})
    is_unattended = "X-Unattended" in request.headers
    claim = panes.standing_claim(draft) if is_unattended else panes.opened(draft, request)
    before = request.GET.get("version", "")
    if before == stages.version(draft, claim):
        return HttpResponse(status=204)
    news = notice.answered(claim, request.user, before) or notice.asked(claim if _is_own(request, claim) else None, wanted.query())
    shown = item.item(draft=draft, filters=wanted, user=request.user, claim=claim, notice=news)
    if request.htmx and not request.htmx.history_restore_request:
        return render(request, "review/_item.html", {"item": shown})
    page = _list(request, wanted, opened=draft_id) | {"item": shown, "toast": toast.after_redirect(request.GET, request.user)}
    return render(request, "review/queue.html", page)


@require_POST
@needs(may_review)
def renew(request: DeskRequest, draft_id: int) -> HttpResponse:
    """Keeps the claim of somebody who is active, and says so if the draft is no longer theirs to decide.

    The header Claimed-Until names the claim for `release`.
    """
    draft = _find(request, draft_id)
    if lost := notice.lost(draft, request.user):
        return render(request, "review/_item_notice.html", {"notice": lost})
    held = claims.holder(draft)
    return HttpResponse(status=204, headers={"Claimed-Until": held.until.isoformat()} if held else {})


@require_POST
@needs(may_review)
def release(request: DeskRequest, draft_id: int) -> HttpResponse:
    """The page was left: colleagues need not wait for the claim to run out."""
    draft, until = _find(request, draft_id), words.said_moment(request.POST.get("until", ""))
    if until:
        claims.release(draft=draft, by=request.user, until=until)
    return HttpResponse(status=204)


@require_POST
@needs(may_review)
def ask(request: DeskRequest, draft_id: int) -> HttpResponse:
    """Ask the colleague who is on it for a draft."""
    claims.ask(draft=_find(request, draft_id), by=request.user)
    return panes.show(request, draft_id)


@require_POST
@needs(may_review)
def hand_on(request: DeskRequest, draft_id: int) -> HttpResponse:
    """Hand a draft to the colleague who asks for it, and go on with the next."""
    draft, wanted = _find(request, draft_id), filters.read(request.GET)
    try:
        to = claims.hand_on(draft=draft, by=request.user)
    except claims.NotAsked:
        return panes.show(request, draft_id, told=toast.Toast("Nobody asks for this mail any more.", tone="red"))
    following = queue.next_after(draft=draft, filters=wanted, user=request.user)
    return panes.show(request, following, told=toast.Toast(f"Handed to {words.person(to)}."))


@require_POST
@needs(may_review)
def keep(request: DeskRequest, draft_id: int) -> HttpResponse:
    """Go on with a draft that a colleague asks for; they are told."""
    claims.keep(draft=_find(request, draft_id), by=request.user)
    return render(request, "review/_item_notice.html") if request.htmx else redirect("item", draft_id)


def _find(request: DeskRequest, draft_id: int) -> Draft:
    return get_object_or_404(access.drafts(request.user), pk=draft_id)


def _is_own(request: DeskRequest, claim: Any) -> bool:
    return claim is not None and claim.by_id == request.user.pk


def _list(request: DeskRequest, wanted: filters.Filters, opened: int | None = None) -> dict[str, Any]:
    listing = queue.listing(filters=wanted, user=request.user, opened=opened, most=queue.BESIDE if opened else queue.STEP)
    return {"listing": listing, "filters": wanted, "menus": filters.menus(wanted, user=request.user)}
