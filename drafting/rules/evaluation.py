"""How rules come out with the facts of one mail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from drafting.facts import FACTS, Type
from drafting.models import Rule
from drafting.rules.expressions import compiled, facts_used, first_line, members
from drafting.rules.functions import CALLS

_EXECUTION_ERRORS = (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class RuleSpec:
    """A rule as `evaluate` needs it; `effect` is one of `Rule.Effect`."""

    name: str
    expression: str
    effect: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """How a rule came out. `effect` is what follows if it `holds`: a rule that could not be evaluated needs a person, whatever it says."""

    rule: RuleSpec
    effect: str
    holds: bool
    could_evaluate: bool
    words: str


def applies(rule_categories: Sequence[str], category: str) -> bool:
    """Whether a rule with this scope is about `category`; no categories means all."""
    return not rule_categories or category in rule_categories


def evaluate(*, rules: Sequence[RuleSpec], facts: Mapping[str, Any]) -> list[RuleOutcome]:
    """How each rule comes out with `facts`: values by the names of `facts.catalogue()` ("order.total"); None means not known.

    Never raises. A rule whose facts are missing cannot be evaluated: it then holds and needs a person, except one that only tells the model
    something, which then does not hold.
    """
    return [_evaluate(rule, facts) for rule in rules]


def run(expression: str, facts: Mapping[str, Any]) -> Any:
    """The value of an expression. Raises what CEL raises, and `RuleError`."""
    import cel

    return compiled(expression).execute(cel.Context(_variables(expression, facts), CALLS))


def _evaluate(rule: RuleSpec, facts: Mapping[str, Any]) -> RuleOutcome:
    try:
        result = run(rule.expression, facts)
    except _EXECUTION_ERRORS as error:
        return _cannot_evaluate(rule, facts, first_line(error))
    if not isinstance(result, bool):
        return _cannot_evaluate(rule, facts, "it is neither true nor false")
    words = (rule.text or f"The rule “{rule.name}” applies.") if result else f"The rule “{rule.name}” does not apply."
    return RuleOutcome(rule, effect=rule.effect, holds=result, could_evaluate=True, words=words)


def _cannot_evaluate(rule: RuleSpec, facts: Mapping[str, Any], error: str) -> RuleOutcome:
    missing = [name for name in facts_used(rule.expression) if facts.get(name) is None]
    because = f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} not known" if missing else error
    only_tells = rule.effect == Rule.Effect.TELL_MODEL
    consequence = "it is left out" if only_tells else "a person decides"
    return RuleOutcome(
        rule,
        effect=rule.effect if only_tells else Rule.Effect.NEEDS_PERSON.value,
        holds=not only_tells,
        could_evaluate=False,
        words=f"The rule “{rule.name}” could not be checked: {because}, so {consequence}.",
    )


def _variables(expression: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts that the expression names, as CEL takes them: every group is there, what is not known is left out of it."""
    variables: dict[str, Any] = {}
    for first, second, _ in members(expression):
        name = f"{first}.{second}" if second else first
        group = variables.setdefault(first, {}) if second else variables
        if facts.get(name) is not None:
            group[second or first] = _as_cel(name, facts[name])
    return variables


def _as_cel(name: str, value: Any) -> Any:
    """A Decimal loses nothing that a comparison with an amount of money would see: doubles carry 15 digits."""
    if isinstance(value, Decimal) or (name in FACTS and FACTS[name].type is Type.DECIMAL and isinstance(value, int)):
        return float(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _as_cel("", item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_as_cel("", item) for item in value]
    return str(value) if isinstance(value, str) else value
