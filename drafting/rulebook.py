"""The company's rules, applied to one mail."""

from drafting.facts import Facts
from drafting.models import Category, Rule


def active(*, category: Category) -> list[Rule]:
    return []


def hand_over_words(rules: list[Rule], facts: Facts) -> str:
    return ""


def instructions(rules: list[Rule], facts: Facts) -> list[str]:
    return []
