"""Facts of the mail, its sender and the draft."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.utils import timezone

from drafting import working_days
from drafting.agent.mail import Mail
from drafting.fact_values.attachments import of_sender
from drafting.fact_values.records import Facts
from drafting.gate import find_flags
from drafting.grounding import Atom, Kind, atoms
from drafting.models import Customer
from drafting.protocol import CategoryChoice
from inbox import languages
from inbox.models import Message


def of_mail(message: Message, mail: Mail, choice: CategoryChoice, today: date) -> Facts:
    """What the mail says and brings."""
    sent_on = timezone.localdate(mail.date)
    return of_sender(message, mail) | {
        "mail.subject": message.subject,
        "mail.text": mail.text,
        "mail.language": message.language or None,
        "mail.is_authenticated": message.authenticity == Message.Authenticity.PASS,
        "mail.has_attachments": bool(mail.attachments),
        "mail.attachments": len(mail.attachments),
        "mail.sent_on": sent_on,
        "mail.days_since_sent": max(0, (today - sent_on).days),
        "mail.working_days_since_sent": max(0, working_days.between(sent_on, today)),
        "mail.text_length": len(mail.text),
        "mail.word_count": len(mail.text.split()),
        "mail.money": money(atoms(f"{mail.subject}\n{mail.text}", language=message.language)),
        "mail.flags": list(dict.fromkeys([*choice.flags, *find_flags(mail.subject, mail.text, mail.written.said)])),
    }


def of_customer(customer: Customer | None) -> Facts:
    """Who the authenticated sender is."""
    if customer is None:
        return {"customer.is_known": False}
    return {
        "customer.is_known": True,
        "customer.number": customer.number,
        "customer.language": customer.language,
        "customer.terms": customer.terms,
    }


def of_draft(body: str, choice: CategoryChoice) -> Facts:
    """What the draft says."""
    language = languages.detect(body)
    found = atoms(body, language=language)
    amounts = [value.partition(" ")[0] for atom in found if atom.kind is Kind.AMOUNT for value in atom.value]
    return {
        "draft.category": choice.category,
        "draft.language": language or None,
        "draft.text": body,
        "draft.length": len(body),
        "draft.amounts": [Decimal(amount) for amount in amounts],
        "draft.money": money(found),
        "draft.mentions": [atom.text for atom in found if atom.kind is Kind.ID],
    }


def money(found: Iterable[Atom]) -> dict[str, Decimal]:
    """The largest amount in each currency. Of a spelling with several readings each counts."""
    largest: dict[str, Decimal] = {}
    for value in (value for atom in found if atom.kind is Kind.AMOUNT for value in atom.value):
        amount, _, currency = value.partition(" ")
        largest[currency] = max(Decimal(amount), largest.get(currency, Decimal(amount)))
    return largest
