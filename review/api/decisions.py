"""What people decided. Nothing is decided here: that takes a person at the desk."""

from django.shortcuts import get_object_or_404
from ninja import Query, Router

from review import access
from review.api import paging, shapes
from review.api.auth import ApiRequest, may
from review.models import ApiToken

router = Router(tags=["Decisions"], auth=may(ApiToken.Scope.READ_DECISIONS))
WITH = ("by", "draft")


@router.get("/decisions", response=shapes.Page[shapes.Decision], summary="List decisions")
def list_decisions(request: ApiRequest, asked: Query[shapes.DecisionFilter]) -> shapes.Page[shapes.Decision]:
    """Decisions, newest first, those that were undone included."""
    rows = access.decisions(request.auth).select_related(*WITH).only(*_ONLY)
    rows = paging.chosen(rows, draft__conversation=asked.conversation, draft=asked.draft, decided_at__gte=asked.since)
    found, following = paging.part(rows, asked, by="decided_at")
    return shapes.Page(items=[shapes.Decision.of(row) for row in found], next_cursor=following)


@router.get("/decisions/{decision_id}", response=shapes.Decision, summary="Read a decision")
def read_decision(request: ApiRequest, decision_id: shapes.Id) -> shapes.Decision:
    """One decision."""
    return shapes.Decision.of(get_object_or_404(access.decisions(request.auth).select_related(*WITH).only(*_ONLY), pk=decision_id))


_ONLY = (
    *("kind", "reason", "edit_reason", "final_text", "outgoing_id", "decided_at", "undone_at", "draft__conversation_id"),
    *("by__first_name", "by__last_name", "by__username"),
)
