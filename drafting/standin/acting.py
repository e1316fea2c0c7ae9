"""The drafting turn: look something up, reply, or hand over."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from drafting.standin.case import Case, bare, order_facts, product_facts
from drafting.standin.choosing import primary
from drafting.standin.composing import compose
from drafting.standin.material import Material
from drafting.standin.outcomes import Answer, GiveUp, Lookup, Outcome
from drafting.standin.phrases import PHRASES, say
from drafting.standin.reading import ORDER, asks, codes, flags, intent_of, order_numbers
from drafting.standin.topics import goods, orders, policies, products
from drafting.standin.wishes import Wishes, read
from drafting.standin.wording import beside

TOPICS: dict[str, Callable[[Case], Outcome]] = {
    "status": orders.status,
    "invoice": orders.invoice,
    "change": orders.change,
    "cancel": orders.cancel,
    "return": goods.returns,
    "damage": goods.damage,
    "stock": products.stock,
    "quote": products.quote,
    "discount": policies.discount,
    "complaint": policies.complaint,
    "thanks": policies.thanks,
    "technical": policies.policy,
    "callback": policies.callback,
    "policy": policies.policy,
}
_MEANS_CATEGORY = {"damage": ("", "return", "status", "stock")}
"""Intents that an ask may seem to have while it means what the mail is about."""
_SENSITIVE = {
    "complaint": "The customer complains",
    "threat": "The mail contains a threat",
    "legal": "The mail speaks of legal steps",
    "medical": "The mail speaks of somebody's health",
    "press": "The mail comes from the press",
}


def act(material: Material, *, actions: list[str]) -> dict[str, Any]:
    """The answer of a drafting turn. `actions` are those that the schema allows; empty means all."""
    wishes = read(material.instruction)
    language = wishes.language or material.language
    if refusal := _refusal(material, language):
        return _hand_over(refusal)
    cases = _cases(material, language, wishes)
    outcomes = [TOPICS.get(case.intent, policies.policy)(case) for case in cases]
    for outcome in outcomes:
        if isinstance(outcome, Lookup) and (tool := material.tool(outcome.kind)) and tool in (actions or [tool]):
            return _answer(action=tool, query=outcome.query)
    return _reply(material, cases, outcomes, wishes)


def _refusal(material: Material, language: str) -> GiveUp | None:
    found = [words for flag, words in _SENSITIVE.items() if flag in flags(material.whole_mail, material.language)]
    if found and not material.instruction:
        return GiveUp("sensitive", f"{found[0]}; this needs a human touch.")
    if language not in PHRASES:
        return GiveUp("unsure", f"The mail seems to be in a language that this model does not write ({language}).")
    if not material.asks and "instructions_to_assistant" in flags(material.whole_mail, material.language):
        return GiveUp("unsure", "The mail holds instructions to an assistant; beside them nothing is asked.")
    if not material.text.strip() and not material.attachments and not material.subject.strip():
        return GiveUp("unsure", "The mail is empty.")
    return None


def _texts(material: Material) -> list[str]:
    found = material.asks or [ask.text for ask in asks(material.subject, material.text, material.language)]
    return found or [material.whole_mail]


def _cases(material: Material, language: str, wishes: Wishes) -> list[Case]:
    """The asks with their intents. What speaks of no intent means what the category is about, unless another ask means that already."""
    found = [Case(material, language, text, _intent(material, text), wishes.omits) for text in _texts(material)]
    category = primary({"slug": material.category})
    if category in {"", "other", "complaint", "policy"}:
        return found
    taken = any(case.intent == category for case in found)
    meant = [replace(case, intent=category) for case in found]
    return [two if not one.intent and (not taken or beside(two, "")) else one for one, two in zip(found, meant, strict=True)]


def _intent(material: Material, text: str) -> str:
    """What the words of an ask speak of. In a mail about damage other words mostly mean that, and what something cost may mean an order."""
    intent, category = intent_of(text, material.language), primary({"slug": material.category})
    names_order = bool(order_numbers(text) or (order_numbers(material.whole_mail) and not material.products))
    if intent in _MEANS_CATEGORY.get(category, ()):
        return category
    if intent in {"", "stock"} and (names_order or ORDER.search(text)) and not _names_product(material, text):
        return "" if not intent and category not in {"", "other", "policy"} else "status"
    return intent


def _names_product(material: Material, text: str) -> bool:
    """Whether a part number stands there that is no order's number."""
    return bool(material.products) or bool({bare(code) for code in codes(text)} - {bare(number) for number in order_numbers(text)})


def _reply(material: Material, cases: list[Case], outcomes: list[Outcome], wishes: Wishes) -> dict[str, Any]:
    answers = [outcome for outcome in outcomes if isinstance(outcome, Answer)]
    gave_up = [outcome for outcome in outcomes if isinstance(outcome, GiveUp)]
    sensitive = [outcome for outcome in gave_up if outcome.reason == "sensitive"]
    if sensitive and not material.instruction:
        return _hand_over(sensitive[0])
    if not answers:
        return _hand_over(gave_up[0] if gave_up else GiveUp("missing_fact", "Something has to be looked up, but no lookup is left."))
    extra = _wished(material, cases[0], wishes)
    body = compose(material, [*answers, *extra], language=cases[0].language, wishes=wishes)
    answered = [isinstance(outcome, Answer) for outcome in outcomes]
    return _answer(
        action="reply", body=body, asks=[{"ask": case.text[:300], "answered": done} for case, done in zip(cases, answered, strict=True)]
    )


def _wished(material: Material, case: Case, wishes: Wishes) -> list[Answer]:
    """What the reviewer wants mentioned, as far as the evidence knows it."""
    facts: dict[str, str] = {}
    if material.orders:
        facts |= order_facts(material.orders[0], case.language)
    if material.products:
        facts |= product_facts(material.products[0], case.language)
    said = [say(name, case.language, facts) for name in wishes.facts] if material.instruction else []
    return [Answer([words]) for words in said if words]


def _hand_over(outcome: GiveUp) -> dict[str, Any]:
    return _answer(action="hand_over", reason=outcome.reason, words=outcome.words[:500])


def _answer(**given: Any) -> dict[str, Any]:
    return {"action": "", "query": "", "body": "", "asks": [], "reason": "", "words": ""} | given
