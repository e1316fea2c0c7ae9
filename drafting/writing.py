"""Writing one draft: claim it, run the assistant, check the reply, keep what came out."""

from drafting import checking, drafts, setups
from drafting.agent import assistant
from drafting.agent.assistant import Outcome, Writer
from drafting.agent.budget import BUDGET, Budget
from drafting.fact_values import recorded
from drafting.models import Category, Draft, Setup

NO_SETUP = "No setup is active, so nobody writes drafts; add one with manage.py setup add."


def write(*, draft_id: int, budget: Budget = BUDGET) -> None:
    """Write the draft if it is due and nobody else does. However it ends, the draft says how; nothing is raised for the model's sake.

    A fault of ours is raised for the log, and the draft tried again soon.
    """
    draft = drafts.claim(draft_id=draft_id)
    if draft is None:
        return
    try:
        _write(draft, setups.by_category(), budget)
    except drafts.LostLease:
        return
    except Exception:
        drafts.break_off(draft=draft)
        raise


def _write(draft: Draft, active: dict[int | None, Setup], budget: Budget) -> None:
    default = active.get(None)
    if default is None:
        drafts.wait(draft=draft, words=NO_SETUP)
        return
    draft.setup = draft.category_setup = default

    def writer_of(category: Category) -> Writer:
        draft.setup = active.get(category.pk, default)
        return Writer(setups.endpoint(draft.setup), setups.guard(draft.setup))

    outcome = assistant.write(draft=draft, endpoint=setups.endpoint(default), budget=budget, writer_of=writer_of)
    _fill(draft, outcome)
    if outcome.unavailable is not None:
        drafts.wait(draft=draft, words=str(outcome.unavailable), run=outcome.run, seconds=outcome.unavailable.retry_after)
    elif outcome.hand_over is not None:
        drafts.hand_over(draft=draft, reason=outcome.hand_over.reason, words=outcome.hand_over.words, run=outcome.run)
    else:
        checked = checking.check(
            outcome=outcome, message=draft.message, setup=draft.setup, sorted_by=default, guard_flags=outcome.guard_flags
        )
        drafts.finish(draft=draft, run=outcome.run, atoms=checked.atoms, checks=checked.checks, is_eligible=checked.is_eligible)


def _fill(draft: Draft, outcome: Outcome) -> None:
    """What is known by now, for whoever reads the draft, also when it waits or is handed over."""
    draft.category, draft.customer, draft.asks = outcome.category, outcome.customer, outcome.asks
    draft.facts = recorded(before=outcome.facts_before, after=outcome.facts)
    if outcome.choice is not None:
        draft.language, draft.flags = outcome.language or outcome.choice.language, list(dict.fromkeys(outcome.choice.flags))
        draft.asks = outcome.asks or [{"ask": ask[:300], "answered": False} for ask in outcome.choice.asks]
    if outcome.action is not None and outcome.hand_over is None:
        draft.body = outcome.action.body.strip()
