"""A whole conversation as its page tells it: mails, drafts and their fate, decisions, notes, what colleagues did with it, sends."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import escape, format_html

from drafting.models import Draft
from inbox.models import Conversation, Message, OutgoingMail
from review.acts import ACTS
from review.desk import conversation, dossiers, erased, fate, files, flags, text, timeline, words
from review.desk.timeline import Happened
from review.models import Decision, LogEntry, Note

STEP = 24
LONG_RUN = 4
"""So many log entries in a row are folded."""
ROOM = conversation.Room(folded=18_000, opened=9_000)
DETAILS = 14_000
"""Bytes that a page has for all drafts, reasons and the like together."""
REST = "(The rest is in the export of this conversation.)"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened beside the mails. `detail` is longer text, such as a draft or a reason."""

    moment: words.Moment
    icon: str
    words: str
    detail: str = ""
    url: str = ""
    is_log: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """Another place of the page or the desk."""

    words: str
    url: str
    tone: str = "quiet"


@dataclass(frozen=True, slots=True)
class Noted:
    """What a colleague wrote for colleagues."""

    anchor: str
    by: str
    moment: words.Moment
    text: str


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing on the page: a mail, a note, an event, or many events folded under `folded_words`."""

    mail: conversation.Entry | None = None
    note: Noted | None = None
    event: Event | None = None
    folded: list[Event] = field(default_factory=list)
    folded_words: str = ""
    links: list[Link] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a conversation, oldest first. `earlier_url` leads to what came before."""

    happened: list[Happening]
    earlier_url: str
    newest_url: str


def page(talk: Conversation, values: Mapping[str, str], *, opens_items: bool) -> Page:
    """What happened: the newest, or what came before the place that `before` and `id` name.

    `opens_items`: whether the reader may open drafts, which readers without the queue may not.
    """
    before = timeline.said(values.get("before", ""), values.get("id", ""))
    found = timeline.newest(talk, before=before, limit=STEP + 1)
    shown = found[-STEP:]
    url = reverse("conversation", args=[talk.pk])
    return Page(
        happened=_folded(_detailed(_told(shown, opens_items))),
        earlier_url=f"{url}?{urlencode(timeline.named(shown[0].place))}" if len(found) > STEP else "",
        newest_url=url if before else "",
    )


def event(row: Draft | Decision | LogEntry, *, opens_items: bool = False) -> Event:
    """A row that is no mail, in words."""
    match row:
        case Draft():
            return _draft(row, opens_items)
        case Decision():
            return _decision(row, opens_items)
        case _:
            return Event(words.moment(row.at), "clock", said_of(row), row.words, is_log=True)


def said_of(entry: LogEntry) -> str:
    """An entry of the audit log in a sentence, read where it is clear which conversation it is about."""
    about = "the mail" if entry.act.startswith("mail.") else "this conversation"
    return ACTS.get(entry.act, "{who}: " + entry.act).format(who=words.person(entry.by), about=about)


def _told(shown: list[Happened], opens_items: bool) -> list[Happening]:
    mails = _mails(shown)
    bounced = _bounced(shown)
    flagged = flags.of_mails([one.row for one in shown if isinstance(one.row, OutgoingMail)])
    told = []
    for one in shown:
        if isinstance(one.row, Message | OutgoingMail):
            told.append(Happening(mail=mails[_anchor(one.row)], links=_links(one.row, bounced, flagged, opens_items)))
        elif isinstance(one.row, Note):
            noted = Noted(f"note-{one.row.pk}", words.person(one.row.by), words.moment(one.row.at), one.row.text)
            told.append(Happening(note=noted))
        else:
            told.append(Happening(event=event(one.row, opens_items=opens_items)))
    return told


def _detailed(told: list[Happening]) -> list[Happening]:
    """With as much of each longer text as the page has room for."""
    long = [one.event.detail for one in told if one.event and not one.event.is_log]
    octets = DETAILS // max(sum(map(bool, long)), 1)
    return [replace(one, event=_fitted(one.event, octets)) if one.event else one for one in told]


def _fitted(event: Event, octets: int) -> Event:
    each = len(escape(event.detail).encode()) / max(len(event.detail), 1)
    shown = text.cut(event.detail, int(octets / max(each, 1)))
    return replace(event, detail=shown if shown == event.detail else f"{shown}\n\n{REST}")


def _mails(shown: list[Happened]) -> dict[str, conversation.Entry]:
    """Entries by their anchors."""
    rows = [one.row for one in shown]
    received = [row for row in rows if isinstance(row, Message)]
    sent = [row for row in rows if isinstance(row, OutgoingMail)]
    newest = max(received, key=lambda row: row.received_at).pk if received else None
    entries = conversation.fitted(conversation.entries(received, sent, opened=newest), ROOM)
    every = {_anchor(mail): [files.of_ours(one) for one in mail.files] for mail in sent}  # type: ignore[attr-defined]
    return {entry.anchor: replace(entry, files=every.get(entry.anchor, entry.files)) for entry in entries}


def _bounced(shown: list[Happened]) -> list[tuple[Message, OutgoingMail]]:
    """Which bounce reports which of our mails, of those on the page: by its id, else the last one to that recipient."""
    sent = [one.row for one in shown if isinstance(one.row, OutgoingMail)]
    bounces = [one.row for one in shown if isinstance(one.row, Message) and one.row.kind == Message.Kind.BOUNCE]
    return [(bounce, mail) for bounce in bounces if (mail := _reported(bounce, sent))]


def _reported(bounce: Message, sent: list[OutgoingMail]) -> OutgoingMail | None:
    ids = {*bounce.references, bounce.in_reply_to}
    if mail := next((mail for mail in sent if mail.message_id in ids), None):
        return mail
    unreached = {address.lower() for address in bounce.bounce_recipients}
    before = [mail for mail in sent if mail.created_at <= bounce.received_at and mail.recipient.lower() in unreached]
    return before[-1] if before else None


def _links(
    row: Message | OutgoingMail, bounced: list[tuple[Message, OutgoingMail]], flagged: dict[int, list[str]], opens_items: bool
) -> list[Link]:
    links = [
        *(_told_by(bounce) for bounce, mail in bounced if mail == row),
        *(
            Link(format_html("The notice is about our mail of {}", words.timed(mail.sent_at or mail.created_at)), f"#outgoing-{mail.pk}")
            for bounce, mail in bounced
            if bounce == row
        ),
    ]
    if isinstance(row, OutgoingMail):
        links += _links_of_reply(row, flagged.get(row.pk), opens_items)
    return links


def _told_by(bounce: Message) -> Link:
    what, tone = ("was delayed", "amber") if bounce.bounce_is_delay else ("bounced", "red")
    said = format_html("This mail {} at {}: see the notice", what, words.timed(bounce.received_at))
    return Link(said, f"#message-{bounce.pk}", tone)


def _links_of_reply(mail: OutgoingMail, flagged: list[str] | None, opens_items: bool) -> list[Link]:
    """How it was sent, and what came out about it; `flagged` is None for what cannot be flagged."""
    url = reverse("outgoing_mail", args=[mail.pk]) if opens_items else ""
    links = [Link("How it was sent", url)] if url else []
    if dossier := dossiers.url(mail):
        links.append(Link("Decision dossier", dossier))
    links += [Link(f"Flagged: {kind}", f"{url}#wrong" if url else "", "red") for kind in flagged or ()]
    if url and flagged is not None:
        links.append(Link("Something was wrong with this reply", f"{url}#wrong"))
    return links


def _folded(told: list[Happening]) -> list[Happening]:
    """Long runs of log entries become one."""
    found: list[Happening] = []
    for is_log, run in groupby(told, key=lambda one: bool(one.event and one.event.is_log)):
        run_of = list(run)
        if is_log and len(run_of) > LONG_RUN:
            events = [one.event for one in run_of if one.event]
            found.append(Happening(folded=events, folded_words=f"{len(events)} entries: snoozed, assigned and the like"))
        else:
            found += run_of
    return found


def _draft(draft: Draft, opens_items: bool) -> Event:
    moment = words.moment(draft.finished_at or draft.created_at)
    url = reverse("item", args=[draft.pk]) if opens_items else ""
    category = f" ({draft.category.name})" if draft.category else ""
    if draft.hand_over_reason:
        said = f"The assistant handed over{category}: {draft.get_hand_over_reason_display().lower()}"
        return Event(moment, "hand", said, erased.said(draft) or draft.hand_over_words, url)
    if gone := erased.said(draft):
        return Event(moment, "draft", f"{draft.setup} wrote a draft{category}", gone, url)
    if not draft.body:
        return Event(moment, "dots", f"Draft {draft.get_state_display().lower()}", draft.last_error, url)
    replaced = ", later replaced" if draft.state == Draft.State.SUPERSEDED else ""
    # What waits is read where it is decided on: for a reviewer another text may be planted there.
    said = "" if opens_items and draft.state == Draft.State.READY and draft.is_eligible else draft.body
    return Event(moment, "draft", f"{draft.setup} wrote a draft{category}{replaced}", said, url)


def _decision(decision: Decision, opens_items: bool) -> Event:
    undone = format_html(", taken back at {}", words.timed(decision.undone_at)) if decision.undone_at else ""
    why = f" ({decision.get_edit_reason_display().lower()})" if decision.edit_reason else ""
    return Event(
        moment=words.moment(decision.decided_at),
        icon="pen",
        words=format_html("{}{}{}", fate.sentence(decision), why, undone),
        detail=decision.reason,
        url=reverse("item", args=[decision.draft_id]) if opens_items else "",
    )


def _anchor(row: Message | OutgoingMail) -> str:
    return f"{'message' if isinstance(row, Message) else 'outgoing'}-{row.pk}"
