"""Why a decision was not made, in words."""

from django.utils.html import format_html

from inbox.errors import Refused
from review import claims, errors
from review.desk import fate, words


def words_of(error: Exception) -> str:
    """What stood against a decision, and what to do now."""
    if isinstance(error, claims.ClaimedByOther):
        return f"{words.person(error.claim.by)} is on it, so nothing was done. Ask them for it, or try again when they have moved on."
    if isinstance(error, errors.AlreadyDecided):
        return _already(error)
    if isinstance(error, errors.Superseded):
        return "A newer message or draft took this one's place, so nothing was sent. Read on in the queue."
    if isinstance(error, errors.TooLate):
        return "Too late to take back: the reply is on its way, or the time has passed."
    if isinstance(error, errors.CannotSend | Refused):
        return str(error)
    return "This cannot be decided in this way now. Nothing was sent."


def _already(error: errors.AlreadyDecided) -> str:
    if error.decision.undone_at:
        return "This decision was taken back already."
    at = words.timed(error.decision.decided_at)
    return format_html("{} at {}, so nothing was done a second time.", fate.sentence(error.decision), at)
