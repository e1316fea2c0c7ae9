"""The company's rules, applied to one mail."""

from collections.abc import Iterable

from drafting.fact_values import Facts
from drafting.models import Category, Rule
from drafting.rules import RuleOutcome, RuleSpec, applies, evaluate


def active(*, category: Category) -> list[RuleSpec]:
    """The rules that are about mails of `category`."""
    rules = Rule.objects.filter(is_active=True).order_by("name").prefetch_related("categories")
    scoped = ((rule, [each.slug for each in rule.categories.all()]) for rule in rules)
    return [RuleSpec(rule.name, rule.expression, rule.effect, rule.text) for rule, slugs in scoped if applies(slugs, category.slug)]


def outcomes(rules: list[RuleSpec], facts: Iterable[Facts]) -> list[RuleOutcome]:
    """How each rule came out; where there are several sets of facts, as it did for the first that it holds for."""
    by_rule = zip(*(evaluate(rules=rules, facts=each) for each in facts), strict=True)
    return [next((each for each in same if each.holds), same[0]) for same in by_rule]


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
