"""The acts by which a category sends by itself, stops, and goes on: unlock, suspend, resume, earn again."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from drafting import setup_jobs
from drafting.models import Category, SetupJob
from review import audit_log, autosend
from review.automation_forms import ReasonForm, UnlockForm
from review.desk.automation import unlocking as desk
from review.models import Attempt
from review.permissions import DeskRequest, may_administer, may_allow_auto_send, needs


@require_safe
@needs(may_allow_auto_send)
def show_unlock(request: DeskRequest, category_id: int) -> HttpResponse:
    """What follows from unlocking, and what stands against it, before it is done."""
    category = _category(category_id)
    return _before_unlocking(request, category, UnlockForm(category=category))


@require_POST
@needs(may_allow_auto_send)
def unlock(request: DeskRequest, category_id: int) -> HttpResponse:
    """Let the category send by itself, from the first step of the ramp."""
    category = _category(category_id)
    attempt, form = autosend.open_attempt(category), UnlockForm(request.POST, category=category)
    if attempt is None or not form.is_valid():
        return _before_unlocking(request, category, form, status=422)
    try:
        autosend.states.unlock(attempt=attempt, by=request.user, typed=form.cleaned_data["typed"])
    except autosend.NotNow as error:
        form.add_error(None, str(error))
        return _before_unlocking(request, category, form, status=422)
    messages.success(request, f"{category} is unlocked: 10 % of its replies leave by themselves from now on.")
    return redirect("automation_category", category.pk)


@require_POST
@needs(may_administer)
def check_canaries(request: DeskRequest, category_id: int) -> HttpResponse:
    """Let workers ask the canaries of the setups that the category uses now."""
    attempt = autosend.open_attempt(_category(category_id))
    for setup in {attempt.setup, attempt.chooser} if attempt else ():
        with audit_log.recording(act="setup.checked", by=request.user, about=str(setup)):
            setup_jobs.begin(kind=SetupJob.Kind.CHECK, by=request.user, setup=setup)
    if attempt is None:
        messages.info(request, "No draft of this category has been judged under the setup in use, so there is nothing to check yet.")
    is_suspended = attempt is not None and attempt.state == Attempt.State.SUSPENDED
    return redirect("automation_after" if is_suspended else "automation_unlock", category_id)


@require_POST
@needs(may_administer)
def suspend(request: DeskRequest, category_id: int) -> HttpResponse:
    """Stop what is unlocked, at once and without a question."""
    category = _category(category_id)
    attempt, words = autosend.open_attempt(category), request.POST.get("words", "").strip()[:500]
    if attempt and autosend.states.suspend(attempt=attempt, cause=Attempt.Cause.PERSON, words=words, by=request.user):
        messages.success(request, f"{category} is suspended. What was queued is held back and waits for people.")
    else:
        messages.info(request, f"Nothing of {category} left by itself, so there was nothing to suspend.")
    return redirect("automation_category", category.pk)


@require_safe
@needs(may_allow_auto_send)
def show_after(request: DeskRequest, category_id: int) -> HttpResponse:
    """What can be done after a suspension; where there is none, the category itself."""
    category = _category(category_id)
    attempt = autosend.open_attempt(category)
    if attempt is None or attempt.state != Attempt.State.SUSPENDED:
        messages.info(request, f"{category} is not suspended.")
        return redirect("automation_category", category.pk)
    return _after(request, category)


@require_POST
@needs(may_allow_auto_send)
def resume(request: DeskRequest, category_id: int) -> HttpResponse:
    """Go on after a suspension that says nothing about quality."""
    said = "{} goes on: 10 % of its replies leave by themselves from now on."
    return _go_on(request, _category(category_id), autosend.states.resume, said, form="resume")


@require_POST
@needs(may_allow_auto_send)
def earn_again(request: DeskRequest, category_id: int) -> HttpResponse:
    """End what is suspended, and begin a new proof from zero."""
    return _go_on(request, _category(category_id), autosend.states.earn_again, "{} begins a new proof from zero.", form="again")


def _go_on(request: DeskRequest, category: Category, act: Callable[..., object], said: str, *, form: str) -> HttpResponse:
    """Do what needs a reason to what is suspended; the page has a form for each such act."""
    attempt, reason = autosend.open_attempt(category), ReasonForm(request.POST)
    if attempt is None or not reason.is_valid():
        return _after(request, category, status=422, **{form: reason})
    try:
        act(attempt=attempt, by=request.user, words=reason.cleaned_data["words"])
    except autosend.NotNow as error:
        reason.add_error(None, str(error))
        return _after(request, category, status=422, **{form: reason})
    messages.success(request, said.format(category))
    return redirect("automation_category", category.pk)


def _category(pk: int) -> Category:
    return get_object_or_404(Category, pk=pk)


def _before_unlocking(request: DeskRequest, category: Category, form: UnlockForm, *, status: int = 200) -> HttpResponse:
    return render(request, "review/automation_unlock.html", {"page": desk.unlocking(category), "form": form}, status=status)


def _after(request: DeskRequest, category: Category, *, status: int = 200, **forms: ReasonForm) -> HttpResponse:
    context = {"page": desk.resuming(category), "resume": ReasonForm(), "again": ReasonForm(), **forms}
    return render(request, "review/automation_after.html", context, status=status)
