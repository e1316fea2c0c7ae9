"""Drafts with their evidence and checks."""

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from ninja import Query, Router

from drafting.models import CheckResult, Evidence
from review import access
from review.api import paging, shapes
from review.api.auth import ApiRequest, may
from review.models import ApiToken

router = Router(tags=["Drafts"], auth=may(ApiToken.Scope.READ_DRAFTS))
UNREAD = ("facts", "flags", "asks", "atoms")


@router.get("/drafts", response=shapes.Page[shapes.DraftSummary], summary="List drafts")
def list_drafts(request: ApiRequest, asked: Query[shapes.DraftFilter]) -> shapes.Page[shapes.DraftSummary]:
    """Drafts and hand-overs, newest first."""
    rows = access.drafts(request.auth).select_related("category", "setup").defer(*UNREAD, "setup__parts")
    rows = paging.chosen(rows, conversation=asked.conversation, message=asked.message, state=asked.state)
    found, following = paging.part(rows, asked)
    return shapes.Page(items=[shapes.DraftSummary.of(row) for row in found], next_cursor=following)


@router.get("/drafts/{draft_id}", response=shapes.Draft, summary="Read a draft")
def read_draft(request: ApiRequest, draft_id: shapes.Id) -> shapes.Draft:
    """One draft with its evidence, checks, asks, atoms and the setup that wrote it."""
    rows = access.drafts(request.auth).select_related("category", "setup").defer("facts", "setup__parts")
    in_order = [Prefetch(name, model.objects.order_by("position")) for name, model in (("evidence", Evidence), ("checks", CheckResult))]
    rows = rows.prefetch_related(*in_order)
    return shapes.Draft.of(get_object_or_404(rows, pk=draft_id))
