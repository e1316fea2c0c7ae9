"""The versions of one article, template or guidance, each with what it changed."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from drafting import versions
from drafting.models import Category, Version
from review.desk import words
from review.desk.changes import Change, changes
from review.desk.knowledge_kinds import Kind

STEP = 10
LABELS = {"is_active": "Active", "slug": "Short name", "body": "Text"}


@dataclass(frozen=True, slots=True)
class Field:
    """One field that a version changed."""

    name: str
    changes: list[Change]


@dataclass(frozen=True, slots=True)
class Entry:
    """One version. `restore_url` is empty for the newest, and for one that only says that it was deleted."""

    name: str
    tag: str
    by: str
    at: words.Moment
    fields: list[Field]
    restore_url: str


@dataclass(frozen=True, slots=True)
class Page:
    """Versions, newest first. `title` is what the thing was last called."""

    title: str
    entries: list[Entry]
    older_url: str


def page(kind: Kind, of: int, *, before: int = 0) -> Page | None:
    """The newest versions, or those below the number `before`; None where nothing was ever kept."""
    kept = versions.history(kind=kind.name, of=of)
    found = list((kept.filter(number__lt=before) if before else kept)[: STEP + 1])
    if not found:
        return None
    names = dict(Category.objects.values_list("slug", "name")) if "category" in versions.FIELDS[kind.name] else {}
    newest = found[0].number if not before else kept.values_list("number", flat=True)[0]
    entries = [_entry(one, found[place + 1] if place + 1 < len(found) else None, newest, names) for place, one in enumerate(found[:STEP])]
    here = reverse("knowledge_versions", args=[kind.name, of])
    titled = next((one for one in found if not versions.is_deletion(one)), None)
    return Page(
        title=str(titled.content[kind.titled]) if titled else kind.one.capitalize(),
        entries=entries,
        older_url=f"{here}?before={found[STEP - 1].number}" if len(found) > STEP else "",
    )


def _entry(version: Version, before: Version | None, newest: int, names: dict[str, str]) -> Entry:
    is_deletion = versions.is_deletion(version)
    is_restorable = version.number != newest and not is_deletion
    return Entry(
        name=f"Version {version.number}",
        tag="Deleted" if is_deletion else "The first" if version.number == 1 else "Now" if version.number == newest else "",
        by=words.person(version.by),
        at=words.moment(version.at),
        fields=[] if is_deletion else _fields(version, before.content if before else {}, names),
        restore_url=reverse("restore_knowledge", args=[version.kind, version.of, version.number]) if is_restorable else "",
    )


def _fields(version: Version, old: dict[str, Any], names: dict[str, str]) -> list[Field]:
    """What differs from the version before; of the first, and of one that came back from deletion, everything, unmarked."""
    fields = []
    for name in versions.FIELDS[version.kind]:
        new = _said(name, version.content[name], names)
        if name not in old:
            fields.append(Field(_label(name), [Change(new, "same")]))
        elif old[name] != version.content[name]:
            fields.append(Field(_label(name), changes(_said(name, old[name], names), new)))
    return fields


def _label(name: str) -> str:
    return LABELS.get(name, words.humanised(name))


def _said(name: str, value: Any, names: dict[str, str]) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return words.language(value) if name == "language" else names.get(value, value) if name == "category" else str(value)
