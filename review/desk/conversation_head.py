"""The head of a conversation's page: who the customer is, how it stands, and what a person can do with it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.urls import reverse

from drafting.models import Draft
from inbox.models import Conversation
from review import access, colleagues
from review.desk import erased, snoozing, warnings, words
from review.desk.warnings import Caution
from review.permissions import may_review

OTHERS = 5
State = Conversation.State
TONES = {State.OPEN: "accent", State.WAITING: "quiet", State.SNOOZED: "amber", State.CLOSED: "green"}


@dataclass(frozen=True, slots=True)
class Fact:
    """One line about the conversation."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Other:
    """Another conversation of the same customer."""

    subject: str
    state: str
    url: str
    at: words.Moment


@dataclass(frozen=True, slots=True)
class Assignee:
    """Somebody to assign to; the value "" is nobody."""

    value: str
    name: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above and beside the story. `urls` has the acts that are possible, by name; the others are missing."""

    subject: str
    customer: str
    state: str
    tone: str
    began_in: tuple[str, str, str]
    offers: list[Caution]
    facts: list[Fact]
    urls: dict[str, str]
    snoozes: list[snoozing.Snooze]
    assignees: list[Assignee]
    others: list[Other]
    others_url: str


def find(user: User) -> QuerySet[Conversation]:
    """The conversations that `user` may see, with all that the head needs: `known` is the customer as the tables have it, `others` are
    the newest other conversations of theirs.
    """
    known = Draft.objects.filter(conversation=OuterRef("pk"), customer__isnull=False).order_by("-created_at")
    described = JSONObject(name="customer__name", number="customer__number")
    found = access.conversations(user).select_related("mailbox", "split_from", "may_continue", "assigned_to")
    same = access.conversations(user).filter(mailbox__in=access.mailboxes(user), customer_address=OuterRef("customer_address"))
    same = same.exclude(customer_address="").exclude(pk=OuterRef("pk")).order_by("-last_message_at", "-pk")
    other = JSONObject(pk="pk", subject="subject", state="state", at="last_message_at")
    found = found.annotate(others=ArraySubquery(same.values(other=other)[:OTHERS]))
    return found.annotate(known=ArraySubquery(known.values(who=described)[:1]))


def head(talk: Conversation, *, user: User) -> Head:
    """The head of a conversation that came from `find`."""
    known: dict[str, str] = next(iter(talk.known), {})  # type: ignore[attr-defined]
    gone = erased.said(talk)
    name = gone or known.get("name") or talk.customer_name or talk.customer_address or "Unknown sender"
    others = talk.others  # type: ignore[attr-defined]
    return Head(
        subject=str(talk),
        customer=name,
        state=talk.get_state_display(),
        tone=TONES[State(talk.state)],
        began_in=began_in(talk),
        offers=warnings.offers(talk) if may_review(user) else [],
        facts=[Fact(label, value) for label, value in _facts(talk, name, known.get("number", "")) if value],
        urls=_urls(talk, user),
        snoozes=snoozing.choices() if talk.state == State.OPEN and may_review(user) and not gone else [],
        assignees=_assignees(talk, user) if may_review(user) else [],
        others=[_other(one) for one in others],
        others_url=f"{reverse('conversations')}?q={talk.customer_address}" if len(others) == OTHERS else "",
    )


def began_in(talk: Conversation) -> tuple[str, str, str]:
    """Subject and address of the older conversation that this one goes on from, and why it is one of its own; three empty strings.

    Where one of the two was erased nothing leads from it to its customer.
    """
    older = talk.split_from
    if older is None or talk.erased_at or older.erased_at:
        return "", "", ""
    is_same = older.customer_address == talk.customer_address
    why = "The subject changed, so" if is_same else f"The customer wrote to us as {older.customer_address} before, so"
    return str(older), reverse("conversation", args=[older.pk]), f"{why} this became a conversation of its own."


def _facts(talk: Conversation, name: str, number: str) -> list[tuple[str, str]]:
    return [
        ("Customer", name),
        ("Number", number),
        ("Address", talk.customer_address if talk.customer_address != name else ""),
        ("Mailbox", talk.mailbox.name),
        ("Led by", "a person" if talk.led_by == Conversation.Leader.PERSON else "the assistant"),
        ("Assigned to", words.person(talk.assigned_to) if talk.assigned_to else "nobody"),
        ("Snoozed until", words.timed(talk.snoozed_until) if talk.snoozed_until else ""),
    ]


def _urls(talk: Conversation, user: User) -> dict[str, str]:
    names = ["export_json", "export_pdf"]
    if may_review(user) and not talk.erased_at:
        names += ["write", "note_conversation", "assign_conversation"]
        names += ["reopen_conversation"] if talk.state == State.CLOSED else ["close_conversation"]
        names += {State.SNOOZED: ["wake_conversation"], State.OPEN: ["snooze_conversation"]}.get(State(talk.state), [])
        names += ["hand_back"] if talk.led_by == Conversation.Leader.PERSON else []
    return {name.removesuffix("_conversation"): reverse(name, args=[talk.pk]) for name in names}


def _assignees(talk: Conversation, user: User) -> list[Assignee]:
    others = [one for one in colleagues.of_mailbox(talk.mailbox_id) if one.pk != user.pk]
    named = [("", "Nobody"), (str(user.pk), "Me"), *((str(one.pk), one.name) for one in others)]
    return [Assignee(value, name, value == str(talk.assigned_to_id or "")) for value, name in named]


def _other(described: dict[str, Any]) -> Other:
    state = "" if described["state"] == State.OPEN else State(described["state"]).label
    url, at = reverse("conversation", args=[described["pk"]]), datetime.fromisoformat(described["at"])
    return Other(described["subject"] or "(no subject)", state, url, words.moment(at))
