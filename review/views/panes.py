"""What the addresses of the queue answer with: an item with the list beside it, as parts for htmx or as a page."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django_htmx.http import push_url, reswap, trigger_client_event

from drafting.models import Draft
from review import claims, decisions
from review.desk import filters, item, notice, planted, queue, toast
from review.models import Claim
from review.permissions import DeskRequest

CHANGED = "queue-changed"
"""The event on the page at which the list asks what is new in it."""


def show(
    request: DeskRequest,
    draft_id: int | None,
    *,
    typed: item.Typed | None = None,
    told: toast.Toast | None = None,
    notice: notice.Notice | None = None,
    status: int = 200,
) -> HttpResponse:
    """An item, or none, with the list beside it and what was done (`told`).

    As parts for htmx, and then the list is asked for once the item stands; else as a page, or a redirect where nothing was typed that could
    be lost.
    """
    wanted = filters.read(request.GET)
    url = (reverse("item", args=[draft_id]) if draft_id else reverse("queue")) + wanted.query()
    if not request.htmx and not typed:
        if told:
            messages.add_message(request, messages.ERROR if told.tone == "red" else messages.SUCCESS, told.words)
        return HttpResponseRedirect(url)
    context: dict[str, Any] = {"filters": wanted, "toast": told, "item": None}
    if not request.htmx or not draft_id:
        context["listing"] = queue.listing(
            filters=wanted, user=request.user, opened=draft_id, most=queue.BESIDE if draft_id else queue.STEP
        )
    if draft_id:
        draft = item.find(request.user).get(pk=draft_id)
        claim = opened(draft, request)
        context["item"] = item.item(draft=draft, filters=wanted, user=request.user, claim=claim, typed=typed, notice=notice)
    if not request.htmx:
        return render(request, "review/queue.html", context | {"menus": filters.menus(wanted, user=request.user)}, status=status)
    answer = render(request, "review/_decided.html", context, status=status)
    return push_url(trigger_client_event(answer, CHANGED, after="swap"), url)


def show_rows(request: DeskRequest, told: toast.Toast) -> HttpResponse:
    """The list alone and what was done to some of it; what is open stays as it is."""
    wanted = filters.read(request.GET)
    if not request.htmx:
        return show(request, None, told=told)
    listing = queue.listing(filters=wanted, user=request.user)
    return render(request, "review/_acted.html", {"listing": listing, "filters": wanted, "toast": told})


def tell(request: DeskRequest, words: str, *, status: int) -> HttpResponse:
    """Nothing was done, for the reason in words; whatever is on the page stays as it is. Only for htmx."""
    answer = render(request, "review/_toast.html", {"toast": toast.Toast(words, tone="red"), "oob": True}, status=status)
    return reswap(answer, "none")


def opened(draft: Draft, request: DeskRequest) -> Claim | None:
    """The claim on a draft that a person looks at: theirs if it can be had. What they looked at before is free for others.

    Only who opens it anew may be shown a planted draft: nobody's text changes while they read it.
    """
    if draft.state not in decisions.LIVE:
        claims.move_on(to=draft, by=request.user)
        return None
    now = timezone.now()
    try:
        claim = claims.open(draft=draft, by=request.user)
    except claims.ClaimedByOther as error:
        return error.claim
    if claim.opened_at >= now:
        planted.place(draft, request.user)
    return claim


def standing_claim(draft: Draft) -> Claim | None:
    """The claim that stands on a draft that came from `item.find`, whoever's it is."""
    return claims.standing(getattr(draft, "claim", None))
