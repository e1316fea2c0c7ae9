"""The built-in tables: how much is in them, and files that fill them."""

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from drafting import table_imports, tables
from drafting.errors import Refused
from drafting.models import TableImport
from review import audit_log, csv_files
from review.desk import table_imports as shown
from review.desk.next_nine import opening
from review.desk.tabs import tabs
from review.models import Remedy
from review.next_nine import remedies
from review.permissions import DeskRequest, may_administer, needs


@require_safe
@needs(may_administer)
def show_tables(request: DeskRequest) -> HttpResponse:
    """Every table with the number of its rows, and the latest files."""
    return _page(request, table=request.GET.get("table", ""))


@require_safe
@needs(may_administer)
def table_template(request: DeskRequest, table: str) -> HttpResponse:
    """An example of a file for a table."""
    if table not in tables.TABLES:
        raise Http404
    content = csv_files.MARK + "".join(csv_files.line(row) for row in tables.template(table))
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{table}.csv"'
    return response


@require_POST
@needs(may_administer)
def upload_table(request: DeskRequest) -> HttpResponse:
    """Look at a file before it is taken."""
    table, file = str(request.POST.get("table", "")), request.FILES.get("file")
    if table not in tables.TABLES or not isinstance(file, UploadedFile):
        return _page(request, wrong="Choose a table and a CSV file.", table=table, status=422)
    if (file.size or 0) > table_imports.LARGEST_FILE:
        return _page(request, wrong=table_imports.TOO_LARGE, table=table, status=422)
    try:
        one = table_imports.upload(table=table, file_name=file.name or "file.csv", content=file.read(), by=request.user)
    except tables.RowErrors as error:
        words = " ".join(f"Line {line}: {text}" if line else text for line, text in error.errors)
        return _page(request, wrong=words, table=table, status=422)
    except Refused as error:
        return _page(request, wrong=str(error), table=table, status=422)
    cause = remedies.known(str(request.POST.get(opening.PARAMETER, "")))
    address = reverse("table_import", args=[one.pk])
    return redirect(f"{address}?{urlencode({opening.PARAMETER: cause})}" if cause else address)


@require_safe
@needs(may_administer)
def show_table_import(request: DeskRequest, import_id: int) -> HttpResponse:
    """One file: its first rows, how far it is, and what has to be mended."""
    one = shown.describe(get_object_or_404(TableImport.objects.select_related("by").defer("content"), pk=import_id))
    name = "review/_table_import.html" if request.htmx else "review/table_import.html"
    return render(request, name, {"one": one, "begun": opening.begun(request.GET, user=request.user, kind=Remedy.Kind.TABLE)})


@require_POST
@needs(may_administer)
def take_table(request: DeskRequest, import_id: int) -> HttpResponse:
    """Have a file taken."""
    one = get_object_or_404(TableImport.objects.defer("content"), pk=import_id)
    with transaction.atomic():
        if table_imports.begin(import_id=import_id):
            audit_log.record(act="table.taken", by=request.user, about=one.file_name, words=f"Into the table {one.table}.")
            cause = remedies.known(str(request.POST.get(opening.PARAMETER, "")))
            remedies.note_table(taken=one, cause=cause, by=request.user)
    return redirect("table_import", import_id=import_id)


@require_POST
@needs(may_administer)
def discard_table(request: DeskRequest, import_id: int) -> HttpResponse:
    """Throw a file away that was only looked at."""
    one = get_object_or_404(TableImport.objects.defer("content"), pk=import_id)
    table_imports.discard(import_id=import_id)
    messages.info(request, f"{one.file_name} was not imported.")
    return redirect("tables")


def _page(request: DeskRequest, *, wrong: str = "", table: str = "", status: int = 200) -> HttpResponse:
    latest = TableImport.objects.select_related("by").defer("content").order_by("-pk")[:10]
    context = {
        "tabs": tabs("Connectors", here="tables"),
        "tables": shown.overview(),
        "latest": [shown.describe(one) for one in latest],
        "wrong": wrong,
        "chosen": table,
        "begun": opening.begun(request.POST or request.GET, user=request.user, kind=Remedy.Kind.TABLE),
    }
    return render(request, "review/tables.html", context, status=status)
