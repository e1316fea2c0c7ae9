"""One mail of a replay: what was written then, what the candidate writes, and what a person sent."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from drafting.models import Draft, ReplayRun
from inbox import replies
from review.desk import erased, text, words
from review.desk.changes import Change, beside
from review.desk.replays import agreement_words, verdict_of


@dataclass(frozen=True, slots=True)
class Side:
    """One text of a comparison. `about` says what it is; a hand-over has `hand_over` in place of a text."""

    title: str
    about: str
    pieces: list[Change]
    hand_over: str


@dataclass(frozen=True, slots=True)
class Shown:
    """The page of one mail."""

    name: str
    sender: str
    subject: str
    text: str
    at: words.Moment
    verdict: str
    tone: str
    why: str
    agreement: str
    sides: list[Side]
    sent: str
    failing: list[tuple[str, str]]
    unrecorded: list[dict[str, str]]
    is_live: bool
    repeats: list[tuple[str, str, bool]]
    conversation_url: str


def shown(run: ReplayRun) -> Shown:
    """Everything about one run."""
    message, verdict = run.message, verdict_of(run)
    sent = replies.sent_for(message)
    return Shown(
        name=message.subject or "(no subject)",
        sender=message.from_name or message.from_address,
        subject=message.subject,
        text=erased.said(message) or text.cut((message.reply_text or message.text).strip(), text.LONGEST),
        at=words.moment(message.received_at),
        verdict=verdict[0],
        tone=verdict[1],
        why=run.why,
        agreement=agreement_words(run),
        sides=_sides(run, sent.text if sent else ""),
        sent=text.cut(sent.text, text.LONGEST) if sent else "",
        failing=_failing(run),
        unrecorded=run.unrecorded,
        is_live=run.is_live,
        repeats=_repeats(run),
        conversation_url=reverse("conversation", args=[message.conversation_id]),
    )


def _sides(run: ReplayRun, sent: str) -> list[Side]:
    """The candidate's text beside the recorded draft, else beside what a person sent."""
    before = _body(run.draft) if run.draft else sent
    left, right = beside(before, run.body)
    category = f"{run.category.name}, " if run.category else ""
    candidate = Side("Candidate", f"{category}{run.replay.setup}", right, _given_up(run.hand_over_reason, run))
    if run.draft is None:
        return [Side("What a person sent", "", left, ""), candidate]
    recorded = f"{run.draft.category.name}, " if run.draft.category else ""
    return [Side("Recorded draft", f"{recorded}{run.draft.setup}", left, _given_up(run.draft.hand_over_reason, run.draft)), candidate]


def _body(draft: Draft) -> str:
    return "" if draft.hand_over_reason else draft.body


def _given_up(reason: str, what: ReplayRun | Draft) -> str:
    return f"Handed over: {what.get_hand_over_reason_display().lower()}. {what.hand_over_words}".strip() if reason else ""


def _failing(run: ReplayRun) -> list[tuple[str, str]]:
    """Checks that the candidate fails, and the recorded draft did not: name and reason."""
    failed = [check for check in run.checks if not check["passed"]]
    before: set[Any] = set(run.draft.checks.filter(passed=False).values_list("code", flat=True)) if run.draft else set()
    return [(words.humanised(check["code"]), check["reason"]) for check in failed if check["code"] not in before]


def _repeats(run: ReplayRun) -> list[tuple[str, str, bool]]:
    """The runs of this mail: number, address, and whether it says the same as this one. None where there is only one."""
    runs = ReplayRun.objects.filter(replay=run.replay_id, message=run.message_id, state=ReplayRun.State.DONE).order_by("number")
    found = [(f"Run {one.number}", reverse("replay_mail", args=[run.replay_id, one.pk]), one.likeness == run.likeness) for one in runs]
    return found if run.replay.repeats > 1 else []
