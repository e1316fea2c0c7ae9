"""One draft with its conversation, as the two panes beside the queue show it."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.urls import reverse

from drafting.models import CheckResult, Draft
from inbox import composing
from inbox.models import Conversation
from review import access, decisions
from review.desk import actions, conversation, evidence, fate, letter, text, words
from review.desk.filters import Filters
from review.models import Claim, Decision

State = Draft.State
FLAG_WORDS = {"press": "Press enquiry", "instructions_to_assistant": "Instructions aimed at an assistant"}


@dataclass(frozen=True, slots=True)
class Check:
    """One check of the gate, in words."""

    name: str
    passed: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing the customer wants, and whether the draft answers it."""

    ask: str
    icon: str
    tone: str
    words: str


@dataclass(frozen=True, slots=True)
class Typed:
    """What a person typed that could not be used, and why. It is shown again, never lost."""

    field: str = ""
    text: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """What the panes show. `stage` is ready, handed_over, writing, taken_over, held_by_other, or past.

    `began_in` is subject and address of the older conversation that this one was split from, or two empty strings.
    """

    draft_id: int
    stage: str
    subject: str
    customer: str
    mailbox: str
    began_in: tuple[str, str]
    mails: list[conversation.Entry]
    has_earlier: bool
    urls: dict[str, str]
    poll_url: str
    renew_url: str

    verdict: actions.Verdict
    explanation: str
    tags: list[str]
    flags: list[str]
    actions: list[actions.Action]
    typed: Typed
    lost_text: str

    recipient: str
    reply_subject: str
    draft_text: list[text.Segment]
    start_text: str
    reason_text: str
    has_letter: bool
    can_edit: bool
    can_reject: bool
    is_writing: bool
    reject_question: str
    reject_words: str

    untraced: str
    instruction: str
    note: str
    approved_text: str
    asks: list[Ask]
    cards: list[evidence.Card]
    other_cards: list[evidence.Card]
    other_words: str
    failed: list[Check]
    passed: list[Check]
    passed_words: str
    wrote: str


def find(user: User) -> QuerySet[Draft]:
    """The drafts that `user` may see, with all that their panes need, the checks included, failed ones first."""
    described = JSONObject(code="code", passed="passed", reason="reason")
    checks = CheckResult.objects.filter(draft=OuterRef("pk")).order_by("passed", "position").values(check=described)
    related = ("conversation__mailbox", "conversation__split_from", "message", "category", "setup", "customer", "claim__by")
    return (
        access.drafts(user)
        .select_related(*related)
        .defer("setup__parts", "message__html", "message__text")
        .annotate(check_results=ArraySubquery(checks))
    )


def item(*, draft: Draft, filters: Filters, user: User, claim: Claim | None, typed: Typed | None = None) -> Item:
    """The panes of a draft that came from `find`. `claim` is the one that stands on it, whoever's it is."""
    decision = decisions.standing_decision(draft) if draft.state == State.DECIDED else None
    stage = _stage(draft, user, claim, decision)
    heading, explanation = _said(draft, stage, claim, decision)
    talk, typed, url = draft.conversation, typed or Typed(), actions.urls(draft, filters)
    found = conversation.messages(talk, conversation.IN_PANE)
    cards = _cards(draft)
    shown = [card for card in cards if card.is_first] or cards
    others = [card for card in cards if card not in shown]
    failed, passed = ([], []) if stage == "taken_over" else _checks(draft)
    draft_text = letter.segments(draft, decision, cards)
    untraced = sum(segment.kind == "untraced" for segment in draft_text)
    note, approved_text = fate.since_approved(draft)
    offered = {"edit": stage == "ready", "reject": stage in {"ready", "handed_over"}, "reply": stage == "taken_over"}
    return Item(
        draft_id=draft.pk,
        stage=stage,
        subject=talk.subject or "(no subject)",
        customer=_customer(draft),
        mailbox=talk.mailbox.name,
        began_in=_began_in(talk),
        mails=conversation.entries(found, conversation.replies(talk, conversation.IN_PANE), opened=draft.message_id),
        has_earlier=len(found) == conversation.IN_PANE,
        urls=url,
        poll_url=f"{reverse('item', args=[draft.pk])}{filters.query(version=version(draft))}" if stage == "writing" else "",
        renew_url=url["renew"] if stage in {"ready", "handed_over", "writing"} else "",
        verdict=actions.verdict(stage, heading, n_failed=len(failed), n_passed=len(passed)),
        explanation=explanation,
        tags=[
            tag for tag in (draft.category.name if draft.category else "", words.language(draft.language or draft.message.language)) if tag
        ],
        flags=[FLAG_WORDS.get(flag, words.humanised(flag)) for flag in draft.flags],
        actions=actions.actions(stage, url, has_failed=bool(failed)),
        typed=typed,
        lost_text="" if offered.get(typed.field, False) else typed.text,
        recipient=letter.recipient(draft.message),
        reply_subject=composing.reply_subject(draft.message.subject),
        draft_text=draft_text,
        start_text=letter.start_text(draft, stage, decision, typed.text if typed.field in {"edit", "reply"} else ""),
        reason_text=typed.text if typed.field == "reject" else "",
        has_letter=bool(draft_text) or stage == "taken_over",
        can_edit=offered["edit"],
        can_reject=offered["reject"],
        is_writing=offered["reply"],
        reject_question="What is wrong with it?" if stage == "ready" else "What should the assistant do?",
        reject_words="Reject" if stage == "ready" else "Hand back",
        untraced=f"{words.count(untraced, 'detail')} not traced to anything that was looked up" if untraced else "",
        instruction=draft.instruction,
        note=note,
        approved_text=approved_text,
        asks=[_ask(asked, is_drafted=stage in {"ready", "held_by_other", "past"} and bool(draft.body)) for asked in draft.asks],
        cards=shown,
        other_cards=others,
        other_words=words.count(len(others), "other lookup"),
        failed=failed,
        passed=passed,
        passed_words=f"{words.count(len(passed), 'check')} passed",
        wrote=f"Written by {draft.setup} · {draft.setup.model}" if draft.setup else "",
    )


def version(draft: Draft) -> str:
    """Changes when a draft that is being written has something new to show."""
    return f"{draft.state}-{draft.attempts}-{len(draft.last_error)}"


def _stage(draft: Draft, user: User, claim: Claim | None, decision: Decision | None) -> str:
    if draft.state in decisions.LIVE:
        if claim and claim.by_id != user.pk:
            return "held_by_other"
        return {State.READY: "ready", State.HANDED_OVER: "handed_over"}.get(State(draft.state), "writing")
    is_mine = decision is not None and decision.by_id == user.pk
    if decision and is_mine and decision.kind == Decision.Kind.TAKEN_OVER and not decision.outgoing_id:
        return "taken_over"
    return "past"


def _said(draft: Draft, stage: str, claim: Claim | None, decision: Decision | None) -> tuple[str, str]:
    if stage == "held_by_other" and claim:
        return f"{words.person(claim.by)} is on it", "You can read along. The mail is free again when they move on or leave it for a while."
    if stage == "handed_over":
        return "Handed over: " + draft.get_hand_over_reason_display().lower(), draft.hand_over_words
    if stage == "writing":
        return (
            ("The draft is waiting", draft.last_error) if draft.last_error else ("The draft is being written", "It appears here by itself.")
        )
    if stage == "taken_over":
        return "You took this over", "The assistant stays out of this conversation until you hand it back."
    if stage == "past":
        return fate.headline(draft, decision)
    return "Draft", ""


def _began_in(talk: Conversation) -> tuple[str, str]:
    older = talk.split_from
    return (str(older), reverse("conversation", args=[older.pk])) if older else ("", "")


def _customer(draft: Draft) -> str:
    talk = draft.conversation
    known = f"{draft.customer.name} · {draft.customer.number}" if draft.customer else ""
    return known or talk.customer_name or talk.customer_address


def _ask(asked: dict[str, Any], *, is_drafted: bool) -> Ask:
    if not is_drafted:
        return Ask(asked["ask"], "dot", "quiet", "")
    return Ask(asked["ask"], "check", "green", "answered") if asked["answered"] else Ask(asked["ask"], "cross", "red", "not answered")


def _checks(draft: Draft) -> tuple[list[Check], list[Check]]:
    checks = [Check(words.humanised(found["code"]), found["passed"], found["reason"]) for found in draft.check_results]  # type: ignore[attr-defined]
    return [check for check in checks if not check.passed], [check for check in checks if check.passed]


def _cards(draft: Draft) -> list[evidence.Card]:
    said: dict[str, list[str]] = {}
    for atom in draft.atoms:
        if atom.get("traced"):
            said.setdefault(str(atom.get("source", "")), []).append(str(atom["text"]))
    return [evidence.card(row, said.get(f"evidence:{row.pk}", ())) for row in draft.evidence.order_by("position")]
