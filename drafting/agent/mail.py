"""What the model and the lookups see of a mail and of the conversation before it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q

from drafting.agent import files as file_texts
from drafting.agent.files import Written, name_of
from inbox import replies
from inbox.models import Attachment, Message
from inbox.replies import Reply

SHOWN_HISTORY = 12
MOST_FILES = 200
MOST_NAMES = 20


@dataclass(frozen=True)
class Mail:
    """A mail with the same sender's unanswered mails before it. `text` is what was newly written, oldest first.

    `files` are all that the sender attached in the conversation by then, newest mail first; `attachments` the names of those that came with
    what is to be answered; `written` what is written in these; `flags` what intake noticed of it.
    """

    subject: str
    text: str
    from_name: str
    date: datetime
    attachments: list[str]
    history: list[dict[str, str]]
    files: list[Attachment] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    written: Written = field(default_factory=Written)

    def as_material(self) -> dict[str, Any]:
        """MAIL of the protocol."""
        return {
            "subject": self.subject,
            "text": self.text,
            "from_name": self.from_name,
            "date": self.date.isoformat(),
            "attachments": self.attachments,
            **({"attachment_texts": self.written.texts} if self.written.texts else {}),
        }


def read(message: Message) -> Mail:
    """What is to be answered. Earlier mails and our replies count only from and to the same address, equally authenticated.

    Who is not authenticated is shown no history: by guessing References anyone could join a conversation and ask what was said.
    """
    earlier, ours = _same_sender(message), replies.sent_before(message, most=SHOWN_HISTORY)
    answered = max((each.answered for each in ours if each.answered), default=None)
    unanswered = [each for each in earlier if answered is None or each.received_at > answered]
    files = list(Attachment.objects.filter(_alike(message, "message__")).defer("text").order_by("-message_id", "position")[:MOST_FILES])
    own = _of(files, [*unanswered, message])
    return Mail(
        subject=message.subject,
        text="\n\n".join(filter(None, (_new_text(each) for each in [*unanswered, message]))),
        from_name=message.from_name,
        date=message.date or message.received_at,
        attachments=[name_of(each) for each in own][:MOST_NAMES],
        history=_history(message, [each for each in earlier if each not in unanswered], ours),
        files=files,
        flags=sorted({flag for each in [*unanswered, message] for flag in each.flags}),
        written=file_texts.read(own),
    )


def _same_sender(message: Message) -> list[Message]:
    same = Message.objects.filter(_alike(message)).exclude(pk=message.pk)
    return list(same.only("received_at", "reply_text", "text", "flags").order_by("-received_at", "-pk")[:SHOWN_HISTORY])[::-1]


def _alike(message: Message, prefix: str = "") -> Q:
    """Mails of the same person in the conversation, by then. `prefix` leads to the message."""
    same = {
        "conversation": message.conversation_id,
        "kind": Message.Kind.PERSON,
        "state": Message.State.PARSED,
        "from_address__iexact": message.from_address,
        "authenticity": message.authenticity,
        "received_at__lte": message.received_at,
    }
    return Q(**{prefix + name: value for name, value in same.items()})


def _of(files: list[Attachment], messages: list[Message]) -> list[Attachment]:
    """The files of these messages, in the order of these."""
    order = {message.pk: place for place, message in enumerate(messages)}
    return sorted((each for each in files if each.message_id in order and not each.is_inline), key=lambda each: order[each.message_id])


def _history(message: Message, before: list[Message], ours: list[Reply]) -> list[dict[str, str]]:
    if message.authenticity != Message.Authenticity.PASS:
        return []
    said = [(each.received_at, "customer", _new_text(each)) for each in before] + [(each.at, "us", each.text) for each in ours]
    return [{"from": who, "text": text} for _, who, text in sorted(said)[-SHOWN_HISTORY:]]


def _new_text(message: Message) -> str:
    return (message.reply_text or message.text).strip()
