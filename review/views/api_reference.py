"""What programs can ask for, for the people who write them."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from review.permissions import DeskRequest, may_read, needs


@require_safe
@needs(may_read)
def show_reference(request: DeskRequest) -> HttpResponse:
    """The description of the API, readable."""
    from review.api.description import document
    from review.desk.api_reference import reference

    return render(request, "review/api_reference.html", {"reference": reference(document())})
