"""The commands: each says first what it would do."""

import io
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from drafting.models import ModelCall
from review.privacy import retention
from tests.drafting.factories import make_message
from tests.review.factories import make_person
from tests.review.privacy.people import ANN, answered

pytestmark = pytest.mark.django_db


def told(command: str, *words: Any, **options: Any) -> str:
    out = io.StringIO()
    call_command(command, *words, stdout=out, **options)
    return out.getvalue()


def test_erasing_counts_first_and_erases_when_told_to() -> None:
    draft = answered()
    assert "Add --apply to erase it." in told("erase_person", ANN)
    draft.refresh_from_db()
    assert draft.body
    assert "Erased." in told("erase_person", ANN.upper(), "--apply")
    draft.refresh_from_db()
    assert not draft.body
    assert "Nothing was erased." in told("erase_person", ANN, "--apply")


def test_what_stands_against_it_is_said() -> None:
    make_message()
    assert "just come in" in told("erase_person", ANN)
    with pytest.raises(CommandError, match=r"Nothing was erased\. A mail has just come in"):
        told("erase_person", ANN, "--apply")


def test_what_is_no_address_is_said() -> None:
    with pytest.raises(CommandError, match="is no mail address"):
        told("erase_person", "ann")
    with pytest.raises(CommandError, match="is no mail address"):
        told("export_person", "ann", "--out", "x.zip")


def test_an_export_counts_first_and_is_written_where_it_is_told_to() -> None:
    answered()
    counted = told("export_person", ANN)
    assert "1  Drafts\n" in counted and counted.endswith("Nothing was written. Add --out FILE to write it.\n")


def test_an_export_is_there_once_it_is_complete(tmp_path: Path) -> None:
    answered()
    assert "files in" in told("export_person", ANN, "--out", tmp_path / "ann.zip")
    assert "README.txt" in zipfile.ZipFile(tmp_path / "ann.zip").namelist()
    assert [path.name for path in tmp_path.iterdir()] == ["ann.zip"]


def test_a_file_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be written"):
        told("export_person", ANN, "--out", tmp_path / "missing" / "ann.zip")


def test_retention_counts_first_and_removes_when_told_to() -> None:
    answered()
    ModelCall.objects.update(at=timezone.now() - timedelta(days=40))
    assert "Everything is kept for ever" in told("apply_retention", "--apply")
    retention.save(days_by_kind={"model_calls": 30}, by=make_person("admin"))
    assert "1  Requests to the model, older than 30 days" in told("apply_retention")
    assert ModelCall.objects.filter(erased_at=None).exists()
    assert "Removed." in told("apply_retention", "--apply")
    assert not ModelCall.objects.filter(erased_at=None).exists()
