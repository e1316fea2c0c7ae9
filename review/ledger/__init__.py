"""The ledger: which drafts would have left by themselves, what became of them, and what that shows.

`entries` takes drafts in, `settling` finds the verdicts of decisions and of time, `flags` those of what comes out later; `verdicts` and
`substance` say by which rules, without the database. `counting` alone writes verdicts and counts, `evidence` reads what they show, `export`
hands it out for others to recompute. Only this package writes ledger entries, verdicts, flags and the counts of an attempt.

Every function that gives a time takes `at`, the time that it is, so that time can be compressed.
"""

from review.ledger import evidence, export, flags
from review.ledger.entries import enter, hold_back
from review.ledger.settling import settle_decision, settle_overdue

__all__ = ["enter", "evidence", "export", "flags", "hold_back", "settle_decision", "settle_overdue"]
