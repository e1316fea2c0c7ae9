"""A company with twenty-five mails, one of every fate, at known minutes: small enough to count with a pencil.

All mails of the report come in from 2 to 12 March 2026 at ten o'clock UTC, in a mailbox that promises replies within four hours.
"""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from django.contrib.auth.models import User
from django.db import connection

from drafting.models import Category, CheckResult, Draft, ModelCall
from inbox.models import Conversation, Message, OutgoingMail
from review.models import Attempt, Decision, Flag, LedgerEntry
from review.reports import rolling
from tests.drafting.factories import make_category, make_conversation, make_draft, make_mailbox, make_message
from tests.review.factories import activate, make_outgoing, make_person

TEN = datetime(2026, 3, 2, 10, tzinfo=UTC)
OTHER_RULES = (
    ("review_decision", "review_decision_auto_sent"),
    ("review_decision", "review_decision_auto_sent_as_drafted"),
    ("inbox_outgoingmail", "review_outgoing_automatic_begins_held"),
    ("inbox_outgoingmail", "review_outgoing_automatic_goes_on"),
)
"""Of tables and triggers: how mail may leave by itself, which other tests look after."""
_position = count(1)


class Company:
    """Its mails, in the order in which the tests count them."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            for table, trigger in OTHER_RULES:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
        self.mailbox = make_mailbox(name="Service", reply_target_minutes=240)
        self.orders, self.returns = make_category("order-status"), make_category("return")
        self.setup = activate()
        self.ana = make_person("reviewer", "ana", first_name="Ana", last_name="Sol")
        self.ben = make_person("reviewer", "ben", first_name="Ben", last_name="Orr")
        self.attempt = Attempt.objects.create(category=self.orders, setup=self.setup, chooser=self.setup, began_at=TEN)
        self.approved_and_edited()
        self.rejected_taken_over_and_handed_over()
        self.needing_none()
        self.leaving_alone()
        self.unsettled()
        self.not_in_the_report()
        rolling.roll_all()

    def approved_and_edited(self) -> None:
        """Six approved after an hour, two with a failed check after five hours, two edited after two."""
        for day in range(6):
            draft = self.decided("approved", self.mail(day), self.orders, after=60, seconds=20)
            if day < 5:
                self.weigh(draft, unsafe=False)
        for day in (0, 1):
            self.decided("approved", self.mail(day), self.returns, after=300, failed=("grounding",))
        unsafe = self.decided("edited", self.mail(2), self.orders, after=120, seconds=60, edit_reason="tone")
        self.weigh(unsafe, unsafe=True)
        failed = ("grounding", "links")
        self.decided("edited", self.mail(3), self.orders, after=120, seconds=60, edit_reason="wrong_fact", failed=failed)

    def rejected_taken_over_and_handed_over(self) -> None:
        """One rejected and written again, one taken over, two of which the assistant gave up."""
        mail = self.mail(4)
        self.decided("rejected", mail, self.returns, after=0, seconds=30, sends="")
        self.decided("approved", mail, self.returns, after=180, seconds=10)
        self.decided("taken_over", self.mail(4), self.returns, after=200, seconds=40, by=self.ben)
        given_up = self.drafted(self.mail(7), None, reason="missing_fact")
        self.decide("taken_over", given_up, after=400, seconds=100, by=self.ben)
        self.drafted(self.mail(8), None, reason="sensitive")

    def needing_none(self) -> None:
        """One that needs no reply, and one after which the customer wrote again before it was drafted."""
        self.decided("no_reply", self.mail(8), self.returns, after=0, seconds=5, sends="")
        talk = self.talk()
        overtaken = {"state": Draft.State.SUPERSEDED, "category": self.orders, "setup": self.setup}
        make_draft(self.mail(8, hours=-1, talk=talk), **overtaken)
        self.decided("approved", self.mail(8, talk=talk), self.orders, after=60, seconds=15)

    def leaving_alone(self) -> None:
        """Four left by themselves after five minutes; one was flagged, one was answered by another mail that a person decided on."""
        for _ in range(2):
            self.decided("auto_sent", self.mail(9), self.orders, after=5, by=None)
        flagged = self.decided("auto_sent", self.mail(9), self.orders, after=5, by=None)
        complaint = Flag.objects.create(draft=flagged, kind="complaint", words="That is wrong.")
        Flag.objects.filter(pk=complaint.pk).update(at=flagged.message.received_at + timedelta(days=1))
        talk = self.talk()
        self.decided("auto_sent", self.mail(9, talk=talk), self.orders, after=5, by=None)
        self.decided("approved", self.mail(10, talk=talk), self.orders, after=60, seconds=25)

    def unsettled(self) -> None:
        """One waits, one came back, of one nobody knows."""
        self.drafted(self.mail(10), self.returns)
        bounced = self.mail(10)
        self.decided("approved", bounced, self.orders, after=60, seconds=20)
        notice: dict[str, Any] = {
            "kind": "bounce",
            "references": [bounced.replies.get().message_id],
            "received_at": TEN + timedelta(days=10, hours=2),
        }
        self.hear(make_message(conversation=bounced.conversation, **notice))
        self.decided("approved", self.mail(10), self.orders, after=60, seconds=20, sends="maybe_sent")

    def not_in_the_report(self) -> None:
        """Two mails of the thirty days before, one of history, one from a machine."""
        for kind in ("approved", "edited"):
            self.decided(kind, self.mail(-41), self.orders, after=60, seconds=20)
        past = self.mail(0)
        Message.objects.filter(pk=past.pk).update(taken_up_at=past.received_at - timedelta(seconds=1))
        self.hear(make_message(conversation=self.talk(), kind="automatic", received_at=TEN))

    def talk(self) -> Conversation:
        """A conversation with somebody new."""
        return make_conversation(mailbox=self.mailbox)

    def mail(self, day: int, *, hours: int = 0, talk: Conversation | None = None) -> Message:
        """A mail that comes in so many days after the second of March."""
        at = TEN + timedelta(days=day, hours=hours)
        return self.hear(make_message(conversation=talk or self.talk(), received_at=at))

    def hear(self, message: Message) -> Message:
        """It is new, not history."""
        seen = {"stored_at": message.received_at, "taken_up_at": message.received_at + timedelta(seconds=1)}
        Message.objects.filter(pk=message.pk).update(**seen)
        return message

    def drafted(self, message: Message, category: Category | None, *, failed: tuple[str, ...] = (), reason: str = "") -> Draft:
        """What the assistant made of it with one call of 1,000 tokens read and 100 written."""
        at = message.received_at + timedelta(minutes=1)
        about: dict[str, Any] = {"setup": self.setup, "category": category, "finished_at": at}
        if reason:
            about |= {"state": Draft.State.HANDED_OVER, "hand_over_reason": reason}
        else:
            about |= {"state": Draft.State.READY, "body": "It is on its way.", "is_eligible": not failed}
        draft = make_draft(message, **about)
        for position, code in enumerate(("grounding", "links"), start=1):
            CheckResult.objects.create(draft=draft, position=position, code=code, passed=code not in failed, reason="So.")
        spent = {"prompt_tokens": 1000, "completion_tokens": 100}
        ModelCall.objects.create(draft=draft, position=1, purpose="draft", request={}, milliseconds=1, **spent)
        return draft

    def decided(self, kind: str, message: Message, category: Category | None, *, failed: tuple[str, ...] = (), **about: Any) -> Draft:
        """A draft, and what was decided on it."""
        return self.decide(kind, self.drafted(message, category, failed=failed), **about)

    def decide(self, kind: str, draft: Draft, *, after: int, by: User | str | None = "", sends: str = "sent", **about: Any) -> Draft:
        """A decision half an hour after the mail or as it leaves, so many minutes after it; `sends` is the state of the reply."""
        came = draft.message.received_at
        left = came + timedelta(minutes=after)
        decided_at = min(left, came + timedelta(minutes=30))
        person = self.ana if isinstance(by, str) else by
        mail = self.reply(draft.message, decided_at, left, sends, is_automatic=kind == "auto_sent") if sends else None
        about |= {"attempt": self.attempt} if kind == "auto_sent" else {}
        about = {"seconds_open": about.pop("seconds", None)} | about
        made = Decision.objects.create(draft=draft, kind=kind, by=person, outgoing=mail, **about)
        Decision.objects.filter(pk=made.pk).update(decided_at=decided_at)
        Draft.objects.filter(pk=draft.pk).update(state=Draft.State.DECIDED)
        return draft

    def reply(self, message: Message, at: datetime, left: datetime, state: str, *, is_automatic: bool) -> OutgoingMail:
        """A reply on its way."""
        times = {"sent_at": left if state == "sent" else None, "dot_sent_at": left}
        by: Any = None if is_automatic else self.ana
        mail = make_outgoing(by=by, message=message, state="held", is_automatic=is_automatic)
        OutgoingMail.objects.filter(pk=mail.pk).update(state=state, created_at=at, **times)
        return mail

    def weigh(self, draft: Draft, *, unsafe: bool) -> None:
        """The ledger has a verdict that counts."""
        about = {"why": "collecting", "at": TEN, "settled_at": TEN, "position": next(_position)}
        LedgerEntry.objects.create(attempt=self.attempt, draft=draft, unsafe=unsafe, counts=True, **about)
