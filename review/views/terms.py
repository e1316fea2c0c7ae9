"""What a category must prove, and within which limits it sends then: set, confirmed by a second admin, dropped."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from drafting.models import Category
from review import autosend, frame
from review.automation_forms import ProofForm, TermsForm, filled
from review.desk import words
from review.desk.automation import overview, settings
from review.desk.automation import page as desk
from review.desk.automation.overview import About
from review.models import Terms
from review.permissions import DeskRequest, may_administer, may_allow_auto_send, needs


@require_safe
@needs(may_administer)
def show_terms(request: DeskRequest, category_id: int) -> HttpResponse:
    """The terms in force, and those that wait."""
    one = _about(category_id)
    return _page(request, one, filled(one.terms))


@require_POST
@needs(may_allow_auto_send)
def save_terms(request: DeskRequest, category_id: int) -> HttpResponse:
    """Set new terms."""
    category, form = _category(category_id), TermsForm(request.POST)
    if not form.is_valid():
        return _page(request, _about(category_id), form, status=422)
    try:
        _save(request, category, **form.values())
    except autosend.NotNow as error:
        form.add_error(None, str(error))
        return _page(request, _about(category_id), form, status=422)
    return redirect("automation_terms", category.pk)


@require_POST
@needs(may_allow_auto_send)
def confirm_terms(request: DeskRequest, category_id: int) -> HttpResponse:
    """Say yes to looser terms that another admin asked for."""
    category = _category(category_id)
    return _decide(request, category, autosend.terms.confirm, f"The new terms of {category} are in force.")


@require_POST
@needs(may_allow_auto_send)
def withdraw_terms(request: DeskRequest, category_id: int) -> HttpResponse:
    """Say no to them, or drop one's own."""
    category = _category(category_id)
    return _decide(request, category, autosend.terms.withdraw, f"The terms of {category} stay as they were.")


@require_safe
@needs(may_administer)
def needed_reviews(request: DeskRequest, category_id: int) -> HttpResponse:
    """How many clean reviews the terms that are being typed take."""
    form = ProofForm(request.GET)
    form.is_valid()
    said = settings.takes(_about(category_id), form.shown())
    return render(request, "review/_automation_needed.html", {"said": said})


@require_POST
@needs(may_allow_auto_send)
def start_collecting(request: DeskRequest, category_id: int) -> HttpResponse:
    """Let verdicts count from now on."""
    return _collect(request, _category(category_id), True)


@require_POST
@needs(may_allow_auto_send)
def stop_collecting(request: DeskRequest, category_id: int) -> HttpResponse:
    """Review only again."""
    return _collect(request, _category(category_id), False)


def _category(pk: int) -> Category:
    return get_object_or_404(Category, pk=pk)


def _collect(request: DeskRequest, category: Category, is_collecting: bool) -> HttpResponse:
    try:
        _save(request, category, is_collecting=is_collecting)
    except autosend.NotNow as error:
        messages.error(request, str(error))
    return redirect("automation_category", category.pk)


def _save(request: DeskRequest, category: Category, **values: Any) -> None:
    """Set new terms, and say what was dropped by it. Raises NotNow."""
    waited = autosend.terms.waiting(category)
    terms = autosend.terms.save(category=category, by=request.user, **values)
    messages.success(request, settings.saved(terms))
    if waited:
        messages.warning(request, settings.dropped(waited))


def _decide(request: DeskRequest, category: Category, decide: Any, said: str) -> HttpResponse:
    terms = get_object_or_404(Terms, pk=_said(request), category=category)
    try:
        decide(terms=terms, by=request.user)
    except autosend.NotNow as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said)
    return redirect("automation_terms", category.pk)


def _said(request: DeskRequest) -> int:
    return words.said_id(request.POST.get("terms", ""))


def _about(category_id: int) -> About:
    return overview.about([_category(category_id)], frame.setup_in_use().used)[0]


def _page(request: DeskRequest, one: About, form: TermsForm, *, status: int = 200) -> HttpResponse:
    context = {
        "page": settings.page(one, form.shown(), user=request.user),
        "form": form,
        "may_change": may_allow_auto_send(request.user),
        "tabs": desk.tabs(one.category, here="automation_terms", is_admin=True),
    }
    return render(request, "review/automation_terms.html", context, status=status)
