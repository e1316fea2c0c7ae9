"""Whether a rule can be saved."""

import re
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from drafting.facts import FACTS, Fact, Type
from drafting.rules.evaluation import run
from drafting.rules.expressions import RuleError, bound, code, compiled, facts_used, first_line, members, place
from drafting.rules.functions import FUNCTIONS

if TYPE_CHECKING:
    import cel

_FACT_FIRST = re.compile(r"(?<![\w.])(?P<fact>\w+(?:\.\w+)?)\s*[=!]=\s*(?P<literal>''|-?[0-9][0-9.]*|true\b|false\b)")
_FACT_LAST = re.compile(r"(?<![\w.])(?P<literal>''|-?[0-9][0-9.]*|true|false)\s*[=!]=\s*(?P<fact>[a-z]\w*(?:\.\w+)?)(?![\w.(\[])")
_DATE_LAST = re.compile(r"""(?<![\w.])(?P<fact>\w+(?:\.\w+)?)\s*(?:[=!]=|[<>]=?)\s*(?P<quote>["'])(?P<text>.*?)(?P=quote)""")
_DATE_FIRST = re.compile(r"""(?P<quote>["'])(?P<text>[^"']*)(?P=quote)\s*(?:[=!]=|[<>]=?)\s*(?P<fact>[a-z]\w*(?:\.\w+)?)(?![\w.(\[])""")
_NUMBER = "-0123456789"
_LITERALS = {Type.TEXT: "'", Type.DATE: "'", Type.YES_NO: "tf", Type.WHOLE: _NUMBER, Type.DECIMAL: _NUMBER}
_CONTRARIES: dict[Type, Any] = {
    Type.TEXT: "",
    Type.DATE: "2000-01-01",
    Type.DECIMAL: 0.0,
    Type.WHOLE: 0,
    Type.YES_NO: False,
    Type.TEXTS: [],
    Type.DECIMALS: [],
    Type.AMOUNTS: {},
}


def validate(expression: str, *, facts: Mapping[str, Fact] = FACTS) -> None:
    """Raises `RuleError` unless `expression` compiles, names known facts and functions only, and is true or false.

    `facts` are those of `facts.catalogue()`; without the connectors' if nothing is said.
    """
    program = compiled(expression)
    _check_facts(expression, facts)
    _check_equalities(expression, facts)
    _check_dates(expression, facts)
    _check_functions(program)
    _try(expression, facts, {name: fact.example for name, fact in facts.items()}, is_example=True)
    _try(expression, facts, {name: _CONTRARIES[fact.type] for name, fact in facts.items()}, is_example=False)


def _try(expression: str, facts: Mapping[str, Fact], values: Mapping[str, Any], *, is_example: bool) -> None:
    try:
        result = run(expression, values)
    except (ArithmeticError, LookupError, ValueError) as error:
        if is_example:
            raise RuleError(f"With the example facts the rule fails: {first_line(error)}") from error
    except (RuntimeError, TypeError) as error:
        raise RuleError(_mixed(expression, facts, first_line(error))) from error
    else:
        if not isinstance(result, bool):
            raise RuleError(f"A rule must be true or false, this one gives {result!r}. Compare it with something, as in order.total > 500.")


def _mixed(expression: str, facts: Mapping[str, Fact], said: str) -> str:
    """What to tell of kinds that do not go together; CEL itself tells programmers how to convert them."""
    if not said.startswith("No such overload"):
        return f"The rule mixes kinds that do not go together: {said}"
    kinds = ", ".join(f"{name} is {facts[name].type.value}" for name in facts_used(expression) if name in facts)
    about = f" ({kinds})" if kinds else ""
    return f"The rule mixes kinds that do not go together{about}. Compare like with like: numbers bare, texts and dates in quotes."


def _check_facts(expression: str, facts: Mapping[str, Fact]) -> None:
    groups = {name.partition(".")[0]: "." in name for name in facts}
    if taken := bound(expression) & groups.keys():
        raise RuleError(f"“{', '.join(taken)}” is the name of facts and cannot be given to something else.")
    for first, second, offset in members(expression):
        where = place(expression, offset)
        if first not in groups:
            raise RuleError(f"There is no fact “{first}”. {_known(facts)}", **where)
        if groups[first] and f"{first}.{second}" not in facts:
            raise RuleError(f"There is no fact “{first}.{second}”. {_known(facts, first)}", **where)


def _check_equalities(expression: str, facts: Mapping[str, Fact]) -> None:
    """CEL calls values of different kinds unequal without complaint: a restriction with such a slip would never hold."""
    for pattern in (_FACT_FIRST, _FACT_LAST):
        for match in pattern.finditer(code(expression)):
            fact = facts.get(match["fact"])
            if fact and match["literal"][0] not in _LITERALS.get(fact.type, ""):
                kind = fact.type.value if fact.type is Type.AMOUNTS else f"a {fact.type.value}"
                words = f"“{match['fact']}” is {kind}, so {' '.join(match[0].split())} never holds or always does."
                raise RuleError(words, **place(expression, match.start()))


def _check_dates(expression: str, facts: Mapping[str, Fact]) -> None:
    """Dates compare as texts, so one in another spelling would compare wrongly and never complain."""
    for pattern in (_DATE_LAST, _DATE_FIRST):
        for match in pattern.finditer(expression):
            fact = facts.get(match["fact"])
            if fact and fact.type is Type.DATE and not _is_date(match["text"]):
                words = f"“{match['fact']}” is a date; write “{match['text'][:40]}” as 2026-01-31."
                raise RuleError(words, **place(expression, match.start()))


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _check_functions(program: "cel.Program") -> None:
    for name in program.functions():
        if name.isidentifier() and not name.startswith("_") and not name.endswith("_") and name not in FUNCTIONS:
            raise RuleError(f"There is no function “{name}”. There are: {', '.join(sorted(FUNCTIONS))}.")


def _known(facts: Mapping[str, Fact], group: str = "") -> str:
    return f"There are: {', '.join(name for name in facts if not group or name.startswith(f'{group}.'))}."
