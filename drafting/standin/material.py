"""What a request contains, read tolerantly: the mail, the categories, and the things that lookups returned."""

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from drafting.standin.languages import detect, read_date

Thing = dict[str, Any]
_ALIASES = {
    "order": ("order", "order_lines", "shipments", "shipment"),
    "orders": ("orders",),
    "product": ("product", "products", "stock"),
    "articles": ("articles", "article", "knowledge"),
    "calculate": ("calculate",),
    "parcel": ("parcel",),
}


class Material:
    """The JSON object of a request. Whatever is missing is empty; nothing in it is trusted to have a certain type."""

    def __init__(self, value: Thing) -> None:
        self.value = value
        mail = value.get("mail")
        self.mail: Thing = mail if isinstance(mail, dict) else {}
        self.subject, self.text = self._mail("subject"), self._mail("text")
        self.from_name = self._mail("from_name")
        self.category = str(value.get("category") or "")
        self.instruction = str(value.get("reviewer_instruction") or "")
        left = value.get("lookups_left")
        self.lookups_left = left if isinstance(left, int) else 0

    def _mail(self, name: str) -> str:
        value = self.mail.get(name)
        return value if isinstance(value, str) else ""

    @cached_property
    def whole_mail(self) -> str:
        """Subject and text."""
        return f"{self.subject}\n{self.text}".strip()

    @cached_property
    def language(self) -> str:
        """The language that the request names, else that of the mail."""
        return str(self.value.get("language") or "") or detect(self.whole_mail)

    @cached_property
    def asks(self) -> list[str]:
        """What the customer wants, as the first turn found it."""
        return [ask for ask in self._list("asks") if isinstance(ask, str) and ask.strip()]

    @cached_property
    def attachments(self) -> list[str]:
        """Names of attached files."""
        names = self.mail.get("attachments")
        return [str(name) for name in names] if isinstance(names, list) else []

    @cached_property
    def categories(self) -> list[Thing]:
        """Those to choose among."""
        return self._objects("categories")

    @cached_property
    def evidence(self) -> list[Thing]:
        """What was looked up so far."""
        return self._objects("evidence")

    @cached_property
    def tools(self) -> list[str]:
        """Names of what may be looked up."""
        return [str(tool.get("name", "")) for tool in self._objects("tools")]

    @cached_property
    def templates(self) -> list[Thing]:
        """Approved wordings with a text."""
        looked_up = [thing for thing in self._things("templates") if thing.get("body")]
        return [one for one in self._objects("templates") if one.get("body")] + looked_up

    @cached_property
    def articles(self) -> list[Thing]:
        """Knowledge articles with a text, given or looked up; each once."""
        found = self._objects("articles") + [thing for thing in self._things() if thing.get("body") and thing.get("title")]
        return list({str(one["body"]): one for one in found if one.get("body")}.values())

    @cached_property
    def instructions(self) -> list[str]:
        """What the rules tell the model."""
        return [str(one) for one in self._list("instructions")]

    @cached_property
    def orders(self) -> list[Thing]:
        """Orders in the evidence, the fullest account of each, as found."""
        found: dict[str, Thing] = {}
        for thing in (thing for tool in (*_ALIASES["order"], *_ALIASES["orders"]) for thing in self._things(tool)):
            if thing.get("number") and thing.get("status"):
                number = str(thing["number"])
                found[number] = {**found.get(number, {}), **{key: value for key, value in thing.items() if value not in (None, "")}}
        return list(found.values())

    @cached_property
    def products(self) -> list[Thing]:
        """Products in the evidence of product lookups."""
        found = (thing for thing in self._things() if thing.get("sku") and "stock" in thing and "quantity" not in thing)
        return list({str(thing["sku"]): thing for thing in found}.values())

    def shipment(self, order: Thing) -> Thing:
        """What connectors tell of an order's packing and of its parcel's way."""
        numbers = {str(order.get(name)).casefold() for name in ("number", "tracking_number") if order.get(name)}
        about = [one for one in self._things() if numbers & {str(one.get(name)).casefold() for name in ("order", "parcel")}]
        return {key: value for one in about for key, value in one.items() if value not in (None, "")}

    def knows_carrier(self, carrier: str) -> bool:
        """Whether parcels of this carrier can be looked up."""
        abouts = [str(tool.get("about", "")) for tool in self._objects("tools") if tool.get("name") == self.tool("parcel")]
        return bool(carrier) and any(carrier in about for about in abouts)

    @cached_property
    def customer(self) -> Thing:
        """The known customer, or nothing."""
        given = self.value.get("customer")
        return given if isinstance(given, dict) else next(iter(self._things("customer")), {})

    @cached_property
    def history(self) -> str:
        """What was written before, as one text."""
        return "\n".join(str(one.get("text", "")) for one in self._objects("history"))

    @cached_property
    def today(self) -> str:
        """The ISO date of today where the request says it, else of the mail."""
        for thing in [self.value, *self._things("dates")]:
            if read_date(thing.get("today")):
                return str(thing["today"])[:10]
        return str(self.mail.get("date") or "")[:10]

    def tool(self, kind: str) -> str:
        """The name of the tool for a kind of lookup, or "" where there is none or no lookup is left."""
        return next((name for name in _ALIASES[kind] if name in self.tools), "") if self.lookups_left > 0 else ""

    def was_asked(self, kind: str, query: str = "") -> bool:
        """Whether such a lookup was made already; with `query`, whether for that."""
        return any(query.casefold() in _spelled(one.get("question")) for one in self.evidence if one.get("tool") in _ALIASES[kind])

    def was_not_found(self, kind: str, query: str) -> bool:
        """Whether the lookup for exactly that came back with nothing (and not: could not be reached)."""
        asked = [one for one in self._of(kind) if query.casefold() in _spelled(one.get("question"))]
        return any(one.get("outcome") == "not_found" for one in asked)

    def result(self, expression: str) -> Any:
        """What `calculate` returned for an expression, or None."""
        for one in self._of("calculate"):
            answer = one.get("answer")
            if isinstance(answer, dict) and _bare(expression) in (_bare(answer.get("expression")), _bare(_spelled(one.get("question")))):
                return answer.get("result")
        return None

    def _of(self, kind: str) -> list[Thing]:
        usable = {"found", "not_found", None}
        return [one for one in self.evidence if one.get("tool") in _ALIASES[kind] and one.get("outcome") in usable]

    def _list(self, name: str) -> list[Any]:
        value = self.value.get(name)
        return value if isinstance(value, list) else []

    def _objects(self, name: str) -> list[Thing]:
        return [one for one in self._list(name) if isinstance(one, dict)]

    def _things(self, tool: str = "") -> list[Thing]:
        found = (one for one in self.evidence if one.get("outcome") in {"found", None} and tool in ("", one.get("tool")))
        return [thing for one in found for thing in _unfold(one.get("answer"))]


def _unfold(value: Any, depth: int = 2) -> Iterator[Thing]:
    """The objects in an answer: itself, or those in its lists."""
    if isinstance(value, dict):
        yield value
        value = [one for one in value.values() if isinstance(one, list)] if "lines" not in value else []
    if isinstance(value, list) and depth:
        for one in value:
            yield from _unfold(one, depth - 1)


def _spelled(question: Any) -> str:
    values = question.values() if isinstance(question, dict) else [question]
    return " ".join(str(value) for value in values).casefold()


def _bare(expression: Any) -> str:
    return re.sub(r"\s", "", str(expression or ""))
