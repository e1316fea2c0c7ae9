"""What a person can do with an item at each stage: the buttons under the draft, and the verdict above it."""

from dataclasses import dataclass

from django.urls import reverse

from drafting.models import Draft
from review.desk import words
from review.desk.filters import Filters


@dataclass(frozen=True, slots=True)
class Action:
    """Posts to `url` (swapping the item in place), submits `form`, opens the box `opens`, or leads to `href`.

    After some the next item opens (`is_next`).
    """

    name: str
    key: str = ""
    look: str = ""
    url: str = ""
    form: str = ""
    opens: str = ""
    href: str = ""
    is_next: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """How the draft stands, in one line."""

    icon: str
    tone: str
    words: str


VERBS = ("approve", "edit", "reject", "take_over", "reply", "no_reply", "renew", "ask", "keep", "hand_on", "release")
CONVERSATION_VERBS = ("snooze", "wake", "assign", "note")
PRIMARY = "button-primary"
BESIDE = "button-beside"
SNOOZE = Action("Snooze", "s", BESIDE, opens="snooze")
ASSIGN = Action("Assign", "g", BESIDE, opens="assign")
NOTE = Action("Note", "i", BESIDE, opens="note")


def urls(draft: Draft, filters: Filters) -> dict[str, str]:
    """Where the buttons post to; the filters go along, so that the next item comes from the same list."""
    query = filters.query()
    posts = {verb: reverse(verb, args=[draft.pk]) + query for verb in VERBS}
    acts = {verb: reverse(verb) + filters.query(conversation=draft.conversation_id, draft=draft.pk) for verb in CONVERSATION_VERBS}
    return (
        posts
        | acts
        | {
            "queue": reverse("queue") + query,
            "hand_back": reverse("hand_back", args=[draft.conversation_id]) + filters.query(draft=draft.pk),
            "conversation": reverse("conversation", args=[draft.conversation_id]),
        }
    )


def actions(stage: str, url: dict[str, str], *, has_failed: bool, ask: str = "") -> list[Action]:
    """What decides, or leads on: the likeliest first."""
    back = Action("Back to the queue", href=url["queue"])
    if stage == "held_by_other":
        return [*([Action(ask, "c", PRIMARY, url=url["ask"])] if ask else []), back]
    return [back] if stage == "past" else _decisions(stage, url, has_failed=has_failed)


def beside(stage: str, url: dict[str, str], *, is_snoozed: bool) -> list[Action]:
    """What decides nothing."""
    if stage == "past":
        return [NOTE]
    if stage == "held_by_other":
        return [ASSIGN, NOTE]
    return [Action("Bring back", "s", BESIDE, url=url["wake"]) if is_snoozed else SNOOZE, ASSIGN, NOTE]


def _decisions(stage: str, url: dict[str, str], *, has_failed: bool) -> list[Action]:
    take_over = Action("Take over", "t", url=url["take_over"])
    no_reply = Action("No reply needed", "n", url=url["no_reply"], is_next=True)
    match stage:
        case "ready":
            approve = Action("Approve & send", "a", "button-caution" if has_failed else PRIMARY, url=url["approve"], is_next=True)
            return [approve, Action("Edit", "e", opens="edit"), Action("Reject", "r", opens="reject"), take_over, no_reply]
        case "handed_over":
            write = Action("Take over and write", "t", PRIMARY, url=url["take_over"])
            return [write, Action("Ask for a draft", "r", opens="reject"), no_reply]
        case "taken_over":
            back = Action("Hand back", "b", url=url["hand_back"])
            try_this = Action("Let the assistant try", "r", opens="reject")
            return [Action("Send", "Ctrl ↵", PRIMARY, form="reply"), try_this, back, no_reply]
    return [take_over, no_reply]


def verdict(stage: str, heading: str, *, n_failed: int, n_passed: int) -> Verdict:
    """The line above the draft."""
    if stage == "ready" and n_failed:
        return Verdict("cross", "red", f"{n_failed} of {words.count(n_failed + n_passed, 'check')} failed")
    if stage == "ready":
        return Verdict("check", "green", f"All {n_passed} checks passed" if n_passed else "Ready")
    icon, tone = {
        "handed_over": ("hand", "amber"),
        "writing": ("dots", "quiet"),
        "taken_over": ("pen", "amber"),
        "held_by_other": ("person", "amber"),
    }.get(stage, ("done", "quiet"))
    return Verdict(icon, tone, heading)
