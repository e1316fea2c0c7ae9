"""Everything about one person to hand to them: a ZIP archive of what programs read, a table for people, and the mails as they came.

    README.txt            what is in it
    mails.csv             a line for each mail, theirs and ours
    conversations/N.json  each conversation of theirs (format of `exports/json_file.py`)
    beside.json           what they wrote into other people's conversations, drafts and answers to that, and what else names them
    rows.jsonl            each row that an erasure would empty or delete, with all that it would take away
    runs.jsonl            each request to the model about them, and each mail of theirs in a replay
    training.jsonl        what a training export would hold of them: masked
    raw/N.eml             each mail of theirs as it came, attachments included
    sent/N.eml            each mail of ours as it left
    files/N-NAME          each attachment, and each file that we sent, or attached and have not sent

N are ids. What was erased, or removed by the retention rule, says so or is missing. Left out is what is not the person's alone (files that
were imported into the company's tables, other people's mails that name them), and a planted text that a reviewer has not judged yet.
"""

import json
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from typing import IO, Any

from django.contrib.auth.models import User
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import BinaryField
from django.utils import timezone

from drafting.models import Customer, Draft, ModelCall, ReplayRun
from inbox import attachments, raw
from inbox.models import Attachment, Conversation, Message, OutgoingMail
from review import audit_log, csv_files, training, uploads
from review.exports import dossier, json_file
from review.models import Decision, PlantedDraft, Upload
from review.privacy import addresses as named
from review.privacy import beside, matters, places
from review.privacy.matters import Matter

AT_ONCE = 100
COLUMNS = ("id", "direction", "at", "from", "to", "subject", "state", "conversation", "file")
OF_ORDERS = (
    *("number", "status", "ordered_on", "promised_on", "shipped_on", "delivered_on", "carrier", "tracking_number", "invoice_number"),
    *("total", "currency", "delivery_address"),
)
"""What of an order is the customer's; notes are the company's."""
OF_SEVERAL = "Orders: other people write for this customer too, and an order does not say whose it is."
Part = tuple[str, bytes | Iterable[str]]
"""A name, and what is in it: bytes, or pieces of text that are never all in memory."""


def export(*, addresses: Sequence[str], by: User | None, file: IO[bytes]) -> int:
    """Write the archive into `file`, and say how many parts it has. Leaves an entry in the audit log, without the address.

    `by` None is the command line. Raises NotAPerson.
    """
    asked = named.checked(tuple(one.lower() for one in addresses))
    matter = matters.of_person(asked)
    audit_log.record(act="privacy.exported", by=by, about=f"{named.digest(asked[0])[:12]}…")
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in _parts(matter, asked, by):
            _write(packed, name, content)
        return len(packed.namelist())


def _write(packed: zipfile.ZipFile, name: str, content: bytes | Iterable[str]) -> None:
    """How long it gets nobody knows before, hence `force_zip64`: without, more than 2 GiB would be an error."""
    about = zipfile.ZipInfo(name, timezone.localtime().timetuple()[:6])
    about.compress_type, about.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
    with packed.open(about, "w", force_zip64=True) as part:
        for piece in [content] if isinstance(content, bytes) else content:
            part.write(piece if isinstance(piece, bytes) else piece.encode())


def _parts(matter: Matter, asked: Sequence[str], by: User | None) -> Iterator[Part]:
    yield "README.txt", [__doc__ or ""]
    yield "mails.csv", _table(matter)
    for talk in Conversation.objects.filter(pk__in=matter.conversations).select_related("mailbox", "assigned_to").iterator(AT_ONCE):
        yield f"conversations/{talk.pk}.json", json_file.lines(talk, by=by or User(username="the command line"))
    yield "beside.json", [_json(_beside(matter, asked), indent=1)]
    yield "rows.jsonl", (f"{_json(row)}\n" for row in _rows(matter))
    yield "runs.jsonl", (f"{_json(run)}\n" for run in _runs(matter))
    decided = Decision.objects.filter(draft__in=matter.drafts)
    yield "training.jsonl", training.lines(training.exportable(among=decided))
    yield from _files(matter, asked)


def _table(matter: Matter) -> Iterator[str]:
    yield csv_files.heads(COLUMNS)
    for row in _mails_in_lines(matter):
        yield csv_files.line(row)


def _mails_in_lines(matter: Matter) -> Iterator[Sequence[str]]:
    for one in _messages(matter.messages):
        at, to = one.received_at.isoformat(), ", ".join(one.to)
        yield str(one.pk), "in", at, one.from_address, to, one.subject, one.state, str(one.conversation_id), f"raw/{one.pk}.eml"
    for mail in _mails(matter.mails):
        at = (mail.sent_at or mail.created_at).isoformat()
        sender, talk = mail.mailbox.address, str(mail.conversation_id)
        yield str(mail.pk), "out", at, sender, mail.recipient, mail.subject, mail.state, talk, f"sent/{mail.pk}.eml"


def _beside(matter: Matter, asked: Sequence[str]) -> dict[str, Any]:
    own = set(matter.conversations)
    around = beside.Beside(asked, apart_from=matter.conversations).rows()
    drafts = dossier.whole(Draft.objects.filter(pk__in=matter.drafts).exclude(conversation__in=own))
    return {
        "messages": [dossier.message(one) for one in _messages(matter.messages) if one.conversation_id not in own],
        "drafts": [dossier.draft(one) for one in drafts.iterator(AT_ONCE)],
        "outgoing": [dossier.mail(one) for one in _mails(matter.mails) if one.conversation_id not in own],
        "customers": [_customer(one, asked) for one in beside.customers(asked)],
        "log": [dossier.log_entry(one) for one in around["log_beside"].select_related("by")],
        "being_written": [{"recipient": one.recipient, "subject": one.subject, "text": one.text} for one in around["new_writings"]],
    }


def _customer(one: Customer, asked: Sequence[str]) -> dict[str, Any]:
    """Their own rows. What is ordered by several people does not say by whom, so it is nobody's alone."""
    rows = list(one.addresses.filter(address__in=asked).order_by("address").values("address", "contact"))
    about = {"number": one.number, "name": one.name, "language": one.language, "terms": one.terms, "addresses": rows}
    if one.addresses.exclude(address__in=asked).exists():
        return about | {"orders": [], "left_out": OF_SEVERAL}
    return about | {"orders": list(one.orders.order_by("ordered_on", "pk").values(*OF_ORDERS)), "left_out": ""}


def _rows(matter: Matter) -> Iterator[dict[str, Any]]:
    """All that `places.erase` would take away; the bytes of mails are files of their own."""
    for place in places.PLACES:
        rows = place.left(matter)
        if place.model is PlantedDraft:
            rows = rows.exclude(judged_at=None, withdrawn_at=None)
        fields = [field for field in place.model._meta.concrete_fields if not isinstance(field, BinaryField)]
        columns = [field.attname for field in fields if field.name in place.blank or place.goes]
        for row in rows.order_by("pk").values("pk", *columns).iterator(AT_ONCE):
            yield {"kind": place.key, **row}


def _runs(matter: Matter) -> Iterator[dict[str, Any]]:
    calls = ModelCall.objects.filter(draft__in=matter.drafts).order_by("draft", "position")
    of_calls = ("draft", "position", "purpose", "at", "request", "response", "error", "erased_at")
    yield from ({"kind": "request", **row} for row in calls.values(*of_calls).iterator(AT_ONCE))
    runs = ReplayRun.objects.filter(message__in=matter.messages).order_by("pk")
    of_runs = ("replay", "message", "number", "body", "hand_over_words", "atoms", "checks", "unrecorded", "verdict", "why")
    yield from ({"kind": "replay", **row} for row in runs.values(*of_runs).iterator(AT_ONCE))


def _files(matter: Matter, asked: Sequence[str]) -> Iterator[Part]:
    for message in _messages(matter.messages):
        yield from _kept(f"raw/{message.pk}.eml", partial(raw.read, message.raw_sha256))
        for one in message.attachments.all():
            one.message = message
            yield from _kept(f"files/{_name(one)}", partial(attachments.read, one))
    for mail in OutgoingMail.objects.filter(pk__in=matter.mails).order_by("pk").iterator(AT_ONCE):
        if mail.mime:
            yield f"sent/{mail.pk}.eml", bytes(mail.mime)
    of_new_mails = beside.Beside(asked, apart_from=matter.conversations).rows()["new_files"]
    for upload in chain(*(rows.order_by("pk") for rows in (*(places.of(key).rows(matter) for key in ("uploads", "unsent")), of_new_mails))):
        yield from _kept(f"files/{_name(upload)}", partial(uploads.read, upload))


def _kept(name: str, read: Callable[[], bytes]) -> Iterator[Part]:
    """The file, where its bytes are in storage still."""
    try:
        yield name, read()
    except FileNotFoundError:
        return


def _name(one: Attachment | Upload) -> str:
    """A name that no archive program takes for another folder."""
    plain = re.sub(r"[^\w.() -]+", "_", one.name).strip(". ")[-100:] or "file"
    return f"{'received' if isinstance(one, Attachment) else 'sent' if one.outgoing_id else 'unsent'}-{one.pk}-{plain}"


def _messages(ids: Iterable[int]) -> Any:
    found = Message.objects.filter(pk__in=list(ids)).order_by("pk").prefetch_related("attachments")
    return found.defer("html").iterator(AT_ONCE)


def _mails(ids: Iterable[int]) -> Any:
    found = OutgoingMail.objects.filter(pk__in=list(ids)).order_by("pk").select_related("mailbox", "queued_by")
    return found.defer("mime").prefetch_related("uploads").iterator(AT_ONCE)


def _json(value: Any, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent, cls=DjangoJSONEncoder)
