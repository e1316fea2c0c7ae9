"""The gate: what code, and not the model, makes sure of before a draft may count as safe to send.

`check` runs every check on one `GateSubject`; each is a pure function with a reason in words. No database, no network.
"""

from drafting.gate.checks import CHECKS, check, is_eligible
from drafting.gate.flags import find_flags
from drafting.gate.instructions import find_instructions
from drafting.gate.promises import find_promises
from drafting.gate.subject import AskAnswer, Check, GateSubject

__all__ = [
    "CHECKS",
    "AskAnswer",
    "Check",
    "GateSubject",
    "check",
    "find_flags",
    "find_instructions",
    "find_promises",
    "is_eligible",
]
