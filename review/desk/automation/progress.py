"""How far a proof has come, in words before figures. Pure."""

from dataclasses import dataclass

from review import confidence
from review.desk import words
from review.desk.automation.shares import bound, percent
from review.ledger.evidence import LEAST_CATCH_RATE, Evidence
from review.models import Attempt

AUDITED = "Unsafe verdicts ÷ drafts that people judged under this setup, with its 95 % interval (Clopper and Pearson)"
SAYS_LITTLE = 0.5
"""A bound above this share is not worth telling."""


@dataclass(frozen=True, slots=True)
class Proof:
    """How far a proof is: words first, then the bar (`needed` is 0 where it is through), then what has been shown so far."""

    words: str
    done: int
    needed: int
    detail: str


def proof(found: Evidence, attempt: Attempt) -> Proof:
    """How far the proof is, in words and as a bar."""
    missed = f", {found.k:,} of them unsafe" if found.k else ""
    clean = "" if found.k else "clean "
    shown = _shown(found) if found.bound < SAYS_LITTLE else ""
    reviews, missing = f"{found.n:,} {clean}reviews{missed}", words.count(found.missing_planted, "more planted draft")
    lacks_planted = found.n >= found.needed and found.missing_planted > 0
    if attempt.is_unlocked or attempt.state == Attempt.State.SUSPENDED or found.is_proven:
        stands = "Proven" if found.is_proven else "Not proven any more"
        return Proof(f"{stands}: {reviews}{f'; {missing} must be caught' if lacks_planted else ''}", 0, 0, shown)
    if lacks_planted:
        return Proof(f"{reviews} suffice; {missing} must be caught", found.n, found.n + found.missing_planted, shown)
    return Proof(f"{found.n:,} of about {found.needed:,} {clean}reviews{missed}", min(found.n, found.needed), found.needed, shown)


def _shown(found: Evidence) -> str:
    begins = "At most" if found.is_proven else "Shown so far: at most"
    said = f"{begins} {bound(found.bound)} of the drafts are unsafe, those that reviewers miss included"
    return f"{said}; {percent(1 - found.alpha)} certain."


def error_rate(n: int, k: int) -> tuple[str, str]:
    """The audited error rate; its numerator, denominator and interval. Empty before the first verdict."""
    if not n:
        return "", ""
    low, high = confidence.interval(n, k)
    return bound(k / n), f"{k:,} of {n:,}; {percent(low)} to {bound(high)}"


def catch_rate(found: Evidence) -> str:
    """How many planted errors reviewers caught, and what that shows."""
    if not found.planted:
        return f"No planted draft was judged yet. At least {percent(LEAST_CATCH_RATE)} of errors must be shown to be caught."
    said = f"Reviewers caught {found.caught:,} of {words.count(found.planted, 'planted error')}"
    return f"{said}, which shows that they catch at least {percent(found.catch_rate)}; at least {percent(LEAST_CATCH_RATE)} must be shown."
