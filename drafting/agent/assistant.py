"""The assistant: category, lookups, reply. Two contexts: who chooses the category sees no data; who drafts sees one customer's.

Nothing here writes to the database; `drafting/drafts.py` keeps what came out, whichever way it ended.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from django.utils import timezone

from drafting import rulebook
from drafting.agent import answers, material
from drafting.agent.advance import look_up_in_advance
from drafting.agent.budget import BUDGET, Budget
from drafting.agent.guard import flags
from drafting.agent.mail import Mail, read
from drafting.agent.run import HandOver, Run
from drafting.endpoints import Endpoint
from drafting.errors import Unavailable
from drafting.fact_values import Facts, build
from drafting.models import Category, Customer, Draft, Evidence, HandOverReason
from drafting.protocol import Action, CategoryChoice, action_schema, category_schema
from drafting.rulebook import Rulebook
from drafting.rules import RuleSpec
from drafting.tools import Scope, Tool, customers, toolbox
from inbox.models import Message


@dataclass(frozen=True)
class Writer:
    """The model that writes the replies of a category, and the guard model that reads after it."""

    endpoint: Endpoint
    guard: Endpoint | None = None


@dataclass
class Outcome:
    """How a run ended: with a reply, with `hand_over`, or with `unavailable` (it has to wait). What was known by then is filled in.

    `facts_before` are what the rules saw before anything was written, `facts` what they see of the reply too.
    """

    run: Run
    mail: Mail
    today: date = field(default_factory=timezone.localdate)
    book: Rulebook = field(default_factory=Rulebook)
    category: Category | None = None
    customer: Customer | None = None
    choice: CategoryChoice | None = None
    language: str = ""
    rules: list[RuleSpec] = field(default_factory=list)
    facts_before: list[Facts] = field(default_factory=list)
    facts: list[Facts] = field(default_factory=list)
    action: Action | None = None
    asks: list[dict[str, Any]] = field(default_factory=list)
    guard_flags: list[str] = field(default_factory=list)
    hand_over: HandOver | None = None
    unavailable: Unavailable | None = None


def write(
    *,
    draft: Draft,
    endpoint: Endpoint,
    budget: Budget = BUDGET,
    book: Rulebook | None = None,
    tools: Mapping[str, Tool] | None = None,
    today: date | None = None,
    guard: Endpoint | None = None,
    writer_of: Callable[[Category], Writer] | None = None,
) -> Outcome:
    """Run the assistant once for `draft`, which may be unsaved, with the rulebook, the lookups and the day of now unless told others.

    The model at `endpoint` chooses the category; `writer_of` names who writes the reply then, else the same model and `guard` do.
    """
    outcome = Outcome(
        run=Run(endpoint=endpoint, budget=budget, tools=toolbox() if tools is None else tools),
        mail=read(draft.message),
        today=today or timezone.localdate(),
        book=book or rulebook.read(),
    )
    try:
        outcome.choice = _choose_category(outcome)
        outcome.category = next(each for each in outcome.book.categories if each.slug == outcome.choice.category)
        writer = writer_of(outcome.category) if writer_of else Writer(endpoint, guard)
        _write(draft, outcome, writer)
    except HandOver as hand_over:
        outcome.hand_over = hand_over
    except Unavailable as unavailable:
        outcome.unavailable = unavailable
    return outcome


def _write(draft: Draft, outcome: Outcome, writer: Writer) -> None:
    assert outcome.choice is not None and outcome.category is not None
    run = outcome.run
    run.endpoint = writer.endpoint
    scope = scope_of(draft.message, outcome.choice, outcome.category, today=outcome.today)
    outcome.customer, outcome.language = scope.customer, scope.language
    look_up_in_advance(run, mail=outcome.mail, scope=scope, asks=outcome.choice.asks)
    outcome.rules = outcome.book.about(outcome.category)
    outcome.facts_before = _facts(draft.message, outcome)
    results = rulebook.outcomes(outcome.rules, outcome.facts_before)
    if words := rulebook.hand_over_words(results):
        raise HandOver(HandOverReason.RULE, words)
    outcome.action = _draft(run, scope=scope, value=_material(draft, outcome, rulebook.instructions(results)))
    outcome.asks = _all_asks(outcome.choice, outcome.action)
    body = outcome.action.body.strip()
    outcome.facts = _facts(draft.message, outcome, body=body)
    if outcome.action.action == "hand_over":
        raise HandOver(HandOverReason(outcome.action.reason), outcome.action.words or HandOverReason(outcome.action.reason).label)
    if writer.guard is not None:
        outcome.guard_flags = flags(run, endpoint=writer.guard, mail=outcome.mail, body=body)


def _facts(message: Message, outcome: Outcome, *, body: str = "") -> list[Facts]:
    assert outcome.choice is not None
    return build(
        message=message,
        mail=outcome.mail,
        choice=outcome.choice,
        customer=outcome.customer,
        lookups=outcome.run.lookups,
        body=body,
        today=outcome.today,
        tools=outcome.run.tools,
    )


def _choose_category(outcome: Outcome) -> CategoryChoice:
    categories = [{"slug": each.slug, "name": each.name, "description": each.description} for each in outcome.book.categories]
    if not categories:
        raise Unavailable("There are no categories yet; add them so that mails can be sorted.")
    slugs = [category["slug"] for category in categories]
    return outcome.run.ask(
        turn="category",
        schema=category_schema(slugs),
        value={"mail": outcome.mail.as_material(), "categories": categories},
        read=partial(answers.read_category, slugs=slugs),
    )


def scope_of(message: Message, choice: CategoryChoice, category: Category, *, today: date | None = None) -> Scope:
    """Whose data may be read: that of the authenticated sender, and nobody's otherwise.

    The language is the one that code saw in the mail, else the customer's usual one; the model's word counts where neither is known.
    """
    is_authenticated = message.authenticity == Message.Authenticity.PASS
    customer = customers.customer_of(address=message.from_address) if is_authenticated else None
    return Scope(
        is_authenticated=is_authenticated,
        customer=customer,
        language=message.language or (customer.language if customer else "") or choice.language,
        fallback_language=message.mailbox.language,
        category=category,
        today=today or timezone.localdate(),
        mailbox=message.mailbox.address,
    )


def _material(draft: Draft, outcome: Outcome, instructions: list[str]) -> dict[str, Any]:
    assert outcome.choice is not None and outcome.category is not None
    return material.of_draft(
        draft=draft,
        mail=outcome.mail,
        choice=outcome.choice,
        language=outcome.language,
        book=outcome.book,
        instructions=instructions,
        styles=material.examples_for(draft.message, category=outcome.category, language=outcome.language),
    )


def _draft(run: Run, *, scope: Scope, value: dict[str, Any]) -> Action:
    """Let the model look up what it needs until it replies or hands over."""
    while True:
        action = _next_action(run, value)
        if action.action in {"reply", "hand_over"}:
            return action
        if run.lookups_left == 0:
            raise HandOver(HandOverReason.BUDGET, f"No reply after {run.budget.lookups} lookups.")
        if _was_asked(run, action):
            raise HandOver(HandOverReason.BUDGET, f"The assistant asked for the same again ({action.action}: {action.query or 'all'}).")
        run.look_up(action.action, scope=scope, query=action.query, asked_by=Evidence.AskedBy.MODEL)


def _next_action(run: Run, value: dict[str, Any]) -> Action:
    schema = action_schema(list(run.tools) if run.lookups_left else [])
    shown = material.of_turn(run, schema=schema, value=value)
    return run.ask(turn="draft", schema=schema, value=shown, read=partial(answers.read_action, tools=list(run.tools)))


def _was_asked(run: Run, action: Action) -> bool:
    asked = (action.action, " ".join(action.query.lower().split()))
    return asked in {(each.tool, " ".join(each.question["query"].lower().split())) for each in run.lookups}


def _all_asks(choice: CategoryChoice, action: Action) -> list[dict[str, Any]]:
    """The asks seen in the mail, answered if the reply says so of that very ask, then those that only the reply lists."""
    listed = {_plain(ask.ask): ask for ask in action.asks}
    claims = [listed.pop(_plain(ask), None) for ask in choice.asks]
    seen = [{"ask": ask[:300], "answered": bool(claim and claim.answered)} for ask, claim in zip(choice.asks, claims, strict=True)]
    return [*seen, *(ask.model_dump() for ask in listed.values())]


def _plain(ask: str) -> str:
    return "".join(filter(str.isalnum, ask.casefold()))
