"""What a PDF says of a mail, a draft and a decision: lines as (method of `Sheets`, text)."""

from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from drafting.models import Draft
from inbox.models import Message, OutgoingMail
from review.desk import erased, evidence, fate, words
from review.exports import dossier
from review.models import Decision

LONGEST = 12_000
"""Letters of one text."""
LONGEST_ANSWER = 3_000
CODED = "Signs that no font here has are shown by their codes, such as [U+1F600]; the JSON export has them as they are."
Part = list[tuple[str, str]]


def message(row: Message) -> Part:
    """A mail that came in."""
    kind = "" if row.kind == Message.Kind.PERSON else f" ({row.get_kind_display().lower()})"
    files = [f"{one.name or 'unnamed'} ({one.content_type}, {words.size(one.size)})" for one in row.attachments.all()]
    sender = f"{row.from_name} <{row.from_address}>" if row.from_name else row.from_address or "an unknown sender"
    return [
        ("heading", f"Mail from {sender}{kind}"),
        ("small", f"{at(row.received_at)} · to {', '.join(row.to[:5]) or '?'} · subject: {row.subject or '(none)'}"),
        ("small", f"Sender: {row.get_authenticity_display().lower()}. {row.authenticity_reason}"),
        *((("small", f"Attached: {'; '.join(files)}"),) if files else ()),
        ("text_block", cut(erased.said(row) or row.text or row.reply_text or "(no text)")),
    ]


def mail(row: OutgoingMail, *, is_left_out: bool = False) -> Part:
    """A mail of ours, without its text if `is_left_out`; `row.files` describe what is attached."""
    files = [f"{one['name']} ({words.size(one['size'])})" for one in row.files]  # type: ignore[attr-defined]
    sent = f"sent {at(row.sent_at)}" if row.sent_at else row.get_state_display().lower()
    notes = [row.last_error, fate.checked(row)]
    return [
        ("heading", f"Our mail to {row.recipient}"),
        ("small", f"By {words.sender(row)}, {at(row.created_at)} · {sent} · subject: {row.subject}"),
        *(("small", said) for said in notes if said),
        *((("small", f"Attached: {'; '.join(files)}"),) if files else ()),
        ("text_block", dossier.LEFT_OUT if is_left_out else cut(erased.said(row) or row.body)),
    ]


def draft(row: Draft, *, is_left_out: bool = False) -> Iterator[tuple[str, str]]:
    """A draft that came from `dossier.drafts`, with what it rests on; `is_left_out`: without its text and what tells of it."""
    setup = f"{row.setup}, {row.setup.model}, fingerprint {row.setup.fingerprint}" if row.setup else "no setup yet"
    yield "heading", f"Draft {row.pk}: {row.get_state_display().lower()}"
    yield "small", f"{at(row.finished_at or row.created_at)} · {row.category.name if row.category else 'no category'} · {setup}"
    if row.instruction:
        yield "small", f"Asked for: {row.instruction}"
    if row.hand_over_reason:
        yield "text_block", f"Handed over: {row.get_hand_over_reason_display()}. {row.hand_over_words}"
    for one in row.evidence.all():
        yield from _evidence(one)
    for check in row.checks.all():
        yield "small", f"Check {check.code}: {'passed' if check.passed else 'FAILED'}. {'' if is_left_out else check.reason}"
    if text := dossier.LEFT_OUT if is_left_out else erased.said(row) or row.body:
        yield "text_block", cut(text)


def _evidence(one: Any) -> Iterator[tuple[str, str]]:
    card = evidence.card(one)
    asked = card.question or card.asked
    yield "small", f"Evidence: {card.title} · {asked} · {card.source} · {at(one.at)} · {card.asked_by.lower()} · {card.took}"
    said = [card.nothing] if card.nothing else []
    said += [f"{fact.name}: {fact.value}" for fact in card.facts]
    said += [f"{passage.title} ({passage.about}): {passage.text}" for passage in card.passages]
    said += [" | ".join(line) for table in card.tables for line in [table.head, *table.rows]]
    yield "text_block", cut("\n".join(said), LONGEST_ANSWER)


def decision(row: Decision, draft: Draft | None) -> Iterator[tuple[str, str]]:
    """What somebody decided, and what they changed in the draft."""
    undone = f" Taken back {at(row.undone_at)}." if row.undone_at else ""
    had_open = f" The draft was open for {row.seconds_open} s." if row.seconds_open is not None else ""
    yield "heading", fate.sentence(row)
    yield "small", f"{at(row.decided_at)}.{had_open}{undone}"
    if why := row.get_edit_reason_display() if row.edit_reason else "":
        yield "small", f"Why it was edited: {why}"
    if row.reason:
        yield "text_block", cut(row.reason)
    is_edited = row.kind == Decision.Kind.EDITED
    changes = dossier.changes(draft.body, row.final_text) if is_edited and draft and draft.body and row.final_text else []
    if changes:
        yield "small", "What changed in the draft (- taken out, + put in):"
        yield "text_block", cut("\n".join(changes))


def cut(text: str, longest: int = LONGEST) -> str:
    """A text that is not too long to print."""
    return text if len(text) <= longest else f"{text[:longest]}\n[… {len(text) - longest:,} more letters; the JSON export has them]"


def at(moment: Any) -> str:
    """A time, exact."""
    return f"{timezone.localtime(moment):%d %B %Y, %H:%M:%S %Z}"
