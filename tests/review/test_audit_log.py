"""Who did what, when: what is written into the audit log, and that it stays as it was."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from string import Formatter

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from drafting.models import Version
from review import audit_log
from review.acts import ACTS, KINDS, of_kind
from review.models import LogEntry

SOURCES = [path for layer in ("review", "deploy") for path in sorted((Path(settings.BASE_DIR) / layer).rglob("*.py"))]


def acts_named_in(path: Path) -> Iterator[str]:
    """The acts that the code of a file records."""
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in {"record", "recording"}:
            for argument in call.keywords:
                if argument.arg == "act":
                    yield from spelled(argument.value)


def spelled(value: ast.expr) -> Iterator[str]:
    """An act as its literals spell it, whichever branch is taken."""
    match value:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp():
            yield from spelled(value.body)
            yield from spelled(value.orelse)
        case ast.JoinedStr(values=[ast.FormattedValue(), ast.Constant(value=str(end))]):
            # What begins with something that varies is about what keeps versions.
            yield from (f"{kind.value}{end}" for kind in Version.Kind)
        case _:
            pytest.fail(f"{ast.unparse(value)}: spell the act out, so that this test can read it.")


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(settings.BASE_DIR)))
def test_every_act_that_is_recorded_has_a_sentence(path: Path) -> None:
    assert set(acts_named_in(path)) <= ACTS.keys()


def test_every_act_belongs_to_one_kind_and_names_nothing_but_who_and_what() -> None:
    assert sorted(act for kind in KINDS for act in of_kind(kind)) == sorted(ACTS)
    for sentence in ACTS.values():
        assert {name for _, name, _, _ in Formatter().parse(sentence) if name} <= {"who", "about"}


def test_an_act_without_a_sentence_is_not_taken() -> None:
    with pytest.raises(ValueError, match="no sentence for"):
        audit_log.record(act="coffee.made", by=None)


@pytest.mark.django_db
def test_what_fails_leaves_no_entry(ana: User) -> None:
    with pytest.raises(ZeroDivisionError), audit_log.recording(act="rule.saved", by=ana, about="Pallets"):
        _ = 1 / 0
    assert not LogEntry.objects.exists()


@pytest.mark.django_db
def test_an_entry_can_be_filled_in_while_the_act_goes_on(ana: User) -> None:
    with audit_log.recording(act="setup.repinned", by=ana) as entry:
        entry.about = "Setup 3"
    assert LogEntry.objects.get().about == "Setup 3"


@pytest.mark.django_db
@pytest.mark.parametrize("act", [QuerySet.delete, lambda entries: entries.update(words="Nobody.")], ids=["delete", "update"])
def test_the_database_refuses_to_change_the_log_unless_a_person_is_erased(act: Callable[[QuerySet[LogEntry]], object], ana: User) -> None:
    audit_log.record(act="rule.saved", by=ana, words="Ana did.")
    entries = LogEntry.objects.filter(words="Ana did.")
    with pytest.raises(IntegrityError, match="The audit log stays as it is"), transaction.atomic():
        act(entries)
    assert entries.exists()
    with audit_log.erasing():
        act(entries)
    assert not entries.exists()


@pytest.mark.django_db
def test_the_log_is_closed_again_after_erasing(ana: User) -> None:
    audit_log.record(act="rule.saved", by=ana)
    with audit_log.erasing():
        LogEntry.objects.update(words="")
    with pytest.raises(IntegrityError), transaction.atomic():
        LogEntry.objects.all().delete()
