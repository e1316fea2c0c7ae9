"""Business rules: CEL expressions over named facts, checked by code. Pure: no database, no network.

Whole and decimal numbers compare with each other (`order.total > 500` and `> 500.0`); to calculate with both, CEL wants one kind
(`order.total * 2.0`).
"""

from drafting.rules.evaluation import RuleOutcome, RuleSpec, applies, evaluate
from drafting.rules.expressions import LONGEST_EXPRESSION, RuleError, facts_used
from drafting.rules.functions import FUNCTIONS, Function
from drafting.rules.validation import validate

__all__ = [
    "FUNCTIONS",
    "LONGEST_EXPRESSION",
    "Function",
    "RuleError",
    "RuleOutcome",
    "RuleSpec",
    "applies",
    "evaluate",
    "facts_used",
    "validate",
]
