"""Earned auto-send: how far each category is, and the acts of admins about it."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from drafting.models import Category
from review.permissions import DeskRequest, may_see_evidence, needs


@require_safe
@needs(may_see_evidence)
def show_automation(request: DeskRequest) -> HttpResponse:
    """All categories."""
    return render(request, "review/automation.html", {})


@require_safe
@needs(may_see_evidence)
def show_category(request: DeskRequest, category_id: int) -> HttpResponse:
    """One category."""
    category = get_object_or_404(Category, pk=category_id)
    return render(request, "review/automation_category.html", {"category": category})
