"""Mails that are here already in other bytes: a server rewrites what it moves, a file has other line ends, or lacks what a server added."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import islice

from inbox import raw
from inbox.flags import WITHHELD
from inbox.ingest.arrivals import POSTED, Arrival
from inbox.models import Mailbox, Message, OutgoingMail
from inbox.replies import SENT

MOST_TWINS = 500
_HEADER = re.compile(rb"(?im)^(message-id|from|date):[ \t]*([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)")
_END_OF_HEADER = re.compile(rb"\r?\n\r?\n")
_QUOTED_FROM = re.compile(rb"(?m)^>+From ")
Marks = tuple[tuple[bytes, bytes], ...]


def went_out_from_here(content: bytes) -> bool:
    """Whether a mail of a Sent folder is one that we sent and know already, by its Message-ID."""
    message_id = _message_id(_marks(content))
    return bool(message_id) and OutgoingMail.objects.filter(message_id=message_id).exists()


def find_twins(mailbox: Mailbox, arrivals: Sequence[Arrival]) -> dict[str, int]:
    """The ids of messages that some of these are once more, by the hash of the newcomer's bytes.

    Message-ID, From and Date are the same then, and the older one has a place in an older numbering of the folder. Where one of them lay in
    a file, their bodies are the same too, and both came in, or both were sent.
    """
    marked: dict[Marks, list[Arrival]] = defaultdict(list)
    for one in arrivals:
        if len(marks := _marks(one.raw)) == 3:
            marked[marks].append(one)
    found: dict[str, int] = {}
    for older in _with_ids(mailbox, arrivals, [_message_id(marks) for marks in marked]):
        content = _content(older)
        alike = (one for one in marked.get(_marks(content), []) if one.sha256 not in found and _is_same(one, older, content))
        found |= {one.sha256: older.pk for one in islice(alike, 1)}
    return found


def drop_unused(hashes: Iterable[str]) -> None:
    """Delete those of these bytes that are no message's: whoever erases a mail would not find them."""
    mailboxes = list(Mailbox.objects.values_list("pk", flat=True))
    used = Message.objects.filter(mailbox__in=mailboxes, raw_sha256__in=list(hashes)).values_list("raw_sha256", flat=True)
    for sha256 in set(hashes) - set(used):
        raw.delete(sha256)


def _with_ids(mailbox: Mailbox, arrivals: Sequence[Arrival], message_ids: Sequence[str]) -> list[Message]:
    """Messages with one of these Message-IDs, newest first; equal ones in one numbering of a folder are two mails."""
    if not message_ids:
        return []
    numberings = {one.uidvalidity for one in arrivals if one.uidvalidity is not None}
    older = Message.objects.filter(mailbox=mailbox, message_id__in=message_ids, raw_erased_at=None)
    older = older.exclude(flags__contains=[WITHHELD]).exclude(uidvalidity__in=numberings)
    return list(older.only("raw_sha256", "uid", "flags").order_by("-pk")[:MOST_TWINS])


def _is_same(arrival: Arrival, older: Message, content: bytes) -> bool:
    """Of two with equal marks. What a program brought, or lay among the sent, proves less or more than what a server took in."""
    if arrival.uid is not None and older.uid is not None:
        return True
    flags, _ = arrival.remarks
    is_alike = {SENT, POSTED} & set(flags) == {SENT, POSTED} & set(older.flags)
    return is_alike and _body(arrival.raw) == _body(content)


def _content(message: Message) -> bytes:
    """Nothing where its bytes are gone: whether it is the same is not known then."""
    with suppress(FileNotFoundError):
        return raw.read(message.raw_sha256)
    return b""


def _marks(content: bytes) -> Marks:
    head = _END_OF_HEADER.split(content[:65_536], maxsplit=1)[0]
    found = {name.lower(): b" ".join(value.split()) for name, value in reversed(_HEADER.findall(head)) if value.strip()}
    return tuple(sorted(found.items()))


def _message_id(marks: Marks) -> str:
    return dict(marks).get(b"message-id", b"").decode("ascii", "replace").strip("<> ")


def _body(content: bytes) -> bytes:
    """Its hash, whatever the line ends and what an mbox writes before lines that begin as its own do."""
    body = _END_OF_HEADER.split(content, maxsplit=1)[1:]
    levelled = _QUOTED_FROM.sub(b"From ", b"".join(body).replace(b"\r\n", b"\n")).rstrip()
    return hashlib.sha256(levelled).digest()
