"""Templates that a person can insert into what they write, with the slots filled that code knows."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from drafting.models import Draft, Evidence, ReplyTemplate
from inbox.models import Conversation, Message
from review import writing
from review.desk import words

SHOWN = 30
NAMED_BY = ("number", "sku", "name")
"""What a thing is called by: the number of an order fills {order}, too."""


@dataclass(frozen=True, slots=True)
class Insertion:
    """A template as it would be inserted. `open_words` says which slots are left open."""

    template_id: int
    name: str
    about: str
    text: str
    open_words: str


def insertions(*, conversation: Conversation | None, text: str = "", language: str = "") -> list[Insertion]:
    """Active templates whose name or words have `text`: those of the conversation's category and the mail's language first."""
    draft = _newest_draft(conversation) if conversation else None
    message = _newest_message(conversation) if conversation else None
    language = language or (draft.language if draft else "") or (message.language if message else "")
    filled_with = known(draft, message, conversation)
    return [_insertion(one, filled_with) for one in _found(text, draft.category_id if draft else None, language)[:SHOWN]]


def insertion(*, template: ReplyTemplate, conversation: Conversation | None) -> Insertion:
    """One template, filled for a conversation."""
    draft = _newest_draft(conversation) if conversation else None
    message = _newest_message(conversation) if conversation else None
    return _insertion(template, known(draft, message, conversation))


def known(draft: Draft | None, message: Message | None, conversation: Conversation | None) -> Mapping[str, frozenset[str]]:
    """The values that code knows by name: of the customer, and what was looked up for the newest draft. Several values leave a doubt."""
    found: dict[str, set[str]] = {}
    pairs = [*_of_customer(draft, message, conversation), *(_of_evidence(draft.evidence.all()) if draft else [])]
    for name, value in pairs:
        found.setdefault(writing.plain_name(name), set()).add(value)
    return {name: frozenset(values) for name, values in found.items()}


def _found(text: str, category_id: int | None, language: str) -> QuerySet[ReplyTemplate]:
    templates = ReplyTemplate.objects.filter(is_active=True, category__is_active=True).select_related("category")
    if text:
        templates = templates.filter(Q(name__icontains=text) | Q(category__name__icontains=text) | Q(body__icontains=text))
    return templates.order_by(_last_unless(Q(language=language)), _last_unless(Q(category=category_id)), "name", "pk")


def _last_unless(wanted: Q) -> Case:
    return Case(When(wanted, then=Value(0)), default=Value(1), output_field=IntegerField())


def _newest_draft(conversation: Conversation) -> Draft | None:
    drafts = Draft.objects.filter(conversation=conversation).select_related("customer")
    return drafts.only("category", "customer", "language").prefetch_related("evidence").order_by("-created_at", "-pk").first()


def _newest_message(conversation: Conversation) -> Message | None:
    messages = Message.objects.filter(conversation=conversation, kind=Message.Kind.PERSON).only("from_name", "language")
    return messages.order_by("-received_at", "-pk").first()


def _of_customer(draft: Draft | None, message: Message | None, conversation: Conversation | None) -> Iterator[tuple[str, str]]:
    customer = draft.customer if draft else None
    contact = (message.from_name if message else "") or (conversation.customer_name if conversation else "")
    company = customer.name if customer else contact
    yield from ((name, contact) for name in ("name", "contact", "contact name") if contact)
    yield from ((name, company) for name in ("customer", "customer name") if company)
    if customer:
        yield from ((name, customer.number) for name in ("customer number", "customer id"))


def _of_evidence(evidence: Iterable[Evidence]) -> Iterator[tuple[str, str]]:
    """ "order.tracking_number" fills {tracking number} and {order tracking number}. What stands within lists is about several things."""
    for row in evidence:
        if row.outcome != Evidence.Outcome.FOUND:
            continue
        for thing in row.answer if isinstance(row.answer, list) else [row.answer]:
            yield from _of_thing(row.tool, thing if isinstance(thing, dict) else {})


def _of_thing(tool: str, thing: dict[str, Any]) -> Iterator[tuple[str, str]]:
    plain = {name: str(value) for name, value in thing.items() if isinstance(value, str | int | float) and not isinstance(value, bool)}
    for name, value in plain.items():
        if not value or len(value) > writing.LONGEST_VALUE:
            continue
        yield f"{tool} {name}", value
        if name not in NAMED_BY:
            yield name, value
    named = next((plain[name] for name in NAMED_BY if plain.get(name)), "")
    if named and tool != "customer":
        yield tool, named


def _insertion(template: ReplyTemplate, known: Mapping[str, frozenset[str]]) -> Insertion:
    text = writing.fill(template.body, known)
    left = writing.open_slots(text)
    return Insertion(
        template_id=template.pk,
        name=template.name,
        about=f"{template.category.name} · {words.language(template.language)}",
        text=text,
        open_words=f"{words.listed(left[:4])} to fill in" if left else "",
    )
