"""The team page: how reviewers are doing."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from review.desk import reviewers
from review.desk.tabs import tabs
from review.permissions import DeskRequest, may_see_evidence, needs


@require_safe
@needs(may_see_evidence)
def show_reviewers(request: DeskRequest) -> HttpResponse:
    """Every reviewer, by name."""
    rows, page = reviewers.page(request.GET.get("page", ""))
    context = {
        "rows": rows,
        "page": page,
        "kinds": reviewers.kinds(),
        "defined": reviewers.DEFINED,
        "tabs": tabs("Automation", here="reviewers"),
    }
    return render(request, "review/reviewers.html", context)
