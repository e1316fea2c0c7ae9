"""What became of each inbound message: every measure, from the rows of its conversation alone. Nothing here depends on the clock."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from inbox.models import OutgoingMail
from review.models import Decision, Outcome
from review.reports.histories import Decided, History, Sent
from review.reports.letters import Letter, came_back, letters

WITHIN = timedelta(days=7)
"""So long after a reply that left by itself it counts against it when a person was needed."""
Kind = Decision.Kind
Measured = dict[str, int]
FARED = {"approved": Kind.APPROVED, "edited": Kind.EDITED, "rejected": Kind.REJECTED, "taken_over": Kind.TAKEN_OVER}
WAYS = {Kind.APPROVED: "by_approval", Kind.EDITED: "by_edit"}


def judge(history: History) -> list[Outcome]:
    """The outcome of each message, unsaved, in the order in which they were received."""
    found = letters(history)
    opening = next((letter for letter in found if letter.is_needed), None)
    return [_outcome(letter, found, history, is_opening=letter is opening) for letter in found]


def _outcome(letter: Letter, others: Sequence[Letter], history: History, *, is_opening: bool) -> Outcome:
    message, reply = letter.message, letter.first_reply
    local = message.received_at.astimezone(ZoneInfo(settings.TIME_ZONE))
    measured = {**_needed(letter), **_offered(letter), **_fared(letter), **_audited(letter), **_sent(letter, history), **_spent(letter)}
    measured |= _left(letter) | {"automated": int(_is_automated(letter, others, history))}
    response, resolution = (_response(letter, history), _resolution(others, message.received_at)) if is_opening else (None, None)
    return Outcome(
        message_id=message.id,
        conversation_id=message.conversation,
        mailbox_id=message.mailbox,
        category_id=next((draft.category for draft in reversed(letter.drafts) if draft.category), None),
        setup_id=next((draft.setup for draft in reversed(letter.drafts) if draft.setup), None),
        received_at=message.received_at,
        day=local.date(),
        hour_of_week=local.weekday() * 24 + local.hour,
        opened=int(is_opening),
        first_response_seconds=response,
        responded=int(response is not None),
        in_time=int(response is not None and response <= history.target),
        resolution_seconds=resolution,
        resolved=int(resolution is not None),
        replied_at=reply.left_at if reply else None,
        edit_reasons=[one.edit_reason for one in letter.decisions if one.kind == Kind.EDITED and one.edit_reason],
        hand_over_reason=_hand_over_reason(letter) if measured["handed_over"] else "",
        failed_checks=list(letter.offered[0].failed_checks) if letter.offered else [],
        **measured,
    )


def _needed(letter: Letter) -> Measured:
    """Whether it needed a reply (see `Letter`), and whether one is still wanted."""
    said = {"needed": letter.is_needed, "no_reply": letter.is_no_reply, "overtaken": letter.is_overtaken, "waiting": letter.is_waiting}
    return {"inbound": 1} | {name: int(is_so) for name, is_so in said.items()}


def _offered(letter: Letter) -> Measured:
    """Coverage asks for one offered draft; who was handed over was offered none. Every offered draft counts for the eligible share."""
    offered, needed = letter.offered, letter.is_needed
    return {
        "offered": int(needed and bool(offered)),
        "handed_over": int(needed and not offered and bool(_hand_over_reason(letter))),
        "drafts": len(offered),
        "eligible": sum(draft.is_eligible for draft in offered),
    }


def _hand_over_reason(letter: Letter) -> str:
    """Why the newest of its drafts that was handed over was."""
    return next((draft.hand_over_reason for draft in reversed(letter.drafts) if draft.hand_over_reason), "")


def _fared(letter: Letter) -> Measured:
    """How offered drafts fared with people, those that had passed every check counted once more: as a shadow of what auto-send would do.

    A draft that was superseded before anybody decided fared in no way. One of which a reviewer said that its mail needs no reply is a
    shadow, as it would have left.
    """
    eligible = [draft for kind in (*FARED.values(), Kind.NO_REPLY) for draft in letter.fared(kind) if draft.is_eligible]
    approved = [draft for draft in letter.fared(Kind.APPROVED) if draft.is_eligible]
    fared = {name: len(letter.fared(kind)) for name, kind in FARED.items()}
    return {**fared, "shadow": len(eligible), "shadow_approved": len(approved)}


def _audited(letter: Letter) -> Measured:
    """Verdicts that count as evidence."""
    verdicts = [draft.unsafe for draft in letter.drafts if draft.unsafe is not None]
    return {"audited": len(verdicts), "unsafe": sum(verdicts)}


def _sent(letter: Letter, history: History) -> Measured:
    """What is wrong with the replies to it."""
    maybe = [mail for mail in letter.replies if mail.state == OutgoingMail.State.MAYBE_SENT]
    return {"bounced": sum(came_back(mail, history) for mail in letter.replies), "maybe_sent": len(maybe)}


def _spent(letter: Letter) -> Measured:
    """Time of people, and what the model did."""
    seconds = [one.seconds for one in letter.decisions if one.by_person and one.seconds is not None]
    return {
        "reviews": len(seconds),
        "review_seconds": sum(seconds),
        "calls": sum(draft.calls for draft in letter.drafts),
        "prompt_tokens": sum(draft.prompt_tokens for draft in letter.drafts),
        "completion_tokens": sum(draft.completion_tokens for draft in letter.drafts),
    }


def _left(letter: Letter) -> Measured:
    """How the reply left: the first one that did. One that is to leave by itself counts from when it was queued; at most one way is 1."""
    ways = dict.fromkeys(("auto_sent", "by_approval", "by_edit", "by_rewrite", "by_hand"), 0)
    if _automatic(letter):
        ways["auto_sent"] = 1
    elif reply := letter.first_reply:
        ways[_way(letter, letter.decision_of(reply))] = 1
    return ways


def _automatic(letter: Letter) -> tuple[Sent, Decided] | None:
    """The reply that left by itself, or is about to, with the decision of it. None where a person's reply left before, and where nobody
    knows whether it left."""
    first = letter.first_reply
    for mail in [first] if first else [mail for mail in letter.answers if mail.state != OutgoingMail.State.MAYBE_SENT]:
        decision = letter.decision_of(mail)
        if decision and not decision.by_person:
            return mail, decision
    return None


def _way(letter: Letter, decision: Decided | None) -> str:
    if decision is None or decision.kind not in WAYS:
        return "by_hand"
    was_rejected = any(one.kind == Kind.REJECTED and one.draft < decision.draft for one in letter.decisions)
    return "by_rewrite" if was_rejected else WAYS[Kind(decision.kind)]


def _is_automated(letter: Letter, others: Sequence[Letter], history: History) -> bool:
    """The reply left by itself and did not come back, and in the 7 days after it no person decided or wrote anything in the conversation or
    said that a mail was sent, no mail of the customer came in that waits for a person or that a person decided on, and no flag was set on
    the reply that stands.

    What came back helped nobody, whenever the notice comes: of an erased one it is not known when.
    """
    if (automatic := _automatic(letter)) is None:
        return False
    mail, decision = automatic
    if came_back(mail, history):
        return False
    since = mail.left_at or mail.created_at
    needed = [one.at for one in history.decisions if one.by_person]
    needed += [one.created_at for one in history.mails if not one.is_automatic]
    needed += history.settled_at
    needed += [other.message.received_at for other in others if other.needs_person]
    needed += [at for draft in letter.drafts if draft.id == decision.draft for at in draft.flagged_at]
    return not any(since < at <= since + WITHIN for at in needed)


def _response(letter: Letter, history: History) -> int | None:
    """Seconds until the first mail of ours left that answers it, or anything after it."""
    received = letter.message.received_at
    answering = [mail for mail in history.mails if mail.message == letter.message.id or mail.created_at > received]
    later = [mail.left_at for mail in answering if mail.left_at]
    return _seconds(received, min(later)) if later else None


def _resolution(others: Sequence[Letter], since: datetime) -> int | None:
    """Seconds until every message that needed a reply had one; None while one has not."""
    answered = [letter.answered_at for letter in others if letter.is_needed]
    left = [at for at in answered if at]
    return _seconds(since, max(left)) if left and len(left) == len(answered) else None


def _seconds(since: datetime, until: datetime) -> int:
    return max(int((until - since).total_seconds()), 0)
