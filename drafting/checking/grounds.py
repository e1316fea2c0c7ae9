"""Where a reply's facts may come from, and which wordings the company itself approved."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from drafting.agent.assistant import Outcome
from drafting.agent.mail import Mail
from drafting.grounding import Source
from drafting.models import Evidence, Rule
from drafting.rules import RuleOutcome
from drafting.tools import Lookup

MADE_FROM_THEIR_QUESTION = {"calculate": "calculated", "dates": "asked"}
"""Tools whose answer repeats or follows from what the model asked, and how `Source` calls the question: not everything in it counts."""
OWN_WORDS = ("articles", "templates", "product", "calculate", "dates")
"""Tools whose answers only the company writes, or code."""
KEPT_ANSWER = 20_000


def sources(outcome: Outcome, *, sender: str = "") -> list[Source]:
    """Evidence, templates, the mail. Templates are named by themselves, other evidence by the number of its lookup.

    `sender` is the address that the mail is from; people write of it as they write of what they said.
    """
    return sources_of(outcome.run.lookups, mail=outcome.mail, sender=sender)


def sources_of(lookups: Sequence[Lookup], *, mail: Mail, sender: str = "") -> list[Source]:
    """The same of any lookups for a mail."""
    evidence = [_source(each) for each in _found(lookups) if each.tool != "templates"]
    templates = [Source(f"template:{each['id']}", each["body"]) for each in _templates(lookups)]
    said = "\n".join(filter(None, (mail.subject, mail.text, mail.written.said, mail.from_name, sender)))
    return [*evidence, *templates, Source("mail", said, is_claim=True)]


def allowed_texts(outcome: Outcome, results: list[RuleOutcome]) -> list[str]:
    """The company's own wordings: templates and articles that were looked up, and what its rules want said here."""
    said = [result.rule.text for result in results if result.holds and result.effect == Rule.Effect.MUST_SAY]
    articles = [each["body"] for each in _listed(outcome.run.lookups, "articles")]
    return [*(template["body"] for template in _templates(outcome.run.lookups)), *articles, *said]


def looked_up(outcome: Outcome) -> list[str]:
    """What lookups were asked and what they found, as text."""
    asked = [str(value) for each in outcome.run.lookups for value in each.question.values()]
    return [*asked, *(json.dumps(each.answer, default=str)[:KEPT_ANSWER] for each in _found(outcome.run.lookups))]


def other_texts(outcome: Outcome) -> list[str]:
    """What the assistant read beside the mail that a customer may have written: earlier mails, texts in evidence."""
    earlier = [each["text"] for each in outcome.mail.history if each["from"] == "customer"]
    return [*earlier, *(text for each in _found(outcome.run.lookups) if each.tool not in OWN_WORDS for text in _texts(each.answer))]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)


def _source(lookup: Lookup) -> Source:
    role = MADE_FROM_THEIR_QUESTION.get(lookup.tool)
    about = {} if role is None else {role: str(lookup.question.get("query", ""))}
    return Source(f"evidence:{lookup.number}", lookup.answer, calculated=about.get("calculated", ""), asked=about.get("asked", ""))


def _found(lookups: Sequence[Lookup]) -> list[Lookup]:
    return [each for each in lookups if each.outcome == Evidence.Outcome.FOUND]


def _listed(lookups: Sequence[Lookup], tool: str) -> list[dict[str, Any]]:
    return [item for each in _found(lookups) if each.tool == tool for item in each.answer]


def _templates(lookups: Sequence[Lookup]) -> list[dict[str, Any]]:
    return list({template["id"]: template for template in _listed(lookups, "templates")}.values())
