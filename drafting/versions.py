"""The versions of what admins edit: articles, templates, guidance, categories, rules, connectors and their lookups.

Whoever saves one of them calls `keep`; nothing is ever taken away. Only this module writes Version rows. It takes what the database
holds, with the rows locked, so of two people who save at once each leaves a version and the numbers have no gap.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.crypto import salted_hmac

from drafting.errors import Refused
from drafting.models import Article, Category, Connector, ConnectorTool, Guidance, ReplyTemplate, Rule, Version

Thing = Article | ReplyTemplate | Rule | Guidance | Connector | ConnectorTool | Category
MODELS: dict[str, type[Thing]] = {
    Version.Kind.ARTICLE: Article,
    Version.Kind.TEMPLATE: ReplyTemplate,
    Version.Kind.RULE: Rule,
    Version.Kind.GUIDANCE: Guidance,
    Version.Kind.CONNECTOR: Connector,
    Version.Kind.LOOKUP: ConnectorTool,
    Version.Kind.CATEGORY: Category,
}
FIELDS: dict[str, tuple[str, ...]] = {
    Version.Kind.ARTICLE: ("slug", "language", "title", "body", "is_active"),
    Version.Kind.TEMPLATE: ("category", "name", "language", "body", "is_active"),
    Version.Kind.RULE: ("name", "expression", "effect", "text", "categories", "is_active"),
    Version.Kind.GUIDANCE: ("title", "text", "is_active"),
    Version.Kind.CONNECTOR: ("name", "kind", "address", "secret", "options", "timeout_seconds", "is_active"),
    Version.Kind.LOOKUP: ("connector", "name", "about", "request", "fields", "needs_customer", "pattern", "is_active"),
    Version.Kind.CATEGORY: ("name", "slug", "description", "position", "is_active"),
}
"""What a version keeps. Categories are kept by their slugs, a connector by its id; of a secret only a mark that tells it from others."""
DELETED = {"is_deleted": True}


class SavedMeanwhile(Refused):
    """Somebody else saved or deleted the thing since it was read; look at theirs (`newest`) and save again, or leave it."""

    def __init__(self, newest: Version) -> None:
        super().__init__(f"Somebody else {'deleted' if is_deletion(newest) else 'saved'} this {newest.kind} meanwhile.")
        self.newest = newest


def keep(*, thing: Thing, by: User | None) -> Version:
    """The version of `thing` as it is saved now: a new one, or the last one if nothing changed. Call it once all of it is saved."""
    return keep_all(things=[thing], by=by)[0]


@transaction.atomic
def keep_all(*, things: Sequence[Thing], by: User | None) -> list[Version]:
    """As `keep`, for many things of one kind with a handful of queries. In the order of `things`."""
    if not things:
        return []
    kind = kind_of(things[0])
    contents = _contents(kind, [thing.pk for thing in things])
    last = _newest(kind, contents)
    changed = {pk: content for pk, content in contents.items() if pk not in last or last[pk].content != content}
    last |= {version.of: version for version in _add(kind, changed, last, by)}
    return [last[thing.pk] for thing in things]


@transaction.atomic
def switch(*, thing: Thing, is_active: bool, by: User | None) -> Thing:
    """Let the assistant use `thing`, or no longer."""
    thing.is_active = is_active
    thing.save(update_fields=["is_active"])
    keep(thing=thing, by=by)
    return thing


def check_seen(*, thing: Thing, seen: int) -> None:
    """Raise SavedMeanwhile where another version than number `seen` (0 for none) is the newest by now.

    Call it in the transaction that then saves or deletes. A thing without a version first leaves one of how it was.
    """
    kind = kind_of(thing)
    # The row is locked first: whoever waited here sees the version of whoever was quicker.
    held = MODELS[kind]._default_manager.select_for_update(of=("self",)).filter(pk=thing.pk).first()
    last = newest(kind=kind, of=thing.pk)
    if last and last.number != seen:
        raise SavedMeanwhile(last)
    if held and not last:
        keep(thing=held, by=None)


@transaction.atomic
def delete(*, thing: Thing, by: User | None, seen: int | None = None) -> None:
    """Delete `thing`, a connector with its lookups, and keep all their versions, each with one more that says so.

    With `seen` it raises SavedMeanwhile as `check_seen` does.
    """
    if seen is not None:
        check_seen(thing=thing, seen=seen)
    if isinstance(thing, Connector):
        for tool in thing.tools.all():
            delete(thing=tool, by=by)
    last = keep(thing=thing, by=by)
    Version.objects.create(kind=last.kind, of=last.of, number=last.number + 1, content=DELETED, by=by)
    thing.delete()


def of(thing: Thing) -> list[Version]:
    """The versions of `thing` with who saved them, newest first."""
    return list(history(kind=kind_of(thing), of=thing.pk))


def history(*, kind: str, of: int) -> QuerySet[Version]:
    """As `of`, also for what was deleted."""
    return Version.objects.filter(kind=kind, of=of).select_related("by").order_by("-number")


def restore(*, version: Version, by: User | None) -> Thing:
    """Save what `version` holds as it was, which becomes the newest version. What was deleted comes back under its old id.

    A connector's secret stays as it is now, and is gone where the connector was deleted or led to another server. Raises Refused, in
    words, where it can no longer be saved so.
    """
    if is_deletion(version):
        raise Refused(f"Version {version.number} says that it was deleted. Restore the one before.")
    thing = MODELS[version.kind](pk=version.of, **_values(version))
    try:
        _validate(thing)
        with transaction.atomic():
            thing.save()
            if isinstance(thing, Rule):
                thing.categories.set(_categories(version.content["categories"]))
            keep(thing=thing, by=by)
    except ValidationError as error:
        raise Refused(f"Version {version.number} cannot be restored. {' '.join(error.messages)}") from error
    except IntegrityError as error:
        raise Refused(f"Version {version.number} cannot be restored: something else has its name by now. Rename that first.") from error
    return thing


def newest(*, kind: str, of: int) -> Version | None:
    """The newest version, which says by whom and when it was changed last."""
    return history(kind=kind, of=of).first()


def is_deletion(version: Version) -> bool:
    """Whether `version` only says that the thing was deleted."""
    return bool(version.content.get("is_deleted"))


def kind_of(thing: Thing) -> str:
    """Its `Version.Kind`."""
    return next(kind for kind, model in MODELS.items() if isinstance(thing, model))


def _contents(kind: str, pks: Iterable[int]) -> dict[int, dict[str, Any]]:
    """What the database holds, by id; locked until the transaction ends."""
    rows: QuerySet[Any] = MODELS[kind]._default_manager.select_for_update(of=("self",)).filter(pk__in=pks).order_by("pk")
    if kind == Version.Kind.RULE:
        rows = rows.prefetch_related("categories")
    elif kind == Version.Kind.TEMPLATE:
        rows = rows.select_related("category")
    return {row.pk: {name: _value(row, name) for name in FIELDS[kind]} for row in rows}


def _value(row: Any, name: str) -> Any:
    match name:
        case "category":
            return row.category.slug
        case "categories":
            return sorted(category.slug for category in row.categories.all())
        case "connector":
            return row.connector_id
        case "secret":
            return salted_hmac("drafting.versions.secret", row.secret).hexdigest()[:8] if row.secret else ""
    return getattr(row, name)


def _newest(kind: str, pks: Iterable[int]) -> dict[int, Version]:
    found = Version.objects.filter(kind=kind, of__in=list(pks)).order_by("of", "-number").distinct("of")
    return {version.of: version for version in found}


def _add(kind: str, contents: Mapping[int, Any], last: Mapping[int, Version], by: User | None) -> list[Version]:
    numbers = {pk: last[pk].number + 1 if pk in last else 1 for pk in contents}
    return Version.objects.bulk_create(
        Version(kind=kind, of=pk, number=numbers[pk], content=content, by=by) for pk, content in contents.items()
    )


def _values(version: Version) -> dict[str, Any]:
    values = {name: version.content[name] for name in FIELDS[version.kind] if name != "categories"}
    if "category" in values:
        values["category"] = _categories([values["category"]])[0]
    if "connector" in values:
        values["connector"] = _connector(values["connector"])
    if "secret" in values:
        values["secret"] = _secret(version.of, values["address"])
    return values


def _connector(pk: int) -> Connector:
    if found := Connector.objects.filter(pk=pk).first():
        return found
    last = history(kind=Version.Kind.CONNECTOR, of=pk).exclude(content=DELETED).first()
    raise Refused(f"Its connector {last.content['name'] if last else pk} was deleted. Restore that first.")


def _secret(pk: int, address: str) -> str:
    """The secret that the connector has now, unless `address` leads to another server, which may not learn it."""
    from drafting.connectors import validating

    now = Connector.objects.filter(pk=pk).first()
    return now.secret if now and validating.is_same_server(now.address, address) else ""


def _categories(slugs: list[str]) -> list[Category]:
    found = list(Category.objects.filter(slug__in=slugs))
    if missing := sorted(set(slugs) - {category.slug for category in found}):
        raise Refused(f"There is no category {', '.join(missing)} any more. Make it again first.")
    return found


def _validate(thing: Thing) -> None:
    thing.clean_fields()
    if fault := _fault(thing):
        raise ValidationError(fault)


def _fault(thing: Thing) -> str:
    """What code would find wrong with a rule, a connector or a lookup if somebody typed it now, or ""."""
    from drafting import facts, rules
    from drafting.connectors import validating

    if isinstance(thing, Connector):
        return " ".join(validating.connector_faults(thing).values())
    if isinstance(thing, ConnectorTool):
        return " ".join(validating.tool_faults(thing).values())
    if isinstance(thing, Rule):
        try:
            rules.validate(thing.expression, facts=facts.catalogue())
        except rules.RuleError as error:
            return str(error)
    return ""
