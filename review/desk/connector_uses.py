"""What uses a lookup, or all lookups of a connector, so that somebody who deletes it knows what follows."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, QuerySet, Value
from django.urls import reverse

from drafting import facts, rules, setups, versions
from drafting.models import ConnectorTool, Draft, Evidence, Rule, Version
from review.desk import version_history, words

NEWEST = 20_000
"""Lookups of all kinds that are looked through; further back nobody depends on them."""
SHOWN = 20
TEXTS = {
    Version.Kind.GUIDANCE: ("title", "text"),
    Version.Kind.TEMPLATE: ("name", "body"),
    Version.Kind.ARTICLE: ("title", "body"),
    Version.Kind.RULE: ("name", "text"),
}
"""Name and text of what people write, by kind, in the order in which they are listed."""


@dataclass(frozen=True, slots=True)
class Place:
    """Something that names a lookup; `about` says where in it."""

    name: str
    url: str
    about: str


@dataclass(frozen=True, slots=True)
class Uses:
    """Where lookups are used: the setups in use if they pinned them, and the categories whose drafts lately had them as evidence."""

    setups: list[str]
    rules: list[Place]
    texts: list[Place]
    categories: list[str]
    waiting: str


def of(tools: Sequence[ConnectorTool]) -> Uses:
    """Where any of `tools` is used."""
    names = [tool.name for tool in tools]
    lately = Evidence.objects.filter(pk__in=Evidence.objects.order_by("-pk").values("pk")[:NEWEST], tool__in=names)
    waiting = Draft.objects.filter(state=Draft.State.READY, evidence__tool__in=names).distinct().count()
    return Uses(
        setups=[str(setup) for setup in setups.in_use()] if any(tool.is_active and tool.connector.is_active for tool in tools) else [],
        rules=_rules(names),
        texts=_texts(names) if names else [],
        categories=_categories(lately),
        waiting=words.count(waiting, "draft in the queue asked it", "drafts in the queue asked it") if waiting else "",
    )


def _rules(names: Sequence[str]) -> list[Place]:
    """Rules whose condition asks for what one of these lookups finds."""
    groups = {facts.group_of(name) for name in names} - {""}
    found = (
        (rule, [fact for fact in rules.facts_used(rule.expression) if fact.partition(".")[0] in groups]) for rule in Rule.objects.all()
    )
    return [Place(rule.name, reverse("rule", args=[rule.pk]), ", ".join(asked)) for rule, asked in found if asked]


def _texts(names: Sequence[str]) -> list[Place]:
    """Texts that people wrote in which one of these lookups is named."""
    named = rf"\m({'|'.join(map(re.escape, names))})\M"
    found = [_that_name(named, kind, place) for place, kind in enumerate(TEXTS)]
    rows = found[0].union(*found[1:], all=True).order_by("place", "pk")
    kinds = list(TEXTS)
    return [Place(title, version_history.address(kinds[place], pk), kinds[place].label) for place, pk, title in rows]


def _that_name(named: str, kind: Version.Kind, place: int) -> QuerySet[Any, Any]:
    title, text = TEXTS[kind]
    things = versions.MODELS[kind]._default_manager.filter(**{f"{text}__regex": named}).annotate(place=Value(place), title_of=F(title))
    return things.order_by("pk").values_list("place", "pk", "title_of")[:SHOWN]


def _categories(lately: QuerySet[Evidence]) -> list[str]:
    """The categories of the drafts that had such evidence, each with how often, most first."""
    counted = lately.values("draft__category__name").annotate(number=Count("pk")).order_by("-number", "draft__category__name")
    return [f"{row['draft__category__name'] or 'No category'} ({row['number']:,})" for row in counted]
