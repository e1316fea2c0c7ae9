"""Menus: what there is to choose from, and which of it is chosen."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a menu."""

    value: str
    name: str
    is_chosen: bool


def entries(pairs: Iterable[tuple[object, str]], chosen: object) -> list[Choice]:
    """Entries from values and names; `chosen` is one value, or a tuple of them."""
    wanted = {str(one) for one in (chosen if isinstance(chosen, tuple) else (chosen,))}
    return [Choice(str(value), name, str(value) in wanted) for value, name in pairs]
