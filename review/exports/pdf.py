"""A conversation as PDF: everything that happened in order, each draft with its dossier. Nothing is loaded from anywhere.

What a document may take is bounded (`MOST_ROWS`, `MOST_LETTERS`); where something is left out the document says so, and the JSON has it.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.db.models import prefetch_related_objects
from django.utils import timezone

from drafting.models import Draft
from inbox.models import Conversation, Message, OutgoingMail
from review.desk import history, timeline, words
from review.exports import dossier, parts
from review.exports.parts import Part
from review.models import Decision, LogEntry, Note

MOST_ROWS = 400
MOST_LETTERS = 250_000
Sheets = Any
Untold = frozenset[tuple[type[Draft | OutgoingMail], int]]


def document(talk: Conversation, *, by: User, leaves_out: bool = False) -> bytes:
    """The file. `talk` comes with its mailbox; `leaves_out` the texts of drafts that wait, for who reviews them."""
    # The library takes a second to load, and nothing else needs it.
    from review.exports.sheets import Sheets as Paper
    from review.exports.sheets import missing

    found = timeline.newest(talk, before=None, limit=MOST_ROWS + 1)
    prefetch_related_objects([one.row for one in found if isinstance(one.row, Message)], "attachments")
    drafts = {draft.pk: draft for draft in dossier.drafts(talk).filter(pk__in=[one.row.pk for one in found if isinstance(one.row, Draft)])}
    untold = _untold(talk, drafts.values()) if leaves_out else frozenset()
    sheets = Paper(str(talk))
    _head(sheets, talk, by)
    told = [_part(one.row, drafts, untold) for one in found[-MOST_ROWS:]]
    kept = _newest_that_fit(told)
    if len(found) > MOST_ROWS or len(kept) < len(told):
        sheets.small("What came before is left out here for its length. The JSON export has all of it.")
    if any(missing(text) for part in kept for _, text in part):
        sheets.small(parts.CODED)
    for part in kept:
        for style, text in part:
            getattr(sheets, style)(text)
    return bytes(sheets.output())


def _head(sheets: Sheets, talk: Conversation, by: User) -> None:
    sheets.heading(str(talk), 16)
    who = " · ".join(dict.fromkeys(filter(None, [talk.customer_name, talk.customer_address])))
    sheets.small(f"{who or 'Unknown sender'} · {talk.mailbox.name} ({talk.mailbox.address}) · {talk.get_state_display()}")
    sheets.small(f"Conversation {talk.pk}, exported by {words.person(by)} on {parts.at(timezone.now())}")


def _newest_that_fit(told: list[Part]) -> list[Part]:
    room = MOST_LETTERS
    kept: list[Part] = []
    for part in reversed(told):
        room -= sum(len(text) for _, text in part)
        if room < 0 and kept:
            break
        kept.append(part)
    return kept[::-1]


def _untold(talk: Conversation, drafts: Iterable[Draft]) -> Untold:
    """What comes without its text: drafts that wait, and the mails that came of them and were called off."""
    mails = dossier.waiting_mails(talk)
    return frozenset({*((Draft, draft.pk) for draft in drafts if dossier.waits(draft)), *((OutgoingMail, pk) for pk in mails)})


def _part(row: timeline.Row, drafts: dict[int, Draft], untold: Untold) -> Part:
    match row:
        case Message():
            return parts.message(row)
        case OutgoingMail():
            return parts.mail(row, is_left_out=(OutgoingMail, row.pk) in untold)
        case Draft():
            return list(parts.draft(drafts[row.pk], is_left_out=(Draft, row.pk) in untold))
        case Decision():
            return list(parts.decision(row, drafts.get(row.draft_id) if (Draft, row.draft_id) not in untold else None))
        case Note():
            return [
                ("heading", f"Note by {words.person(row.by)}, for colleagues only"),
                ("small", parts.at(row.at)),
                ("text_block", row.text),
            ]
        case LogEntry():
            return [("small", f"{parts.at(row.at)}: {history.said_of(row)} {row.words}")]
