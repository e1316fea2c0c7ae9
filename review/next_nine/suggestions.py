"""What would mend a cause: which editor to open, and why. Pure; `seeds.py` says what stands in it then."""

from collections.abc import Mapping
from dataclasses import dataclass

from review.models import Remedy
from review.next_nine import causes

Kind = Remedy.Kind


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A remedy to begin with. `words` say why, as a sentence; `target` is the table, the name of the lookup or the page that is meant."""

    kind: str
    words: str
    target: str = ""


ARTICLE = Suggestion(Kind.ARTICLE, "Write down the fact: the assistant looks articles up and takes facts from them.")
TEMPLATE = Suggestion(Kind.TEMPLATE, "Approve a wording for this kind of mail: the assistant uses it, and may promise what it says.")
GUIDANCE = Suggestion(Kind.GUIDANCE, "Show by example how it should sound: the assistant reads the guidance before each draft.")
RULE = Suggestion(Kind.RULE, "Make it a rule: code then tells the model, or checks, what has to be said.")
CATEGORY = Suggestion(Kind.CATEGORY, "Say in the category what belongs to it and what does not: the assistant chooses by that.")
CONNECTOR = Suggestion(Kind.CONNECTOR, "Connect the system that knows it.")
SETUP = Suggestion(Kind.ELSEWHERE, "No text mends this: try another model or server, or other limits, by a replay.", "setup")
HAND_BACK = Suggestion(
    Kind.ELSEWHERE, "Hand conversations back once a person is done: until then each of their mails goes to people, who answer by hand."
)
UNREADABLE = Suggestion(Kind.ELSEWHERE, "Look at some of its mails: what nobody can read, a sender has to send otherwise.")
LOOKUP = Suggestion(Kind.LOOKUP, "Look at the lookup: what it asks for, and what it is said to find.")

TABLES = {
    "customer": ("customers", "Import the customers with their addresses: only known senders get their data."),
    "order": ("orders", "Import the orders that are missing from the table."),
    "orders": ("orders", "Import the orders that are missing from the table."),
    "product": ("products", "Import the products that are missing from the table."),
}
"""What the built-in lookups read."""
BY_CHECK = {
    "category_certain": (CATEGORY,),
    "atoms_grounded": (ARTICLE, CONNECTOR),
    "no_promises": (TEMPLATE, RULE),
    "links_allowed": (ARTICLE, TEMPLATE),
    "asks_answered": (ARTICLE, TEMPLATE),
    "rules_hold": (RULE, TEMPLATE),
    "guard_agrees": (GUIDANCE, RULE),
}
BY_REASON = {
    "tone": (TEMPLATE, GUIDANCE),
    "too_long": (GUIDANCE, TEMPLATE),
    "language": (TEMPLATE, GUIDANCE),
    "wrong_fact": (ARTICLE, CONNECTOR),
    "missing_answer": (ARTICLE, TEMPLATE),
    "policy": (RULE, GUIDANCE),
    "missing_fact": (ARTICLE, CONNECTOR),
    "unsure": (CATEGORY, ARTICLE),
    "not_allowed": (TEMPLATE, RULE),
    "rule": (RULE,),
    "sensitive": (TEMPLATE, RULE),
    "unreadable": (UNREADABLE,),
    "led_by_person": (HAND_BACK,),
    "model_unusable": (SETUP,),
    "budget": (SETUP, GUIDANCE),
}
UNTOLD = (ARTICLE, TEMPLATE)
"""Where nobody said why, those two answer most."""


def suggestions(cause: str, *, own_lookups: Mapping[str, int]) -> tuple[Suggestion, ...]:
    """What would mend `cause`, the likeliest first. `own_lookups` are the names of the connectors' lookups, with their ids."""
    kind, *parts = causes.base(cause).split(":")
    if kind == "lookup":
        return _for_lookup(parts[0], own_lookups)
    if kind == "check":
        return BY_CHECK.get(parts[0], (GUIDANCE,))
    if kind == "hand_over":
        return BY_REASON.get(parts[0], (SETUP,)) if parts[0] != "too_long" else (SETUP,)
    if kind == "edit":
        return BY_REASON.get(parts[0], UNTOLD)
    if kind == "category":
        return (CATEGORY,)
    return (CATEGORY,) if kind == causes.NO_REPLY else UNTOLD


def _for_lookup(tool: str, own_lookups: Mapping[str, int]) -> tuple[Suggestion, ...]:
    if tool in TABLES:
        table, why = TABLES[tool]
        return (Suggestion(Kind.TABLE, why, table), CONNECTOR)
    if tool in own_lookups:
        return (Suggestion(Kind.LOOKUP, LOOKUP.words, tool), ARTICLE)
    return (TEMPLATE,) if tool == "templates" else (ARTICLE, CONNECTOR)
