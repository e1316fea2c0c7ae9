"""What belongs to one inbound message of a conversation, and what can be said of the message by itself."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from drafting.models import Draft
from inbox.models import OutgoingMail
from review.models import Decision
from review.reports.histories import Bounce, Decided, Drafted, History, Inbound, Sent

LIVE = (Draft.State.QUEUED, Draft.State.WRITING, Draft.State.READY, Draft.State.HANDED_OVER)
Kind = Decision.Kind


@dataclass(frozen=True, slots=True)
class Letter:
    """A message with its drafts, the decisions that stand on them, our replies to it and our later mails that answer it along; each
    oldest first. `is_followed`: a person wrote again in the conversation.

    A reply answers what was asked before as well (the assistant and who takes over answer all that is unanswered), but not a message that
    waits for a decision of its own.
    """

    message: Inbound
    drafts: list[Drafted]
    decisions: list[Decided]
    replies: list[Sent]
    along: list[Sent]
    is_followed: bool
    is_closed: bool

    @property
    def standing(self) -> Decided | None:
        """The newest decision on its drafts."""
        return self.decisions[-1] if self.decisions else None

    @property
    def is_live(self) -> bool:
        """Whether a draft of it is on its way or waits for a person."""
        return any(draft.state in LIVE for draft in self.drafts)

    @property
    def is_overtaken(self) -> bool:
        """Nobody decided on any draft of it, none waits any more, nothing replies to it, and the customer wrote again."""
        return self.is_followed and not (self.decisions or self.is_live or self.replies)

    @property
    def is_no_reply(self) -> bool:
        """The newest decision says that it needs none, and nobody sent one all the same."""
        return self.standing is not None and self.standing.kind == Kind.NO_REPLY and not self.replies

    @property
    def is_needed(self) -> bool:
        """It needed a reply."""
        return not (self.is_overtaken or self.is_no_reply)

    @property
    def answers(self) -> list[Sent]:
        """Our mails that answer it and have left or are on their way, maybe sent ones included."""
        return [mail for mail in (*self.replies, *self.along) if mail.state != OutgoingMail.State.FAILED]

    @property
    def is_waiting(self) -> bool:
        """It needs a reply, none is on its way, and nobody closed the conversation."""
        return self.is_needed and not self.answers and not self.is_closed

    @property
    def answered_at(self) -> datetime | None:
        """When the first mail left that answers it, if only along."""
        return min((mail.left_at for mail in self.answers if mail.left_at), default=None)

    @property
    def offered(self) -> list[Drafted]:
        """Its drafts that became ready."""
        return [draft for draft in self.drafts if draft.is_offered]

    @property
    def first_reply(self) -> Sent | None:
        """Of the replies to it the first that left."""
        left = [(mail.left_at, mail.id, mail) for mail in self.replies if mail.left_at]
        return min(left)[2] if left else None

    @property
    def needs_person(self) -> bool:
        """A person decided on it, or it waits for one: for a decision, or for the reply that somebody took over to write."""
        if any(decision.by_person for decision in self.decisions):
            return True
        return any(draft.state in {Draft.State.READY, Draft.State.HANDED_OVER} for draft in self.drafts)

    def decision_of(self, mail: Sent) -> Decided | None:
        """What was decided when the reply was queued; None for one by hand beside any draft."""
        return next((decision for decision in self.decisions if decision.mail == mail.id), None)

    def fared(self, kind: str) -> list[Drafted]:
        """The offered drafts that were decided so."""
        decided = {decision.draft for decision in self.decisions if decision.kind == kind}
        return [draft for draft in self.offered if draft.id in decided]


def letters(history: History) -> list[Letter]:
    """The messages of a conversation with what belongs to each, in the order in which they were received."""
    drafts, decisions, replies = _shared_out(history)
    made = []
    for place, message in enumerate(history.messages, start=1):
        own, is_followed = drafts[message.id], place < len(history.messages)
        is_dealt_with = own and not any(draft.state in LIVE for draft in own)
        along = _along(history.mails, message) if is_dealt_with else []
        made.append(Letter(message, own, decisions[message.id], replies[message.id], along, is_followed, history.is_closed))
    return made


def came_back(mail: Sent, history: History) -> bool:
    """Whether the mail bounced: it says so, or a bounce names it, or names nobody else's mail and cannot reach its recipient."""
    return mail.came_back or any(_reported(bounce, history.mails) == mail.id for bounce in history.bounces)


def _shared_out(history: History) -> tuple[dict[int, list[Drafted]], dict[int, list[Decided]], dict[int, list[Sent]]]:
    """Drafts, decisions and replies by the message that they are about."""
    drafts: dict[int, list[Drafted]] = defaultdict(list)
    decisions: dict[int, list[Decided]] = defaultdict(list)
    replies: dict[int, list[Sent]] = defaultdict(list)
    about = {draft.id: draft.message for draft in history.drafts}
    for draft in history.drafts:
        drafts[draft.message].append(draft)
    for decision in history.decisions:
        decisions[about.get(decision.draft, 0)].append(decision)
    for mail in history.mails:
        replies[mail.message or 0].append(mail)
    return drafts, decisions, replies


def _along(mails: Iterable[Sent], message: Inbound) -> list[Sent]:
    return [mail for mail in mails if mail.message != message.id and mail.created_at > message.received_at]


def _reported(bounce: Bounce, mails: Iterable[Sent]) -> int | None:
    """The id of the mail that a bounce is about: the one that it names, else the last one before it to somebody who was not reached."""
    named = next((mail.id for mail in mails if mail.message_id in bounce.named), None)
    unreached = [mail.id for mail in mails if mail.created_at <= bounce.received_at and mail.recipient.lower() in bounce.unreached]
    return named or (unreached[-1] if unreached else None)
