"""What a person should know about a mail, and about who wrote it, before answering."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, IntegerField, OuterRef, Q, Value, When
from django.db.models.functions import JSONObject
from django.urls import reverse

from drafting import mail_domains
from drafting.models import Draft
from inbox import file_types
from inbox.models import Conversation, Message
from review.desk import words

FLAG_WORDS = {
    "own_unproven": "The mail is written in our name, but nothing proves that we wrote it: anybody can write in it.",
    "direction_override": "The mail turns the direction of writing with hidden signs, so parts of it may read otherwise than they are.",
}
"""What intake noticed and said nothing about in `problem`."""
INSTRUCTIONS = "instructions_to_assistant"
MOST = 5
OPEN = (Conversation.State.OPEN, Conversation.State.SNOOZED)
MACROS = ("docm", "dotm", "xlsm", "xltm", "xlam", "pptm", "potm", "ppsm")
PAGES = ("htm", "html", "shtml", "svg", "mht", "mhtml", "xhtml")


@dataclass(frozen=True, slots=True)
class Caution:
    """Something to know before answering. `detail` is shown on request, such as the hidden text itself; `links`, and `acts` that are
    done there, are names and addresses."""

    words: str
    tone: str = "amber"
    detail: str = ""
    links: tuple[tuple[str, str], ...] = ()
    acts: tuple[tuple[str, str], ...] = ()


def of_message(message: Message) -> list[Caution]:
    """What one mail by itself gives reason to warn of."""
    return [
        *_unread(message),
        *_bounce(message),
        *_sender(message),
        *_reply_to(message),
        *_hidden(message),
        *(Caution(FLAG_WORDS[name]) for name in message.flags if name in FLAG_WORDS),
        *_files(getattr(message, "files", [])),
    ]


def of_draft(draft: Draft, others: Sequence[Mapping[str, Any]], *, neighbours: Sequence[Mapping[str, Any]], is_only: bool) -> list[Caution]:
    """What the mail that a draft answers, and what else its customer has written, give reason to warn of.

    `others` are those of `with_others`, `neighbours` those of `mail_domains.with_neighbours`; `is_only` says that it is the only mail of
    its conversation.
    """
    talk = draft.conversation
    is_first = is_only and not others and bool(talk.customer_address) and draft.message.kind == Message.Kind.PERSON
    first = [Caution(f"First contact: {talk.customer_address} has not written to this mailbox before.", "quiet")] if is_first else []
    colleague = _colleague(draft, neighbours)
    return [*_instructions(draft), *offers(talk), *colleague, *first, *_others([other for other in others if other["state"] in OPEN], talk)]


def offers(talk: Conversation) -> list[Caution]:
    """The conversation that this one may go on from, for a person to say; `talk` comes with it (`may_continue`)."""
    other = talk.may_continue
    if other is None or other.erased_at or talk.erased_at:
        return []
    said = f"The mail answers one of ours to {other.customer_address}, yet {talk.customer_address} wrote it. Is it the same customer? In:"
    acts = [("Yes, join them", "join_conversation"), ("No, keep them apart", "keep_apart_conversation")]
    links = ((str(other), reverse("conversation", args=[other.pk])),)
    return [Caution(said, links=links, acts=tuple((name, reverse(act, args=[talk.pk])) for name, act in acts))]


def with_others() -> ArraySubquery:
    """What else the customer of a draft has written to its mailbox, open ones first."""
    described = JSONObject(pk="pk", subject="subject", state="state")
    theirs = Conversation.objects.filter(
        mailbox=OuterRef("conversation__mailbox"), customer_address=OuterRef("conversation__customer_address")
    ).exclude(Q(customer_address="") | Q(pk=OuterRef("conversation")))
    is_open = Case(When(state__in=OPEN, then=Value(0)), default=Value(1), output_field=IntegerField())
    return ArraySubquery(theirs.order_by(is_open, "-last_message_at").values(other=described)[: MOST + 1])


def _instructions(draft: Draft) -> list[Caution]:
    if INSTRUCTIONS not in draft.flags:
        return []
    return [
        Caution("The mail contains instructions aimed at an assistant. Nothing of it is done; read the draft with that in mind.", "red")
    ]


def _colleague(draft: Draft, neighbours: Sequence[Mapping[str, Any]]) -> list[Caution]:
    """That the sender may belong to a customer. Only where a server vouches for the domain; it says nothing about what they may know."""
    sender = draft.message.from_address
    is_proven = draft.message.kind == Message.Kind.PERSON and draft.message.authenticity == Message.Authenticity.PASS
    whose = mail_domains.owner(sender, neighbours) if is_proven and draft.customer_id is None else None
    if whose is None:
        return []
    said = f"No customer is known by {sender}. It may be a colleague at {whose[0]} ({whose[1]}), whose known addresses end alike."
    return [Caution(f"{said} Nothing of theirs was looked up: whether to tell of it is yours to judge.")]


def _others(found: Sequence[Mapping[str, Any]], talk: Conversation) -> list[Caution]:
    if not found:
        return []
    name = talk.customer_name or talk.customer_address
    number = f"more than {MOST}" if len(found) > MOST else str(len(found))
    noun = "conversation" if len(found) == 1 else "conversations"
    links = tuple((other["subject"] or "(no subject)", reverse("conversation", args=[other["pk"]])) for other in found[:MOST])
    return [Caution(f"{name} has {number} other open {noun}:", "quiet", links=links)]


def _unread(message: Message) -> list[Caution]:
    if message.state == Message.State.UNREADABLE:
        return [Caution(f"This mail could not be read: {message.problem or 'its content is damaged.'}", "red")]
    return [Caution(message.problem)] if message.problem else []


def _bounce(message: Message) -> list[Caution]:
    if message.kind != Message.Kind.BOUNCE:
        return []
    to = f" to {words.listed(message.bounce_recipients[:5])}" if message.bounce_recipients else ""
    if message.bounce_is_delay:
        return [Caution(f"A mail{to} is delayed. A mail server still tries to deliver it, and tells us if it gives up.")]
    if message.bounce_is_hard is False:
        return [
            Caution(f"A mail{to} could not be delivered for now. Nobody answers this notice; write to the customer again later.", "red")
        ]
    return [Caution(f"A mail{to} could not be delivered. Nobody answers this notice; find another way to reach the customer.", "red")]


def _sender(message: Message) -> list[Caution]:
    if message.kind != Message.Kind.PERSON or message.authenticity == Message.Authenticity.PASS:
        return []
    reason = f" ({message.authenticity_reason})" if message.authenticity_reason else ""
    if message.authenticity == Message.Authenticity.FAIL:
        return [Caution(f"The sender is probably not who the mail claims: authentication failed{reason}.", "red")]
    return [Caution(f"The sender is not authenticated{reason}. Do not disclose customer data.")]


def _reply_to(message: Message) -> list[Caution]:
    """Reply-To is what a mail claims and is not followed (`inbox.composing.recipient_of`)."""
    others = [address for address in message.reply_to if address.casefold() != message.from_address.casefold()]
    if message.kind != Message.Kind.PERSON or not others:
        return []
    return [Caution(f"The mail wants answers to go to {words.listed(others[:3])}. Yours goes to its sender, {message.from_address}.")]


def _hidden(message: Message) -> list[Caution]:
    if not message.hidden_text:
        return []
    return [
        Caution("The mail contains text that its reader would not see. The assistant was not shown it.", "red", message.hidden_text[:4000])
    ]


def _files(files: list[dict[str, Any]]) -> list[Caution]:
    risky = [f"“{file['name'] or 'unnamed'}” ({risk})" for file in files if (risk := _risk(file["name"], file["content_type"]))]
    if not risky:
        return []
    return [Caution(f"Do not open what you did not expect: {words.listed(risky[:5])}.", "red")]


def _risk(name: str, content_type: str) -> str:
    """What a file could do when it is opened; "" where nothing is known against it."""
    ending = name.rpartition(".")[2].casefold()
    if file_types.is_program(name, b""):
        return "a program"
    if ending in MACROS or "macroenabled" in content_type.casefold():
        return "a document with macros"
    return "a web page, which can lead anywhere" if ending in PAGES else ""
