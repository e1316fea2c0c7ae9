"""The states of a category, and what must happen next, in words for people who know no statistics. Pure."""

from dataclasses import dataclass

from review.autosend.conditions import FLAGGED, is_resumable
from review.desk import words
from review.desk.automation.shares import percent
from review.ledger.evidence import Evidence
from review.models import Attempt, Terms

Named = Attempt.State
REVIEW_ONLY = "Review only"
TONES = {
    Named.COLLECTING: "accent",
    Named.READY: "green",
    Named.RAMP_10: "green",
    Named.RAMP_50: "green",
    Named.AUTO: "green",
    Named.SUSPENDED: "red",
    Named.ENDED: "quiet",
}

_SUSPENDS = (
    "If more of those turn out unsafe than was proven, it is suspended once enough of them show it: where 2 % was proven, after about 54 "
    "if 5 % are unsafe, after about 9 if 20 % are."
)
"""Medians of the detector, `confidence.Drift`."""


@dataclass(frozen=True, slots=True)
class State:
    """A state by name, and its tone as of tags."""

    name: str
    tone: str


@dataclass(frozen=True, slots=True)
class Next:
    """What must happen next: a heading, and why, in a sentence or two."""

    heading: str
    words: str


def state(terms: Terms | None, attempt: Attempt | None) -> State:
    """How a category stands under the setups in use."""
    if attempt and is_counted(terms, attempt):
        return State(attempt.get_state_display(), TONES[Named(attempt.state)])
    return State(Named.COLLECTING.label, TONES[Named.COLLECTING]) if is_collecting(terms) else State(REVIEW_ONLY, "quiet")


def is_collecting(terms: Terms | None) -> bool:
    """Whether verdicts count at all."""
    return bool(terms and terms.is_collecting)


def is_counted(terms: Terms | None, attempt: Attempt) -> bool:
    """Whether the attempt goes on: what was unlocked is still shown as such when nothing more is counted."""
    return attempt.is_unlocked or attempt.state == Named.SUSPENDED or is_collecting(terms)


def next_step(terms: Terms | None, attempt: Attempt | None, evidence: Evidence | None) -> Next:
    """What must happen next."""
    if attempt and attempt.state == Named.SUSPENDED:
        return _suspended(attempt, evidence)
    if attempt and attempt.is_unlocked and terms:
        return _unlocked(attempt, terms)
    if not is_collecting(terms):
        return Next(
            "Every draft goes to a person, and nothing is counted.",
            "Start collecting, and each verdict about a draft that would have left by itself counts as proof.",
        )
    if attempt is None or evidence is None or not attempt.entered:
        return Next(
            "The first draft that passes every check begins the ledger.",
            "Drafts that fail a check, or that the assistant handed over, would not leave by themselves, so they do not count.",
        )
    return _collecting(attempt, evidence)


def _collecting(attempt: Attempt, evidence: Evidence) -> Next:
    if attempt.state == Named.READY:
        return Next(
            "It is proven. An admin can unlock it.", "Until then every draft still goes to a person, and the proof goes on growing."
        )
    if evidence.e >= evidence.threshold and evidence.missing_planted:
        return Next(
            f"Reviewers must judge {words.count(evidence.missing_planted, 'more planted draft')}.",
            "The reviews suffice. But a reviewer who approves everything proves nothing, so they must also be seen to catch errors: one in "
            "twenty drafts that they open is a planted one.",
        )
    left = max(evidence.needed - evidence.n, 1)
    return Next(
        f"About {words.count(left, 'more clean review')}, if none of them is unsafe.",
        "A clean review is a draft that a person approves as it stands. A draft that is rejected, taken over or changed in anything that "
        "matters counts as unsafe and makes the way longer; looking often makes it neither longer nor shorter.",
    )


def _unlocked(attempt: Attempt, terms: Terms) -> Next:
    held = f"At least {percent(terms.audit_share)} go to a person before they leave, for ever."
    if attempt.state == Named.AUTO:
        return Next("Replies leave by themselves.", f"{held} {_SUSPENDS}")
    share, then = ("10 %", "50 % leave") if attempt.state == Named.RAMP_10 else ("50 %", "all leave but the audit hold")
    return Next(
        f"{share.replace(' ', chr(160))} of the replies leave by themselves.",
        f"{attempt.step_sends} of {terms.ramp_sends} mails of this step have left; then {then}. The others go to people.",
    )


def _suspended(attempt: Attempt, evidence: Evidence | None) -> Next:
    if attempt.cause in FLAGGED and not is_resumable(attempt):
        return Next(
            "Nothing leaves by itself. It has to be earned again, or the flag was a mistake.",
            "Who finds a flag behind this mistaken, and did not decide on the reply, clears it there; once all are, it can be resumed. "
            "Otherwise find out why, mend it, then begin a new proof from zero.",
        )
    if not is_resumable(attempt):
        return Next(
            "Nothing leaves by itself. It has to be earned again.",
            "What stopped it speaks against the drafts. Find out why, mend it, then begin a new proof from zero.",
        )
    if evidence and not evidence.is_proven:
        return Next(
            "Nothing leaves by itself. It cannot be resumed while its proof does not stand.",
            "What stopped it says nothing about how good the drafts are, but it is not proven any more. Reviews go on and may prove it "
            "again; or begin a new proof from zero.",
        )
    return Next(
        "Nothing leaves by itself. An admin can resume it.",
        "What stopped it says nothing about how good the drafts are, so the proof stands. It goes on at 10 %.",
    )
