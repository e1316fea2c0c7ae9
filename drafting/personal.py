"""What is known to be one customer's: names, street addresses, and what their codes are called. What masking has to be told."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from drafting import masking, signing

_NAMED = re.compile(
    r"(?:^|_)(?:contact|customer|holder|insured|recipient|person|firstname|lastname|surname|fullname|(?:first|last|full)_name)(?:_name)?$"
)
_PLACED = re.compile(r"(?:^|_)(?:address|street|city|town|postcode|zip|postal_code)$")
_CODED = re.compile(r"(?:^|_)(?:number|no|id|reference)$")
_TWO_NAMES = re.compile(r"([^\W\d_]{2,})[._]([^\W\d_]{2,})@")

_NOBODYS = {"articles", "templates", "calculate", "dates"}
"""Lookups that return nothing of a customer's."""


@dataclass(frozen=True, slots=True)
class Personal:
    """Of one mail and its draft. `ids` pairs each code with what it is called ("order number")."""

    names: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()
    ids: tuple[tuple[str, str], ...] = ()

    def mask(self, text: str, *, language: str = "") -> str:
        """`text` without any of it."""
        return masking.mask(text, names=sorted(self.names), addresses=sorted(self.addresses), ids=dict(self.ids), language=language)

    def mask_all(self, value: Any, *, language: str = "") -> Any:
        """A JSON value with every text in it masked; a long whole number too. Which version of an article it was tells nothing."""
        if isinstance(value, Mapping):
            return {key: item if key == "version" else self.mask_all(item, language=language) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.mask_all(item, language=language) for item in value]
        is_code = isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**4
        return self.mask(str(value), language=language) if is_code or isinstance(value, str) else value


def gather(*, names: Iterable[str], sender: str, answers: Iterable[tuple[str, Any]], texts: Iterable[str] = ()) -> Personal:
    """From the names on a mail and in the tables, the address that it came from, what lookups returned as (tool, answer), and who is
    greeted and signs in the `texts` themselves.
    """
    people, places, codes = set(names), set[str](), dict[str, str]()
    people.update(name for text in texts for name in signing.names(text))
    if match := _TWO_NAMES.match(sender):
        people.add(f"{match[1]} {match[2]}")
    for tool, answer in answers:
        for key, value in _leaves(answer) if tool not in _NOBODYS else ():
            if _is_name(key, tool=tool):
                people.add(value)
            elif _PLACED.search(key) and "@" not in value:
                places.add(value)
            elif label := _label(key, tool=tool):
                codes.setdefault(value, label)
    return Personal(frozenset(filter(str.strip, people)), frozenset(places), tuple(codes.items()))


def _leaves(value: Any, *, key: str = "") -> Iterable[tuple[str, str]]:
    """Every text and whole number of an answer with the name that it goes by."""
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield from _leaves(item, key=str(name).lower())
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _leaves(item, key=key)
    elif (isinstance(value, str) and value.strip()) or (isinstance(value, int) and not isinstance(value, bool)):
        yield key, str(value).strip()


def _is_name(key: str, *, tool: str) -> bool:
    return bool(_NAMED.search(key)) or (key == "name" and tool.startswith("customer"))


def _label(key: str, *, tool: str) -> str:
    """What a code is called, "" if it is none."""
    if key == "sku":
        return "article number"
    if not _CODED.search(key):
        return ""
    of = _CODED.sub("", key) or tool.removesuffix("s")
    return f"{of.strip('_').replace('_', ' ')} number"
