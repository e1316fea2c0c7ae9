"""Second looks: one decided draft after another, judged without knowing what the first reviewer said."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from review import access, second_looks
from review.desk import second_look as desk
from review.models import SecondLook
from review.permissions import DeskRequest, may_review, needs


@require_safe
@needs(may_review)
def show_second_looks(request: DeskRequest) -> HttpResponse:
    """The draft to look at next, if any waits."""
    return _page(request)


@require_POST
@needs(may_review)
def answer_second_look(request: DeskRequest, look_id: int) -> HttpResponse:
    """Keep what the person finds, and go on with the next."""
    asked = get_object_or_404(SecondLook, pk=look_id, draft__in=access.drafts(request.user))
    verdict, words = request.POST.get("verdict", ""), request.POST.get("words", "")[:2000]
    if verdict not in {*desk.SAID, desk.WRONG}:
        return HttpResponseBadRequest("Choose one of the answers.")
    try:
        answered = second_looks.answer(look=asked, by=request.user, unsafe=verdict == desk.WRONG, words=desk.SAID.get(verdict, words))
    except second_looks.NotAnswered as error:
        return _refused(request, asked, words, str(error))
    return _go_on(request, desk.outcome(answered))


def _refused(request: DeskRequest, asked: SecondLook, words: str, why: str) -> HttpResponse:
    """The same draft again where it is still theirs to judge, else the next; either way with what they wrote."""
    if second_looks.waiting(request.user).filter(pk=asked.pk).exists():
        return _page(request, desk.look(asked, request.user, typed=words, error=why), status=422)
    return _page(request, unkept=desk.unkept(asked, typed=words, why=why), status=422)


def _go_on(request: DeskRequest, told: str) -> HttpResponse:
    if request.htmx:
        return _page(request, told=told)
    messages.success(request, told)
    return redirect("second_looks")


def _page(
    request: DeskRequest, look: desk.Look | None = None, *, told: str = "", unkept: desk.Unkept | None = None, status: int = 200
) -> HttpResponse:
    chosen = None if look else desk.choose(request.user)
    context = {
        "look": look or (desk.look(chosen, request.user) if chosen else None),
        "told": told,
        "unkept": unkept,
        "waiting": desk.waiting(request.user),
    }
    return render(request, "review/_second_look.html" if request.htmx else "review/second_looks.html", context, status=status)
