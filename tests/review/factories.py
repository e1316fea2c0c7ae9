"""Rows that desk tests start from: people with roles, and drafts at each stage."""

import struct
import zlib
from email.message import EmailMessage
from functools import cache
from itertools import count
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from drafting.models import CheckResult, Draft, Evidence, HandOverReason, Setup, SetupActivation
from inbox import raw
from inbox.models import Attachment, Conversation, Message, OutgoingMail
from inbox.parsing import parse
from review import uploads
from review.models import Upload
from tests.drafting.factories import make_category, make_draft, make_message, make_setup

_number = count(1)
PASSWORD = "a password for tests"
BODY = "Hello Ann,\n\nyour order SO-1007 left our warehouse on 3 November 2026.\n\nKind regards"


@cache
def _hashed() -> str:
    return make_password(PASSWORD)


def make_person(role: str = "reviewer", name: str = "", **about: Any) -> User:
    """Somebody with a role ("" for none), who signs in with PASSWORD."""
    user = User.objects.create(username=name or f"{role or 'nobody'}{next(_number)}", password=_hashed(), **about)
    if role:
        user.groups.add(Group.objects.get_or_create(name=role)[0])
    return user


def ready_draft(*, body: str = BODY, failed: int = 0, message: Message | None = None, **about: Any) -> Draft:
    """A draft that waits for a decision, with evidence, one traced and one untraced atom, and checks of which `failed` failed."""
    message = message or make_message()
    values: dict[str, Any] = {
        "state": Draft.State.READY,
        "setup": Setup.objects.first() or make_setup(),
        "category": make_category(),
        "body": body,
        "language": "en",
        "asks": [{"ask": "Where is my order?", "answered": True}],
        "is_eligible": not failed,
        "finished_at": timezone.now(),
    }
    draft = make_draft(message, **values | about)
    evidence = add_evidence(draft)
    if "SO-1007" in body:
        start, date = body.index("SO-1007"), body.index("3 November")
        draft.atoms = [
            {"kind": "id", "text": "SO-1007", "start": start, "end": start + 7, "traced": True, "source": f"evidence:{evidence.pk}"},
            {"kind": "date", "text": "3 November 2026", "start": date, "end": date + 15, "traced": False, "source": ""},
        ]
        draft.save()
    for number, code in enumerate(["language", "links", "recipient", "grounding", "promises"], start=1):
        passed = number > failed
        CheckResult.objects.create(
            draft=draft, position=number, code=code, passed=passed, reason=f"The {code} is {'fine' if passed else 'not fine'}."
        )
    return draft


def add_evidence(draft: Draft, **about: Any) -> Evidence:
    """A lookup of an order."""
    values = {
        "position": draft.evidence.count() + 1,
        "tool": "order",
        "source": "Built-in tables",
        "question": {"query": "SO-1007"},
        "outcome": Evidence.Outcome.FOUND,
        "answer": {
            "number": "SO-1007",
            "status": "shipped",
            "shipped_on": "2026-11-02",
            "lines": [{"sku": "B-1", "name": "Bolt", "quantity": 4}],
        },
        "asked_by": Evidence.AskedBy.CODE,
        "milliseconds": 3,
    }
    return Evidence.objects.create(draft=draft, **values | about)


def handed_over_draft(**about: Any) -> Draft:
    """A draft that the assistant gave up."""
    values = {
        "state": Draft.State.HANDED_OVER,
        "hand_over_reason": HandOverReason.MISSING_FACT,
        "hand_over_words": "The order number is not in our tables.",
        "finished_at": timezone.now(),
    }
    return make_draft(about.pop("message", None), **values | about)


def waiting_draft(**about: Any) -> Draft:
    """A draft that the model server keeps waiting."""
    return make_draft(about.pop("message", None), **{"last_error": "The model server does not answer.", **about})


def attach(message: Message, **files: bytes) -> list[Attachment]:
    """Files that came with a message, its raw mail included; "__" in a name stands for its dot."""
    mail = EmailMessage()
    mail.set_content(message.text)
    for name, content in files.items():
        kind = "image/png" if name.endswith("__png") else "application/pdf"
        maintype, subtype = kind.split("/")
        mail.add_attachment(content, maintype=maintype, subtype=subtype, filename=name.replace("__", "."))
    message.raw_sha256 = raw.store(mail.as_bytes())
    message.save(update_fields=["raw_sha256"])
    found = parse(mail.as_bytes()).attachments
    return Attachment.objects.bulk_create(
        Attachment(message=message, position=one.index, name=one.name, content_type=one.content_type, size=one.size, sha256=one.sha256)
        for one in found
    )


def attach_upload(*, by: User, conversation: Conversation | None, name: str = "paper.pdf", content: bytes = b"%PDF-1.7 a paper") -> Upload:
    """A file that `by` attached to what they are writing."""
    return uploads.attach(file=SimpleUploadedFile(name, content), by=by, conversation=conversation)


def picture(size: int = 48) -> bytes:
    """A PNG of some stripes."""
    rows = b"".join(b"\0" + bytes((40 + 4 * x, 90, 200 - 3 * y)[band] for x in range(size) for band in range(3)) for y in range(size))
    parts = [(b"IHDR", struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    chunks = (struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def make_outgoing(*, by: User | None, message: Message | None = None, state: str = "sent", **about: Any) -> OutgoingMail:
    """A reply of ours in any state, without a decision."""
    message = message or make_message()
    assert message.conversation is not None
    now = timezone.now()
    values: dict[str, Any] = {
        "mailbox": message.mailbox,
        "conversation": message.conversation,
        "in_reply_to": message,
        "message_id": f"out-{next(_number)}@shop.example",
        "recipient": message.from_address,
        "subject": f"Re: {message.subject}",
        "body": "It is on its way.",
        "mime": b"frozen",
        "queued_by": by,
        "due_at": now,
        "sent_at": now if state == "sent" else None,
        "dot_sent_at": now if state in {"dot_sent", "maybe_sent"} else None,
    }
    return OutgoingMail.objects.create(state=state, **values | about)


def activate(**parts: Any) -> Setup:
    """An active setup with these parts."""
    setup = make_setup(model="a-model", parts=parts)
    SetupActivation.objects.create(setup=setup)
    return setup
