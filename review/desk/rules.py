"""What the pages of rules show."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.urls import reverse

from drafting import facts, rules, setups, versions
from drafting.models import Rule, Version
from review.desk import words
from review.desk.differing import Piece, differing

TONES = {
    Rule.Effect.NEEDS_PERSON.value: "amber",
    Rule.Effect.HAND_OVER.value: "amber",
    Rule.Effect.MUST_NOT_SAY.value: "red",
    Rule.Effect.MUST_SAY.value: "green",
}
EFFECTS = dict(Rule.Effect.choices)
LABELS = {"name": "Name", "effect": "What follows", "text": "Text", "expression": "When", "categories": "Categories", "is_active": "Active"}


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
    """One field of a version beside what it was before."""

    label: str
    before: list[Piece]
    after: list[Piece]


@dataclass(frozen=True, slots=True)
class Shown:
    """A version with what it changed."""

    number: int
    by: str
    at: words.Moment
    what: str
    fields: list[Field]
    restore_url: str


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


@dataclass(frozen=True, slots=True)
class Differing:
    """That what runs is not what was pinned; `pin_url` is where an admin pins it."""

    setup: str
    parts: str
    pin_url: str


def rows() -> list[Row]:
    """All rules, by name, those that are active first."""
    newest = {each.of: each for each in _newest()}
    found = Rule.objects.order_by("-is_active", "name").prefetch_related("categories")
    return [_row(rule, newest.get(rule.pk)) for rule in found]


def deleted() -> list[tuple[str, str, str, words.Moment]]:
    """Rules that were deleted, newest first: name, address of the versions, by whom, when."""
    gone = sorted((each for each in _newest() if versions.is_deletion(each)), key=lambda each: each.at, reverse=True)
    return [
        (_last_name(each), reverse("rule_versions", args=[each.of]), words.person(each.by), words.moment(each.at)) for each in gone[:20]
    ]


def check(expression: str) -> Check:
    """Whether an expression can be saved, in words."""
    expression = expression.replace("\r\n", "\n").strip()
    known = facts.catalogue()
    try:
        rules.validate(expression, facts=known)
    except rules.RuleError as error:
        return Check(False, str(error), _place(expression, error.line, error.column))
    examples = {name: fact.example for name, fact in known.items()}
    (outcome,) = rules.evaluate(rules=[rules.RuleSpec("", expression, Rule.Effect.NEEDS_PERSON)], facts=examples)
    return Check(True, f"This can be saved. With the example values {'it holds' if outcome.holds else 'it does not hold'}.")


def history(rule_id: int) -> list[Shown]:
    """The versions of a rule, newest first, each with what it changed."""
    kept = list(versions.history(kind=Version.Kind.RULE, of=rule_id))
    before: Sequence[Version | None] = [*kept[1:], None]
    return [_shown(each, old, is_newest=not index) for index, (each, old) in enumerate(zip(kept, before, strict=True))]


def changed_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Field]:
    """What differs between two contents of versions, in the order of the editor."""
    pairs = ((label, _said(name, before), _said(name, after)) for name, label in LABELS.items())
    return [Field(label, *differing(old, new)) for label, old, new in pairs if old != new]


def last_change(rule_id: int) -> tuple[int, str, words.Moment] | None:
    """Number of the newest version, by whom, when."""
    newest = versions.newest(kind=Version.Kind.RULE, of=rule_id)
    return (newest.number, _person(newest.by), words.moment(newest.at)) if newest else None


def meanwhile(*, typed: Mapping[str, Any], newest: Version) -> Meanwhile:
    """What to tell the second of two people; `typed` is what they would have saved, as versions hold it."""
    did = "deleted" if versions.is_deletion(newest) else "saved"
    said = f"{_person(newest.by)} {did} this rule at {words.moment(newest.at).short}, while you were editing. Nothing of yours is lost: "
    if versions.is_deletion(newest):
        return Meanwhile(f"{said}save again to bring the rule back as you have it here.", [])
    return Meanwhile(f"{said}compare, take over what you want, and save again to replace theirs.", changed_fields(newest.content, typed))


def differs() -> Differing | None:
    """Whether what runs differs from a setup in use; none of its drafts is eligible as long as it does.

    Another model (its canaries differ) is not meant: pinning anew does not mend that.
    """
    for setup in setups.in_use():
        parts = [words.humanised(part).lower() for part in setups.differences(setup) if part != "canaries"]
        if parts:
            return Differing(str(setup), words.listed(parts), reverse("setup_repin"))
    return None


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
        changed_by=_person(version.by) if version else "",
        changed_at=words.moment(version.at) if version else None,
    )


def _newest() -> QuerySet[Version]:
    return Version.objects.filter(kind=Version.Kind.RULE).select_related("by").order_by("of", "-number").distinct("of")


def _last_name(deletion: Version) -> str:
    before = Version.objects.filter(kind=deletion.kind, of=deletion.of, number__lt=deletion.number).order_by("-number").first()
    return str(before.content.get("name")) if before else f"Rule {deletion.of}"


def _shown(version: Version, before: Version | None, *, is_newest: bool) -> Shown:
    is_deletion = versions.is_deletion(version)
    old = before.content if before and not versions.is_deletion(before) else {}
    fields = [] if is_deletion else changed_fields(old, version.content)
    what = "Deleted" if is_deletion else "" if old else "Restored" if before else "First version"
    restore = "" if is_deletion or is_newest else reverse("restore_rule", args=[version.of, version.number])
    return Shown(version.number, _person(version.by), words.moment(version.at), what, fields, restore)


def _place(expression: str, line: int, column: int) -> tuple[str, str, str]:
    lines = expression.split("\n")
    if not 0 < line <= len(lines):
        return ("", "", "")
    start, rest = lines[line - 1][: column - 1], lines[line - 1][column - 1 :]
    word = re.match(r"[\w.]+|\S|$", rest)
    length = len(word[0]) if word else 0
    return (start, rest[:length] or " ", rest[length:])


def _person(user: User | None) -> str:
    return words.person(user) if user else "unknown"


def _said(name: str, content: Mapping[str, Any]) -> str:
    value = content.get(name)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(value) or "all"
    return EFFECTS.get(value, value) if value else ""
