"""Reading an expression: whether it is CEL, which facts it names and where something is wrong with it."""

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import cel

LONGEST_EXPRESSION = 2000
_STRINGS_AND_COMMENTS = re.compile(
    r"""r?(\"\"\"|''').*?\1|[rR]"[^"\n]*"|[rR]'[^'\n]*'|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|//[^\n]*""", re.DOTALL
)
_BOUND = re.compile(r"\.\s*(?:all|exists|exists_one|map|filter)\s*\(\s*(\w+)\s*,")
_SYNTAX_ERROR = re.compile(r"<input>:(\d+):(\d+): (?:Syntax error: )?([^\n]*)")
_UNEXPECTED = re.compile(r"(?:mismatched|extraneous) input '(.+?)' expecting|token recognition error at: '(.+?)\s*'$|no viable .* '(.+?)'$")
_HINTS = {"and": "Write && for “and”.", "or": "Write || for “or”.", "not": "Write ! for “not”.", "=": "Write == to compare."}
_HINTS |= {"AND": _HINTS["and"], "OR": _HINTS["or"], "NOT": _HINTS["not"], ",": "Write numbers as 1000.50."}


class RuleError(ValueError):
    """The expression cannot be saved; the message tells the admin what is wrong, where, and what can be written instead.

    `line` and `column` count from 1; 0 where it is about the whole.
    """

    def __init__(self, words: str, *, line: int = 0, column: int = 0) -> None:
        super().__init__(words)
        self.line = line
        self.column = column


@lru_cache(maxsize=1024)
def compiled(expression: str) -> "cel.Program":
    """The program of an expression. Raises `RuleError`."""
    # It brings a command line of its own along, half a second in each process that only shows rules.
    import cel

    if not expression.strip():
        raise RuleError("The rule is empty. Write a condition, as in order.total > 500.")
    if len(expression) > LONGEST_EXPRESSION:
        raise RuleError(f"The rule is longer than {LONGEST_EXPRESSION} characters.")
    try:
        return cel.compile(expression)
    except ValueError as error:
        raise _unreadable(str(error)) from error


@lru_cache(maxsize=1024)
def members(expression: str) -> tuple[tuple[str, str, int], ...]:
    """Each use of a fact as (first word, second word, offset); no second word where something else than a plain name follows a dot.

    Read from the code, not by running it: what stands behind a condition that is false today counts too. Raises `RuleError`.
    """
    program, blanked = compiled(expression), code(expression)
    names = set(program.variables()) - bound(expression)
    found = re.finditer(r"(?<![\w.])([^\W\d]\w*)(?!\w)(?!\s*\()(?:\s*\.\s*(\w+)(?!\w)(\s*\()?)?", blanked)
    return tuple((each[1], "" if each[3] else each[2] or "", each.start()) for each in found if each[1] in names)


def facts_used(expression: str) -> tuple[str, ...]:
    """The facts that `expression` names, in order, each once; none if it cannot be read."""
    try:
        return tuple(dict.fromkeys(f"{first}.{second}" if second else first for first, second, _ in members(expression)))
    except RuleError:
        return ()


def bound(expression: str) -> set[str]:
    """The names that the expression gives to members of lists."""
    return set(_BOUND.findall(code(expression)))


def code(expression: str) -> str:
    """The expression with its texts and comments blanked, as long as before."""
    return _STRINGS_AND_COMMENTS.sub(lambda text: "''".ljust(len(text[0])) if len(text[0]) > 1 else text[0], expression)


def place(expression: str, offset: int) -> dict[str, int]:
    """Line and column of an offset, for `RuleError`."""
    before = expression[:offset]
    return {"line": before.count("\n") + 1, "column": offset - (before.rfind("\n") + 1) + 1}


def first_line(error: BaseException) -> str:
    """What an error of CEL says, without the frame of a function of ours that raised it."""
    text = re.sub(r"^Function '(\w+)' error: Python function call failed: \w+: (.*?)\. Check function arguments.*", r"\1: \2", str(error))
    return text.split("\n", maxsplit=1)[0][:300]


def _unreadable(text: str) -> RuleError:
    found = _SYNTAX_ERROR.search(text)
    if not found:
        return RuleError(f"This is not a CEL expression: {text.splitlines()[0][:300]}")
    line, column, said = int(found[1]), int(found[2]), found[3]
    where = f"line {line}, character {column}" if line > 1 else f"character {column}"
    return RuleError(f"This is not a CEL expression. At {where}: {_in_words(said)}", line=line, column=column)


def _in_words(said: str) -> str:
    if "<EOF>'" in said:
        return "a closing bracket is missing." if said.startswith("missing ')'") else "something is missing at the end."
    found = _UNEXPECTED.search(said)
    if not found:
        return said[:200]
    unexpected = next(filter(None, found.groups()))
    return f"“{unexpected}” does not belong there. {_HINTS.get(unexpected, '')}".rstrip()
