"""The mailboxes as admins see them: how each is, and how far its servers can be used."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from inbox import mailboxes, oauth
from inbox.connection_tests import Tried
from inbox.models import AfterStoring, Mailbox, Message, SignIn
from review import access
from review.desk import words

LATE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Row:
    """One mailbox. `state` in a word, its `tone`, `detail` in a sentence; `newest` says when mail came last and how soon it was here.

    `hearing` says how new mail is noticed, `late` that a fetch is overdue, `warning` what ends soon, `aftermath` what is done to stored
    mails on their server, and `untidy` that this fails.
    """

    pk: int
    name: str
    address: str
    url: str
    state: str
    tone: str
    detail: str
    hearing: str
    late: str
    warning: str
    aftermath: str
    untidy: str
    newest: str
    unread: str
    target: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class Connection:
    """How a mailbox stands with the provider that it signs in with. `words` say it, `button` what can be done."""

    words: str
    tone: str
    button: str
    url: str
    warning: str


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
    found = (
        access.mailboxes(user)
        .select_related("grant")
        .annotate(
            newest_received_at=Subquery(newest.values("received_at")[:1]),
            newest_stored_at=Subquery(newest.values("stored_at")[:1]),
            n_unread=Coalesce(Subquery(unread.annotate(n=Count("pk")).values("n")), 0),
        )
    )
    return [_row(mailbox) for mailbox in found.order_by("name")]


def connection(mailbox: Mailbox) -> Connection | None:
    """How a mailbox stands with its provider; None where it signs in with a password."""
    if mailbox.sign_in == SignIn.PASSWORD:
        return None
    name, url = SignIn(mailbox.sign_in).label, reverse("connect_mailbox", args=[mailbox.pk])
    if oauth.is_connected(mailbox):
        return Connection(f"Connected with {name}", "green", "Connect again", url, oauth.warning(mailbox))
    return Connection(f"Not connected with {name}", "red", f"Connect with {name}", url, oauth.warning(mailbox))


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
        hearing=_hearing(mailbox),
        late=_late(mailbox),
        warning=oauth.warning(mailbox),
        aftermath=_aftermath(mailbox),
        untidy=_untidy(mailbox),
        newest=_newest(mailbox),
        unread=words.count(mailbox.n_unread, "mail") + " not read yet" if mailbox.n_unread else "",  # type: ignore[attr-defined]
        target=words.span(timedelta(minutes=mailbox.reply_target_minutes)),
        is_active=mailbox.is_active,
    )


def _state(mailbox: Mailbox) -> tuple[str, str, str]:
    reached = format_html("Last reached {}", words.ago(mailbox.fetched_at)) if mailbox.fetched_at else "Not reached yet"
    if not mailbox.is_active:
        return "Paused", "amber", format_html("No mail is fetched, and nothing leaves by itself. {}.", reached)
    if mailbox.fetch_error:
        return "Cannot be read", "red", format_html("{} {}.", mailbox.fetch_error, reached)
    if mailboxes.is_unreached(mailbox):
        return "Not reached", "red", format_html("{}, and nothing says why: look whether the workers that fetch mail run.", reached)
    return (
        ("Works", "green", format_html("{}.", reached))
        if mailbox.fetched_at
        else ("New", "quiet", "It is fetched for the first time just now.")
    )


def _hearing(mailbox: Mailbox) -> str:
    """How new mail is noticed."""
    if not mailbox.is_active:
        return ""
    poll = f"Asked every {words.span(timedelta(seconds=mailbox.poll_seconds))}"
    is_held = mailbox.watch_lease_until and mailbox.watch_lease_until > timezone.now()
    if mailbox.watching_since and is_held:
        return f"New mail is heard of at once (IDLE, {_since(mailbox.watching_since)}). {poll} as well."
    return f"{poll}. {mailbox.watch_note}".strip()


def _since(at: datetime) -> str:
    age = words.age(at)
    return "since just now" if age == "now" else f"for {age}"


def _late(mailbox: Mailbox) -> str:
    """That nobody fetches it, though it is time."""
    late = timezone.now() - mailbox.next_fetch_at
    return f"The next fetch has been due for {words.span(late)}." if mailbox.is_active and late > LATE else ""


def _aftermath(mailbox: Mailbox) -> str:
    done = {AfterStoring.SEEN: "marked as seen", AfterStoring.MOVE: f"moved to {mailbox.after_storing_folder}"}
    return f"What is stored is {done[choice]} on the server." if (choice := AfterStoring(mailbox.after_storing)) in done else ""


def _untidy(mailbox: Mailbox) -> str:
    """That what is to be done to stored mails is not, though they are here."""
    problem = mailbox.after_storing_error
    return f"Stored mails stay as they are on the server: {problem} It is tried again every quarter of an hour." if problem else ""


def _newest(mailbox: Mailbox) -> str:
    received, stored = mailbox.newest_received_at, mailbox.newest_stored_at  # type: ignore[attr-defined]
    if not received:
        return "No mail yet"
    lag = max(stored - received, timedelta())
    return format_html("{}, here after {}", words.ago(received), words.span(lag))
