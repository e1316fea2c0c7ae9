"""The record of a draft: what was looked up, asked, answered and judged. Rows are only ever added."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import Max

from drafting.models import CheckResult, Draft, Evidence, ModelCall

if TYPE_CHECKING:
    from drafting.agent.run import Run
    from drafting.gate import Check


def keep_run(*, draft: Draft, run: "Run") -> dict[int, int]:
    """Write the record of a run after those of earlier tries. Returns the evidence rows' ids by the number of the lookup."""
    last = Draft.objects.filter(pk=draft.pk).aggregate(lookup=Max("evidence__position"), call=Max("model_calls__position"))
    evidence = Evidence.objects.bulk_create(
        Evidence(
            draft=draft,
            position=(last["lookup"] or 0) + lookup.number,
            tool=lookup.tool,
            source=lookup.source,
            question=lookup.question,
            outcome=lookup.outcome,
            answer=lookup.answer,
            asked_by=lookup.asked_by,
            milliseconds=lookup.milliseconds,
            at=lookup.at,
        )
        for lookup in run.lookups
    )
    ModelCall.objects.bulk_create(
        ModelCall(draft=draft, position=(last["call"] or 0) + number, **vars(call)) for number, call in enumerate(run.calls, start=1)
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
