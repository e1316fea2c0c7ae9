"""The boxes that open where the decisions are: reject, snooze, assign, note."""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.utils.html import format_html

from drafting.models import Draft
from inbox.models import Conversation
from review import colleagues
from review.desk import snoozing, words

REJECTED = {"ready", "handed_over", "taken_over"}
"""The stages at which the assistant can be asked for another draft."""
AT_ONCE = 8
"""So many colleagues have a button of their own; the others stand in a menu."""


@dataclass(frozen=True, slots=True)
class Assignee:
    """Somebody to assign to: the key and value of their button. The value "" is nobody."""

    key: str
    value: str
    name: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Boxes:
    """What the boxes offer. What is not offered at a stage is empty or false."""

    can_reject: bool
    reject_question: str
    reject_words: str
    reason_text: str
    snoozes: list[snoozing.Snooze]
    assignees: list[Assignee]
    more_assignees: list[Assignee]
    note_text: str


def boxes(draft: Draft, stage: str, user: User, *, field: str, typed: str) -> Boxes:
    """The boxes at a stage. `field` and `typed` are what a person wrote that could not be used."""
    talk = draft.conversation
    found = _assignees(talk, user) if stage != "past" else []
    return Boxes(
        can_reject=stage in REJECTED,
        reject_question="What is wrong with it?" if stage == "ready" else "What should the assistant do?",
        reject_words="Reject" if stage == "ready" else "Hand back",
        reason_text=typed if field == "reject" else "",
        snoozes=[] if stage in {"past", "held_by_other"} or talk.snoozed_until else snoozing.choices(),
        assignees=found[:AT_ONCE],
        more_assignees=found[AT_ONCE:],
        note_text=typed if field == "note" else "",
    )


def standing(talk: Conversation, user: User) -> list[str]:
    """Whose the conversation is and until when it is put off, as far as there is something to say."""
    said = []
    if talk.assigned_to:
        said.append("Assigned to you" if talk.assigned_to_id == user.pk else f"Assigned to {words.person(talk.assigned_to)}")
    if talk.snoozed_until:
        said.append(format_html("Snoozed until {}", words.timed(talk.snoozed_until)))
    return said


def _assignees(talk: Conversation, user: User) -> list[Assignee]:
    others = [one for one in colleagues.of_mailbox(talk.mailbox_id) if one.pk != user.pk]
    named = [(str(user.pk), "Me"), ("", "Nobody"), *((str(one.pk), one.name) for one in others)]
    chosen = str(talk.assigned_to_id or "")
    return [Assignee(str(place), value, name, value == chosen) for place, (value, name) in enumerate(named, start=1)]
