"""The checks of the gate, in the order in which they are shown. Pure functions: a subject in, a verdict with words out."""

from collections.abc import Callable, Sequence

from drafting.gate.checks.assistant import category_certain, guard_agrees, setup_pinned
from drafting.gate.checks.draft import (
    asks_answered,
    atoms_grounded,
    language_matches,
    length_in_bounds,
    links_allowed,
    no_foreign_data,
    no_promises,
)
from drafting.gate.checks.mail import (
    caps_not_reached,
    mail_read_whole,
    no_hidden_text,
    no_instructions,
    no_sensitive_flags,
    not_automation,
    recipient_is_sender,
    sender_authenticated,
    sender_known,
)
from drafting.gate.checks.rules import rules_hold
from drafting.gate.checks.speech import no_disguise, no_placeholders, nothing_to_reviewer, recipient_only
from drafting.gate.subject import Check, GateSubject

CHECKS: tuple[Callable[[GateSubject], Check], ...] = (
    setup_pinned,
    category_certain,
    sender_authenticated,
    sender_known,
    mail_read_whole,
    no_hidden_text,
    no_instructions,
    no_sensitive_flags,
    atoms_grounded,
    no_foreign_data,
    no_promises,
    links_allowed,
    recipient_only,
    nothing_to_reviewer,
    no_disguise,
    no_placeholders,
    language_matches,
    asks_answered,
    length_in_bounds,
    not_automation,
    rules_hold,
    guard_agrees,
    recipient_is_sender,
    caps_not_reached,
)


def check(subject: GateSubject) -> list[Check]:
    """Every check on `subject`, in order; never raises, whatever the mail or the draft contains."""
    return [one(subject) for one in CHECKS]


def is_eligible(checks: Sequence[Check]) -> bool:
    """Whether all checks passed (and there were any)."""
    return bool(checks) and all(one.passed for one in checks)
