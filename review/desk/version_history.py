"""The versions of one thing that admins edit, each with who saved it and what it changed."""

import json
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from drafting import versions
from drafting.models import Category, Connector, Rule, Version
from review.desk import words
from review.desk.changes import Change, changes

STEP = 10
LABELS = {
    "slug": "Short name",
    "body": "Text",
    "is_active": "Active",
    "effect": "What follows",
    "expression": "When",
    "about": "What the assistant is told",
    "fields": "What is kept",
    "needs_customer": "Reads one customer's data",
    "pattern": "Looked up in advance",
    "timeout_seconds": "Seconds to wait",
}
LISTS = {
    Version.Kind.ARTICLE: ("Articles", "knowledge"),
    Version.Kind.TEMPLATE: ("Templates", "templates"),
    Version.Kind.GUIDANCE: ("Guidance", "guidance"),
    Version.Kind.RULE: ("Rules", "rules"),
    Version.Kind.CONNECTOR: ("Connectors", "connectors"),
    Version.Kind.LOOKUP: ("Connectors", "connectors"),
    Version.Kind.CATEGORY: ("Categories", "categories"),
}
"""What the list of a kind is called, and the name of its address."""
TITLED = {Version.Kind.ARTICLE: "title", Version.Kind.GUIDANCE: "title"}
"""The field that people know a thing by, where it is not its name."""
CHOICES = {each.value: str(each.label) for each in (*Rule.Effect, *Connector.Kind)}


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
    """Versions, newest first. `title` is what the thing was last called, `url` its page, "" once it is deleted."""

    title: str
    many: str
    list_url: str
    url: str
    entries: list[Entry]
    older_url: str


@dataclass(frozen=True, slots=True)
class Deleted:
    """Something that was deleted and can come back from its versions."""

    name: str
    url: str
    by: str
    at: words.Moment


def page(kind: str, of: int, *, before: int = 0) -> Page | None:
    """The newest versions, or those below the number `before`; None where nothing was ever kept."""
    kept = versions.history(kind=kind, of=of)
    found = list((kept.filter(number__lt=before) if before else kept)[: STEP + 1])
    if not found:
        return None
    newest = kept[0] if before else found[0]
    names = _names(kind)
    here = reverse("versions", args=[kind, of])
    many, list_page = LISTS[Version.Kind(kind)]
    titled = next((one for one in found if not versions.is_deletion(one)), None)
    return Page(
        title=title(titled) if titled else Version.Kind(kind).label,
        many=many,
        list_url=reverse(list_page),
        url="" if versions.is_deletion(newest) else address(kind, of),
        entries=[_entry(one, found[place + 1 : place + 2], newest.number, names) for place, one in enumerate(found[:STEP])],
        older_url=f"{here}?before={found[STEP - 1].number}" if len(found) > STEP else "",
    )


def deleted(*kinds: str) -> list[Deleted]:
    """The twenty things of these kinds that were deleted last."""
    newest: QuerySet[Version] = Version.objects.filter(kind__in=kinds).order_by("kind", "of", "-number").distinct("kind", "of")
    gone = Version.objects.filter(pk__in=newest.values("pk"), content=versions.DELETED).select_related("by").order_by("-at")[:20]
    return [
        Deleted(_last_title(one), reverse("versions", args=[one.kind, one.of]), words.person(one.by), words.moment(one.at)) for one in gone
    ]


def title(version: Version) -> str:
    """What the thing was called."""
    return str(version.content[TITLED.get(Version.Kind(version.kind), "name")])


def address(kind: str, of: int) -> str:
    """The page of the thing."""
    match kind:
        case Version.Kind.RULE:
            return reverse("rule", args=[of])
        case Version.Kind.CONNECTOR:
            return reverse("connector", args=[of])
        case Version.Kind.LOOKUP:
            return reverse("connector_tool", args=[of])
    return reverse("knowledge_thing", args=[kind, of])


def said(name: str, value: Any, names: dict[Any, str]) -> str:
    """A field of a version in words. `names` are those of categories by slug, or of connectors by id."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list):
        return "\n".join(map(_field, value)) if name == "fields" else ", ".join(names.get(each, str(each)) for each in value) or "All"
    if isinstance(value, dict):
        return "\n".join(f"{words.humanised(key)}: {_plain(held)}" for key, held in value.items())
    if name == "secret":
        return f"One is stored (mark {value})" if value else "None"
    if name == "language":
        return words.language(value)
    known = {"effect": CHOICES, "kind": CHOICES, "category": names, "connector": names}.get(name, {})
    return known.get(value, str(value))


def label(name: str) -> str:
    """What a field is called."""
    return LABELS.get(name, words.humanised(name))


def _entry(version: Version, before: list[Version], newest: int, names: dict[Any, str]) -> Entry:
    is_deletion = versions.is_deletion(version)
    is_restorable = version.number != newest and not is_deletion
    return Entry(
        name=f"Version {version.number}",
        tag="Deleted" if is_deletion else "The first" if version.number == 1 else "Now" if version.number == newest else "",
        by=words.person(version.by),
        at=words.moment(version.at),
        fields=[] if is_deletion else _fields(version, before[0].content if before else {}, names),
        restore_url=reverse("restore_version", args=[version.kind, version.of, version.number]) if is_restorable else "",
    )


def _fields(version: Version, old: dict[str, Any], names: dict[Any, str]) -> list[Field]:
    """What differs from the version before; of the first, and of one that came back from deletion, everything, unmarked."""
    fields = []
    for name in versions.FIELDS[version.kind]:
        new = said(name, version.content[name], names)
        if name not in old:
            fields.append(Field(label(name), [Change(new, "same")] if new else []))
        elif old[name] != version.content[name]:
            fields.append(Field(label(name), changes(said(name, old[name], names), new)))
    return [field for field in fields if field.changes]


def _names(kind: str) -> dict[Any, str]:
    if kind == Version.Kind.LOOKUP:
        return dict(Connector.objects.values_list("pk", "name"))
    has_categories = {"category", "categories"} & set(versions.FIELDS[kind])
    return dict(Category.objects.values_list("slug", "name")) if has_categories else {}


def _last_title(deletion: Version) -> str:
    before = versions.history(kind=deletion.kind, of=deletion.of).exclude(content=versions.DELETED).first()
    return title(before) if before else f"{deletion.get_kind_display()} {deletion.of}"


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _field(field: dict[str, Any]) -> str:
    place = field.get("path") or field["name"]
    told = [f"{field['name']}: {str(field['type']).replace('_', ' ')}", f"at {place}" if place != field["name"] else ""]
    return " ".join(filter(None, told)) + (f" – {field['about']}" if field.get("about") else "")
