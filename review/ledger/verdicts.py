"""By which rules something that was found out about a draft becomes its verdict. Pure.

All of them err on the strict side: no one but a person can make a draft count as safe, and what was unsafe once stays so until a person
finds the flag mistaken. Only safe verdicts are ever left out.
"""

from dataclasses import dataclass

from review.ledger import substance
from review.models import Decision, Verdict

WORDS_A_SECOND = 12
LEAST_SECONDS = 3.0
_Kind, _Reason = Decision.Kind, Verdict.Reason
_UNSAFE = {_Kind.REJECTED: _Reason.REJECTED, _Kind.TAKEN_OVER: _Reason.TAKEN_OVER, _Kind.NO_REPLY: _Reason.NO_REPLY}


@dataclass(frozen=True, slots=True)
class Finding:
    """What a verdict says: `unsafe` is None where it says nothing about the draft; then it does not count either."""

    reason: str
    unsafe: bool | None
    counts: bool
    words: str = ""

    @property
    def is_safe(self) -> bool:
        """Whether it speaks for the draft."""
        return self.counts and self.unsafe is False


def safe(reason: str) -> Finding:
    """It could have left as it was."""
    return Finding(reason=reason, unsafe=False, counts=True)


def unsafe(reason: str, words: str = "") -> Finding:
    """It should not have left as it was."""
    return Finding(reason=reason, unsafe=True, counts=True, words=words)


def left_out(reason: str, words: str = "") -> Finding:
    """It shows nothing."""
    return Finding(reason=reason, unsafe=None, counts=False, words=words)


def reading_floor(body: str) -> float:
    """So many seconds somebody needs at least who reads the draft before approving it: one for 12 words, never less than 3."""
    return max(LEAST_SECONDS, len(body.split()) / WORDS_A_SECOND)


def of_decision(
    *, kind: str, body: str, text: str, language: str = "", edit_reason: str = "", has_files: bool = False, seconds: float | None = None
) -> Finding:
    """What a person's decision says about the draft `body`; `text` is what they sent, `seconds` how long they had the draft open.

    An approval faster than the draft can be read, or of which nobody knows how long it took, does not count.
    """
    if kind in _UNSAFE:
        return unsafe(_UNSAFE[_Kind(kind)])
    found = _of_text(body=body, text=text, language=language, edit_reason=edit_reason, has_files=has_files)
    if found.is_safe and (seconds is None or seconds < reading_floor(body)):
        return left_out(_Reason.TOO_FAST)
    return found


def of_superseded(*, body: str, seconds: float | None) -> Finding:
    """What became of a draft that a newer mail replaced; `seconds` is how long ago it was first opened, None if it never was.

    Who read it and did not decide may have left it because it was hard: only what nobody can have read is left out.
    """
    if seconds is None or seconds < reading_floor(body):
        return left_out(_Reason.OVERTAKEN)
    return unsafe(_Reason.MISSING, "Somebody read it, and a newer mail replaced it before it was decided.")


def replaces(new: Finding, old: Finding | None) -> bool:
    """Whether a finding takes effect where `old` did before: a safe one in place of a missing one alone, one that leaves the draft out in
    place of a safe one alone, an unsafe one always. That one is missing is no reason to forget what was unsafe."""
    if old is None:
        return True
    if new.unsafe:
        return new.reason != _Reason.MISSING or not old.unsafe
    return old.is_safe if not new.counts else old.reason == _Reason.MISSING


def _of_text(*, body: str, text: str, language: str, edit_reason: str, has_files: bool) -> Finding:
    if text.strip() == body.strip() and not has_files:
        return safe(_Reason.APPROVED)
    if has_files or edit_reason != Decision.EditReason.TONE or substance.is_changed(body, text, language=language):
        return unsafe(_Reason.EDITED)
    return safe(_Reason.WORDING)
