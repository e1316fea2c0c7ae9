"""One draft with its conversation, as the two panes beside the queue show it."""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.urls import reverse

from drafting import mail_domains
from drafting.models import CheckResult, Draft
from review import access, decisions, planting
from review.desk import actions, boxes, conversation, conversation_head, letter, planted, proof, stages, warnings, words
from review.desk.actions import Action
from review.desk.filters import Filters
from review.desk.notice import Notice
from review.desk.warnings import Caution
from review.models import Claim

FLAG_WORDS = {"press": "Press enquiry", warnings.INSTRUCTIONS: "Instructions aimed at an assistant"}
POLLED = {"writing": 2, "held_by_other": 3}
"""The stages at which something new may come by itself, and after how many seconds the page asks for it."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What a person typed that could not be used, and why. It is shown again, never lost; its box is open unless `is_open` is false."""

    field: str = ""
    text: str = ""
    error: str = ""
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class Talk:
    """The pane of the conversation. `began_in` is as in its head (`conversation_head.began_in`)."""

    conversation_id: int
    subject: str
    customer: str
    mailbox: str
    standing: list[str]
    began_in: tuple[str, str, str]
    mails: list[conversation.Entry]
    has_earlier: bool
    warnings: list[Caution]
    notice: Notice | None
    urls: dict[str, str]


@dataclass(frozen=True, slots=True)
class Item:
    """What the panes show; for `stage` see `stages.of`.

    `claimed_until` names the claim that the page knows, for letting go of it when the page is left. While the stage may change by itself,
    the page asks `poll_url` every `poll_seconds`. `box` is the one that stands open, `shown` names the text that can be decided on.
    """

    draft_id: int
    stage: str
    poll_url: str
    poll_seconds: int
    renew_url: str
    claimed_until: str
    talk: Talk
    verdict: actions.Verdict
    explanation: str
    tags: list[str]
    flags: list[str]
    urls: dict[str, str]
    actions: list[Action]
    beside: list[Action]
    typed: Typed
    box: str
    lost_text: str
    shown: str
    planted: planted.Reveal | None
    letter: letter.Letter
    proof: proof.Proof
    boxes: boxes.Boxes


def find(user: User) -> QuerySet[Draft]:
    """The drafts that `user` may see, with all that their panes need, the checks included, failed ones first."""
    described = JSONObject(code="code", passed="passed", reason="reason")
    checks = CheckResult.objects.filter(draft=OuterRef("pk")).order_by("passed", "position").values(check=described)
    related = (
        "conversation__mailbox",
        "conversation__split_from",
        "conversation__may_continue",
        "conversation__assigned_to",
        "message",
        "category",
        "setup",
        "customer",
    )
    return (
        access.drafts(user)
        .select_related(*related, "claim__by", "claim__asked_by")
        .defer("setup__parts", "message__html", "message__text", "facts")
        .annotate(
            check_results=ArraySubquery(checks),
            others=warnings.with_others(),
            neighbours=mail_domains.with_neighbours("message__from_address"),
            noted=conversation.with_notes("conversation", conversation.IN_PANE),
            own_planted=planted.with_own(user),
        )
    )


def item(
    *,
    draft: Draft,
    filters: Filters,
    user: User,
    claim: Claim | None,
    typed: Typed | None = None,
    notice: Notice | None = None,
    is_ahead: bool = False,
) -> Item:
    """The panes of a draft that came from `find`. `claim` is the one that stands on it, whoever's it is.

    `is_ahead` asks for what `user` would be shown on opening it, which they have not done yet.
    """
    decision = decisions.standing_decision(draft) if draft.state == Draft.State.DECIDED else None
    stage = stages.of(draft, user, claim, decision)
    heading, explanation = stages.said(draft, stage, user, claim, decision)
    typed, url, cards = typed or Typed(), actions.urls(draft, filters), proof.cards(draft)
    proven, own = proof.proof(draft, stage, cards), planted.of(draft, user, is_ahead=is_ahead)
    shown, address = planted.over(draft, own), reverse("item", args=[draft.pk])
    reply = typed.text if typed.field in {"edit", "reply"} else ""
    written = letter.letter(shown, stage, decision, cards, user=user, url=address + filters.query(), typed=reply, planted=own)
    return Item(
        draft_id=draft.pk,
        stage=stage,
        poll_url=address + filters.query(version=stages.version(draft, claim)) if stage in POLLED else "",
        poll_seconds=POLLED.get(stage, 0),
        renew_url=url["renew"] if stage in stages.DECIDABLE else "",
        claimed_until=claim.until.isoformat() if claim and claim.by_id == user.pk else "",
        talk=_talk(draft, user, notice, url),
        verdict=actions.verdict(stage, heading, n_failed=len(proven.failed), n_passed=len(proven.passed)),
        explanation=explanation,
        tags=_tags(draft),
        flags=_flags(draft),
        urls=url,
        actions=actions.actions(stage, url, has_failed=bool(proven.failed), ask=_ask_words(stage, claim)),
        beside=actions.beside(stage, url, is_snoozed=draft.conversation.snoozed_until is not None),
        typed=typed,
        box=typed.field if typed.is_open else "",
        lost_text="" if _is_offered(typed.field, stage) else typed.text,
        shown=planting.digest(shown.body) if stage == "ready" else "",
        planted=planted.reveal(own, set_aside=written.set_aside) if stage == "ready" else None,
        letter=written,
        proof=proven,
        boxes=boxes.boxes(draft, stage, user, field=typed.field, typed=typed.text),
    )


def _talk(draft: Draft, user: User, notice: Notice | None, urls: dict[str, str]) -> Talk:
    talk = draft.conversation
    most = conversation.IN_PANE
    found, sent = conversation.messages(talk, most + 1), conversation.replies(talk, most + 1)
    return Talk(
        conversation_id=talk.pk,
        subject=talk.subject or "(no subject)",
        customer=_customer(draft),
        mailbox=talk.mailbox.name,
        standing=boxes.standing(talk, user),
        began_in=conversation_head.began_in(talk),
        mails=conversation.fitted(
            conversation.entries(found[-most:], sent[-most:], draft.noted, opened=draft.message_id),  # type: ignore[attr-defined]
            conversation.IN_PANE_ROOM,
        ),
        has_earlier=len(found) > most or len(sent) > most,
        warnings=warnings.of_draft(
            draft,
            draft.others,  # type: ignore[attr-defined]
            neighbours=draft.neighbours,  # type: ignore[attr-defined]
            is_only=len(found) == 1 and not sent,
        ),
        notice=notice,
        urls=urls,
    )


def talk(draft: Draft, *, filters: Filters, user: User) -> Talk:
    """The pane of the conversation alone, of a draft that came from `find`."""
    return _talk(draft, user, None, actions.urls(draft, filters))


def _ask_words(stage: str, claim: Claim | None) -> str:
    """The button by which to ask for a draft that a colleague is on, unless somebody has asked."""
    if stage != "held_by_other" or claim is None or claim.asked_by_id:
        return ""
    return f"Ask {claim.by.first_name or claim.by.get_username()} for it"


def _is_offered(field: str, stage: str) -> bool:
    """Whether the box in which something was typed is there at this stage."""
    return stage in {"edit": {"ready"}, "reject": boxes.REJECTED, "reply": {"taken_over"}}.get(field, {stage} if field else {})


def _tags(draft: Draft) -> list[str]:
    language = words.language(draft.language or draft.message.language)
    return [tag for tag in (draft.category.name if draft.category else "", language) if tag]


def _flags(draft: Draft) -> list[str]:
    return [FLAG_WORDS.get(flag, words.humanised(flag)) for flag in draft.flags]


def _customer(draft: Draft) -> str:
    talk = draft.conversation
    known = f"{draft.customer.name} · {draft.customer.number}" if draft.customer else ""
    return known or talk.customer_name or talk.customer_address
