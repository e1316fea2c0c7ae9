"""Mail at random: conversations and all that can happen to them, in rows, whether or not it makes sense together."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from typing import Any

from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Model

from drafting.models import Category, CheckResult, Draft, HandOverReason, ModelCall, Setup
from inbox.models import Conversation, Mailbox, Message, OutgoingMail
from review import audit_log
from review.models import Attempt, Decision, Flag, LedgerEntry
from tests.drafting.factories import make_category, make_conversation, make_mailbox, make_message, make_setup
from tests.review.factories import make_outgoing, make_person

_number = count(1)
NIGHTS = (
    datetime(2026, 3, 28, 20, tzinfo=UTC),
    datetime(2026, 10, 24, 20, tzinfo=UTC),
    datetime(2026, 2, 28, 16, tzinfo=UTC),
    datetime(2025, 12, 31, 15, tzinfo=UTC),
)
"""Before the clocks of Europe change either way, and before a month and a year end."""
OTHER_RULES = {
    "review_decision": ("review_decision_auto_sent", "review_decision_auto_sent_as_drafted"),
    "inbox_outgoingmail": ("review_outgoing_automatic_begins_held", "review_outgoing_automatic_goes_on"),
}


class RandomMail:
    """A desk at which anything happens. `step()` is one event."""

    def __init__(self, seed: int) -> None:
        for table, triggers in OTHER_RULES.items():
            for name in triggers:
                _run(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
        self.random = Random(seed)
        self.mailboxes: list[Mailbox] = [make_mailbox(reply_target_minutes=minutes) for minutes in (60, 600)]
        self.categories: list[Category | None] = [make_category(), make_category("returns"), None]
        self.setups: list[Setup] = [make_setup(), make_setup()]
        self.people: list[User] = [make_person() for _ in range(2)]
        self.talks: list[Conversation] = [make_conversation(mailbox=self.mailboxes[number % 2]) for number in range(6)]
        setup = self.setups[0]
        self.attempt = Attempt.objects.create(category=make_category(), setup=setup, chooser=setup, began_at=NIGHTS[0])
        self.clocks = {talk.pk: self.random.choice(NIGHTS) for talk in self.talks}

    def step(self) -> None:
        """One thing happens in one conversation, some time after the one before."""
        events: list[tuple[int, Callable[[Conversation, datetime], object]]] = [
            *((5, self.hear), (6, self.draft), (8, self.decide), (5, self.write), (6, self.settle), (2, self.undo), (2, self.flag)),
            *(
                (2, self.weigh),
                (1, self.clear),
                (1, self.close),
                (1, self.bounce),
                (2, self.move_on),
                (1, self.retarget),
                (1, self.say_why),
            ),
            *((1, self.hear_late), (1, self.check), (1, self.lose)),
        ]
        talk = self.random.choice(self.talks)
        hours = self.random.choice((0, 0.01, 0.3, 2, 9, 80, 168))
        self.clocks[talk.pk] += timedelta(hours=hours, seconds=self.random.randrange(100))
        weights, acts = zip(*events, strict=True)
        self.random.choices(acts, weights)[0](talk, self.clocks[talk.pk])

    def hear(self, talk: Conversation, at: datetime) -> None:
        """A mail comes in; a few are history, or not from a person."""
        kind = self.random.choice(("person",) * 6 + ("automatic", "own"))
        is_past = self.random.random() < 0.1
        message = make_message(conversation=talk, received_at=at, kind=kind, taken_up_at=at + timedelta(seconds=-1 if is_past else 1))
        _at(message, stored_at=at)

    def hear_late(self, talk: Conversation, at: datetime) -> None:
        """A mail that was received days ago is fetched only now."""
        self.hear(talk, at - timedelta(days=self.random.randrange(40)))

    def draft(self, talk: Conversation, at: datetime) -> None:
        """The assistant drafts, or gives up, or is still at it."""
        if message := self._any(talk.messages.filter(kind="person")):
            live = Draft.objects.filter(message=message, state__in=["queued", "writing", "ready", "handed_over"])
            live.update(state="superseded")
            state = self.random.choice(("queued", "ready", "ready", "ready", "ready", "handed_over"))
            about: dict[str, Any] = {"setup": self.random.choice(self.setups), "category": self.random.choice(self.categories)}
            if state == "ready":
                about |= {"body": "Soon.", "finished_at": at, "is_eligible": self.random.random() < 0.6}
            elif state == "handed_over":
                about |= {"hand_over_reason": self.random.choice(HandOverReason.values), "finished_at": at}
            made = Draft.objects.create(message=message, conversation=talk, state=state, **about)
            for position in range(self.random.randrange(3)):
                about = {"prompt_tokens": self.random.choice((None, 900)), "completion_tokens": self.random.choice((None, 70))}
                ModelCall.objects.create(draft=made, position=position, purpose="draft", request={}, milliseconds=1, **about)

    def decide(self, talk: Conversation, at: datetime) -> None:
        """A draft is decided in any way, also one that is not finished; most ways send something."""
        free = Draft.objects.filter(conversation=talk).exclude(decisions__undone_at=None, decisions__isnull=False)
        if draft := self._any(free.exclude(state="superseded")):
            kind = self.random.choice((*Decision.Kind.values, "approved", "auto_sent", "auto_sent"))
            Draft.objects.filter(pk=draft.pk).update(state="decided")
            mail = None
            if kind in {"approved", "edited", "auto_sent"} or (kind == "taken_over" and self.random.random() < 0.6):
                mail = self._mail(talk, draft.message, at, is_automatic=kind == "auto_sent")
            about: dict[str, Any] = (
                {"by": None, "attempt": self.attempt} if kind == "auto_sent" else {"by": self.random.choice(self.people)}
            )
            about |= {"edit_reason": self.random.choice(("", "tone", "policy"))} if kind == "edited" else {}
            seconds = self.random.choice((None, 5, 71))
            made = Decision.objects.create(draft=draft, kind=kind, outgoing=mail, seconds_open=seconds, **about)
            _at(made, decided_at=at)

    def write(self, talk: Conversation, at: datetime) -> None:
        """A person writes by hand."""
        self._mail(talk, self._any(talk.messages.filter(kind="person")), at)

    def settle(self, talk: Conversation, at: datetime) -> None:
        """A mail goes on its way."""
        if mail := self._any(talk.outgoing.exclude(state="cancelled")):
            state = self.random.choice(("sent", "sent", "sent", "sent", "failed", "maybe_sent", "cancelled", "dot_sent", "retry"))
            about: dict[str, Any] = {"sent_at": at if state == "sent" else None, "dot_sent_at": at, "lease_until": at}
            about |= {"last_error": "It came back: nobody there."} if self.random.random() < 0.1 else {}
            OutgoingMail.objects.filter(pk=mail.pk).update(state=state, **about)
            if mail.state == "maybe_sent" and state == "sent" and self.random.random() < 0.7:
                entry = audit_log.record(act="mail.resolved_sent", by=self.people[0], conversation=talk)
                with audit_log.erasing():
                    _at(entry, at=at)

    def undo(self, talk: Conversation, at: datetime) -> None:
        """A decision is taken back, its mail cancelled, its draft offered again."""
        if decision := self._any(Decision.objects.filter(draft__conversation=talk, undone_at=None)):
            Decision.objects.filter(pk=decision.pk).update(undone_at=at)
            OutgoingMail.objects.filter(pk=decision.outgoing_id).update(state="cancelled", sent_at=None)
            live = Draft.objects.filter(message=decision.draft.message_id, state__in=["queued", "writing", "ready", "handed_over"])
            back = "superseded" if live.exists() or not decision.draft.body else "ready"
            Draft.objects.filter(pk=decision.draft_id).update(state=back)

    def flag(self, talk: Conversation, at: datetime) -> None:
        """Something comes out about a reply."""
        if draft := self._any(Draft.objects.filter(conversation=talk)):
            made, is_new = Flag.objects.get_or_create(draft=draft, kind="complaint", cleared_at=None)
            _at(made, at=at) if is_new else None

    def clear(self, talk: Conversation, at: datetime) -> None:
        """And turns out mistaken."""
        Flag.objects.filter(draft__conversation=talk, cleared_at=None).update(cleared_at=at, cleared_by=self.people[0])

    def weigh(self, talk: Conversation, at: datetime) -> None:
        """The ledger has a verdict, or another one than before."""
        if draft := self._any(Draft.objects.filter(conversation=talk)):
            about = {"why": "collecting", "at": at, "attempt": self.attempt, "position": next(_number)}
            entry, _ = LedgerEntry.objects.get_or_create(draft=draft, defaults=about)
            said = {"unsafe": self.random.choice((None, True, False)), "counts": self.random.random() < 0.8}
            LedgerEntry.objects.filter(pk=entry.pk).update(settled_at=at, **said)

    def close(self, talk: Conversation, at: datetime) -> None:
        """Somebody closes the conversation, or opens it again."""
        Conversation.objects.filter(pk=talk.pk).update(state=self.random.choice(("closed", "open", "waiting")))

    def bounce(self, talk: Conversation, at: datetime) -> None:
        """A notice names one of our mails, or only an address."""
        mail = self._any(talk.outgoing.all())
        named = [mail.message_id] if mail and self.random.random() < 0.5 else []
        make_message(conversation=talk, kind="bounce", received_at=at, references=named, bounce_recipients=["ann@customer.example"])

    def move_on(self, talk: Conversation, at: datetime) -> None:
        """A draft gets ahead: it is begun, finished, or superseded."""
        if draft := self._any(Draft.objects.filter(conversation=talk, state__in=["queued", "ready", "handed_over"])):
            if draft.state == "queued":
                about = {"state": "ready", "body": "Soon.", "finished_at": at, "is_eligible": True}
            else:
                about = {"state": "superseded"}
            Draft.objects.filter(pk=draft.pk).update(**about)

    def retarget(self, talk: Conversation, at: datetime) -> None:
        """The mailbox promises replies within another time."""
        Mailbox.objects.filter(pk=talk.mailbox_id).update(reply_target_minutes=self.random.choice((1, 60, 600, 6000)))

    def say_why(self, talk: Conversation, at: datetime) -> None:
        """A reviewer says later why they edited."""
        Decision.objects.filter(draft__conversation=talk, kind="edited").update(edit_reason="wrong_fact")

    def check(self, talk: Conversation, at: datetime) -> None:
        """A draft has a check that failed."""
        if draft := self._any(Draft.objects.filter(conversation=talk)):
            code = f"check_{draft.checks.count()}"
            CheckResult.objects.create(draft=draft, position=draft.checks.count(), code=code, passed=False, reason="No.")

    def lose(self, talk: Conversation, at: datetime) -> None:
        """A mail of which nothing came is deleted."""
        if message := self._any(talk.messages.filter(drafts=None, replies=None)):
            message.delete()

    def _mail(self, talk: Conversation, message: Message | None, at: datetime, *, is_automatic: bool = False) -> OutgoingMail:
        about: dict[str, Any] = {"is_automatic": is_automatic, "recipient": "ann@customer.example", "conversation": talk}
        by: Any = None if is_automatic else self.random.choice(self.people)
        mail = make_outgoing(by=by, message=message or make_message(conversation=talk, kind="own"), state="held", **about)
        if message is None:
            OutgoingMail.objects.filter(pk=mail.pk).update(in_reply_to=None)
        _at(mail, created_at=at)
        return mail

    def _any(self, rows: Any) -> Any:
        found = list(rows.order_by("pk"))
        return self.random.choice(found) if found else None


def _at(row: Model, **times: datetime) -> None:
    """Set times that creating a row sets to now."""
    type(row)._base_manager.filter(pk=row.pk).update(**times)


def _run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
