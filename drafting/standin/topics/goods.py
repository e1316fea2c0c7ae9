"""Goods that come back: returns, and what arrived damaged, wrong or incomplete."""

import re

from drafting.standin.case import Case, order_facts
from drafting.standin.languages import read_date
from drafting.standin.material import Thing
from drafting.standin.outcomes import Answer, GiveUp, Lookup, Outcome
from drafting.standin.reading import codes, quantity, sentences
from drafting.standin.topics.finding import Found, find_orders
from drafting.standin.topics.orders import things_of, unknown_orders
from drafting.standin.wording import article, article_query, beside, template

_IMAGE = re.compile(r"\.(?:jpe?g|png|heic|webp|gif|tiff?|pdf)$", re.IGNORECASE)
_DAYS = re.compile(r"\b(?P<days>\d{1,3})\s+(?:days|tage|jours|días|giorni|dagen|dni)", re.IGNORECASE)
_SORRY = re.compile(r"sorry|apolog|leid|bedauer|désol|sentimos|lament|spiace|scus|spijt|przykro|przepras", re.IGNORECASE)
_KEEP = re.compile(
    r"(?:keep|kept|hold on to)\b.*packag|packag\w*.*\b(?:keep|kept)|verpackung.*(?:aufheben|aufbewahr|auf\b)|conserve.*emballage"
    r"|conserv.*(?:embalaje|imball)|bewaar.*verpakking"
    r"|zachowa.*opakowani",
    re.IGNORECASE,
)
_PHOTO = re.compile(r"photo|foto|picture|bild|zdjęc", re.IGNORECASE)


def returns(case: Case) -> Outcome:
    """How to send goods back, as a template or an article says."""
    found = _order(case)
    if isinstance(found, Lookup | GiveUp | Answer):
        return found
    approved = template(case, things_of(case, found)) or article(case)
    if not approved:
        return _look_up(case) or GiveUp("missing_fact", "No article or template in the customer's language says how a return works.")
    if window := _window_over(case, found, approved):
        return window
    says_what = quantity(case.material.text) or codes(case.material.text) or _names_position(case, found)
    asked = [] if says_what or "?" in approved else [case.say("return_ask")]
    return Answer(_filled([_known(case, found, approved), approved, beside(case, approved), *asked]))


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
    regret = "" if _SORRY.search(approved) else " ".join(filter(None, [case.say("damage"), _known(case, found, approved)]))
    more = " ".join(one for one in sentences(beside(case, approved)) if not (has_photos and _PHOTO.search(one)))
    body = _with_thanks(approved, photos) if has_photos else f"{photos} {approved}".strip()
    return Answer(_filled([regret, body, " ".join(filter(None, [more, _packaging(case, approved + more), number]))]), is_sorry=True)


def _order(case: Case) -> Thing | Outcome:
    """The order meant, {} where the mail does not tell."""
    found = find_orders(case)
    if not isinstance(found, Found):
        return found
    if found.unknown and not found.things:
        return Answer([unknown_orders(case, found)])
    return found.things[0] if found.are_named or (len(found.things) == 1 and found.things[0].get("status") == "delivered") else {}


def _window_over(case: Case, order: Thing, approved: str) -> GiveUp | None:
    """Where the approved wording names a number of days and the order was delivered longer ago, a person decides."""
    days = _DAYS.search(approved)
    delivered, today = read_date(order.get("delivered_on")), read_date(case.material.today)
    if not (days and delivered and today) or (today - delivered).days <= int(days["days"]):
        return None
    return GiveUp(
        "not_allowed", f"Order {order['number']} was delivered on {delivered}, more than {days['days']} days ago; a person decides."
    )


def _with_thanks(approved: str, thanks: str) -> str:
    """The approved wording with thanks for the photos in place of the sentences that ask for them."""
    said = [one for one in sentences(approved) if not _PHOTO.search(one)]
    place = 1 if said and _SORRY.search(said[0]) else 0
    return " ".join([*said[:place], thanks, *said[place:]])


def _packaging(case: Case, approved: str) -> str:
    """Where a rule wants the packaging kept and the approved wording does not say so."""
    wanted = any(_KEEP.search(one) for one in case.material.instructions)
    return case.say("keep_packaging") if wanted and not _KEEP.search(approved) else ""


def _known(case: Case, order: Thing, approved: str) -> str:
    is_said = bool(order) and str(order["number"]) in approved
    facts = {key: value for key, value in order_facts(order, case.language).items() if key != "items"}
    return case.say("order_known", facts) if order and not is_said else ""


def _names_position(case: Case, order: Thing) -> bool:
    mail = case.material.whole_mail.lower()
    return any(word in mail for line in order.get("lines") or [] for word in str(line.get("name", "")).lower().split() if len(word) > 4)


def _look_up(case: Case) -> Lookup | None:
    query = article_query(case)
    return Lookup("articles", query) if case.can_look_up("articles", query) else None


def _filled(paragraphs: list[str]) -> list[str]:
    return [paragraph for paragraph in paragraphs if paragraph]
