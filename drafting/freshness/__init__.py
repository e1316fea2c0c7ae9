"""Freshness: whether what a reply rests on still holds, found by making the draft's lookups again.

The same questions are asked with the same bound values: the customer of the mail's authenticated sender, the mailbox, the category, the
language; only the day is today's. Of what comes back differently only this matters, and voids an approval:

1. something that the text states (a number, date, amount, id …) is no longer what the lookups and the mail say;
2. a rule comes out differently, also because a day has passed;
3. in a thing that the text is about, a word, a date or a yes or no changed, or a number became or ceased to be zero;
4. what was found is not found any more, or the other way round; the sender's address belongs to somebody else.

Whatever else moves (other stock figures, other orders, wordings of articles, how long a lookup took) is noise.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils import timezone

from drafting import rulebook
from drafting.agent import assistant, mail
from drafting.agent.mail import Mail
from drafting.checking import grounds
from drafting.errors import Unavailable
from drafting.fact_values import Facts, build
from drafting.freshness.comparing import Change, compare, lost
from drafting.models import Customer, Draft, Evidence
from drafting.protocol import CategoryChoice
from drafting.rulebook import Rulebook
from drafting.tools import Lookup, LookupFailed, Scope, Tool, look_up, toolbox

__all__ = ["Change", "changes", "words"]

COMPUTED_OR_PROSE = {"calculate", "dates", "articles", "templates"}
"""Of their answers only what the text states matters: today's date and the wording of an article change by themselves."""


def changes(*, draft: Draft, text: str = "", book: Rulebook | None = None) -> list[Change]:
    """What changed since `draft` was written that matters for `text`, its own or an edited one. Raises Unavailable."""
    before = [_lookup(row) for row in draft.evidence.order_by("position")]
    if not before or draft.category is None:
        return []
    text, choice, tools = text or draft.body, _choice(draft), toolbox()
    scope = assistant.scope_of(draft.message, choice, draft.category)
    if scope.customer != draft.customer:
        return [Change("the customer", _name(draft.customer), _name(scope.customer))]
    now = [_again(each, tools=tools, scope=scope) for each in before]
    read = mail.read(draft.message)
    sender = draft.message.from_address
    then, today = timezone.localdate(before[0].at), timezone.localdate()
    sources = [(day, grounds.sources_of(found, mail=read, sender=sender)) for day, found in ((then, before), (today, now))]
    gone = lost(text, *sources)
    found = [
        each
        for old, new in zip(before, now, strict=True)
        if old.tool not in COMPUTED_OR_PROSE
        for each in compare(old, new, text=text, gone=gone)
    ]
    stated = [
        Change(f"“{atom.text}”", "what we had looked up", "not what is found now")
        for atom in gone
        if not any(each.states(atom) for each in found)
    ]
    rules = _rules(draft, choice, read, (before, now), tools=tools, book=book or rulebook.read(), text=text)
    return list(dict.fromkeys([*found, *stated, *rules]))


def words(found: Sequence[Change]) -> str:
    """Changes as a sentence for people."""
    return "; ".join(each.words for each in found[:5]) + (f"; and {len(found) - 5} more" if len(found) > 5 else "")


def _lookup(row: Evidence) -> Lookup:
    return Lookup(row.position, row.tool, row.source, row.question, row.outcome, row.answer, row.asked_by, row.milliseconds, row.at)


def _again(lookup: Lookup, *, tools: Mapping[str, Tool], scope: Scope) -> Lookup:
    if lookup.tool not in tools:
        raise Unavailable(f"The lookup {lookup.tool!r} in {lookup.source} is not there any more.")
    try:
        return look_up(
            tools[lookup.tool], scope=scope, query=lookup.question.get("query", ""), number=lookup.number, asked_by=lookup.asked_by
        )
    except LookupFailed as failed:
        raise failed.cause from failed


def _choice(draft: Draft) -> CategoryChoice:
    assert draft.category is not None
    return CategoryChoice.model_construct(category=draft.category.slug, language=draft.language, flags=list(draft.flags), asks=[])


def _name(customer: Customer | None) -> str:
    return f"{customer.name} ({customer.number})" if customer else "nobody known"


def _rules(
    draft: Draft,
    choice: CategoryChoice,
    read: Mail,
    lookups: tuple[list[Lookup], list[Lookup]],
    *,
    tools: Mapping[str, Tool],
    book: Rulebook,
    text: str,
) -> list[Change]:
    """The rules of now that come out differently with the facts of now: a rule that was changed meanwhile is another matter."""
    assert draft.category is not None
    rules = book.about(draft.category)

    def holding(found: list[Lookup], today: date) -> dict[tuple[str, str], str]:
        facts: list[Facts] = build(
            message=draft.message, mail=read, choice=choice, customer=draft.customer, lookups=found, body=text, today=today, tools=tools
        )
        return {(each.rule.name, each.effect): each.words for each in rulebook.outcomes(rules, facts) if each.holds}

    before = holding(lookups[0], timezone.localdate(lookups[0][0].at))
    now = holding(lookups[1], timezone.localdate())
    appeared = [Change(f"the rule “{name}”", "not in force", "in force") for name, effect in now if (name, effect) not in before]
    return appeared + [Change(f"the rule “{name}”", "in force", "not in force") for name, effect in before if (name, effect) not in now]
