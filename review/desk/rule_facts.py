"""The facts and functions that a rule can use, as the editor lists them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from drafting import facts, rules


@dataclass(frozen=True, slots=True)
class FactRow:
    """A fact or a function that can be used; `insert` is what a click puts into the expression."""

    name: str
    insert: str
    kind: str
    about: str
    example: str


@dataclass(frozen=True, slots=True)
class Group:
    """Facts with the same first word."""

    name: str
    rows: list[FactRow]
    is_open: bool


def groups(known: Mapping[str, facts.Fact], used: Iterable[str] = ()) -> list[Group]:
    """The facts by their first word, and the functions. Those that hold what is `used` are open."""
    open_groups = {name.partition(".")[0] for name in used}
    by_group: dict[str, list[FactRow]] = {}
    for name, fact in known.items():
        row = FactRow(name, name, fact.type.value, fact.description, _example(fact.example))
        by_group.setdefault(name.partition(".")[0] if "." in name else "category and day", []).append(row)
    found = [Group(name, members, name in open_groups) for name, members in by_group.items()]
    functions = [FactRow(each.signature, each.example, "", each.description, each.example) for each in rules.FUNCTIONS.values()]
    return [*found, Group("functions", functions, False)]


def _example(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(map(_example, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_example(key)}: {_example(item)}' for key, item in value.items())}}}"
    return f'"{value}"' if isinstance(value, str) else str(value)
