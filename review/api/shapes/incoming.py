"""Messages that a program brings."""

import base64
import binascii
import re
from email.utils import parseaddr
from typing import Annotated

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from review.api.shapes.basics import Id, Line

_ID = re.compile(r"<?([^<>\s@]+@[^<>\s@]+)>?", re.ASCII)
_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)


def _address(text: str) -> str:
    address = parseaddr(text)[1]
    try:
        validate_email(address)
    except ValidationError:
        raise ValueError("Write an address as ann@customer.example or Ann Lee <ann@customer.example>") from None
    return text


def _bare_id(text: str) -> str:
    found = _ID.fullmatch(text.strip())
    if text and not found:
        raise ValueError("Write a Message-ID as part@host, with angle brackets or without")
    return found[1] if found else ""


def _base64(text: str) -> str:
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("Write the content in base64 (RFC 4648, 4), without line breaks") from None
    return text


def _type(text: str) -> str:
    if not _TYPE.fullmatch(text):
        raise ValueError("Write the type as application/pdf")
    return text


MessageId = Annotated[str, Field(max_length=500), AfterValidator(_bare_id)]
Text = Annotated[str, Field(max_length=5_000_000, pattern=r"^[^\x00]*$")]


class NewAttachment(BaseModel):
    """A file of a new message."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
    content: Annotated[str, AfterValidator(_base64)] = Field(description="In base64.", json_schema_extra={"contentEncoding": "base64"})
    content_type: Annotated[str, Field(max_length=100), AfterValidator(_type)] = "application/octet-stream"


class NewMessage(BaseModel):
    """A message as a customer would have sent it, for programs that have no mail at hand, such as a contact form.

    Its sender never counts as authenticated.
    """

    model_config = ConfigDict(extra="forbid")

    mailbox_id: Id = Field(description="The mailbox that it comes to.")
    sender: Annotated[Line, AfterValidator(_address)] = Field(
        alias="from", description="ann@customer.example or Ann Lee <ann@customer.example>. The reply goes there."
    )
    subject: Annotated[str, Field(max_length=900, pattern=r"^[^\x00]*$")] = ""
    text: Annotated[Text, Field(min_length=1)]
    html: Text = Field("", description="The same as HTML, if there is one.")
    attachments: Annotated[list[NewAttachment], Field(max_length=50)] = []
    message_id: MessageId = Field("", description="Its Message-ID. Made up where it is missing.")
    in_reply_to: MessageId = Field("", description="The Message-ID of the mail that it answers; then it joins that conversation.")


class MessageCreated(BaseModel):
    """Where the message is. It is read at once and joins its conversation then; `conversation_id` is null until that happened."""

    id: int
    mailbox_id: int
    conversation_id: int | None
    url: str
