"""One reply as the gate sees it, and what the gate says."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from drafting import gate, rulebook, setups
from drafting.agent.assistant import Outcome
from drafting.checking import caps
from drafting.checking.foreign import foreign_values
from drafting.checking.grounds import allowed_texts, looked_up, other_texts, sources
from drafting.gate import AskAnswer, Check, GateSubject
from drafting.grounding import atoms, trace
from drafting.models import Setup
from drafting.protocol import CategoryChoice
from inbox import composing, languages
from inbox.errors import Refused
from inbox.models import Mailbox, Message
from inbox.public_providers import PUBLIC_PROVIDERS


@dataclass(frozen=True)
class Checked:
    """What the gate says. `atoms` are as `Draft.atoms` holds them, with evidence named by the number of its lookup."""

    atoms: list[dict[str, Any]]
    checks: list[Check]
    is_eligible: bool


def check(
    *,
    outcome: Outcome,
    message: Message,
    setup: Setup,
    sorted_by: Setup | None = None,
    canaries_differ: bool = False,
    guard_flags: Sequence[str] = (),
) -> Checked:
    """Every check of the gate on what the assistant wrote. `guard_flags` are what a guard model objects to.

    `sorted_by` is the setup that chose the category where it is not the one that wrote: it has to be the pinned one too.
    That the canaries differ is among `setups.differences`; `canaries_differ` adds it for who knows more than the database.
    """
    assert outcome.action is not None and outcome.choice is not None
    body = outcome.action.body.strip()
    language = languages.detect(body)
    given = sources(outcome, sender=message.from_address)
    traced = trace(atoms(body, language=language), given, language=language, text=body, today=outcome.today)
    results = rulebook.outcomes(outcome.rules, outcome.facts)
    subject = GateSubject(
        setup=str(setup),
        setup_differences=tuple(dict.fromkeys([*_differences(outcome, setup, sorted_by), *(["canaries"] if canaries_differ else [])])),
        guard_flags=tuple(guard_flags),
        body=body,
        today=outcome.today,
        draft_language=language,
        asks=tuple(AskAnswer(ask["ask"], ask["answered"]) for ask in outcome.asks),
        atoms=tuple(traced),
        foreign_values=tuple(foreign_values(body, traced, customer=outcome.customer, own_names=_own_names(message))),
        looked_up=tuple(looked_up(outcome)),
        rule_outcomes=tuple(results),
        allowed_texts=tuple(allowed_texts(outcome, results)),
        **_about_mailbox(message.mailbox),
        **_about_mail(message, outcome),
        **_about_choice(outcome.choice),
        **_about_caps(message),
    )
    checks = gate.check(subject)
    return Checked([each.as_json() for each in traced], checks, gate.is_eligible(checks))


def _differences(outcome: Outcome, setup: Setup, sorted_by: Setup | None) -> list[str]:
    """What ran otherwise than pinned: a server may also have refused the pinned dialect."""
    found = [*setups.differences(setup, book=outcome.book, tools=outcome.run.tools), *(["dialect"] if outcome.run.other_dialects else [])]
    if sorted_by is not None and sorted_by != setup:
        found += [f"{part} of {sorted_by}" for part in setups.differences(sorted_by, book=outcome.book, tools=outcome.run.tools)]
    return found


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
        "mail_flags": tuple(outcome.mail.flags),
        "attachment_names": tuple(outcome.mail.attachments),
        "attachment_texts": tuple(each["text"] for each in outcome.mail.written.texts),
        "unread_files": tuple(outcome.mail.written.unread),
        "other_texts": tuple(other_texts(outcome)),
        "customer_language": message.language or (outcome.customer.language if outcome.customer else ""),
    }


def _about_mailbox(mailbox: Mailbox) -> dict[str, Any]:
    domain = mailbox.address.partition("@")[2].lower()
    own = () if domain in PUBLIC_PROVIDERS else (domain,)
    return {"allowed_domains": (*own, *mailbox.link_domains.split()), "own_addresses": (mailbox.address,)}


def _about_caps(message: Message) -> dict[str, Any]:
    replies = caps.count(message)
    return {"replies_in_conversation": replies.in_conversation, "replies_to_sender": replies.to_sender}


def _own_names(message: Message) -> tuple[str, ...]:
    return message.from_name, message.mailbox.name, message.mailbox.display_name


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
