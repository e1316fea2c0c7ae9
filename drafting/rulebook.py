"""The company's categories, rules and guidance at one moment, and its rules applied to one mail."""

from collections.abc import Iterable
from dataclasses import dataclass

from drafting.fact_values import Facts
from drafting.models import Category, Guidance, Rule
from drafting.rules import RuleOutcome, RuleSpec, applies, evaluate


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
    """The rulebook as it is now."""
    rules = Rule.objects.filter(is_active=True).order_by("name").prefetch_related("categories")
    return Rulebook(
        categories=tuple(Category.objects.filter(is_active=True)),
        rules=tuple(
            (RuleSpec(each.name, each.expression, each.effect, each.text), tuple(sorted(one.slug for one in each.categories.all())))
            for each in rules
        ),
        guidance=tuple(Guidance.objects.filter(is_active=True).order_by("pk")),
    )


def outcomes(rules: list[RuleSpec], facts: Iterable[Facts]) -> list[RuleOutcome]:
    """How each rule came out. Where several sets of facts make it hold with different effects, each effect counts."""
    by_rule = zip(*(evaluate(rules=rules, facts=each) for each in facts), strict=True)
    return [each for same in by_rule for each in _that_count(same)]


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


def _that_count(same: tuple[RuleOutcome, ...]) -> list[RuleOutcome]:
    """Of one rule's outcomes, the first of each effect that holds; else the first, which says that it does not."""
    holding = {each.effect: each for each in reversed(same) if each.holds}
    return list(holding.values()) or [same[0]]
