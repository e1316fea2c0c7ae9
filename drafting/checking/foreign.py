"""What a reply names that belongs to another customer, however it is spelt. Every look-up goes by an index."""

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

from django.db import connection
from django.db.models import Func

from drafting.gate.wording import INVISIBLE
from drafting.grounding import Kind, TracedAtom
from drafting.grounding.spelling import plain
from drafting.models import Customer
from drafting.models.bare import Bare, BareName, Digits, bare, bare_name

SHORTEST_NUMBER = 4
SHORTEST_FIGURES = 5
SHORTEST_NAME = 4
SHORTEST_SINGLE_NAME = 6
LONGEST_NAME = 6
"""Words of a company's or person's name, without legal forms."""
MOST_WORDS = 1500
LONGEST_PIECE = 200
_WORD = re.compile(r"[^\W_]+")
Row: TypeAlias = list[Any]


def _spelt(how: type[Func], column: str) -> str:
    return str(how.template) % {"function": how.function, "expressions": column}


_PEOPLE = f"""
    SELECT true, id, number, name FROM drafting_customer
     WHERE id <> %(own)s AND ({_spelt(Bare, "number")} = ANY(%(numbers)s) OR {_spelt(BareName, "name")} = ANY(%(names)s))
     UNION ALL
    SELECT false, customer_id, address, contact FROM drafting_customeraddress
     WHERE address = ANY(%(addresses)s) OR {_spelt(BareName, "contact")} = ANY(%(full)s)
"""  # noqa: S608 - put together from constants
_ORDERS = f"""
    SELECT number, invoice_number, tracking_number FROM drafting_order
     WHERE customer_id <> %(own)s
       AND ({_spelt(Bare, "number")} = ANY(%(numbers)s) OR {_spelt(Bare, "invoice_number")} = ANY(%(numbers)s)
            OR {_spelt(Bare, "tracking_number")} = ANY(%(numbers)s) OR {_spelt(Digits, "number")} = ANY(%(figures)s))
"""  # noqa: S608
"""As SQL with arrays, for a reply has hundreds of spellings, and each value that Django puts into a list costs time."""


def foreign_values(body: str, traced: list[TracedAtom], *, customer: Customer | None, own_names: tuple[str, ...] = ()) -> list[str]:
    """Numbers of orders, invoices, shipments and customers, mail addresses, and names of companies and contacts of other customers.

    `own_names` are names that may stand in any reply: the sender's, and our own.
    """
    text = _readable(body)
    numbers, names = dict(_numbers(text)), dict(_names(text))
    figures = {value: one.atom.text for one in traced if not one.trusted for value in one.atom.value if _is_figures(value)}
    addresses = {value.lower(): one.atom.text for one in traced if one.atom.kind is Kind.EMAIL for value in one.atom.value}
    own = customer.pk if customer else 0
    full = {spelling: text for spelling, text in names.items() if " " in text}
    customers, contacts = _people(numbers, names, full, addresses, own=own)
    hits = [
        *_orders(numbers, figures, own=own),
        *_customers(customers, numbers, names, harmless=(*own_names, customer.name if customer else "")),
        *_contacts(contacts, addresses, full, own=own, own_names=own_names),
    ]
    return list(dict.fromkeys(hits))


def _people(
    numbers: dict[str, str], names: dict[str, str], full: dict[str, str], addresses: dict[str, str], *, own: int
) -> tuple[list[Row], list[Row]]:
    """Other customers as (id, number, name), and whose contacts as (customer's id, address, name), in one query.

    Contacts count by their full name only: who shares a first name is nobody in particular.
    """
    rows = _ask(_PEOPLE, own=own, numbers=numbers, names=names, full=full, addresses=addresses)
    return [row for is_customer, *row in rows if is_customer], [row for is_customer, *row in rows if not is_customer]


def _orders(numbers: dict[str, str], figures: dict[str, str], *, own: int) -> Iterator[str]:
    """Also by the digits of an order's number alone, unless evidence has that very number."""
    for row in _ask(_ORDERS, own=own, numbers=numbers, figures=figures) if numbers or figures else ():
        whole = [numbers[bare(value)] for value in row if bare(value) in numbers]
        yield from whole or [figures.get(re.sub("[^0-9]", "", row[0]), row[0])]


def _ask(query: str, *, own: int, **spellings: Iterable[str]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, {"own": own} | {name: list(values) for name, values in spellings.items()})
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _customers(rows: list[Row], numbers: dict[str, str], names: dict[str, str], *, harmless: Iterable[str]) -> Iterator[str]:
    same = {bare_name(name) for name in harmless}
    for _, number, name in rows:
        yield from (numbers[spelling] for spelling in [bare(number)] if spelling in numbers)
        yield from (names[spelling] for spelling in [bare_name(name)] if spelling in names and spelling not in same)


def _contacts(rows: list[Row], addresses: dict[str, str], full: dict[str, str], *, own: int, own_names: tuple[str, ...]) -> Iterator[str]:
    harmless = {bare_name(name) for name in own_names} | {bare_name(contact) for who, _, contact in rows if who == own}
    for who, address, contact in rows:
        if who != own:
            yield from (addresses[each] for each in [address] if each in addresses)
            yield from (full[each] for each in [bare_name(contact)] if each in full and each not in harmless)


def _readable(body: str) -> str:
    """`body` in plain letters, without what cannot be seen."""
    return plain(INVISIBLE.sub("", unicodedata.normalize("NFKC", body)))


def _numbers(text: str) -> Iterator[tuple[str, str]]:
    """Bare spellings of what may be a number, from up to four words beside each other ("so 10234"), and how they stand there."""
    for piece in _pieces(text, most=4):
        spelling = bare(piece)
        if SHORTEST_NUMBER <= len(spelling) <= 40 and any(map(str.isdigit, spelling)):
            yield spelling, piece


def _names(text: str) -> Iterator[tuple[str, str]]:
    for piece in _pieces(text, most=LONGEST_NAME):
        spelling = bare_name(piece)
        if len(spelling) >= (SHORTEST_NAME if " " in piece else SHORTEST_SINGLE_NAME) and not spelling.isdigit():
            yield spelling, piece


def _pieces(text: str, *, most: int) -> Iterator[str]:
    """Every run of one to `most` words."""
    words = [match.span() for match in itertools.islice(_WORD.finditer(text), MOST_WORDS)]
    for at, (start, _) in enumerate(words):
        yield from (" ".join(text[start:end].split()) for _, end in words[at : at + most] if end - start <= LONGEST_PIECE)


def _is_figures(value: str) -> bool:
    return value.isdecimal() and len(value) >= SHORTEST_FIGURES
