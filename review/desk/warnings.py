"""What a person should know about a mail, and about who wrote it, before answering."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, IntegerField, Value, When
from django.urls import reverse

from drafting.models import Draft
from inbox.models import Conversation, Message
from review import file_types
from review.desk import words

FLAG_WORDS = {
    "direction_override": "The mail turns the direction of writing with hidden signs, so parts of it may read otherwise than they are."
}
"""What the parser noticed and said nothing about in `problem`."""
INSTRUCTIONS = "instructions_to_assistant"
MOST = 5
OPEN = (Conversation.State.OPEN, Conversation.State.SNOOZED)
MACROS = ("docm", "dotm", "xlsm", "xltm", "xlam", "pptm", "potm", "ppsm")
PAGES = ("htm", "html", "shtml", "svg", "mht", "mhtml", "xhtml")


@dataclass(frozen=True, slots=True)
class Warning:
    """Something to know before answering. `detail` is shown on request, such as the hidden text itself; `links` are names and addresses."""

    words: str
    tone: str = "amber"
    detail: str = ""
    links: tuple[tuple[str, str], ...] = ()


def of_message(message: Message) -> list[Warning]:
    """What one mail by itself gives reason to warn of."""
    return [
        *_unread(message),
        *_bounce(message),
        *_sender(message),
        *_reply_to(message),
        *_hidden(message),
        *(Warning(FLAG_WORDS[name]) for name in message.flags if name in FLAG_WORDS),
        *_files(getattr(message, "files", [])),
    ]


def of_draft(draft: Draft, *, is_only: bool) -> list[Warning]:
    """What the mail that a draft answers, and what else the customer has written, give reason to warn of. One query.

    `is_only` says that it is the only mail of its conversation.
    """
    talk = draft.conversation
    if not talk.customer_address:
        return _instructions(draft)
    is_open = Case(When(state__in=OPEN, then=Value(0)), default=Value(1), output_field=IntegerField())
    others = Conversation.objects.filter(mailbox=talk.mailbox_id, customer_address=talk.customer_address).exclude(pk=talk.pk)
    found = list(others.order_by(is_open, "-last_message_at").only("pk", "subject", "state")[: MOST + 1])
    is_first = is_only and not found and draft.message.kind == Message.Kind.PERSON
    first = [Warning(f"First contact: {talk.customer_address} has not written to this mailbox before.", "quiet")] if is_first else []
    return [*_instructions(draft), *first, *_others([other for other in found if other.state in OPEN], talk)]


def _instructions(draft: Draft) -> list[Warning]:
    if INSTRUCTIONS not in draft.flags:
        return []
    return [
        Warning("The mail contains instructions aimed at an assistant. Nothing of it is done; read the draft with that in mind.", "red")
    ]


def _others(found: list[Conversation], talk: Conversation) -> list[Warning]:
    if not found:
        return []
    name = talk.customer_name or talk.customer_address
    number = f"more than {MOST}" if len(found) > MOST else str(len(found))
    noun = "conversation" if len(found) == 1 else "conversations"
    links = tuple((str(other), reverse("conversation", args=[other.pk])) for other in found[:MOST])
    return [Warning(f"{name} has {number} other open {noun}:", "quiet", links=links)]


def _unread(message: Message) -> list[Warning]:
    if message.state == Message.State.UNREADABLE:
        return [Warning(f"This mail could not be read: {message.problem or 'its content is damaged.'}", "red")]
    return [Warning(message.problem)] if message.problem else []


def _bounce(message: Message) -> list[Warning]:
    if message.kind != Message.Kind.BOUNCE:
        return []
    to = f" to {words.listed(message.bounce_recipients[:5])}" if message.bounce_recipients else ""
    if message.bounce_is_hard is False:
        return [Warning(f"A mail{to} is delayed. The mail server may still deliver it.")]
    return [Warning(f"A mail{to} could not be delivered. Nobody answers this notice; find another way to reach the customer.", "red")]


def _sender(message: Message) -> list[Warning]:
    if message.kind != Message.Kind.PERSON or message.authenticity == Message.Authenticity.PASS:
        return []
    reason = f" ({message.authenticity_reason})" if message.authenticity_reason else ""
    if message.authenticity == Message.Authenticity.FAIL:
        return [Warning(f"The sender is probably not who the mail claims: authentication failed{reason}.", "red")]
    return [Warning(f"The sender is not authenticated{reason}. Do not disclose customer data.")]


def _reply_to(message: Message) -> list[Warning]:
    """Reply-To is what a mail claims and is not followed (`inbox.composing.recipient_of`)."""
    others = [address for address in message.reply_to if address.casefold() != message.from_address.casefold()]
    if message.kind != Message.Kind.PERSON or not others:
        return []
    return [Warning(f"The mail wants answers to go to {words.listed(others[:3])}. Yours goes to its sender, {message.from_address}.")]


def _hidden(message: Message) -> list[Warning]:
    if not message.hidden_text:
        return []
    return [
        Warning("The mail contains text that its reader would not see. The assistant was not shown it.", "red", message.hidden_text[:4000])
    ]


def _files(files: list[dict[str, Any]]) -> list[Warning]:
    risky = [f"“{file['name'] or 'unnamed'}” ({risk})" for file in files if (risk := _risk(file["name"], file["content_type"]))]
    if not risky:
        return []
    return [Warning(f"Do not open what you did not expect: {words.listed(risky[:5])}.", "red")]


def _risk(name: str, content_type: str) -> str:
    """What a file could do when it is opened; "" where nothing is known against it."""
    ending = name.rpartition(".")[2].casefold()
    if file_types.is_program(name, b""):
        return "a program"
    if ending in MACROS or "macroenabled" in content_type.casefold():
        return "a document with macros"
    return "a web page, which can lead anywhere" if ending in PAGES else ""
