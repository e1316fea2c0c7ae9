"""A conversation as PDF: everything that happened in order, each draft with its dossier. Nothing is loaded from anywhere.

What a document may take is bounded (`MOST_ROWS`, `MOST_LETTERS`); where something is left out the document says so, and the JSON has it.
"""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import User
from django.db.models import prefetch_related_objects
from django.utils import timezone

from drafting.models import Draft
from inbox.models import Conversation, Message, OutgoingMail
from review.desk import evidence, fate, history, timeline, words
from review.exports import dossier
from review.models import Decision, LogEntry, Note

MOST_ROWS = 400
MOST_LETTERS = 250_000
LONGEST = 12_000
"""Letters of one text."""
LONGEST_ANSWER = 3_000
CODED = "Signs that no font here has are shown by their codes, such as [U+1F600]; the JSON export has them as they are."
Sheets = Any


def document(talk: Conversation, *, by: User) -> bytes:
    """The file. `talk` comes with its mailbox."""
    # The library takes a second to load, and nothing else needs it.
    from review.exports.sheets import Sheets as Paper
    from review.exports.sheets import missing

    found = timeline.newest(talk, before=None, limit=MOST_ROWS + 1)
    prefetch_related_objects([one.row for one in found if isinstance(one.row, Message)], "attachments")
    drafts = {draft.pk: draft for draft in dossier.drafts(talk).filter(pk__in=[one.row.pk for one in found if isinstance(one.row, Draft)])}
    sheets = Paper(str(talk))
    _head(sheets, talk, by)
    parts = [_part(one.row, drafts) for one in found[-MOST_ROWS:]]
    kept = _newest_that_fit(parts)
    if len(found) > MOST_ROWS or len(kept) < len(parts):
        sheets.small("What came before is left out here for its length. The JSON export has all of it.")
    if any(missing(text) for part in kept for _, text in part):
        sheets.small(CODED)
    for part in kept:
        for style, text in part:
            getattr(sheets, style)(text)
    return bytes(sheets.output())


Part = list[tuple[str, str]]
"""Lines as (method of `Sheets`, text)."""


def _head(sheets: Sheets, talk: Conversation, by: User) -> None:
    sheets.heading(str(talk), 16)
    who = " · ".join(dict.fromkeys(filter(None, [talk.customer_name, talk.customer_address])))
    sheets.small(f"{who or 'Unknown sender'} · {talk.mailbox.name} ({talk.mailbox.address}) · {talk.get_state_display()}")
    sheets.small(f"Conversation {talk.pk}, exported by {words.person(by)} on {_at(timezone.now())}")


def _newest_that_fit(parts: list[Part]) -> list[Part]:
    room = MOST_LETTERS
    kept: list[Part] = []
    for part in reversed(parts):
        room -= sum(len(text) for _, text in part)
        if room < 0 and kept:
            break
        kept.append(part)
    return kept[::-1]


def _part(row: timeline.Row, drafts: dict[int, Draft]) -> Part:
    match row:
        case Message():
            return _message(row)
        case OutgoingMail():
            return _mail(row)
        case Draft():
            return list(_draft(drafts[row.pk]))
        case Decision():
            return list(_decision(row, drafts.get(row.draft_id)))
        case Note():
            return [("heading", f"Note by {words.person(row.by)}, for colleagues only"), ("small", _at(row.at)), ("text_block", row.text)]
        case LogEntry():
            return [("small", f"{_at(row.at)}: {history.said_of(row)} {row.words}")]


def _message(row: Message) -> Part:
    kind = "" if row.kind == Message.Kind.PERSON else f" ({row.get_kind_display().lower()})"
    files = [f"{one.name or 'unnamed'} ({one.content_type}, {words.size(one.size)})" for one in row.attachments.all()]
    sender = f"{row.from_name} <{row.from_address}>" if row.from_name else row.from_address or "an unknown sender"
    return [
        ("heading", f"Mail from {sender}{kind}"),
        ("small", f"{_at(row.received_at)} · to {', '.join(row.to[:5]) or '?'} · subject: {row.subject or '(none)'}"),
        ("small", f"Sender: {row.get_authenticity_display().lower()}. {row.authenticity_reason}"),
        *((("small", f"Attached: {'; '.join(files)}"),) if files else ()),
        ("text_block", _cut(row.text or row.reply_text or "(no text)")),
    ]


def _mail(row: OutgoingMail) -> Part:
    files = [f"{one['name']} ({words.size(one['size'])})" for one in row.files]  # type: ignore[attr-defined]
    sent = f"sent {_at(row.sent_at)}" if row.sent_at else row.get_state_display().lower()
    notes = [row.last_error, fate.checked(row)]
    return [
        ("heading", f"Our mail to {row.recipient}"),
        ("small", f"By {words.sender(row)}, {_at(row.created_at)} · {sent} · subject: {row.subject}"),
        *(("small", said) for said in notes if said),
        *((("small", f"Attached: {'; '.join(files)}"),) if files else ()),
        ("text_block", _cut(row.body)),
    ]


def _draft(row: Draft) -> Iterator[tuple[str, str]]:
    setup = f"{row.setup}, {row.setup.model}, fingerprint {row.setup.fingerprint}" if row.setup else "no setup yet"
    yield "heading", f"Draft {row.pk}: {row.get_state_display().lower()}"
    yield "small", f"{_at(row.finished_at or row.created_at)} · {row.category.name if row.category else 'no category'} · {setup}"
    if row.instruction:
        yield "small", f"Asked for: {row.instruction}"
    if row.hand_over_reason:
        yield "text_block", f"Handed over: {row.get_hand_over_reason_display()}. {row.hand_over_words}"
    for one in row.evidence.all():
        yield from _evidence(one)
    for check in row.checks.all():
        yield "small", f"Check {check.code}: {'passed' if check.passed else 'FAILED'}. {check.reason}"
    if row.body:
        yield "text_block", _cut(row.body)


def _evidence(one: Any) -> Iterator[tuple[str, str]]:
    card = evidence.card(one)
    asked = card.question or card.asked
    yield "small", f"Evidence: {card.title} · {asked} · {card.source} · {_at(one.at)} · {card.asked_by.lower()} · {card.took}"
    said = [card.nothing] if card.nothing else []
    said += [f"{fact.name}: {fact.value}" for fact in card.facts]
    said += [f"{passage.title} ({passage.about}): {passage.text}" for passage in card.passages]
    said += [" | ".join(line) for table in card.tables for line in [table.head, *table.rows]]
    yield "text_block", _cut("\n".join(said), LONGEST_ANSWER)


def _decision(row: Decision, draft: Draft | None) -> Iterator[tuple[str, str]]:
    undone = f" Taken back {_at(row.undone_at)}." if row.undone_at else ""
    had_open = f" The draft was open for {row.seconds_open} s." if row.seconds_open is not None else ""
    yield "heading", fate.sentence(row)
    yield "small", f"{_at(row.decided_at)}.{had_open}{undone}"
    if why := row.get_edit_reason_display() if row.edit_reason else "":
        yield "small", f"Why it was edited: {why}"
    if row.reason:
        yield "text_block", _cut(row.reason)
    changes = dossier.changes(draft.body, row.final_text) if draft and draft.body and row.final_text else []
    if changes:
        yield "small", "What changed in the draft (- taken out, + put in):"
        yield "text_block", _cut("\n".join(changes))


def _cut(text: str, longest: int = LONGEST) -> str:
    return text if len(text) <= longest else f"{text[:longest]}\n[… {len(text) - longest:,} more letters; the JSON export has them]"


def _at(moment: Any) -> str:
    return f"{timezone.localtime(moment):%d %B %Y, %H:%M:%S %Z}"
