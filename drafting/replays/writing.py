"""Writing one past mail once more. Nothing of it becomes a draft, and nothing is ever sent."""

import logging
import time
from collections.abc import Sequence
from datetime import date

from django.utils import timezone

from drafting import checking, rulebook, setups, tools
from drafting.agent import assistant
from drafting.agent.assistant import Outcome
from drafting.agent.budget import BUDGET, Budget
from drafting.agent.mail import Mail
from drafting.checking import grounds
from drafting.gate import Check
from drafting.models import Draft, Replay, ReplayRun
from drafting.replays import life
from drafting.replays.consistency import likeness
from drafting.replays.recorded import Recording
from drafting.replays.verdicts import Label, Text, closeness, judge, label
from drafting.rulebook import Rulebook
from drafting.tools import Lookup
from inbox import replies
from inbox.models import Message

ABOUT_NOW = {"setup_pinned", "caps_not_reached"}
"""Checks about the present: a candidate is not what is pinned, and what was sent today says nothing about a past mail."""

logger = logging.getLogger(__name__)


def run_next(*, replay_id: int | None = None, budget: Budget = BUDGET) -> bool:
    """Write the next run of any replay, or of this one. False where there is none to take now."""
    run = life.claim(replay_id=replay_id)
    if run is None:
        return False
    try:
        _write(run, budget)
    except life.LostLease:
        pass
    except Exception as error:
        logger.exception("Run %s of replay %s broke off", run.pk, run.replay_id)
        life.break_off(run=run, words=f"A fault of ours: {type(error).__name__}. The log says more.")
    except BaseException:
        life.give_back(run=run)
        raise
    return True


def run_for(*, seconds: float) -> int:
    """Write runs of any replay for about `seconds`, as long as there are any to take. Returns how many."""
    started, number = time.monotonic(), 0
    while time.monotonic() - started < seconds and run_next():
        number += 1
    return number


def counted(checks: Sequence[Check]) -> list[Check]:
    """The checks that say something about a text, whenever it is looked at."""
    return [check for check in checks if check.code not in ABOUT_NOW]


def _write(run: ReplayRun, budget: Budget) -> None:
    started = time.monotonic()
    recording = Recording(run.draft) if run.draft else None
    live = tools.toolbox()
    outcome = assistant.write(
        draft=Draft(message=run.message, conversation=run.message.conversation),
        endpoint=setups.endpoint(run.replay.setup),
        budget=budget,
        book=book_of(run.replay),
        tools=recording.tools(live) if recording else live,
        today=_day(run),
        guard=setups.guard(run.replay.setup),
    )
    if outcome.unavailable is not None:
        life.put_back(run=run, words=str(outcome.unavailable), seconds=outcome.unavailable.retry_after)
        return
    _fill(run, outcome)
    lookups = recording.lookups if recording else outcome.run.lookups
    _compare(run, outcome.mail, lookups)
    run.unrecorded = recording.unrecorded if recording else []
    run.milliseconds = round((time.monotonic() - started) * 1000)
    life.finish(run=run)


def book_of(replay: Replay) -> Rulebook:
    """The rulebook of now, with the replay's own rules if it has some."""
    return rulebook.read() if replay.rules is None else rulebook.parse(replay.rules)


def _day(run: ReplayRun) -> date:
    """The day on which the recorded draft was written, else on which the mail came in."""
    at = run.draft.finished_at or run.draft.created_at if run.draft else run.message.received_at
    return timezone.localdate(at)


def _fill(run: ReplayRun, outcome: Outcome) -> None:
    run.category = outcome.category
    if outcome.hand_over is not None:
        run.hand_over_reason, run.hand_over_words = outcome.hand_over.reason, outcome.hand_over.words
        return
    assert outcome.action is not None
    checked = checking.check(outcome=outcome, message=run.message, setup=run.replay.setup, guard_flags=outcome.guard_flags)
    checks = counted(checked.checks)
    run.body, run.atoms = outcome.action.body.strip(), checked.atoms
    run.checks = [{"code": each.code, "passed": each.passed, "reason": each.reason} for each in checks]
    run.is_eligible = all(each.passed for each in checks)


def _compare(run: ReplayRun, mail: Mail, lookups: Sequence[Lookup]) -> None:
    text = Text(category=run.category.slug if run.category else "", body=run.body, is_eligible=run.is_eligible)
    run.likeness = likeness(category=text.category, is_hand_over=not text.body, atoms=text.atoms)
    final = _label(run, mail, lookups)
    run.agreement = closeness(text, final) if final else None
    if run.draft is not None:
        recorded = recorded_text(run.draft)
        run.agreement_before = closeness(recorded, final) if final else None
        run.verdict, run.why = judge(text, recorded, final)


def recorded_text(draft: Draft) -> Text:
    """What the recorded draft was, as it counts here."""
    passed = list(draft.checks.exclude(code__in=ABOUT_NOW).values_list("passed", flat=True))
    body = "" if draft.hand_over_reason else draft.body
    return Text(category=draft.category.slug if draft.category else "", body=body, is_eligible=bool(body and passed) and all(passed))


def sent_text(message: Message) -> str:
    """The reply that a person sent to a mail, without the signature that is set under every reply; "" if nobody did."""
    reply = replies.sent_for(message)
    signature = message.mailbox.signature.replace("\r\n", "\n").strip()
    text = reply.text.strip() if reply else ""
    return text.removesuffix(signature).strip() if signature else text


def _label(run: ReplayRun, mail: Mail, lookups: Sequence[Lookup]) -> Label | None:
    """What could be known is what was looked up then, and for imported mail what was looked up now."""
    body = sent_text(run.message)
    sources = grounds.sources_of(lookups, mail=mail, sender=run.message.from_address)
    return label(body, sources=sources, today=_day(run)) if body else None
