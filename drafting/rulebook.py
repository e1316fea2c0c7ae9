"""The company's categories, rules and guidance at one moment, and its rules applied to one mail."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import OuterRef, QuerySet, Value, Window
from django.db.models.functions import JSONObject, RowNumber

from drafting.fact_values import Facts
from drafting.models import Category, Guidance, Rule
from drafting.rules import RuleOutcome, RuleSpec, applies, evaluate, facts_used

CATEGORY_FIELDS = ("id", "slug", "name", "description", "position", "is_active")
GUIDANCE_FIELDS = ("id", "title", "text", "is_active")


@dataclass(frozen=True)
class Rulebook:
    """All that is active. A draft is written and checked by one and the same, whatever an admin saves meanwhile; a setup pins it."""

    categories: tuple[Category, ...] = ()
    rules: tuple[tuple[RuleSpec, tuple[str, ...]], ...] = ()
    """Each with the slugs of its categories; none means all."""
    guidance: tuple[Guidance, ...] = ()

    def about(self, category: Category) -> list[RuleSpec]:
        """The rules that are about mails of `category`."""
        return [rule for rule, slugs in self.rules if applies(slugs, category.slug)]


def read() -> Rulebook:
    """The rulebook as it is now. One query, for every draft reads it."""
    with connection.cursor() as cursor:
        cursor.execute(*_statement())
        rows = [(kind, json.loads(row)) for kind, _, row in cursor.fetchall()]
    return Rulebook(
        categories=tuple(Category(**row) for kind, row in rows if kind == "category"),
        rules=tuple(
            (RuleSpec(row["name"], row["expression"], row["effect"], row["text"]), tuple(row["slugs"]))
            for kind, row in rows
            if kind == "rule"
        ),
        guidance=tuple(Guidance(**row) for kind, row in rows if kind == "guidance"),
    )


@cache
def _statement() -> tuple[str, tuple[Any, ...]]:
    """The query for it with its values. Both are always the same, and Django takes longer to put them together than to ask."""
    slugs = Category.objects.filter(rules=OuterRef("pk")).order_by("slug").values("slug")
    rules = Rule.objects.annotate(slugs=ArraySubquery(slugs))
    parts = [
        _part("category", Category.objects.all(), "position", "slug", fields=CATEGORY_FIELDS),
        _part("rule", rules, "name", fields=("name", "expression", "effect", "text", "slugs")),
        _part("guidance", Guidance.objects.all(), "pk", fields=GUIDANCE_FIELDS),
    ]
    sql, values = parts[0].union(*parts[1:], all=True).order_by("kind", "place").query.sql_with_params()
    return sql, tuple(values)


def _part(kind: str, things: QuerySet[Any], *order: str, fields: Sequence[str]) -> QuerySet[Any, Any]:
    """(kind, place, fields) of what is active, so that it can be read together with other parts."""
    place = Window(RowNumber(), order_by=list(order))
    row = JSONObject(**{field: field for field in fields})
    active: QuerySet[Any, Any] = things.filter(is_active=True).order_by().annotate(kind=Value(kind), place=place, row=row)
    return active.values_list("kind", "place", "row")


def parse(rules: Sequence[Mapping[str, Any]], *, book: Rulebook | None = None) -> Rulebook:
    """`book`, or the one of now, with other rules: a list of {"name", "expression", "effect", "text", "categories": slugs}.

    Raises ValueError with words. What an expression says is not looked at: a rule that cannot be evaluated needs a person.
    """
    return replace(book or read(), rules=tuple(sorted(map(_parsed, rules), key=lambda pair: pair[0].name)))


def dump(book: Rulebook) -> list[dict[str, Any]]:
    """The rules of `book` as JSON, as `parse` takes them."""
    return [asdict(rule) | {"categories": list(slugs)} for rule, slugs in book.rules]


def changed(book: Rulebook, *, without: str, rule: Mapping[str, Any] | None) -> Rulebook:
    """`book` without the rule named so, and with `rule` (as for `parse`) if there is one."""
    others = [each for each in dump(book) if each["name"] != without]
    return parse([*others, *([rule] if rule else [])], book=book)


def outcomes(rules: Sequence[RuleSpec], facts: Iterable[Facts]) -> list[RuleOutcome]:
    """How each rule came out. Where several sets of facts make it hold with different effects, each effect counts."""
    sets = list(facts)
    return [each for rule in rules for each in _that_count([evaluate(rules=[rule], facts=one)[0] for one in _that_differ(rule, sets)])]


def hand_over_words(results: list[RuleOutcome]) -> str:
    """Why a person has to answer, before anything is written; empty if no rule says so."""
    return " ".join(result.words for result in results if result.holds and result.effect == Rule.Effect.HAND_OVER)


def instructions(results: list[RuleOutcome]) -> list[str]:
    """What the rules tell the model, what must and must not be said included: code checks that afterwards."""
    lead = {
        Rule.Effect.TELL_MODEL.value: "",
        Rule.Effect.MUST_SAY.value: "Say, word for word: ",
        Rule.Effect.MUST_NOT_SAY.value: "Do not say: ",
    }
    return [f"{lead[each.effect]}{each.rule.text}" for each in results if each.holds and each.effect in lead]


def _parsed(value: Mapping[str, Any]) -> tuple[RuleSpec, tuple[str, ...]]:
    try:
        rule = RuleSpec(str(value["name"]), str(value["expression"]), str(value["effect"]), str(value.get("text", "")))
        slugs = tuple(sorted(str(slug) for slug in value.get("categories", ())))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"A rule needs name, expression and effect, and may have text and categories (a list); {error!r}.") from error
    if rule.effect not in Rule.Effect.values:
        raise ValueError(f"“{rule.name}” has the effect “{rule.effect}”; there are: {', '.join(Rule.Effect.values)}.")
    return rule, slugs


def _that_differ(rule: RuleSpec, sets: list[Facts]) -> list[Facts]:
    """The sets that differ in what the rule is about. They share their values, so that the same ones need no comparison."""
    names = facts_used(rule.expression)
    return list({tuple(id(each.get(name)) for name in names): each for each in reversed(sets)}.values())[::-1]


def _that_count(same: list[RuleOutcome]) -> list[RuleOutcome]:
    """Of one rule's outcomes, the first of each effect that holds; else the first, which says that it does not."""
    holding = {each.effect: each for each in reversed(same) if each.holds}
    return list(holding.values()) or same[:1]
