"""What there is about a person, as a page, as an archive, and erased; and how long what is kept."""

import tempfile

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from review import privacy
from review.desk import privacy as shown
from review.permissions import DeskRequest, may_erase, needs
from review.privacy import retention
from review.privacy_forms import PersonForm, RetentionForm

IN_MEMORY = 8_000_000
"""Bytes of an archive beyond which it is written to a file."""


@require_safe
@needs(may_erase)
def show_privacy(request: DeskRequest) -> HttpResponse:
    """A form to find a person, the periods, and what was erased."""
    return _page(request)


@require_POST
@sensitive_post_parameters()
@needs(may_erase)
def find_person(request: DeskRequest) -> HttpResponse:
    """What there is about a person. Posted, so that the address stands in no log of addresses."""
    form = PersonForm(request.POST)
    found = _found(request, form)
    return _page(request, form, found) if found else _page(request, form, status=422)


@require_POST
@sensitive_post_parameters()
@needs(may_erase)
def export_person(request: DeskRequest) -> HttpResponseBase:
    """All of it, to hand to them."""
    form = PersonForm(request.POST)
    found = _found(request, form)
    if found is None:
        return _page(request, form, status=422)
    file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  (the response closes it)
    privacy.export(addresses=found.addresses, by=request.user, file=file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"person-{timezone.localdate():%Y-%m-%d}.zip")


@require_POST
@sensitive_post_parameters()
@needs(may_erase)
def erase_person(request: DeskRequest) -> HttpResponse:
    """Erase it, once the address was typed again."""
    form, with_rows = PersonForm(request.POST), "with_rows" in request.POST
    found = _found(request, form)
    if found is None:
        return _page(request, form, status=422)
    if request.POST.get("typed", "").strip().lower() != found.addresses[0]:
        return _page(request, form, found, wrong=f"Type {found.addresses[0]} to say that you mean it. Nothing was erased.", status=422)
    try:
        erased = privacy.erase(addresses=found.addresses, by=request.user, dry_run=False, with_rows=with_rows)
    except privacy.CannotErase as error:
        return _page(request, form, found, wrong=f"Nothing was erased. {error}", status=409)
    said = "There was nothing to erase." if erased.is_empty else "Erased. Files go from storage in the next minutes at the latest."
    messages.success(request, said)
    return redirect("privacy")


@require_POST
@needs(may_erase)
def preview_retention(request: DeskRequest) -> HttpResponse:
    """What new periods would take away, before they are saved."""
    form = RetentionForm(request.POST)
    if not form.is_valid():
        return _page(request, periods=form, status=422)
    return _page(request, periods=form, dues=shown.dues(form.days()))


@require_POST
@needs(may_erase)
def save_retention(request: DeskRequest) -> HttpResponse:
    """Keep the periods. The next night applies them."""
    form = RetentionForm(request.POST)
    if not form.is_valid():
        return _page(request, periods=form, status=422)
    changed = retention.save(days_by_kind=form.days(), by=request.user)
    messages.success(request, "Saved. What is older is removed at night, from now on." if changed else "Nothing changed.")
    return redirect("privacy")


def _found(request: DeskRequest, form: PersonForm) -> privacy.Findings | None:
    """The findings that the form asks for; None with the error in the form."""
    if not form.is_valid():
        return None
    try:
        return privacy.findings(privacy.read(form.cleaned_data["addresses"]), with_rows="with_rows" in request.POST)
    except privacy.NotAPerson as error:
        form.add_error("addresses", str(error))
        return None


def _page(
    request: DeskRequest,
    form: PersonForm | None = None,
    found: privacy.Findings | None = None,
    *,
    periods: RetentionForm | None = None,
    dues: list[shown.Due] | None = None,
    wrong: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form or PersonForm(),
        "person": shown.person(found) if found else None,
        "wrong": wrong,
        "periods": periods or RetentionForm(initial=retention.days()),
        "dues": dues,
        "erasures": shown.erasures(),
    }
    return render(request, "review/privacy.html", context, status=status)
