"""Stock and price of products; no customer's data."""

from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVector

from drafting.errors import NotFound
from drafting.models import Product
from drafting.tools import words
from drafting.tools.base import Scope

LISTED = 5


def product(scope: Scope, query: str) -> list[dict[str, Any]]:
    """Products by article number or by words of their name, at most five."""
    found = list(by_sku([query.strip(), *words.codes(query)]).values()) or by_words(query, share=0.0)
    if not found:
        raise NotFound(f"No product matches {query!r}.")
    return [describe(each) for each in found[:LISTED]]


def by_sku(codes: list[str]) -> dict[str, Product]:
    """Which of `codes` are article numbers, and of what."""
    spellings = {spelling: code for code in codes for spelling in (code, code.upper())}
    return {spellings[each.sku]: each for each in Product.objects.filter(sku__in=spellings).order_by("sku")}


def by_words(text: str, *, share: float) -> list[Product]:
    """Products of whose name `text` has at least this share of the words (and two, or the only one), the best first."""
    terms = words.words(text)
    if not terms:
        return []
    named = Product.objects.annotate(words=SearchVector("name", config="simple"))
    found = named.filter(words=SearchQuery(words.any_word(terms), search_type="raw", config="simple")).order_by("sku")[:200]
    rated = sorted(((_share(each.name, terms), each) for each in found), key=lambda pair: -pair[0])
    best = rated[0][0] if rated else 0.0
    return [each for rate, each in rated if rate >= max(share, best * 0.8) and rate > 0]


def describe(each: Product) -> dict[str, Any]:
    """A product as evidence."""
    return {
        "sku": each.sku,
        "name": each.name,
        "description": each.description,
        "price": str(each.price),
        "currency": each.currency,
        "stock": each.stock,
        "restock_on": each.restock_on.isoformat() if each.restock_on else None,
    }


def _share(name: str, terms: list[str]) -> float:
    own = words.words(name)
    return len(set(own) & set(terms)) / len(own) if own else 0.0
