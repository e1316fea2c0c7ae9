"""Writing one draft: claim it, run the assistant, check the reply, keep what came out."""

from drafting import checking, drafts, records, setups
from drafting.agent import assistant
from drafting.agent.assistant import Outcome
from drafting.agent.budget import BUDGET, Budget
from drafting.models import Draft, Setup

NO_SETUP = "No setup is active, so nobody writes drafts; add one with manage.py setup add."


def write(*, draft_id: int, budget: Budget = BUDGET) -> None:
    """Write the draft if it is due and nobody else does. However it ends, the draft says how; nothing is raised for the model's sake.

    A fault of ours is raised for the log, and the draft tried again soon.
    """
    draft = drafts.claim(draft_id=draft_id)
    if draft is None:
        return
    try:
        _write(draft, setups.active(), budget)
    except drafts.LostLease:
        return
    except Exception:
        drafts.break_off(draft=draft)
        raise


def _write(draft: Draft, setup: Setup | None, budget: Budget) -> None:
    if setup is None:
        drafts.wait(draft=draft, words=NO_SETUP)
        return
    outcome = assistant.write(draft=draft, endpoint=setups.endpoint(setup), budget=budget)
    _fill(draft, setup, outcome)
    if outcome.unavailable is not None:
        drafts.wait(draft=draft, words=str(outcome.unavailable), run=outcome.run, seconds=outcome.unavailable.retry_after)
    elif outcome.hand_over is not None:
        drafts.hand_over(draft=draft, reason=outcome.hand_over.reason, words=outcome.hand_over.words, run=outcome.run)
    else:
        checked = checking.check(outcome=outcome, message=draft.message, setup=setup)
        drafts.finish(draft=draft, run=outcome.run, atoms=checked.atoms, checks=checked.checks, is_eligible=checked.is_eligible)


def _fill(draft: Draft, setup: Setup, outcome: Outcome) -> None:
    """What is known by now, for whoever reads the draft, also when it waits or is handed over."""
    draft.setup, draft.category, draft.customer = setup, outcome.category, outcome.customer
    draft.asks = outcome.asks
    draft.facts = {"before": records.facts(outcome.facts_before), "after": records.facts(outcome.facts)}
    if outcome.choice is not None:
        draft.language, draft.flags = outcome.choice.language, list(dict.fromkeys(outcome.choice.flags))
        draft.asks = outcome.asks or [{"ask": ask[:300], "answered": False} for ask in outcome.choice.asks]
    if outcome.action is not None and outcome.hand_over is None:
        draft.body = outcome.action.body.strip()
