"""The queue and one item of it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from drafting.models import Draft
from review import access, claims, decisions
from review.desk import filters, item, queue, toast, words
from review.models import Claim
from review.permissions import DeskRequest, may_review, needs


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
    """The rows alone, for the live list; 204 while nothing has changed since the version that the page shows."""
    wanted = filters.read(request.GET)
    listing = queue.listing(filters=wanted, user=request.user)
    if listing.version == request.GET.get("version"):
        return HttpResponse(status=204)
    return render(request, "review/_queue_rows.html", {"listing": listing, "filters": wanted})


@require_safe
@needs(may_review)
def show_item(request: DeskRequest, draft_id: int) -> HttpResponse:
    """One draft with its conversation. Opening it claims it; while somebody else is on it, it can be read."""
    wanted = filters.read(request.GET)
    draft = get_object_or_404(item.find(request.user), pk=draft_id)
    if request.GET.get("version") == item.version(draft):
        return HttpResponse(status=204)
    context: dict[str, Any] = {"item": item.item(draft=draft, filters=wanted, user=request.user, claim=opened(draft, request))}
    if request.htmx and not request.htmx.history_restore_request:
        return render(request, "review/_item.html", context)
    shown = _list(request, wanted, opened=draft_id)
    return render(request, "review/queue.html", context | shown | {"toast": toast.after_redirect(request.GET, request.user)})


@require_POST
@needs(may_review)
def renew(request: DeskRequest, draft_id: int) -> HttpResponse:
    """Keeps the claim of somebody who is active, and says so if the draft is no longer theirs to decide."""
    draft = get_object_or_404(access.drafts(request.user), pk=draft_id)
    lost = _lost(draft, request)
    return render(request, "review/_item_notice.html", {"words": lost}) if lost else HttpResponse(status=204)


def opened(draft: Draft, request: DeskRequest) -> Claim | None:
    """The claim on a draft that a person looks at: theirs if it can be had. What they looked at before is free for others."""
    claims.move_on(to=draft, by=request.user)
    if draft.state not in decisions.LIVE:
        return None
    standing: Claim | None = getattr(draft, "claim", None)
    if standing and standing.by_id != request.user.pk and standing.until > timezone.now():
        return standing
    try:
        return claims.claim(draft=draft, by=request.user)
    except claims.ClaimedByOther as error:
        return error.claim


def _lost(draft: Draft, request: DeskRequest) -> str:
    """What a person who reads a draft should know about it, if it is no longer theirs."""
    if draft.state == Draft.State.SUPERSEDED:
        return "A newer message came in while you were reading. This draft can no longer be sent; open the queue for the new one."
    if draft.state not in decisions.LIVE:
        decision = decisions.standing_decision(draft)
        is_own = decision is not None and decision.by_id == request.user.pk
        return "" if is_own else "A colleague decided this meanwhile. What you typed stays here until you leave."
    try:
        claims.claim(draft=draft, by=request.user)
    except claims.ClaimedByOther as error:
        return f"{words.person(error.claim.by)} is on it now, so you can no longer decide it. What you typed stays here until you leave."
    return ""


def _list(request: DeskRequest, wanted: filters.Filters, opened: int | None = None) -> dict[str, Any]:
    listing = queue.listing(filters=wanted, user=request.user, opened=opened)
    return {"listing": listing, "filters": wanted, "menus": filters.menus(wanted, user=request.user)}
