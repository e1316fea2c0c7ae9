"""What is new in the frame around a page that stays open."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from review import frame
from review.permissions import DeskRequest, is_somebody, needs


@require_safe
@needs(is_somebody)
def show_news(request: DeskRequest) -> HttpResponse:
    """The parts of the frame that change by themselves; 204 while they show what they showed in the `version` of the page.

    `here` is the page that asks, for the way back from what is posted in them.
    """
    found = frame.of(request, request.user, here=request.GET.get("here", ""))
    if found.version == request.GET.get("version"):
        return HttpResponse(status=204)
    return render(request, "review/_frame_alive.html", {"frame": found})
