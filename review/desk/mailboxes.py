"""The mailboxes as admins see them: how each is, and how far its servers can be used."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from inbox.connection_tests import Tried
from inbox.models import Mailbox, Message
from review import access
from review.desk import words


@dataclass(frozen=True, slots=True)
class Row:
    """One mailbox. `state` in a word, its `tone`, `detail` in a sentence; `newest` says when mail came last and how soon it was here."""

    pk: int
    name: str
    address: str
    url: str
    state: str
    tone: str
    detail: str
    newest: str
    unread: str
    target: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a connection test, in words, with its mark."""

    icon: str
    tone: str
    words: str
    reason: str


@dataclass(frozen=True, slots=True)
class Result:
    """How the test of one direction went."""

    title: str
    words: str
    tone: str
    steps: list[Step]


def rows(user: User) -> list[Row]:
    """The mailboxes of `user`, by name."""
    newest = Message.objects.filter(mailbox=OuterRef("pk"), uid__isnull=False).order_by("-pk")
    unread = Message.objects.filter(mailbox=OuterRef("pk"), state=Message.State.RECEIVED).order_by().values("mailbox")
    found = access.mailboxes(user).annotate(
        newest_received_at=Subquery(newest.values("received_at")[:1]),
        newest_stored_at=Subquery(newest.values("stored_at")[:1]),
        n_unread=Coalesce(Subquery(unread.annotate(n=Count("pk")).values("n")), 0),
    )
    return [_row(mailbox) for mailbox in found.order_by("name")]


def result(title: str, tried: Tried, good: str) -> Result:
    """A connection test in words; `good` says what all its steps together mean."""
    marks = {True: ("check", "green"), False: ("cross", "red"), None: ("dot", "quiet")}
    steps = [Step(*marks[step.passed], step.words, step.reason) for step in tried.steps]
    failed = next((step for step in tried.steps if step.passed is False), None)
    return Result(title, f"Failed at {failed.name}" if failed else good, "red" if failed else "green", steps)


def _row(mailbox: Mailbox) -> Row:
    state, tone, detail = _state(mailbox)
    return Row(
        pk=mailbox.pk,
        name=mailbox.name,
        address=mailbox.address,
        url=reverse("mailbox", args=[mailbox.pk]),
        state=state,
        tone=tone,
        detail=detail,
        newest=_newest(mailbox),
        unread=words.count(mailbox.n_unread, "mail") + " not read yet" if mailbox.n_unread else "",  # type: ignore[attr-defined]
        target=words.span(timedelta(minutes=mailbox.reply_target_minutes)),
        is_active=mailbox.is_active,
    )


def _state(mailbox: Mailbox) -> tuple[str, str, str]:
    reached = f"Last reached {_ago(mailbox.fetched_at)}" if mailbox.fetched_at else "Not reached yet"
    if not mailbox.is_active:
        return "Paused", "amber", f"No mail is fetched. {reached}."
    if mailbox.fetch_error:
        return "Cannot be read", "red", f"{mailbox.fetch_error} {reached}."
    return ("Works", "green", f"{reached}.") if mailbox.fetched_at else ("New", "quiet", "It is fetched for the first time just now.")


def _newest(mailbox: Mailbox) -> str:
    received, stored = mailbox.newest_received_at, mailbox.newest_stored_at  # type: ignore[attr-defined]
    if not received:
        return "No mail yet"
    lag = max(stored - received, timedelta())
    return f"{_ago(received)}, here after {words.span(lag)}"


def _ago(at: datetime) -> str:
    age = words.age(at)
    return "just now" if age == "now" else f"{age} ago"
