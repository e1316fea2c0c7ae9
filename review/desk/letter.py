"""The letter in the middle of an item: to whom, with what text, and which of its details trace to what."""

from dataclasses import dataclass, replace

from django.contrib.auth.models import User

from drafting.models import Draft
from inbox import composing
from inbox.errors import Refused
from inbox.models import Message
from review import planting
from review.desk import changes, erased, evidence, fate, text, words, writing
from review.models import Decision, PlantedDraft


@dataclass(frozen=True, slots=True)
class Letter:
    """The draft, or what a person writes instead. `before` and `after` are the text before a redraft and this one, for side by side."""

    recipient: str
    subject: str
    draft_text: list[text.Segment]
    box: writing.Box | None
    is_shown: bool
    can_edit: bool
    is_writing: bool
    untraced: str
    instruction: str
    before: list[changes.Change]
    after: list[changes.Change]
    note: str
    approved_text: str
    set_aside: str


def letter(
    draft: Draft,
    stage: str,
    decision: Decision | None,
    cards: list[evidence.Card],
    *,
    user: User,
    url: str,
    typed: str = "",
    planted: PlantedDraft | None = None,
) -> Letter:
    """The letter at a stage, on the page `url`. `typed` is what a person wrote that could not be sent.

    What they wrote and still has an error that was `planted` is `set_aside`: the box begins with the draft itself.
    """
    found = segments(draft, decision, cards)
    box = _box(draft, stage, decision, user=user, url=url, typed=typed) if stage in {"ready", "taken_over"} else None
    set_aside = box.text if box and planted and stage == "ready" and _is_tainted(box.text, planted, draft) else ""
    untraced = sum(segment.kind == "untraced" for segment in found)
    before, after = _since_redraft(draft)
    note, approved_text = fate.since_approved(draft)
    return Letter(
        recipient=recipient(draft.message),
        subject=composing.reply_subject(draft.message.subject),
        draft_text=found,
        box=replace(box, text=draft.body, kept="") if box and set_aside else box,
        is_shown=bool(found) or stage == "taken_over",
        can_edit=stage == "ready",
        is_writing=stage == "taken_over",
        untraced=f"{words.count(untraced, 'detail')} not traced to anything that was looked up" if untraced else "",
        instruction=draft.instruction,
        before=before,
        after=after,
        note=note,
        approved_text=approved_text,
        set_aside=set_aside,
    )


def recipient(message: Message) -> str:
    """Who would get the reply, or why nobody can."""
    try:
        return composing.recipient_of(message)
    except Refused as error:
        return f"Nobody. {error}"


def segments(draft: Draft, decision: Decision | None, cards: list[evidence.Card]) -> list[text.Segment]:
    """The draft with its atoms, or what a person wrote instead."""
    if gone := erased.said(draft):
        return [text.Segment(gone)]
    if decision and decision.final_text and decision.final_text != draft.body:
        return [text.Segment(decision.final_text)]
    return text.segments(draft.body, draft.atoms, _sources(draft, cards))


def _box(draft: Draft, stage: str, decision: Decision | None, *, user: User, url: str, typed: str) -> writing.Box:
    """It starts with what was typed, else with what was kept, else with what was taken back or the draft that is to be edited."""
    own_text = draft.body if stage == "ready" else (decision.final_text if decision else "")
    anchor = "#edit" if stage == "ready" else "#reply"
    return writing.box(user=user, conversation=draft.conversation, next_url=url + anchor, own_text=own_text, typed=typed)


def _is_tainted(typed: str, planted: PlantedDraft, draft: Draft) -> bool:
    """Whether it still has the error that was revealed; before that it is edited like any other draft."""
    return not planting.is_open(planted) and planting.stands(typed, planted, draft=draft)


def _since_redraft(draft: Draft) -> tuple[list[changes.Change], list[changes.Change]]:
    if not (draft.instruction and draft.redraft_of_id and draft.body):
        return [], []
    before = Draft.objects.filter(pk=draft.redraft_of_id).values_list("body", flat=True).first()
    return changes.beside(before, draft.body) if before else ([], [])


def _sources(draft: Draft, cards: list[evidence.Card]) -> dict[str, text.Source]:
    named = {
        card.anchor.replace("-", ":"): text.Source(card.anchor, f"{card.title.lower()}, {card.source}, {card.at.short}") for card in cards
    }
    passages = [one for card in cards for one in card.passages if one.source]
    templates = {one.source: text.Source(one.anchor, f"the approved template “{one.title}”") for one in passages}
    return {"mail": text.Source(f"message-{draft.message_id}", "the customer's own mail"), **named, **templates}
