"""Goods that come back: returns, and what arrived damaged, wrong or incomplete."""

import re

from drafting.standin.case import Case, order_facts
from drafting.standin.material import Thing
from drafting.standin.outcomes import Answer, GiveUp, Lookup, Outcome
from drafting.standin.reading import codes, quantity
from drafting.standin.topics.finding import Found, find_orders
from drafting.standin.topics.orders import things_of, unknown_orders
from drafting.standin.wording import article, article_query, template

_IMAGE = re.compile(r"\.(?:jpe?g|png|heic|webp|gif|tiff?|pdf)$", re.IGNORECASE)
_PHOTO = re.compile(r"photo|foto|picture|bild|zdjęc", re.IGNORECASE)


def returns(case: Case) -> Outcome:
    """How to send goods back, as a template or an article says."""
    found = _order(case)
    if isinstance(found, Lookup | GiveUp | Answer):
        return found
    approved = template(case, things_of(case, found)) or article(case)
    if not approved:
        return _look_up(case) or GiveUp("missing_fact", "No article or template in the customer's language says how a return works.")
    says_what = quantity(case.material.text) or codes(case.material.text) or _names_position(case, found)
    asked = [] if says_what or "?" in approved else [case.say("return_ask")]
    return Answer(_filled([_known(case, found, approved), approved, *asked]))


def damage(case: Case) -> Outcome:
    """Regret, and what we need to see; what follows from it a person decides."""
    found = _order(case)
    if isinstance(found, Lookup | GiveUp | Answer):
        return found
    approved = template(case, things_of(case, found)) or article(case)
    has_photos = any(_IMAGE.search(name) for name in case.material.attachments)
    if not approved and (lookup := _look_up(case)):
        return lookup
    if not approved and has_photos:
        return GiveUp("not_allowed", "The customer reports damage and sent photos; a person has to decide what happens now.")
    asks_for_photos = bool(_PHOTO.search(approved))
    photos = case.say("photos_thanks") if has_photos else "" if asks_for_photos else case.say("photos_ask")
    number = "" if found or "?" in approved else case.say("order_ask")
    return Answer(_filled([case.say("damage"), _known(case, found, approved), photos, approved, number]))


def _order(case: Case) -> Thing | Outcome:
    """The order meant, {} where the mail does not tell."""
    found = find_orders(case)
    if not isinstance(found, Found):
        return found
    if found.unknown and not found.things:
        return Answer([unknown_orders(case, found)])
    return found.things[0] if found.are_named or (len(found.things) == 1 and found.things[0].get("status") == "delivered") else {}


def _known(case: Case, order: Thing, approved: str) -> str:
    is_said = bool(order) and str(order["number"]) in approved
    return case.say("order_known", order_facts(order, case.language)) if order and not is_said else ""


def _names_position(case: Case, order: Thing) -> bool:
    mail = case.material.whole_mail.lower()
    return any(word in mail for line in order.get("lines") or [] for word in str(line.get("name", "")).lower().split() if len(word) > 4)


def _look_up(case: Case) -> Lookup | None:
    query = article_query(case)
    return Lookup("articles", query) if case.can_look_up("articles", query) else None


def _filled(paragraphs: list[str]) -> list[str]:
    return [paragraph for paragraph in paragraphs if paragraph]
