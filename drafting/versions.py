"""The versions of articles, templates, rules and guidance. Whoever saves one of them calls `keep`; nothing is ever taken away.

Only this module writes Version rows. It takes what the database holds, with the rows locked, so of two people who save at once each
leaves a version and the numbers have no gap.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import OuterRef, QuerySet, Subquery

from drafting.errors import Refused
from drafting.models import Article, Category, Guidance, ReplyTemplate, Rule, Version

Thing = Article | ReplyTemplate | Rule | Guidance
MODELS: dict[str, type[Thing]] = {
    Version.Kind.ARTICLE: Article,
    Version.Kind.TEMPLATE: ReplyTemplate,
    Version.Kind.RULE: Rule,
    Version.Kind.GUIDANCE: Guidance,
}
FIELDS: dict[str, tuple[str, ...]] = {
    Version.Kind.ARTICLE: ("slug", "language", "title", "body", "is_active"),
    Version.Kind.TEMPLATE: ("category", "name", "language", "body", "is_active"),
    Version.Kind.RULE: ("name", "expression", "effect", "text", "categories", "is_active"),
    Version.Kind.GUIDANCE: ("title", "text", "is_active"),
}
"""What a version keeps. Categories are kept by their slugs."""
DELETED = {"is_deleted": True}


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
    newest = _newest(kind, contents)
    changed = {pk: content for pk, content in contents.items() if pk not in newest or newest[pk].content != content}
    newest |= {version.of: version for version in _add(kind, changed, newest, by)}
    return [newest[thing.pk] for thing in things]


@transaction.atomic
def switch(*, thing: Thing, is_active: bool, by: User | None) -> Thing:
    """Let the assistant use `thing`, or no longer."""
    thing.is_active = is_active
    thing.save(update_fields=["is_active"])
    keep(thing=thing, by=by)
    return thing


@transaction.atomic
def delete(*, thing: Thing, by: User | None) -> None:
    """Delete `thing` and keep its versions, with one more that says so."""
    last = keep(thing=thing, by=by)
    Version.objects.create(kind=last.kind, of=last.of, number=last.number + 1, content=DELETED, by=by)
    thing.delete()


def of(thing: Thing) -> list[Version]:
    """The versions of `thing` with who saved them, newest first."""
    return list(history(kind=kind_of(thing), of=thing.pk))


def history(*, kind: str, of: int) -> QuerySet[Version]:
    """As `of`, also for what was deleted."""
    return Version.objects.filter(kind=kind, of=of).select_related("by").order_by("-number")


@transaction.atomic
def restore(*, version: Version, by: User | None) -> Thing:
    """Save what `version` holds as it was, which becomes the newest version. What was deleted comes back under its old id.

    Raises Refused, in words, where it can no longer be saved so.
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
    except ValidationError as error:
        raise Refused(f"Version {version.number} cannot be restored. {' '.join(error.messages)}") from error
    except IntegrityError as error:
        raise Refused(f"Version {version.number} cannot be restored: something else has its name by now. Rename that first.") from error
    keep(thing=thing, by=by)
    return thing


def is_deletion(version: Version) -> bool:
    """Whether `version` only says that the thing was deleted."""
    return bool(version.content.get("is_deleted"))


def kind_of(thing: Thing) -> str:
    """Its `Version.Kind`."""
    return next(kind for kind, model in MODELS.items() if isinstance(thing, model))


def newest_number(kind: str) -> Subquery:
    """For annotating rows of that kind: the number of their newest version, null where none was kept."""
    return Subquery(Version.objects.filter(kind=kind, of=OuterRef("pk")).order_by("-number").values("number")[:1])


def _contents(kind: str, pks: Iterable[int]) -> dict[int, dict[str, Any]]:
    """What the database holds, by id; locked until the transaction ends."""
    rows: QuerySet[Any] = MODELS[kind]._default_manager.select_for_update(of=("self",)).filter(pk__in=pks).order_by("pk")
    if kind == Version.Kind.RULE:
        rows = rows.prefetch_related("categories")
    elif kind == Version.Kind.TEMPLATE:
        rows = rows.select_related("category")
    return {row.pk: {name: _value(row, name) for name in FIELDS[kind]} for row in rows}


def _value(row: Any, name: str) -> Any:
    if name == "category":
        return row.category.slug
    return sorted(category.slug for category in row.categories.all()) if name == "categories" else getattr(row, name)


def _newest(kind: str, pks: Iterable[int]) -> dict[int, Version]:
    newest = Version.objects.filter(kind=kind, of__in=list(pks)).order_by("of", "-number").distinct("of")
    return {version.of: version for version in newest}


def _add(kind: str, contents: Mapping[int, Any], newest: Mapping[int, Version], by: User | None) -> list[Version]:
    numbers = {pk: newest[pk].number + 1 if pk in newest else 1 for pk in contents}
    return Version.objects.bulk_create(
        Version(kind=kind, of=pk, number=numbers[pk], content=content, by=by) for pk, content in contents.items()
    )


def _values(version: Version) -> dict[str, Any]:
    values = {name: version.content[name] for name in FIELDS[version.kind] if name != "categories"}
    if "category" in values:
        values["category"] = _categories([values["category"]])[0]
    return values


def _categories(slugs: list[str]) -> list[Category]:
    found = list(Category.objects.filter(slug__in=slugs))
    if missing := sorted(set(slugs) - {category.slug for category in found}):
        raise Refused(f"There is no category {', '.join(missing)} any more. Make it again first.")
    return found


def _validate(thing: Thing) -> None:
    thing.clean_fields()
    if isinstance(thing, Rule):
        from drafting import facts, rules

        try:
            rules.validate(thing.expression, facts=facts.catalogue())
        except rules.RuleError as error:
            raise ValidationError(str(error)) from error
