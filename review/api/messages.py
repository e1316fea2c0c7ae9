"""Bringing a message in."""

import re
from typing import Annotated

from django.http import HttpRequest, UnreadablePostError
from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import Query, Router, Status
from pydantic import ValidationError

from inbox.errors import Unavailable
from inbox.models import Mailbox, Message
from review import access, idempotency
from review.api import mail, shapes
from review.api.auth import ApiRequest, may
from review.api.problems import Problem, invalid
from review.models import ApiToken

RAW = "message/rfc822"
JSON = "application/json"
LIMIT = 25 * 1024 * 1024
"""As much as intake keeps whole of a mail (`inbox.ingest.LIMIT`)."""
MOST_BYTES = {RAW: LIMIT, JSON: LIMIT * 4 // 3 + 1024 * 1024}
"""By content type; base64 makes a third more of an attachment."""
router = Router(tags=["Messages"], auth=may(ApiToken.Scope.CREATE_MESSAGES))

_FROM = re.compile(rb"(?im)^from[ \t]*:[ \t]*\S")


@router.post("/messages", response={201: shapes.MessageCreated, 200: shapes.MessageCreated}, summary="Create an inbound message")
def create_message(
    request: ApiRequest,
    mailbox: Annotated[shapes.Id | None, Query(description="For message/rfc822: the id of the mailbox that it comes to.")] = None,
) -> Status[shapes.MessageCreated]:
    """Bring in a mail as if it had just been fetched: a raw one (RFC 5322) as message/rfc822, or as JSON.

    The same again answers 200 with the message that is there: by the header Idempotency-Key, else by content, for 7 days (a raw mail: for
    ever). Its sender never counts as authenticated, whatever its headers say, so nobody's data is looked up for it.
    """
    kind = request.content_type or ""
    if kind not in MOST_BYTES:
        raise Problem(415, f"Send a mail as {RAW}, or JSON as {JSON}, and say which in Content-Type.")
    content = _read(request, most=MOST_BYTES[kind])
    message, is_new = _post(request, content, mailbox) if kind == RAW else _post_json(request, content)
    return Status(201 if is_new else 200, _created(message))


def _post(request: ApiRequest, content: bytes, mailbox_id: int | None) -> tuple[Message, bool]:
    if mailbox_id is None:
        raise Problem(422, "Name the mailbox that the mail comes to: POST /api/v1/messages?mailbox=ID. /api/v1/mailboxes lists them.")
    if not _FROM.search(re.split(rb"\r?\n\r?\n", content, maxsplit=1)[0]):
        raise Problem(422, "This is no mail (RFC 5322): its header has no From line. Send the mail whole, header first.")
    mailbox = _mailbox(request, mailbox_id)
    return _once(request, str(mailbox.pk).encode() + b"\n" + content, mailbox, content)


def _post_json(request: ApiRequest, content: bytes) -> tuple[Message, bool]:
    try:
        new = shapes.NewMessage.model_validate_json(content)
    except ValidationError as error:
        raise invalid(error.errors(include_url=False, include_input=False), within=["body"]) from None
    mailbox = _mailbox(request, new.mailbox_id)
    return _once(request, new.model_dump_json().encode(), mailbox, mail.compose(new, to=mailbox.address))


def _once(request: ApiRequest, asked: bytes, mailbox: Mailbox, raw: bytes) -> tuple[Message, bool]:
    from inbox import ingest

    key = request.headers.get("Idempotency-Key", "").strip()
    try:
        return idempotency.once(token=request.auth, key=key, asked=asked, create=lambda: ingest.post_message(mailbox=mailbox, raw=raw))
    except idempotency.NoKey as error:
        raise Problem(422, str(error)) from error
    except idempotency.KeyTaken as error:
        raise Problem(409, str(error)) from error
    except Unavailable as error:
        words = f"Nothing was stored: {error.reason} Ask again later, with the same Idempotency-Key."
        raise Problem(503, words, headers={"Retry-After": "60"}) from error


def _mailbox(request: ApiRequest, pk: int) -> Mailbox:
    return get_object_or_404(access.mailboxes(request.auth), pk=pk)


def _read(request: HttpRequest, *, most: int) -> bytes:
    """The whole body. Django's own limit is for forms, which are read into memory by every view."""
    try:
        content = request.read(most + 1)
    except (UnreadablePostError, OSError):
        raise Problem(400, "The connection broke before the whole message was here. Ask again.") from None
    if len(content) > most:
        raise Problem(413, f"The request has more than {most // 1024 // 1024} MB. Leave attachments out, or send them some other way.")
    if not content:
        raise Problem(422, "The request has no content. Send it with a Content-Length, not in chunks.")
    return bytes(content)


def _created(message: Message) -> shapes.MessageCreated:
    url = reverse("api-v1:read_message", kwargs={"message_id": message.pk})
    return shapes.MessageCreated(id=message.pk, mailbox_id=message.mailbox_id, conversation_id=message.conversation_id, url=url)
