"""What the pages of rules show."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from drafting import facts, rules, versions
from drafting.models import Category, Rule, Version
from review.desk import words
from review.desk.changes import Change, beside
from review.desk.version_history import label, said

TONES = {
    Rule.Effect.NEEDS_PERSON.value: "amber",
    Rule.Effect.HAND_OVER.value: "amber",
    Rule.Effect.MUST_NOT_SAY.value: "red",
    Rule.Effect.MUST_SAY.value: "green",
}
EDITED = ("name", "effect", "text", "expression", "categories", "is_active")


@dataclass(frozen=True, slots=True)
class Row:
    """A rule in the list."""

    name: str
    url: str
    expression: str
    effect: str
    tone: str
    scope: str
    is_active: bool
    changed_by: str
    changed_at: words.Moment | None


@dataclass(frozen=True, slots=True)
class Field:
    """One field in two versions, side by side."""

    label: str
    before: list[Change]
    after: list[Change]


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """What somebody else did to the rule that is being edited, and how theirs (before) differs from what was typed (after)."""

    words: str
    fields: list[Field]


@dataclass(frozen=True, slots=True)
class Check:
    """What the editor says of an expression; where it is wrong, the line in three pieces, the middle one is the place."""

    is_fine: bool
    words: str
    line: tuple[str, str, str] = ("", "", "")


def rows() -> list[Row]:
    """All rules, by name, those that are active first."""
    newest = {each.of: each for each in _newest()}
    found = Rule.objects.order_by("-is_active", "name").prefetch_related("categories")
    return [_row(rule, newest.get(rule.pk)) for rule in found]


def check(expression: str, known: Mapping[str, facts.Fact]) -> Check:
    """Whether an expression over the facts that are `known` can be saved, in words."""
    expression = expression.replace("\r\n", "\n").strip()
    try:
        rules.validate(expression, facts=known)
    except rules.RuleError as error:
        return Check(False, str(error), _place(expression, error.line, error.column))
    examples = {name: fact.example for name, fact in known.items()}
    (outcome,) = rules.evaluate(rules=[rules.RuleSpec("", expression, Rule.Effect.NEEDS_PERSON)], facts=examples)
    return Check(True, f"This can be saved. With the example values {'it holds' if outcome.holds else 'it does not hold'}.")


def changed_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Field]:
    """What differs between two contents of versions, in the order of the editor."""
    names = dict(Category.objects.values_list("slug", "name"))
    pairs = ((name, said(name, before[name], names), said(name, after[name], names)) for name in EDITED)
    return [Field(label(name), *beside(old, new)) for name, old, new in pairs if old != new]


def last_change(newest: Version | None) -> tuple[int, str, words.Moment] | None:
    """Number of the newest version, by whom, when."""
    return (newest.number, words.person(newest.by), words.moment(newest.at)) if newest else None


def meanwhile(*, typed: Mapping[str, Any], newest: Version) -> Meanwhile:
    """What to tell the second of two people; `typed` is what they would have saved, as versions hold it."""
    did = "deleted" if versions.is_deletion(newest) else "saved"
    at = words.moment(newest.at).short
    quicker = f"{words.person(newest.by)} {did} this rule at {at}, while you were editing. Nothing of yours is lost: "
    if versions.is_deletion(newest):
        return Meanwhile(f"{quicker}save again to bring the rule back as you have it here.", [])
    return Meanwhile(f"{quicker}compare, take over what you want, and save again to replace theirs.", changed_fields(newest.content, typed))


def _row(rule: Rule, version: Version | None) -> Row:
    scope = [category.name for category in rule.categories.all()]
    return Row(
        name=rule.name,
        url=reverse("rule", args=[rule.pk]),
        expression=rule.expression,
        effect=rule.get_effect_display(),
        tone=TONES.get(rule.effect, "quiet"),
        scope=words.listed(sorted(scope)) if scope else "All categories",
        is_active=rule.is_active,
        changed_by=words.person(version.by) if version else "",
        changed_at=words.moment(version.at) if version else None,
    )


def _newest() -> QuerySet[Version]:
    return Version.objects.filter(kind=Version.Kind.RULE).select_related("by").order_by("of", "-number").distinct("of")


def _place(expression: str, line: int, column: int) -> tuple[str, str, str]:
    lines = expression.split("\n")
    if not 0 < line <= len(lines):
        return ("", "", "")
    start, rest = lines[line - 1][: column - 1], lines[line - 1][column - 1 :]
    word = re.match(r"[\w.]+|\S|$", rest)
    length = len(word[0]) if word else 0
    return (start, rest[:length] or " ", rest[length:])
