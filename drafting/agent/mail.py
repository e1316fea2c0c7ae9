"""What the model and the lookups see of a mail and of the conversation before it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from inbox import replies
from inbox.models import Attachment, Message
from inbox.replies import Reply

SHOWN_HISTORY = 12


@dataclass(frozen=True)
class Mail:
    """A mail with the same sender's unanswered mails before it. `text` is what was newly written, oldest first."""

    subject: str
    text: str
    from_name: str
    date: datetime
    attachments: list[str]
    history: list[dict[str, str]]

    def as_material(self) -> dict[str, Any]:
        """MAIL of the protocol."""
        return {
            "subject": self.subject,
            "text": self.text,
            "from_name": self.from_name,
            "date": self.date.isoformat(),
            "attachments": self.attachments,
        }


def read(message: Message) -> Mail:
    """What is to be answered. Earlier mails and our replies count only from and to the same address, equally authenticated.

    Who is not authenticated is shown no history: by guessing References anyone could join a conversation and ask what was said.
    """
    earlier, ours = _same_sender(message), replies.sent_before(message, most=SHOWN_HISTORY)
    answered = max((each.answered for each in ours if each.answered), default=None)
    unanswered = [each for each in earlier if answered is None or each.received_at > answered]
    names = Attachment.objects.filter(message__in=[*unanswered, message], is_inline=False).order_by("message_id", "position")
    return Mail(
        subject=message.subject,
        text="\n\n".join(filter(None, (_new_text(each) for each in [*unanswered, message]))),
        from_name=message.from_name,
        date=message.date or message.received_at,
        attachments=[name or "(no name)" for name in names.values_list("name", flat=True)[:20]],
        history=_history(message, [each for each in earlier if each not in unanswered], ours),
    )


def _same_sender(message: Message) -> list[Message]:
    same = Message.objects.filter(
        conversation=message.conversation,
        kind=Message.Kind.PERSON,
        state=Message.State.PARSED,
        from_address__iexact=message.from_address,
        authenticity=message.authenticity,
        received_at__lte=message.received_at,
    ).exclude(pk=message.pk)
    return list(same.order_by("-received_at", "-pk")[:SHOWN_HISTORY])[::-1]


def _history(message: Message, before: list[Message], ours: list[Reply]) -> list[dict[str, str]]:
    if message.authenticity != Message.Authenticity.PASS:
        return []
    said = [(each.received_at, "customer", _new_text(each)) for each in before] + [(each.at, "us", each.text) for each in ours]
    return [{"from": who, "text": text} for _, who, text in sorted(said)[-SHOWN_HISTORY:]]


def _new_text(message: Message) -> str:
    return (message.reply_text or message.text).strip()
