"""Business rules: CEL expressions over named facts, checked by code. Pure: no database, no network.

Whole and decimal numbers compare with each other (`order.total > 500` and `> 500.0`); to calculate with both, CEL wants one kind
(`order.total * 2.0`).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from drafting.facts import FACTS, GROUPS, Type
from drafting.models import Rule

if TYPE_CHECKING:
    import cel

LONGEST_EXPRESSION = 2000
_FUNCTIONS = frozenset(("size", "contains", "startsWith", "endsWith", "matches", "int", "double", "string", "bool", "min", "max"))
_STRINGS_AND_COMMENTS = re.compile(
    r"""r?(\"\"\"|''').*?\1|[rR]"[^"\n]*"|[rR]'[^'\n]*'|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|//[^\n]*""", re.DOTALL
)
_FACT_FIRST = re.compile(r"(?<![\w.])(?P<fact>\w+(?:\.\w+)?)\s*[=!]=\s*(?P<literal>''|-?[0-9][0-9.]*|true\b|false\b)")
_FACT_LAST = re.compile(r"(?<![\w.])(?P<literal>''|-?[0-9][0-9.]*|true|false)\s*[=!]=\s*(?P<fact>[a-z]\w*(?:\.\w+)?)(?![\w.(\[])")
_LITERALS = {Type.TEXT: "'", Type.YES_NO: "tf", Type.WHOLE: "-0123456789", Type.DECIMAL: "-0123456789", Type.TEXTS: "", Type.DECIMALS: ""}
_BOUND = re.compile(r"\.\s*(?:all|exists|exists_one|map|filter)\s*\(\s*(\w+)\s*,")
_EXECUTION_ERRORS = (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError)


class RuleError(ValueError):
    """The expression cannot be saved; the message tells the admin what is wrong and what can be written instead."""


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


def validate(expression: str) -> None:
    """Raises `RuleError` unless `expression` compiles, names known facts and functions only, and is true or false."""
    program = _compile(expression)
    _check_names(program, expression)
    examples = {name: fact.example for name, fact in FACTS.items()}
    contraries = {name: _CONTRARIES[fact.type] for name, fact in FACTS.items()}
    for facts, is_example in ((examples, True), (contraries, False)):
        try:
            result = program.execute(_nested(facts))
        except (ArithmeticError, LookupError, ValueError) as error:
            if is_example:
                raise RuleError(f"With the example facts the rule fails: {_first_line(error)}") from error
        except (RuntimeError, TypeError) as error:
            raise RuleError(f"The rule mixes kinds that do not go together: {_first_line(error)}") from error
        else:
            if not isinstance(result, bool):
                raise RuleError(
                    f"A rule must be true or false, this one gives {result!r}. Compare it with something, as in order.total > 500."
                )


def evaluate(*, rules: Sequence[RuleSpec], facts: Mapping[str, Any]) -> list[RuleOutcome]:
    """How each rule comes out with `facts`: values by the names of `FACTS` ("order.total") or nested by group; None means not known.

    Never raises. A rule whose facts are missing cannot be evaluated: it then holds and needs a person, except one that only tells the model
    something, which then does not hold.
    """
    known = _nested(facts)
    return [_evaluate(rule, known) for rule in rules]


def facts_used(expression: str) -> list[str]:
    """The facts that `expression` names, in order, each once."""
    return list(dict.fromkeys(".".join(filter(None, pair)) for pair in _members(expression)))


def _evaluate(rule: RuleSpec, known: Mapping[str, Any]) -> RuleOutcome:
    try:
        result = _compile(rule.expression).execute(dict(known))
    except _EXECUTION_ERRORS as error:
        return _cannot_evaluate(rule, known, _first_line(error))
    if not isinstance(result, bool):
        return _cannot_evaluate(rule, known, "it is neither true nor false")
    words = (rule.text or f"The rule “{rule.name}” applies.") if result else f"The rule “{rule.name}” does not apply."
    return RuleOutcome(rule, effect=rule.effect, holds=result, could_evaluate=True, words=words)


def _cannot_evaluate(rule: RuleSpec, known: Mapping[str, Any], error: str) -> RuleOutcome:
    missing = [name for name in facts_used(rule.expression) if not _is_known(name, known)]
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


@lru_cache(maxsize=1024)
def _compile(expression: str) -> "cel.Program":
    # It brings a command line of its own along, half a second in each process that only shows rules.
    import cel

    if not expression.strip():
        raise RuleError("The rule is empty. Write a condition, as in order.total > 500.")
    if len(expression) > LONGEST_EXPRESSION:
        raise RuleError(f"The rule is longer than {LONGEST_EXPRESSION} characters.")
    try:
        return cel.compile(expression)
    except ValueError as error:
        raise RuleError(f"This is not a CEL expression: {_first_line(error)}") from error


def _check_names(program: "cel.Program", expression: str) -> None:
    """By reading, not by running: what stands behind a condition that is false today must be known too."""
    code = _STRINGS_AND_COMMENTS.sub(" '' ", expression)
    bound = set(_BOUND.findall(code))
    for name in program.variables():
        if name not in GROUPS and name not in bound:
            raise RuleError(f"There is no fact “{name}”. {_known_facts()}")
    if bound & GROUPS.keys():
        raise RuleError(f"“{', '.join(bound & GROUPS.keys())}” is the name of facts and cannot be given to something else.")
    for group, member in _members(expression):
        if GROUPS[group] and (not member or f"{group}.{member}" not in FACTS):
            raise RuleError(f"There is no fact “{group}.{member}”. {_known_facts(group)}")
    _check_equalities(code)
    for name in program.functions():
        if name.isidentifier() and not name.startswith("_") and not name.endswith("_") and name not in _FUNCTIONS:
            raise RuleError(f"There is no function “{name}”. There are: {', '.join(sorted(_FUNCTIONS | {'has', 'exists', 'all'}))}.")


def _check_equalities(code: str) -> None:
    """CEL calls values of different kinds unequal without complaint: a restriction with such a slip would never hold."""
    for pattern in (_FACT_FIRST, _FACT_LAST):
        for match in pattern.finditer(code):
            fact = FACTS.get(match["fact"])
            if fact and match["literal"][0] not in _LITERALS[fact.type]:
                raise RuleError(f"“{match['fact']}” is a {fact.type.value}, so {' '.join(match[0].split())} never holds or always does.")


def _members(expression: str) -> Iterator[tuple[str, str]]:
    """Each use of a fact as (group, member); no member where something else than a plain name follows."""
    code = _STRINGS_AND_COMMENTS.sub(" '' ", expression)
    for match in re.finditer(rf"(?<![\w.])({'|'.join(GROUPS)})(?!\w)(?:\s*\.\s*(\w+))?", code):
        yield match[1], (match[2] or "") if GROUPS[match[1]] else ""


def _known_facts(group: str = "") -> str:
    return f"There are: {', '.join(name for name in FACTS if not group or name.startswith(f'{group}.'))}."


def _first_line(error: BaseException) -> str:
    return str(error).split("\n", maxsplit=1)[0][:300]


_CONTRARIES: dict[Type, Any] = {
    Type.TEXT: "",
    Type.DECIMAL: 0.0,
    Type.WHOLE: 0,
    Type.YES_NO: False,
    Type.TEXTS: [],
    Type.DECIMALS: [],
}


def _is_known(name: str, known: Mapping[str, Any]) -> bool:
    group, _, member = name.partition(".")
    return member in known.get(group, {}) if member else group in known


def _nested(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as CEL takes them: every group is there, what is not known is left out of it, numbers have their kind."""
    nested: dict[str, Any] = {group: {} for group, members in GROUPS.items() if members}
    for name, value in facts.items():
        group, _, member = name.partition(".")
        if isinstance(value, Mapping) and not member:
            nested.setdefault(group, {}).update(_nested({f"{group}.{key}": item for key, item in value.items()}).get(group, {}))
        elif value is not None and member:
            nested.setdefault(group, {})[member] = _as_cel(name, value)
        elif value is not None:
            nested[name] = _as_cel(name, value)
    return nested


def _as_cel(name: str, value: Any) -> Any:
    """A Decimal loses nothing that a comparison with an amount of money would see: doubles carry 15 digits."""
    if isinstance(value, Decimal) or (name in FACTS and FACTS[name].type is Type.DECIMAL and isinstance(value, int)):
        return float(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        return [_as_cel("", item) for item in value]
    return str(value) if isinstance(value, str) else value
