"""From a written mail to the bytes of a mail (RFC 5322)."""

import html
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from deploy.demo import places
from deploy.demo.mails import attachments
from deploy.demo.mails.written import WrittenMail


def render(mail: WrittenMail, *, batch: str, now: datetime) -> bytes:
    """The mail as it is sent. `batch` makes the Message-IDs of one sending differ from another's."""
    headers = {
        **mail.plain_headers(),
        "To": places.COMPANY_ADDRESS,
        "Date": format_datetime(now - timedelta(minutes=mail.minutes_ago)),
        "Message-ID": message_id(mail.name, mail.sender, batch),
        **threading(mail, batch),
    }
    form, argument = mail.form
    if form == "raw":
        return render_raw(headers, mail.text, argument)
    message = FORMS[form](mail, argument)
    for name, value in headers.items():
        message[name] = value
    attachments.attach(message, mail.option("Attach"))
    return message.as_bytes()


def message_id(name: str, sender: str, batch: str) -> str:
    """The same for the same mail in the same batch."""
    return f"<{name}.{batch}@{sender.rpartition('@')[2]}>"


def threading(mail: WrittenMail, batch: str) -> dict[str, str]:
    """The headers of an answer to another of the mails, which the same person wrote or whose domain is shared."""
    if not (answered := mail.option("Answers")):
        return {}
    reference = message_id(answered, mail.sender, batch)
    return {"In-Reply-To": reference, "References": reference}


def render_raw(headers: dict[str, str], text: str, charset: str) -> bytes:
    """As badly configured programs write: eight-bit headers, no MIME headers, no word about the charset."""
    lines = [*(f"{name}: {value}" for name, value in headers.items()), "", *text.splitlines()]
    return "\r\n".join(lines).encode(charset) + b"\r\n"


def text_form(mail: WrittenMail, _argument: str = "") -> EmailMessage:
    """Plain text."""
    message = EmailMessage(policy=SMTP)
    message.set_content(mail.text, charset=mail.option("Charset") or "utf-8")
    return message


def both_form(mail: WrittenMail, _argument: str) -> EmailMessage:
    """Plain text and the same as HTML."""
    message = text_form(mail)
    paragraphs = "".join(f"<p>{html.escape(part).replace(chr(10), '<br>')}</p>" for part in mail.text.strip().split("\n\n"))
    message.add_alternative(f"<html><body>{paragraphs}</body></html>", subtype="html")
    return message


def html_form(mail: WrittenMail, _argument: str) -> EmailMessage:
    """HTML and nothing else."""
    message = EmailMessage(policy=SMTP)
    message.set_content(mail.text, subtype="html")
    return message


def empty_form(_mail: WrittenMail, _argument: str) -> EmailMessage:
    """No text at all."""
    message = EmailMessage(policy=SMTP)
    message.set_content("")
    return message


def forward_form(mail: WrittenMail, _argument: str) -> EmailMessage:
    """A mail with another one enclosed; a line of `=` stands between them."""
    own, _, enclosed = mail.text.partition("======\n")
    head, _, text = enclosed.partition("\n\n")
    inner = EmailMessage(policy=SMTP)
    for line in head.splitlines():
        name, _, value = line.partition(": ")
        inner[name] = value
    inner.set_content(text)
    message = EmailMessage(policy=SMTP)
    message.set_content(own)
    message.add_attachment(inner)
    return message


def calendar_form(mail: WrittenMail, _argument: str) -> EmailMessage:
    """An invitation (RFC 5545) beside the text."""
    message = text_form(mail)
    start = date.today() + timedelta(days=4)
    message.add_alternative(
        attachments.INVITATION.format(sender=mail.sender, company=places.COMPANY_ADDRESS, day=f"{start:%Y%m%d}"),
        subtype="calendar",
        params={"method": "REQUEST"},
    )
    return message


def bounce_form(mail: WrittenMail, recipient: str) -> EmailMessage:
    """A delivery status notification (RFC 3464)."""
    message = text_form(mail)
    message.make_mixed()
    message.attach(attachments.delivery_status(mail.sender, recipient))
    original = EmailMessage(policy=SMTP)
    original["From"], original["To"], original["Subject"] = places.COMPANY_ADDRESS, recipient, "Your account with Voss & Tamm"
    original.set_content("Welcome.")
    message.add_attachment(original)
    message.replace_header("Content-Type", "multipart/report; report-type=delivery-status")
    return message


FORMS = {
    "text": text_form,
    "both": both_form,
    "html": html_form,
    "empty": empty_form,
    "forward": forward_form,
    "calendar": calendar_form,
    "bounce": bounce_form,
}
