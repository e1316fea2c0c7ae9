"""The next nine: causes of what was not approved unedited, and what was done about them."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from review.desk import pinned
from review.desk.next_nine import page
from review.desk.reports.tabs import tabs
from review.next_nine import causes, groups, remedies
from review.permissions import DeskRequest, may_administer, may_report, needs


@require_safe
@needs(may_report)
def show_next_nine(request: DeskRequest) -> HttpResponse:
    """The causes of a period, most work first."""
    shown = page.page(request.GET.dict(), user=request.user)
    context = {"page": shown, "tabs": tabs(shown.asked.filters, here="next_nine"), "rules": causes.ORDER, "sized": groups.SIZED}
    return render(request, "review/next_nine.html", context)


@require_safe
@needs(may_report)
def show_cause(request: DeskRequest, cause: str) -> HttpResponse:
    """One cause with its mails, and how it went before and after each remedy."""
    return _cause_page(request, cause)


@require_POST
@needs(may_report)
def note_remedy(request: DeskRequest, cause: str) -> HttpResponse:
    """Somebody did something about a cause elsewhere."""
    if not remedies.known(cause):
        raise Http404
    words = str(request.POST.get("words", ""))
    try:
        remedies.note_elsewhere(cause=cause, words=words, by=request.user)
    except ValueError as error:
        return _cause_page(request, cause, wrong=str(error), status=422)
    messages.success(request, "Noted. From today on the mails of this cause are counted apart.")
    return redirect("next_nine_cause", cause=cause)


def _cause_page(request: DeskRequest, cause: str, *, wrong: str = "", status: int = 200) -> HttpResponse:
    shown = page.cause(cause, request.GET.dict(), user=request.user)
    if not shown.is_known:
        raise Http404
    differs = pinned.differs() if may_administer(request.user) else None
    return render(request, "review/next_nine_cause.html", {"page": shown, "wrong": wrong, "differs": differs}, status=status)
