"""What the drafting model is shown: the company's words, the customer's, and what was looked up. Only as much as it can read at once."""

from typing import TYPE_CHECKING, Any

from drafting import examples, model_client
from drafting.agent.mail import Mail
from drafting.agent.run import Run
from drafting.models import Category, Draft, Evidence
from drafting.prompts import messages
from drafting.rulebook import Rulebook
from inbox.models import Message

if TYPE_CHECKING:
    from drafting.protocol import CategoryChoice

IN_ADVANCE = {"articles", "templates"}
EXAMPLES_BYTES = 4_000
LEFT_OUT_FIRST = (("history", 0), ("examples", -1), ("articles", -1))
"""What gives way where there is no room, and which end of it: the oldest history, the least fitting examples and articles."""


def of_draft(
    *,
    draft: Draft,
    mail: Mail,
    choice: "CategoryChoice",
    language: str,
    book: Rulebook,
    instructions: list[str],
    styles: list[dict[str, str]],
) -> dict[str, Any]:
    """What stays the same over the turns of a draft."""
    return {
        "mail": mail.as_material(),
        "category": choice.category,
        "language": language,
        "asks": choice.asks,
        "history": mail.history,
        "examples": styles,
        "instructions": instructions,
        "guidance": [each.text for each in book.guidance],
        "reviewer_instruction": draft.instruction,
        "rejected_draft": draft.redraft_of.body if draft.redraft_of and draft.instruction else "",
        "signature_is_added": True,
    }


def examples_for(message: Message, *, category: Category, language: str) -> list[dict[str, str]]:
    """How people here last answered mails of the category, before this one came."""
    return examples.for_category(
        category=category,
        mailbox=message.mailbox,
        language=language,
        most_bytes=EXAMPLES_BYTES,
        apart_from=message.conversation,
        before=message.received_at,
    )


def of_turn(run: Run, *, schema: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
    """`value` with what was looked up by now, as far as it has room in the model's context."""
    return _fit(run, schema, value | _looked_up(run))


def _looked_up(run: Run) -> dict[str, Any]:
    advance = {each.tool: each for each in run.lookups if each.tool in IN_ADVANCE and each.asked_by == Evidence.AskedBy.CODE}
    found = {tool: each.answer for tool, each in advance.items() if each.outcome == Evidence.Outcome.FOUND}
    customer = next((each.answer for each in run.lookups if each.tool == "customer" and each.outcome == Evidence.Outcome.FOUND), None)
    evidence = [
        {"id": each.number, "tool": each.tool, "question": each.question, "outcome": each.outcome, "answer": each.answer}
        for each in run.lookups
        if each not in advance.values()
    ]
    return {
        "customer": customer,
        "evidence": evidence,
        "articles": found.get("articles", []),
        "templates": found.get("templates", []),
        "tools": [{"name": tool.name, "about": tool.about} for tool in run.tools.values()] if run.lookups_left else [],
        "lookups_left": run.lookups_left,
    }


def _fit(run: Run, schema: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
    for key, end in LEFT_OUT_FIRST:
        while value[key]:
            if model_client.fits(run.endpoint, messages(turn="draft", schema=schema, value=value)):
                return value
            rest = list(value[key])
            del rest[end]
            value = value | {key: rest}
    return value
