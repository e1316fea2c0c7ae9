"""The simulation itself: mails arrive, drafts are routed, people decide, mail leaves, customers complain; each in its time."""

import heapq
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from unittest import mock

from django.conf import settings

from deploy.simulation import clock, company
from deploy.simulation.company import Arrival, Company
from deploy.simulation.plan import Plan, Reviewer
from deploy.simulation.report import Report
from drafting import drafts
from drafting.models import Draft
from inbox import outbox
from inbox.models import OutgoingMail
from review import autosend, planting
from review.models import Attempt, Decision, Flag, LedgerEntry

BEGINS = datetime(2026, 1, 5, 8, tzinfo=UTC)
SWEEP = timedelta(hours=1)
WAITS = timedelta(hours=2)
"""How long a draft waits for its reviewer on average."""
DECIDED, OVERDUE = timedelta(days=1), timedelta(days=7)
"""So long after the last mail all is decided; and after that, what has no verdict yet counts as unsafe."""


def simulate(plan: Plan, *, tell: Callable[[str], None] = lambda line: None) -> Report:
    """Run the plan in the database of this process, which must be empty. Returns what happened; `tell` is told of it meanwhile."""
    with clock.running(clock.Clock(BEGINS)) as now, _no_mail_server() as handed_over:
        run = _Run(plan, now, company.found(plan), tell)
        for kind in plan.kinds:
            run.company.agree(kind)
        run.go()
        return run.report.finish(handed_over=handed_over())


def collect(plan: Plan, *, at: Company, since: datetime) -> Report:
    """Let people at an existing company review the drafts of a plan, as if since then. Whoever unlocks anything does so afterwards."""
    with clock.running(clock.Clock(since)) as now:
        run = _Run(plan, now, at, lambda line: None, unlocks=False)
        run.go()
        return run.report.finish(handed_over=0)


class _Run:
    """What is going on: the queue of what happens when."""

    def __init__(self, plan: Plan, now: clock.Clock, at: Company, tell: Callable[[str], None], *, unlocks: bool = True) -> None:
        self.plan, self.clock, self.company, self.unlocks = plan, now, at, unlocks
        self.dice = random.Random(plan.seed + 1)  # noqa: S311 - nothing secret
        self.report = Report(plan, tell)
        self.coming: list[tuple[datetime, int, Callable[[], None]]] = []
        self.order = count()

    def go(self) -> None:
        """All of it."""
        self._later(SWEEP, self._sweep)
        for arrival in company.arrivals(self.plan, self.company, since=self.clock.now):
            self._pass_time(arrival.at)
            self._receive(arrival)
        self._pass_time(self.clock.now + DECIDED)
        if self.unlocks:
            self.clock.advance(self.clock.now + OVERDUE)
        self._sweep()

    def _pass_time(self, until: datetime) -> None:
        while self.coming and self.coming[0][0] <= until:
            at, _, happens = heapq.heappop(self.coming)
            self.clock.advance(at)
            happens()
        self.clock.advance(until)

    def _later(self, wait: timedelta, happens: Callable[[], None]) -> None:
        heapq.heappush(self.coming, (self.clock.now + wait, next(self.order), happens))

    def _receive(self, arrival: Arrival) -> None:
        entry = autosend.route(draft_id=arrival.draft_id)
        self.report.count_arrival(arrival)
        if entry and entry.route == LedgerEntry.Route.AUTO:
            mail = OutgoingMail.objects.only("pk").get(decision__draft=arrival.draft_id)
            self._later(timedelta(seconds=settings.UNDO_SECONDS + 1), lambda: self._leave(arrival, mail.pk))
        else:
            self._later(WAITS * self.dice.expovariate(1), lambda: self._review(arrival))

    def _leave(self, arrival: Arrival, mail_id: int) -> None:
        autosend.check(mail_id=mail_id)
        for due in outbox.release_due():
            outbox.send(mail_id=due)
        if not OutgoingMail.objects.filter(pk=mail_id, state=OutgoingMail.State.SENT).exists():
            self._later(WAITS, lambda: self._review(arrival))
            return
        self.report.count_sent_alone(arrival)
        if arrival.is_unsafe and self.dice.random() < self.plan.complains:
            self._later(timedelta(hours=self.dice.uniform(1, 24)), lambda: self._complain(arrival))

    def _review(self, arrival: Arrival) -> None:
        draft = Draft.objects.select_related("conversation", "message").get(pk=arrival.draft_id)
        if draft.state != Draft.State.READY:
            return
        reviewer = self.dice.choice(self.plan.reviewers)
        user = self.company.reviewers[reviewer.name]
        if planted := planting.place(draft=draft, reviewer=user):
            kind = Decision.Kind.REJECTED if self.dice.random() < reviewer.notices else Decision.Kind.APPROVED
            planting.judge(planted=planted, kind=kind, text=planted.body, by=user, seconds=reviewer.seconds)
        self._decide(draft, arrival, reviewer)

    def _decide(self, draft: Draft, arrival: Arrival, reviewer: Reviewer) -> None:
        """As `review.decisions` would, without the mails that people approve."""
        is_rejected = self.dice.random() < (reviewer.notices if arrival.is_unsafe else reviewer.objects)
        drafts.mark_decided(draft=draft)
        decision = Decision.objects.create(
            draft=draft,
            kind=Decision.Kind.REJECTED if is_rejected else Decision.Kind.APPROVED,
            by=self.company.reviewers[reviewer.name],
            final_text="" if is_rejected else draft.body,
            seconds_open=reviewer.seconds,
        )
        self.report.count_reviewed(arrival, is_rejected=is_rejected)
        self._later(timedelta(seconds=settings.UNDO_SECONDS + 10), lambda: autosend.weigh(decision_id=decision.pk))

    def _complain(self, arrival: Arrival) -> None:
        draft = Draft.objects.get(pk=arrival.draft_id)
        autosend.flag(draft=draft, kind=Flag.Kind.COMPLAINT, words="The customer writes that this is wrong.", by=None)
        autosend.weigh_due()

    def _sweep(self) -> None:
        """What the sweeps and an attentive admin do each hour."""
        self.company.confirm_model()
        autosend.weigh_due()
        autosend.reconcile()
        autosend.return_held_back()
        if self.unlocks:
            self._unlock()
            self._go_on()
        self.report.tell_news()
        self._later(SWEEP, self._sweep)

    def _unlock(self) -> None:
        for attempt in Attempt.objects.filter(state=Attempt.State.READY).select_related("category"):
            if not autosend.why_not_unlock(attempt):
                autosend.states.unlock(attempt=attempt, by=self.company.admin, typed=attempt.category.name)

    def _go_on(self) -> None:
        """What is suspended is resumed where that is possible, else earned again from zero."""
        for attempt in Attempt.objects.filter(state=Attempt.State.SUSPENDED):
            is_resumable = not autosend.why_not_resume(attempt)
            act = autosend.states.resume if is_resumable else autosend.states.earn_again
            act(attempt=attempt, by=self.company.admin, words="Looked at what was unsafe.")


@contextmanager
def _no_mail_server() -> Iterator[Callable[[], int]]:
    """A line that takes every mail and keeps none; says how many it has taken."""
    taken: list[int] = []

    def take(*, before_dot: Callable[[], None], **_: object) -> None:
        before_dot()
        taken.append(1)

    line = mock.MagicMock()
    line.__enter__.return_value.send = take
    with mock.patch("inbox.smtp.connect", return_value=line):
        yield lambda: len(taken)
