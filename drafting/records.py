"""The record of a draft: what was looked up, asked, answered and judged. Rows are only ever added."""

from collections.abc import Iterable
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django.db.models import JSONField, Max, Value
from django.utils import timezone

from drafting.models import CheckResult, Draft, Evidence, ModelCall

FAILURES_ALONE = 8
ALONE_SINCE = timedelta(minutes=10)
TRIES_ALONE = 4
LOOKED_AT = 1000
"""Newest lookups of all drafts in which an answer to somebody else is sought."""

if TYPE_CHECKING:
    from drafting.agent.run import Run
    from drafting.gate import Check


def keep_calls(*, draft: Draft, run: "Run") -> None:
    """Write what the model was asked and answered, after the calls of earlier tries; a draft that waited says why."""
    earlier = ModelCall.objects.filter(draft=draft).aggregate(last=Max("position")) if draft.last_error else {}
    last = earlier.get("last") or 0
    ModelCall.objects.bulk_create(
        ModelCall(draft=draft, position=last + number, **vars(call) | {"request": _as_json(call.request)})
        for number, call in enumerate(run.calls, start=1)
    )


def keep_lookups(*, draft: Draft, run: "Run") -> dict[int, int]:
    """Write what the lookups of the last try returned: the evidence. Returns the rows' ids by the number of the lookup."""
    evidence = Evidence.objects.bulk_create(
        Evidence(
            draft=draft,
            position=lookup.number,
            tool=lookup.tool,
            source=lookup.source,
            question=_as_json(lookup.question),
            outcome=lookup.outcome,
            answer=lookup.answer,
            asked_by=lookup.asked_by,
            milliseconds=lookup.milliseconds,
            at=lookup.at,
        )
        for lookup in run.lookups
    )
    return {lookup.number: row.pk for lookup, row in zip(run.lookups, evidence, strict=True)}


def keep_checks(*, draft: Draft, checks: "Iterable[Check]") -> None:
    """Write how the gate judged."""
    CheckResult.objects.bulk_create(
        CheckResult(draft=draft, position=position, code=check.code, passed=check.passed, reason=check.reason)
        for position, check in enumerate(checks, start=1)
    )


def source(source: str, rows: dict[int, int]) -> str:
    """The source of an atom, with the evidence row's id in place of the number of the lookup."""
    kind, _, number = source.partition(":")
    return f"evidence:{rows[int(number)]}" if kind == "evidence" else source


def lookup_fails_alone(*, draft: Draft, run: "Run", words: str) -> bool:
    """Whether a lookup fails at this draft as it did the time before (in the same `words`), though it is not down.

    That is: in the last `TRIES_ALONE` tries, since at least `ALONE_SINCE`, it answered another draft between each try and the next. Every
    try begins with the choice of the category, which says when it was.
    """
    failed = run.lookups[-1] if run.lookups and run.lookups[-1].outcome == Evidence.Outcome.UNAVAILABLE else None
    if failed is None or draft.last_error != words:
        return False
    tries = ModelCall.objects.filter(draft=draft, purpose=ModelCall.Purpose.CATEGORY, error="").order_by("-pk")
    began = list(tries.values_list("at", flat=True)[:TRIES_ALONE])
    if len(began) < TRIES_ALONE or began[-1] > timezone.now() - ALONE_SINCE:
        return False
    newest = Evidence.objects.order_by("-pk").values_list("draft", "tool", "at")[:LOOKED_AT]
    answered = [at for other, tool, at in newest if tool == failed.tool and other != draft.pk]
    return all(any(before < at < after for at in answered) for after, before in pairwise(began))


def failures_alone(*, draft: Draft) -> int:
    """How often in a row the model server failed at this draft, if it was not down: it answered another draft before each failure.

    0 unless that happened `FAILURES_ALONE` times since at least `ALONE_SINCE`. A draft's failures compare with answers to the same
    question (category or reply), for a category's own setup may ask another server.
    """
    failed = ModelCall.objects.filter(draft=draft, response="").exclude(error="").order_by("-pk")
    last = list(failed.values_list("pk", "purpose", "at")[:FAILURES_ALONE])
    if len(last) < FAILURES_ALONE or last[-1][2] > timezone.now() - ALONE_SINCE:
        return 0
    answered = ModelCall.objects.filter(error="", purpose=last[0][1]).exclude(draft=draft)
    if last[0][1] != ModelCall.Purpose.CATEGORY:
        answered = answered.filter(draft__setup=draft.setup)
    gaps = pairwise(pk for pk, _, _ in last)
    return FAILURES_ALONE if all(answered.filter(pk__range=(before, after)).exists() for after, before in gaps) else 0


def _as_json(value: dict[str, Any]) -> Value:
    """For rows that are added together. With one such value Django sends them as rows and not as arrays, in which psycopg would have to
    escape all JSON once more; that takes milliseconds.
    """
    return Value(value, JSONField())
