"""The training export: what was decided on drafts, as JSON Lines in the chat format that fine-tuning takes. Masked.

A line is {"messages": [system, user, assistant], "countersign": {...}}. The user turn holds the mail and the evidence as JSON, the
assistant turn the text that was sent; where nothing was sent (rejected, no reply needed) there is no assistant turn. The rest is in
"countersign": "decision" (its id, so that a line can be found again), "draft" (as the assistant wrote it), "final_text", "verdict",
"reason", "edit_reason", "hand_over_reason", "category", "language", "decided_on" and "fingerprint" (of the setup that wrote the draft).
"""

import json
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from drafting.models import Draft, Evidence
from drafting.personal import Personal, gather
from review.models import Decision

BATCH = 200
"""Rows read at a time: what the export holds in memory."""
MOST_COUNTED = 100_000
SYSTEM = (
    "You write the reply to a customer's mail for a company. The user message is one JSON object: the mail, and the evidence that was "
    "looked up. State only what they say, in the customer's language, and promise nothing that the evidence does not allow."
)


def exportable(*, since: date | None = None, only_replies: bool = False, among: QuerySet[Decision] | None = None) -> QuerySet[Decision]:
    """The decisions that may be exported: those that stand, on drafts that were written, whose mail is still there.

    This is the one place that says what may leave in an export. Whatever erases or withholds a customer's data adds its condition here
    (what was emptied is left out already), and the command, the page and its count follow. `since` is a day in the installation's time
    zone; `only_replies` leaves out what was answered with nothing; `among` are the decisions that may be looked at, else all.
    """
    standing = (Decision.objects.all() if among is None else among).filter(undone_at__isnull=True, draft__setup__isnull=False)
    there = standing.exclude(draft__message__text="", draft__message__reply_text="").filter(draft__erased_at=None)
    # What was looked up tells which names and codes have to be masked.
    there = there.exclude(draft__evidence__erased_at__isnull=False)
    if since:
        there = there.filter(decided_at__gte=timezone.make_aware(datetime.combine(since, time.min)))
    return there.filter(~Q(final_text="")) if only_replies else there


def count(rows: QuerySet[Decision]) -> tuple[int, bool]:
    """How many, and whether there are more than that: counting stops at `MOST_COUNTED`."""
    found = rows.order_by()[: MOST_COUNTED + 1].count()
    return min(found, MOST_COUNTED), found > MOST_COUNTED


def lines(rows: QuerySet[Decision]) -> Iterator[str]:
    """One JSON object a line, oldest first, read in batches."""
    return (json.dumps(line, ensure_ascii=False) + "\n" for line in examples(rows))


def examples(rows: QuerySet[Decision], *, batch: int = BATCH) -> Iterator[dict[str, Any]]:
    """As `lines`, before it is text."""
    after = 0
    while found := list(_with_all(rows).filter(pk__gt=after).order_by("pk")[:batch]):
        yield from map(_example, found)
        after = found[-1].pk


def _with_all(rows: QuerySet[Decision]) -> QuerySet[Decision]:
    drafts = ("draft__message", "draft__conversation", "draft__customer", "draft__category", "draft__setup", "by")
    evidence = Prefetch("draft__evidence", Evidence.objects.order_by("position"))
    wide = ("draft__message__html", "draft__message__hidden_text", "draft__setup__parts", "draft__facts", "draft__atoms")
    return rows.select_related(*drafts).prefetch_related(evidence, "draft__customer__addresses").defer(*wide)


def _example(decision: Decision) -> dict[str, Any]:
    draft, known = decision.draft, _known(decision)
    language = draft.language or draft.message.language
    final_text = known.mask(decision.final_text.strip(), language=language)
    turns = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": _material(draft, known, language)}]
    if final_text:
        turns.append({"role": "assistant", "content": final_text})
    return {
        "messages": turns,
        "countersign": {
            "decision": decision.pk,
            "draft": known.mask(draft.body, language=language),
            "final_text": final_text,
            "verdict": decision.kind,
            "reason": known.mask(decision.reason, language=language),
            "edit_reason": decision.edit_reason,
            "hand_over_reason": draft.hand_over_reason,
            "category": draft.category.slug if draft.category else "",
            "language": language,
            "decided_on": timezone.localdate(decision.decided_at).isoformat(),
            "fingerprint": draft.setup.fingerprint if draft.setup else "",
        },
    }


def _material(draft: Draft, known: Personal, language: str) -> str:
    message = draft.message
    mail = {"subject": message.subject, "text": (message.reply_text or message.text).strip()}
    evidence = [
        {"tool": each.tool, "question": each.question, "outcome": each.outcome, "answer": each.answer} for each in draft.evidence.all()
    ]
    return json.dumps(known.mask_all({"mail": mail, "evidence": evidence}, language=language), ensure_ascii=False)


def _known(decision: Decision) -> Personal:
    draft = decision.draft
    names = [draft.message.from_name, draft.conversation.customer_name]
    answers = [(each.tool, each.answer) for each in draft.evidence.all() if each.outcome == Evidence.Outcome.FOUND]
    if decision.by:
        names.append(decision.by.get_full_name())
    if draft.customer:
        names += [draft.customer.name, *(each.contact for each in draft.customer.addresses.all())]
        answers.append(("customer", {"number": draft.customer.number}))
    texts = [draft.message.reply_text or draft.message.text, draft.body, decision.final_text]
    return gather(names=names, sender=draft.message.from_address, answers=answers, texts=texts)
