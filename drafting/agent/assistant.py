"""The assistant: category, lookups, reply. Two contexts: who chooses the category sees no data; who drafts sees one customer's.

Nothing here writes to the database; `drafting/drafts.py` keeps what came out, whichever way it ended.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from django.utils import timezone

from drafting import model_client, rulebook
from drafting.agent import answers
from drafting.agent.advance import look_up_in_advance
from drafting.agent.budget import BUDGET, Budget
from drafting.agent.mail import Mail, read
from drafting.agent.run import HandOver, Run
from drafting.endpoints import Endpoint
from drafting.errors import Unavailable
from drafting.fact_values import Facts, build
from drafting.models import Category, Customer, Draft, Evidence, HandOverReason
from drafting.prompts import messages
from drafting.protocol import Action, CategoryChoice, action_schema, category_schema
from drafting.rulebook import Rulebook
from drafting.rules import RuleSpec
from drafting.tools import TOOLS, Scope, Tool, customers
from inbox.models import Message

IN_ADVANCE = {"articles", "templates"}


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
    rules: list[RuleSpec] = field(default_factory=list)
    facts_before: list[Facts] = field(default_factory=list)
    facts: list[Facts] = field(default_factory=list)
    action: Action | None = None
    asks: list[dict[str, Any]] = field(default_factory=list)
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
) -> Outcome:
    """Run the assistant once for `draft`, which may be unsaved, with the rulebook, the lookups and the day of now unless told others."""
    outcome = Outcome(
        run=Run(endpoint=endpoint, budget=budget, tools=TOOLS if tools is None else tools),
        mail=read(draft.message),
        today=today or timezone.localdate(),
        book=book or rulebook.read(),
    )
    try:
        _write(draft, outcome)
    except HandOver as hand_over:
        outcome.hand_over = hand_over
    except Unavailable as unavailable:
        outcome.unavailable = unavailable
    return outcome


def _write(draft: Draft, outcome: Outcome) -> None:
    outcome.choice = _choose_category(outcome)
    outcome.category = next(each for each in outcome.book.categories if each.slug == outcome.choice.category)
    scope = scope_of(draft.message, outcome.choice, outcome.category, today=outcome.today)
    outcome.customer = scope.customer
    look_up_in_advance(outcome.run, mail=outcome.mail, scope=scope, asks=outcome.choice.asks)
    outcome.rules = outcome.book.about(outcome.category)
    outcome.facts_before = _facts(draft.message, outcome)
    results = rulebook.outcomes(outcome.rules, outcome.facts_before)
    if words := rulebook.hand_over_words(results):
        raise HandOver(HandOverReason.RULE, words)
    value = _material(draft, outcome) | {"instructions": rulebook.instructions(results)}
    outcome.action = _draft(outcome, scope=scope, value=value)
    outcome.asks = _all_asks(outcome.choice, outcome.action)
    outcome.facts = _facts(draft.message, outcome, body=outcome.action.body.strip())
    if outcome.action.action == "hand_over":
        raise HandOver(HandOverReason(outcome.action.reason), outcome.action.words or HandOverReason(outcome.action.reason).label)


def _facts(message: Message, outcome: Outcome, *, body: str = "") -> list[Facts]:
    assert outcome.choice is not None
    run = outcome.run
    return build(
        message=message,
        mail=outcome.mail,
        choice=outcome.choice,
        customer=outcome.customer,
        lookups=run.lookups,
        body=body,
        today=outcome.today,
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
    """Whose data may be read: that of the authenticated sender, and nobody's otherwise."""
    is_authenticated = message.authenticity == Message.Authenticity.PASS
    return Scope(
        is_authenticated=is_authenticated,
        customer=customers.customer_of(address=message.from_address) if is_authenticated else None,
        language=choice.language,
        fallback_language=message.mailbox.language,
        category=category,
        today=today or timezone.localdate(),
    )


def _material(draft: Draft, outcome: Outcome) -> dict[str, Any]:
    """What stays the same over the turns of the draft; what a lookup adds comes with `_with_lookups`."""
    assert outcome.choice is not None
    return {
        "mail": outcome.mail.as_material(),
        "category": outcome.choice.category,
        "language": outcome.choice.language,
        "asks": outcome.choice.asks,
        "history": outcome.mail.history,
        "guidance": [each.text for each in outcome.book.guidance],
        "reviewer_instruction": draft.instruction,
        "signature_is_added": True,
    }


def _draft(outcome: Outcome, *, scope: Scope, value: dict[str, Any]) -> Action:
    """Let the model look up what it needs until it replies or hands over."""
    while True:
        action = _next_action(outcome.run, value)
        if action.action in {"reply", "hand_over"}:
            return action
        if outcome.run.lookups_left == 0:
            raise HandOver(HandOverReason.BUDGET, f"No reply after {outcome.run.budget.lookups} lookups.")
        if _was_asked(outcome.run, action):
            raise HandOver(HandOverReason.BUDGET, f"The assistant asked for the same again ({action.action}: {action.query or 'all'}).")
        outcome.run.look_up(action.action, scope=scope, query=action.query, asked_by=Evidence.AskedBy.MODEL)


def _next_action(run: Run, value: dict[str, Any]) -> Action:
    schema = action_schema(list(run.tools) if run.lookups_left else [])
    return run.ask(
        turn="draft",
        schema=schema,
        value=_fit(run, schema, _with_lookups(run, value)),
        read=partial(answers.read_action, tools=list(run.tools)),
    )


def _with_lookups(run: Run, value: dict[str, Any]) -> dict[str, Any]:
    advance = {each.tool: each for each in run.lookups if each.tool in IN_ADVANCE and each.asked_by == Evidence.AskedBy.CODE}
    found = {tool: each.answer for tool, each in advance.items() if each.outcome == Evidence.Outcome.FOUND}
    customer = next((each.answer for each in run.lookups if each.tool == "customer" and each.outcome == Evidence.Outcome.FOUND), None)
    evidence = [
        {"id": each.number, "tool": each.tool, "question": each.question, "outcome": each.outcome, "answer": each.answer}
        for each in run.lookups
        if each not in advance.values()
    ]
    tools = [{"name": tool.name, "about": tool.about} for tool in run.tools.values()] if run.lookups_left else []
    return value | {
        "customer": customer,
        "evidence": evidence,
        "articles": found.get("articles", []),
        "templates": found.get("templates", []),
        "tools": tools,
        "lookups_left": run.lookups_left,
    }


def _fit(run: Run, schema: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
    """Leave out the oldest history, then the least fitting articles, until the rest has room in the model's context."""
    for key, oldest in (("history", 0), ("articles", -1)):
        while value[key] and not model_client.fits(run.endpoint, messages(turn="draft", schema=schema, value=value)):
            rest = list(value[key])
            del rest[oldest]
            value = value | {key: rest}
    return value


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
