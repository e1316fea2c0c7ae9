"""What uses a lookup, or all lookups of a connector, so that somebody who deletes it knows what follows."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.urls import reverse

from drafting import connectors, facts, rules, setups, versions
from drafting.models import ConnectorTool, Draft, Evidence, Rule, Version
from review.desk import version_history, words

NEWEST = 20_000
"""Lookups of all kinds that are looked through; further back nobody depends on them."""
SHOWN = 20
TEXTS = {Version.Kind.GUIDANCE: "text", Version.Kind.TEMPLATE: "body", Version.Kind.ARTICLE: "body", Version.Kind.RULE: "text"}


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
        setups=[str(setup) for setup in setups.in_use()] if set(names) & set(connectors.tools()) else [],
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
    return [
        Place(str(one), version_history.address(kind, one.pk), Version.Kind(kind).label)
        for kind, text in TEXTS.items()
        for one in versions.MODELS[kind]._default_manager.filter(**{f"{text}__regex": named}).order_by("pk")[:SHOWN]
    ]


def _categories(lately: QuerySet[Evidence]) -> list[str]:
    """The categories of the drafts that had such evidence, each with how often, most first."""
    counted = lately.values("draft__category__name").annotate(number=Count("pk")).order_by("-number", "draft__category__name")
    return [f"{row['draft__category__name'] or 'No category'} ({row['number']:,})" for row in counted]
