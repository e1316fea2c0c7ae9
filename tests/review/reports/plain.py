"""The measures once more, counted from the raw rows one message at a time, as their definitions read. Slow and plain on purpose."""

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from drafting.models import Draft
from inbox.models import Message, OutgoingMail
from review.models import MEASURES, Decision, Flag, LedgerEntry, LogEntry, Spread, Tally
from review.reports.durations import bucket

Key = tuple[str, date, int, int | None, int | None]
Counted = dict[str, Any]
ON_ITS_WAY = {"held", "ready", "claimed", "dot_sent", "retry", "maybe_sent", "sent"}
WAITS = {"queued", "writing", "ready", "handed_over"}


def tallies(zone: str) -> dict[Key, dict[str, int]]:
    """The sums of the measures, by span, day, mailbox, category and setup."""
    found: dict[Key, Counter[str]] = defaultdict(Counter)
    for message, counted in outcomes(zone):
        for key in keys(message, counted):
            found[key].update({name: int(counted.get(name, 0)) for name in MEASURES})
    return {key: {name: counter[name] for name in MEASURES} for key, counter in found.items()}


def spreads(zone: str) -> dict[tuple[Any, ...], int]:
    """How often each key occurs, by kind and key as well."""
    found: Counter[tuple[Any, ...]] = Counter()
    for message, counted in outcomes(zone):
        for key in keys(message, counted):
            found.update((*key, kind, code) for kind, code in spread(counted))
    return dict(found)


def spread(counted: Counted) -> list[tuple[str, str]]:
    """What one message adds to the spreads."""
    pairs = [("hour", str(counted["hour"]))]
    pairs += [("edit", reason) for reason in counted["edit_reasons"]]
    pairs += [("check", code) for code in counted["failed_checks"]]
    pairs += [("hand_over", counted["hand_over_reason"])] if counted["handed_over"] else []
    pairs += [("review", bucket(counted["review_seconds"]))] if counted["reviews"] else []
    pairs += [("first_resp", bucket(counted["response"]))] if counted["responded"] else []
    pairs += [("resolution", bucket(counted["resolution"]))] if counted["resolved"] else []
    return pairs


def kept_tallies() -> dict[Key, dict[str, int]]:
    """What the table of sums says."""
    rows = Tally.objects.values("span", "on", "mailbox_id", "category_id", "setup_id", *MEASURES)
    return {
        (row["span"], row["on"], row["mailbox_id"], row["category_id"], row["setup_id"]): {name: row[name] for name in MEASURES}
        for row in rows
    }


def kept_spreads() -> dict[tuple[Any, ...], int]:
    """What the table of spreads says."""
    names = ("span", "on", "mailbox_id", "category_id", "setup_id", "kind", "key")
    return {tuple(row[:-1]): row[-1] for row in Spread.objects.values_list(*names, "count")}


def keys(message: Message, counted: Counted) -> list[Key]:
    """The day and the month in which a message counts."""
    group = (message.mailbox_id, counted["category"], counted["setup"])
    return [("day", counted["day"], *group), ("month", counted["day"].replace(day=1), *group)]


def outcomes(zone: str) -> list[tuple[Message, Counted]]:
    """Each message from a person that is no history, with what is counted of it."""
    found = []
    for conversation in Message.objects.exclude(conversation=None).values_list("conversation", flat=True).distinct():
        said = Message.objects.filter(conversation=conversation, kind="person").order_by("received_at", "pk")
        new = [message for message in said if not message.is_past]
        opening = next((message for message in new if is_needed(message, new)), None)
        for message in new:
            counted = about(message, new)
            local = message.received_at.astimezone(ZoneInfo(zone))
            counted |= {"day": local.date(), "hour": local.weekday() * 24 + local.hour, "responded": 0, "resolved": 0, "in_time": 0}
            if message == opening:
                counted |= {"opened": 1} | times(message, new)
            found.append((message, counted))
    return found


def drafts_of(message: Message) -> list[Draft]:
    """Oldest first."""
    return list(Draft.objects.filter(message=message).order_by("pk"))


def standing(message: Message) -> list[Decision]:
    """The decisions on its drafts that nobody took back, oldest first."""
    return list(Decision.objects.filter(draft__message=message, undone_at=None).order_by("decided_at", "pk"))


def replies_to(message: Message) -> list[OutgoingMail]:
    """Mails in reply to it that nobody cancelled."""
    return list(OutgoingMail.objects.filter(in_reply_to=message, conversation=message.conversation).exclude(state="cancelled"))


def is_later(one: Message, other: Message) -> bool:
    """Whether the first was received after the second."""
    return (one.received_at, one.pk) > (other.received_at, other.pk)


def is_no_reply(message: Message) -> bool:
    """A reviewer said last that it needs none, and nobody replied."""
    decided = standing(message)
    return bool(decided) and decided[-1].kind == "no_reply" and not replies_to(message)


def is_overtaken(message: Message, new: list[Message]) -> bool:
    """The customer wrote again, and nothing was decided or sent, and nothing waits for a decision."""
    if standing(message) or replies_to(message) or any(draft.state in WAITS for draft in drafts_of(message)):
        return False
    return any(is_later(other, message) for other in new)


def is_needed(message: Message, new: list[Message]) -> bool:
    """Neither of both."""
    return not is_no_reply(message) and not is_overtaken(message, new)


def answers(message: Message) -> list[OutgoingMail]:
    """Mails that answer it: replies to it, and what we wrote in the conversation after it once its drafts were dealt with."""
    drafts = drafts_of(message)
    found = replies_to(message)
    if drafts and not any(draft.state in WAITS for draft in drafts):
        later = OutgoingMail.objects.filter(conversation=message.conversation, created_at__gt=message.received_at)
        found += [mail for mail in later if mail.in_reply_to_id != message.pk]
    return [mail for mail in found if mail.state in ON_ITS_WAY]


def was_offered(draft: Draft) -> bool:
    """It became ready."""
    return draft.state in {"ready", "decided", "superseded"} and not draft.hand_over_reason and bool(draft.finished_at or draft.body)


def about(message: Message, new: list[Message]) -> Counted:
    """All that does not depend on whether it opened the conversation."""
    drafts, decided, needed = drafts_of(message), standing(message), is_needed(message, new)
    offered = [draft for draft in drafts if was_offered(draft)]
    given_up = [draft.hand_over_reason for draft in drafts if draft.hand_over_reason]
    fared = {
        kind: [draft for draft in offered for one in decided if one.draft_id == draft.pk and one.kind == kind]
        for kind in ("approved", "edited", "rejected", "taken_over", "no_reply")
    }
    entries = [entry for entry in LedgerEntry.objects.filter(draft__in=drafts) if entry.counts and entry.unsafe is not None]
    times = [one.seconds_open for one in decided if one.by_id and one.seconds_open is not None]
    calls = [call for draft in drafts for call in draft.model_calls.all()]
    return {
        "inbound": 1,
        "needed": needed,
        "no_reply": is_no_reply(message),
        "overtaken": is_overtaken(message, new),
        "offered": needed and bool(offered),
        "handed_over": needed and not offered and bool(given_up),
        "hand_over_reason": given_up[-1] if given_up else "",
        "drafts": len(offered),
        "eligible": sum(draft.is_eligible for draft in offered),
        **{kind: len(fared[kind]) for kind in ("approved", "edited", "rejected", "taken_over")},
        "shadow": sum(draft.is_eligible for kind in fared for draft in fared[kind]),
        "shadow_approved": sum(draft.is_eligible for draft in fared["approved"]),
        "waiting": needed and not answers(message) and message.conversation is not None and message.conversation.state != "closed",
        "audited": len(entries),
        "unsafe": sum(bool(entry.unsafe) for entry in entries),
        "bounced": sum(bounced(mail) for mail in replies_to(message)),
        "maybe_sent": sum(mail.state == "maybe_sent" for mail in replies_to(message)),
        "reviews": len(times),
        "review_seconds": sum(times),
        "calls": len(calls),
        "prompt_tokens": sum(call.prompt_tokens or 0 for call in calls),
        "completion_tokens": sum(call.completion_tokens or 0 for call in calls),
        "category": next((draft.category_id for draft in drafts[::-1] if draft.category_id), None),
        "setup": next((draft.setup_id for draft in drafts[::-1] if draft.setup_id), None),
        "edit_reasons": [one.edit_reason for one in decided if one.kind == "edited" and one.edit_reason],
        "failed_checks": [check.code for check in offered[0].checks.filter(passed=False)] if offered else [],
        **way(message),
    }


def bounced(mail: OutgoingMail) -> bool:
    """It says so, or a notice in the conversation is about it: names it, or the address of the last mail before."""
    if mail.last_error.startswith("It came back"):
        return True
    mails = list(OutgoingMail.objects.filter(conversation=mail.conversation).exclude(state="cancelled").order_by("created_at", "pk"))
    for notice in Message.objects.filter(conversation=mail.conversation, kind="bounce"):
        named = [one for one in mails if one.message_id in {*notice.references, notice.in_reply_to}]
        before = [one for one in mails if one.created_at <= notice.received_at and one.recipient in notice.bounce_recipients]
        if mail == (named[0] if named else before[-1] if before else None):
            return True
    return False


def way(message: Message) -> dict[str, int]:
    """How the reply left, and whether no person was needed for it."""
    left = sorted((mail for mail in replies_to(message) if mail.state == "sent"), key=lambda mail: (mail.sent_at, mail.pk))
    by_itself = Decision.objects.filter(kind="auto_sent", undone_at=None, draft__message=message)
    if not left:
        going = [one for one in by_itself if one.outgoing and one.outgoing.state in ON_ITS_WAY - {"maybe_sent"}]
        return {"auto_sent": 1, "automated": nobody_needed(going[0])} if going else {}
    if decision := by_itself.filter(outgoing=left[0]).first():
        return {"auto_sent": 1, "automated": nobody_needed(decision)}
    decision = Decision.objects.filter(outgoing=left[0], undone_at=None, draft__message=message).first()
    if decision is None or decision.kind not in {"approved", "edited"}:
        return {"by_hand": 1}
    if any(one.kind == "rejected" and one.draft_id < decision.draft_id for one in standing(message)):
        return {"by_rewrite": 1}
    return {"by_approval": 1} if decision.kind == "approved" else {"by_edit": 1}


def nobody_needed(decision: Decision) -> int:
    """The reply did not come back, and in the seven days after it nobody decided, wrote, settled what was maybe sent, had to look at what
    the customer wrote, or complained."""
    mail, talk = decision.outgoing, decision.draft.conversation
    assert mail is not None
    if bounced(mail):
        return 0
    since = mail.sent_at if mail.state == "sent" and mail.sent_at else mail.created_at
    week = (since + timedelta(microseconds=1), since + timedelta(days=7))
    people = Decision.objects.filter(draft__conversation=talk, undone_at=None).exclude(kind="auto_sent")
    if people.filter(decided_at__range=week).exists():
        return 0
    if OutgoingMail.objects.filter(conversation=talk, is_automatic=False, created_at__range=week).exclude(state="cancelled").exists():
        return 0
    if LogEntry.objects.filter(conversation=talk, act="mail.resolved_sent", at__range=week).exists():
        return 0
    later = [one for one in Message.objects.filter(conversation=talk, kind="person", received_at__range=week) if not one.is_past]
    waits = Draft.objects.filter(message__in=later, state__in=["ready", "handed_over"])
    if waits.exists() or people.filter(draft__message__in=later).exists():
        return 0
    return int(not Flag.objects.filter(draft=decision.draft, cleared_at=None, at__range=week).exists())


def times(opening: Message, new: list[Message]) -> Counted:
    """How long the conversation took that a message opened."""
    assert opening.conversation is not None
    mails = OutgoingMail.objects.filter(conversation=opening.conversation, state="sent")
    responses = [mail.sent_at for mail in mails if mail.in_reply_to_id == opening.pk or mail.created_at > opening.received_at]
    found: Counted = {}
    if responses:
        response = seconds(opening.received_at, min(filter(None, responses)))
        target = opening.mailbox.reply_target_minutes * 60
        found |= {"responded": 1, "response": response, "in_time": response <= target}
    ends = []
    for message in [one for one in new if is_needed(one, new)]:
        left = [mail.sent_at for mail in answers(message) if mail.state == "sent" and mail.sent_at]
        if not left:
            return found
        ends.append(min(left))
    return found | {"resolved": 1, "resolution": seconds(opening.received_at, max(ends))}


def seconds(since: datetime, until: datetime) -> int:
    """Whole ones, never below 0."""
    return max(int((until - since).total_seconds()), 0)
