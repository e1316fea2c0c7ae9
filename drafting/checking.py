"""A written reply before the gate: where its facts come from, and which checks it passes."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from drafting import gate, rulebook, setups
from drafting.agent.assistant import Outcome
from drafting.gate import AskAnswer, Check, GateSubject
from drafting.grounding import Atom, Kind, Source, TracedAtom, atoms, trace
from drafting.models import Customer, CustomerAddress, Evidence, Order, Rule, Setup
from drafting.protocol import CategoryChoice
from drafting.rules import RuleOutcome
from drafting.tools import Lookup
from inbox import composing, languages
from inbox.errors import Refused
from inbox.models import Message

MADE_FROM_THEIR_QUESTION = {"calculate": "calculated", "dates": "asked"}
"""Tools whose answer repeats or follows from what the model asked, and how `Source` calls the question: not everything in it counts."""
SHORTEST_FIGURES = 5


@dataclass(frozen=True)
class Checked:
    """What the gate says. `atoms` are as `Draft.atoms` holds them, with evidence named by the number of its lookup."""

    atoms: list[dict[str, Any]]
    checks: list[Check]
    is_eligible: bool


def check(*, outcome: Outcome, message: Message, setup: Setup) -> Checked:
    """Every check of the gate on what the assistant wrote."""
    assert outcome.action is not None and outcome.choice is not None
    body = outcome.action.body.strip()
    language = languages.detect(body)
    traced = trace(atoms(body, language=language), sources(outcome), language=language, text=body)
    results = rulebook.outcomes(outcome.rules, outcome.facts)
    subject = GateSubject(
        setup=str(setup),
        setup_differences=tuple(_differences(outcome, setup)),
        body=body,
        draft_language=language,
        asks=tuple(AskAnswer(ask["ask"], ask["answered"]) for ask in outcome.asks),
        atoms=tuple(traced),
        foreign_values=tuple(foreign_values(traced, customer=outcome.customer)),
        rule_outcomes=tuple(results),
        allowed_texts=tuple(_allowed_texts(outcome, results)),
        allowed_domains=(message.mailbox.address.partition("@")[2],),
        **_about_mail(message, outcome),
        **_about_choice(outcome.choice),
    )
    checks = gate.check(subject)
    return Checked([each.as_json() for each in traced], checks, gate.is_eligible(checks))


def sources(outcome: Outcome) -> list[Source]:
    """Where a reply's facts may come from. Templates are named by themselves, other evidence by the number of its lookup."""
    found = [each for each in outcome.run.lookups if each.outcome == Evidence.Outcome.FOUND]
    templates = [Source(f"template:{each['id']}", each["body"]) for each in _templates(outcome)]
    evidence = [_source(each) for each in found if each.tool != "templates"]
    mail = Source("mail", f"{outcome.mail.subject}\n{outcome.mail.text}\n{outcome.mail.from_name}", is_claim=True)
    return [*evidence, *templates, mail]


def _source(lookup: Lookup) -> Source:
    role = MADE_FROM_THEIR_QUESTION.get(lookup.tool)
    about = {} if role is None else {role: str(lookup.question.get("query", ""))}
    return Source(f"evidence:{lookup.number}", lookup.answer, calculated=about.get("calculated", ""), asked=about.get("asked", ""))


def foreign_values(traced: list[TracedAtom], *, customer: Customer | None) -> list[str]:
    """What the reply names that belongs to another customer: numbers of orders, invoices, shipments and customers, and mail addresses."""
    named = {spelling: each.atom.text for each in traced for spelling in _spellings(each.atom)}
    addresses = {value.lower(): each.atom.text for each in traced if each.atom.kind is Kind.EMAIL for value in each.atom.value}
    own = customer.pk if customer else 0
    if not named and not addresses:
        return []
    orders = Order.objects.exclude(customer_id=own).filter(Q(number__in=named) | Q(invoice_number__in=named) | Q(tracking_number__in=named))
    hits = {value for row in orders.values_list("number", "invoice_number", "tracking_number") for value in row}
    hits |= set(Customer.objects.exclude(pk=own).filter(number__in=named).values_list("number", flat=True))
    hits |= set(CustomerAddress.objects.exclude(customer_id=own).filter(address__in=addresses).values_list("address", flat=True))
    return list(dict.fromkeys(text for spelling, text in (named | addresses).items() if spelling in hits))


def _differences(outcome: Outcome, setup: Setup) -> list[str]:
    """What ran otherwise than pinned: a server may also have refused the pinned dialect."""
    other_dialect = outcome.run.dialects - {outcome.run.endpoint.dialect}
    return [*setups.differences(setup, book=outcome.book), *(["dialect"] if other_dialect else [])]


def _spellings(atom: Atom) -> list[str]:
    """How a number of an order, an invoice, a shipment or a customer may be spelled; one in plain figures has five or more."""
    plain_figures = [text for text in (atom.text, *atom.value) if text.isdecimal() and len(text) >= SHORTEST_FIGURES]
    return [atom.text, *atom.value] if atom.kind is Kind.ID else plain_figures


def _about_mail(message: Message, outcome: Outcome) -> dict[str, Any]:
    return {
        "message_kind": message.kind,
        "suppress_auto_reply": message.suppress_auto_reply,
        "sender": message.from_address,
        "sender_name": message.from_name,
        "reply_to": tuple(message.reply_to),
        "recipients": _recipients(message),
        "is_authenticated": message.authenticity == Message.Authenticity.PASS,
        "authentication_reason": message.authenticity_reason,
        "is_known": outcome.customer is not None,
        "subject": message.subject,
        "mail_text": outcome.mail.text,
        "hidden_text": message.hidden_text,
        "attachment_names": tuple(outcome.mail.attachments),
        "customer_language": message.language or (outcome.customer.language if outcome.customer else ""),
    }


def _recipients(message: Message) -> tuple[str, ...]:
    try:
        return (composing.recipient_of(message),)
    except Refused:
        return ()


def _about_choice(choice: CategoryChoice) -> dict[str, Any]:
    return {
        "flags": tuple(choice.flags),
        "category": choice.category,
        "is_certain": choice.is_certain,
        "is_single_topic": choice.is_single_topic,
        "asks_found": len(choice.asks),
    }


def _allowed_texts(outcome: Outcome, results: list[RuleOutcome]) -> list[str]:
    """Wordings that the company itself approved: its templates, and what its rules want said here."""
    said = [result.rule.text for result in results if result.holds and result.effect == Rule.Effect.MUST_SAY]
    return [*(template["body"] for template in _templates(outcome)), *said]


def _templates(outcome: Outcome) -> list[dict[str, Any]]:
    found = [each for each in outcome.run.lookups if each.tool == "templates" and each.outcome == Evidence.Outcome.FOUND]
    return list({template["id"]: template for each in found for template in each.answer}.values())
