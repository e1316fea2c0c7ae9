"""The made-up company of a simulation: people, categories, a pinned setup, and mails with their drafts, written in bulk."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.contrib.auth.models import User

from deploy.simulation.plan import Kind, Plan
from drafting import setups
from drafting.grounding import Atom, atoms
from drafting.models import Canary, CanaryRun, Category, CheckResult, Draft, Setup
from drafting.protocol import fingerprint
from inbox.models import Conversation, Mailbox, Message
from review.autosend import terms

BASE_URL = "http://127.0.0.1:9/v1"
"""The discard port: nothing here asks a model."""
BATCH = 500
DAILY_CAP = 5_000
"""Nobody is held up by it: what a cap does is shown elsewhere."""
REPLY = (
    "Hello {name},\n\nthank you for your mail. Your order {order} left our warehouse on {day}. The amount of {amount} EUR is paid, "
    "and nothing else is open. We cannot change the address any more.\n\nKind regards"
)


@dataclass(frozen=True)
class Arrival:
    """A mail whose draft is eligible: when it came in, and whether its draft is unsafe, which only a reviewer may notice."""

    number: int
    at: datetime
    kind: Kind
    draft_id: int
    is_unsafe: bool
    has_drifted: bool


@dataclass(frozen=True)
class Company:
    """Who and what there is."""

    mailbox: Mailbox
    setup: Setup
    admin: User
    second_admin: User
    reviewers: dict[str, User]
    categories: dict[str, Category]

    def agree(self, kind: Kind) -> None:
        """Two admins agree on what the category has to prove."""
        limits = {"epsilon": kind.epsilon, "ramp_sends": kind.ramp_sends, "daily_cap": DAILY_CAP}
        asked = terms.save(category=self.categories[kind.name], by=self.admin, **limits)
        if asked.in_force_at is None:
            terms.confirm(terms=asked, by=self.second_admin)

    def confirm_model(self) -> None:
        """The look at the canaries each hour, which finds nothing."""
        CanaryRun.objects.create(setup=self.setup, result=CanaryRun.Result.SAME, milliseconds=0)


def found(plan: Plan) -> Company:
    """Make the company in an empty database."""
    mailbox = Mailbox.objects.create(
        name="Simulated mail",
        address="service@simulated.invalid",
        imap_host="imap.invalid",
        imap_username="service",
        smtp_host="smtp.invalid",
    )
    first, second = (User.objects.create_user(f"simulated-admin-{number}") for number in (1, 2))
    reviewers = {each.name: User.objects.create_user(f"simulated-{each.name}") for each in plan.reviewers}
    names = [kind.name for kind in plan.kinds]
    categories = {name: Category.objects.create(slug=f"simulated-{n}", name=name, description=name) for n, name in enumerate(names)}
    return Company(mailbox, _setup(), first, second, reviewers, categories)


def arrivals(plan: Plan, company: Company, *, since: datetime) -> Iterator[Arrival]:
    """The mails in order of arrival, made in batches. They bear the seed, so that another plan may follow in the same database."""
    dice = random.Random(plan.seed)  # noqa: S311 - nothing secret
    numbers = dict.fromkeys(plan.kinds, 0)
    for first in range(0, plan.mails, BATCH):
        batch = [_arrival(plan, number, numbers, since, dice) for number in range(first, min(first + BATCH, plan.mails))]
        drafts = _drafts(plan, company, batch, dice)
        yield from (replace(arrival, draft_id=draft.pk) for arrival, draft in zip(batch, drafts, strict=True))


def _arrival(plan: Plan, number: int, numbers: dict[Kind, int], since: datetime, dice: random.Random) -> Arrival:
    kind = dice.choices(plan.kinds, [each.weight for each in plan.kinds])[0]
    share = kind.unsafe_share(numbers[kind])
    numbers[kind] += 1
    at = since + timedelta(days=number / plan.a_day)
    return Arrival(number, at, kind, 0, is_unsafe=dice.random() < share, has_drifted=share != kind.unsafe[0][1])


def _setup() -> Setup:
    told = {"base_url": BASE_URL, "model": "simulated", "dialect": "json_schema", "context_length": 8192, "sampling": {"max_tokens": 500}}
    parts = told | setups.running_parts()
    setup = Setup.objects.create(fingerprint=fingerprint(parts), base_url=BASE_URL, model="simulated", parts=parts)
    Canary.objects.create(setup=setup, position=1, prompt="-", text="-", again="-")
    CanaryRun.objects.create(setup=setup, result=CanaryRun.Result.SAME, milliseconds=0)
    setups.activate(setup=setup, by=None)
    return setup


def _drafts(plan: Plan, company: Company, batch: list[Arrival], dice: random.Random) -> list[Draft]:
    talks = Conversation.objects.bulk_create(
        Conversation(mailbox=company.mailbox, subject="Order", customer_address=_address(each), last_message_at=each.at) for each in batch
    )
    messages = Message.objects.bulk_create(_message(plan, each, talk) for each, talk in zip(batch, talks, strict=True))
    drafts = Draft.objects.bulk_create(_draft(company, each, message, dice) for each, message in zip(batch, messages, strict=True))
    CheckResult.objects.bulk_create(CheckResult(draft=draft, position=1, code="simulated", passed=True, reason="-") for draft in drafts)
    return drafts


def _message(plan: Plan, arrival: Arrival, talk: Conversation) -> Message:
    return Message(
        mailbox=talk.mailbox,
        conversation=talk,
        state=Message.State.PARSED,
        raw_sha256=sha256(f"{plan.seed} {arrival.number}".encode()).hexdigest(),
        raw_size=1,
        received_at=arrival.at,
        # Later than it is stored: what is taken up before counts as history.
        taken_up_at=arrival.at + timedelta(seconds=1),
        message_id=f"{plan.seed}.{arrival.number}@customer.invalid",
        from_address=_address(arrival),
        subject="Order",
        text="Where is my order?",
        language="en",
        authenticity=Message.Authenticity.PASS,
    )


def _draft(company: Company, arrival: Arrival, message: Message, dice: random.Random) -> Draft:
    body = REPLY.format(
        name=f"Customer {arrival.number}",
        order=f"SO-{dice.randrange(10_000, 99_999)}",
        day=f"{arrival.at - timedelta(days=dice.randrange(2, 20)):%-d %B %Y}",
        amount=f"{dice.randrange(10, 900)}.{dice.randrange(10, 100)}",
    )
    return Draft(
        message=message,
        conversation=message.conversation,
        state=Draft.State.READY,
        setup=company.setup,
        category_setup=company.setup,
        category=company.categories[arrival.kind.name],
        language="en",
        body=body,
        atoms=[_described(atom) for atom in atoms(body)],
        asks=[{"ask": "Where is my order?", "answered": True}],
        is_eligible=True,
        finished_at=arrival.at,
    )


def _described(atom: Atom) -> dict[str, Any]:
    return {"kind": atom.kind.value, "text": atom.text, "start": atom.start, "end": atom.end, "traced": True, "source": "mail"}


def _address(arrival: Arrival) -> str:
    return f"customer@number{arrival.number}.invalid"
