"""A mail (RFC 5322) out of what a program told in JSON."""

import base64
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from django.utils import timezone

from review.api.shapes import NewAttachment, NewMessage

_NO_FILES = {"multipart", "message"}
"""What may not be the type of an attached file: it would be read as structure."""


def compose(new: NewMessage, *, to: str) -> bytes:
    """The bytes of the mail that `new` describes, addressed to `to`."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = _line(new.sender), to, _line(new.subject)
    mail["Date"] = format_datetime(timezone.now())
    mail["Message-ID"] = f"<{new.message_id}>" if new.message_id else make_msgid(domain=to.rpartition("@")[2])
    if new.in_reply_to:
        mail["In-Reply-To"] = mail["References"] = f"<{new.in_reply_to}>"
    mail.set_content(new.text)
    if new.html:
        mail.add_alternative(new.html, subtype="html")
    for file in new.attachments:
        _attach(mail, file)
    return mail.as_bytes()


def _attach(mail: EmailMessage, file: NewAttachment) -> None:
    main, _, sub = file.content_type.lower().partition("/")
    if main in _NO_FILES:
        main, sub = "application", "octet-stream"
    mail.add_attachment(base64.b64decode(file.content), maintype=main, subtype=sub, filename=file.name)


def _line(text: str) -> str:
    return " ".join(text.split())
