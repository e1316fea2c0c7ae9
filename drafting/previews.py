"""Previews: what an unsaved change of the rules would have changed in past drafts, from the facts that were kept with them.

Only rules are evaluated again. What the model would have written with other instructions is not known; a replay shows that.
"""

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet

from drafting import fact_values, rulebook
from drafting.fact_values import Facts
from drafting.facts import ALWAYS, FACTS
from drafting.gate import CHECKS, GateSubject
from drafting.models import CheckResult, Draft, Rule
from drafting.rulebook import Rulebook
from drafting.rules import RuleOutcome, RuleSpec, applies, facts_used

NEWEST = 1000
SECONDS = 20.0
BATCH = 100
RULES = "rules_hold"
WORDING = {"no_promises", "links_allowed"}
"""Checks that a text which a rule wants said may decide too: it is a wording that the company allows."""
STATES = (Draft.State.READY, Draft.State.HANDED_OVER, Draft.State.DECIDED)


class Kind(StrEnum):
    """What would have become of a past draft, in words that follow a number."""

    HANDED_OVER = "handed over before anything is written"
    WRITTEN = "no longer handed over by a rule"
    BLOCKED = "newly blocked"
    FREED = "no longer blocked"
    OTHERWISE = "blocked for another reason"
    TOLD = "with other instructions to the model"


class Eligibility(StrEnum):
    """Whether all checks would have passed, compared with the rules as they are."""

    SAME = ""
    GAINED = "would have become eligible"
    LOST = "would not have been eligible"
    OPEN = "may have become eligible or not: the rule also says which wording is allowed"


@dataclass(frozen=True, slots=True)
class Changed:
    """A past draft with another outcome. `was` and `would_be` say what the rules say of it, each a list of sentences."""

    draft_id: int
    conversation_id: int
    subject: str
    category: str
    at: datetime
    kind: Kind
    was: list[str]
    would_be: list[str]
    eligibility: Eligibility = Eligibility.SAME


@dataclass
class Preview:
    """What a change would have changed. `looked_at` counts the drafts that were compared; newest first."""

    looked_at: int = 0
    without_facts: int = 0
    """Written before facts were kept, or before those that the changed rule names."""
    is_complete: bool = True
    seconds: float = 0.0
    changed: list[Changed] = field(default_factory=list)
    rules: list[dict[str, Any]] = field(default_factory=list)
    """All rules as they would be, as a replay takes them."""

    @property
    def kinds(self) -> dict[Kind, int]:
        """How many of each kind, those that matter most first."""
        counted = Counter(each.kind for each in self.changed)
        return {kind: counted[kind] for kind in Kind if counted[kind]}

    @property
    def eligibilities(self) -> dict[Eligibility, int]:
        """How many would have become eligible, or not."""
        counted = Counter(each.eligibility for each in self.changed)
        return {each: counted[each] for each in Eligibility if each and counted[each]}


@dataclass(frozen=True)
class _Said:
    """What all rules together say of one draft."""

    hand_over: str
    told: list[str]
    blocked: str
    allowed: list[str]


def preview(
    *,
    before: Rulebook,
    after: Rulebook,
    category: str = "",
    newest: int = NEWEST,
    seconds: float = SECONDS,
    among: QuerySet[Draft] | None = None,
) -> Preview:
    """How the `newest` drafts (of the category with this slug) would differ with `after` in place of `before`. Stops after `seconds`.

    `among` are the drafts to look at, all unless said otherwise.
    """
    started = time.monotonic()
    result = Preview(rules=rulebook.dump(after))
    rows: list[tuple[Draft, _Said, _Said]] = []
    for draft in _past(Draft.objects.all() if among is None else among, category, newest).iterator(chunk_size=BATCH):
        if time.monotonic() - started > seconds:
            result.is_complete = False
            break
        sets = _sets(draft, _different(before, after))
        if sets is None:
            result.without_facts += 1
            continue
        result.looked_at += 1
        if _differs(draft, sets, before, after):
            rows.append((draft, _said(draft, sets, before), _said(draft, sets, after)))
        draft.facts = {}  # thousands of them would fill the memory of a web process
    result.changed = _changed(rows)
    result.seconds = time.monotonic() - started
    return result


def _past(among: QuerySet[Draft], category: str, newest: int) -> QuerySet[Draft]:
    drafts = among.filter(state__in=STATES, category__isnull=False).select_related("category", "message")
    if category:
        drafts = drafts.filter(category__slug=category)
    return drafts.only(
        "facts", "body", "language", "created_at", "conversation", "category__slug", "category__name", "message__subject"
    ).order_by("-pk")[:newest]


def _different(before: Rulebook, after: Rulebook) -> set[tuple[RuleSpec, tuple[str, ...]]]:
    return set(before.rules) ^ set(after.rules)


def _sets(draft: Draft, different: Iterable[tuple[RuleSpec, tuple[str, ...]]]) -> tuple[list[Facts], list[Facts]] | None:
    """The recorded facts; None if one is not recorded that every mail has and a changed rule names: it did not exist then."""
    before, after = fact_values.again(draft.facts)
    if not before:
        return None
    known = after[0] if after else before[0]
    names = {name for rule, _ in different for name in facts_used(rule.expression) if name in FACTS and name.split(".")[0] in ALWAYS}
    needed = {name for name in names if after or not name.startswith("draft.")}
    return (before, after) if needed <= known.keys() else None


def _differs(draft: Draft, sets: tuple[list[Facts], list[Facts]], before: Rulebook, after: Rulebook) -> bool:
    """Whether the rules that changed come out otherwise; only then all others need to be looked at."""
    old, new = (_changing(book, other, _slug(draft)) for book, other in ((before, after), (after, before)))
    return any(_effects(rulebook.outcomes(old, each)) != _effects(rulebook.outcomes(new, each)) for each in sets)


def _changing(book: Rulebook, other: Rulebook, category: str) -> list[RuleSpec]:
    return [rule for rule, slugs in book.rules if (rule, slugs) not in other.rules and applies(slugs, category)]


def _effects(results: Sequence[RuleOutcome]) -> set[tuple[str, str]]:
    return {(each.effect, each.words if each.effect in _SAYS_WHY else each.rule.text) for each in results if each.holds}


_rules_hold = next(check for check in CHECKS if check.__name__ == RULES)
_SAYS_WHY = (Rule.Effect.NEEDS_PERSON, Rule.Effect.HAND_OVER)


def _said(draft: Draft, sets: tuple[list[Facts], list[Facts]], book: Rulebook) -> _Said:
    rules = [rule for rule, slugs in book.rules if applies(slugs, _slug(draft))]
    first, second = (rulebook.outcomes(rules, each) for each in sets)
    check = _rules_hold(GateSubject(body=draft.body, rule_outcomes=tuple(second)))
    return _Said(
        hand_over=rulebook.hand_over_words(first),
        told=rulebook.instructions(first),
        blocked="" if check.passed or not draft.body else check.reason,
        allowed=[each.rule.text for each in second if each.holds and each.effect == Rule.Effect.MUST_SAY],
    )


def _slug(draft: Draft) -> str:
    assert draft.category is not None
    return draft.category.slug


def _changed(rows: Sequence[tuple[Draft, _Said, _Said]]) -> list[Changed]:
    others = _other_checks([draft.pk for draft, _, _ in rows])
    return [
        Changed(
            draft_id=draft.pk,
            conversation_id=draft.conversation_id,
            subject=draft.message.subject,
            category=draft.category.name if draft.category else "",
            at=draft.created_at,
            kind=kind,
            was=_words(kind, old),
            would_be=_words(kind, new),
            eligibility=_eligibility(old, new, failed=others.get(draft.pk)),
        )
        for draft, old, new in rows
        if (kind := _kind(old, new))
    ]


def _kind(old: _Said, new: _Said) -> Kind | None:
    """The change that matters most; none if what differs changes nothing for this draft."""
    if bool(old.hand_over) != bool(new.hand_over):
        return Kind.HANDED_OVER if new.hand_over else Kind.WRITTEN
    if bool(old.blocked) != bool(new.blocked):
        return Kind.BLOCKED if new.blocked else Kind.FREED
    if not new.hand_over and sorted(old.told) != sorted(new.told):
        return Kind.TOLD
    return Kind.OTHERWISE if (old.hand_over, old.blocked) != (new.hand_over, new.blocked) else None


def _words(kind: Kind, said: _Said) -> list[str]:
    if kind is Kind.TOLD:
        return said.told
    return [words for words in (said.hand_over, said.blocked) if words][:1]


def _eligibility(old: _Said, new: _Said, *, failed: set[str] | None) -> Eligibility:
    """With the other checks as they were: those that `failed`, None where there were none."""
    held = [not (said.hand_over or said.blocked) for said in (old, new)]
    if failed is None or failed - WORDING or not any(held):
        return Eligibility.SAME
    if sorted(old.allowed) != sorted(new.allowed):
        return Eligibility.OPEN
    if failed or held[0] == held[1]:
        return Eligibility.SAME
    return Eligibility.GAINED if held[1] else Eligibility.LOST


def _other_checks(drafts: Sequence[int]) -> dict[int, set[str]]:
    """Which checks but that of the rules failed, by draft; drafts without checks are left out."""
    failed: dict[int, set[str]] = {}
    for draft_id, code, passed in CheckResult.objects.filter(draft_id__in=drafts).values_list("draft_id", "code", "passed"):
        failed.setdefault(draft_id, set()).update([] if passed or code == RULES else [code])
    return failed
