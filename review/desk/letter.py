"""The letter in the middle of an item: to whom, with what text, and which of its details trace to what."""

from drafting.models import Draft
from inbox import composing
from inbox.errors import Refused
from inbox.models import Message
from review.desk import evidence, text
from review.models import Decision


def recipient(message: Message) -> str:
    """Who would get the reply, or why nobody can."""
    try:
        return composing.recipient_of(message)
    except Refused as error:
        return f"Nobody. {error}"


def segments(draft: Draft, decision: Decision | None, cards: list[evidence.Card]) -> list[text.Segment]:
    """The draft with its atoms, or what a person wrote instead."""
    if decision and decision.final_text and decision.final_text != draft.body:
        return [text.Segment(decision.final_text)]
    return text.segments(draft.body, draft.atoms, _sources(draft, cards))


def start_text(draft: Draft, stage: str, decision: Decision | None, typed: str = "") -> str:
    """What the text field starts with: what was typed, else what was taken back, else the draft that is to be edited."""
    if typed:
        return typed
    return draft.body if stage == "ready" else (decision.final_text if decision else "")


def _sources(draft: Draft, cards: list[evidence.Card]) -> dict[str, text.Source]:
    named = {
        card.anchor.replace("-", ":"): text.Source(card.anchor, f"{card.title.lower()}, {card.source}, {card.at.short}") for card in cards
    }
    return {"mail": text.Source(f"message-{draft.message_id}", "the customer's own mail"), **named}
