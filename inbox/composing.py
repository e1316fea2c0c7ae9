"""The MIME of a reply. Everything but the body is decided here, by code: recipient, subject, threading, quote, signature."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.charset import QP, Charset
from email.header import Header
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime, formataddr

from django.utils.html import escape

from inbox.errors import Refused
from inbox.models import Mailbox, Message
from inbox.subjects import base_subject

QUOTED_CHARS = 8_000
MOST_REFERENCES = 20
_ATTRIBUTIONS = {
    "en": "On {date}, {name} wrote:",
    "de": "Am {date} schrieb {name}:",
    "fr": "Le {date}, {name} a écrit :",
    "es": "El {date}, {name} escribió:",
    "it": "Il {date}, {name} ha scritto:",
    "nl": "Op {date} schreef {name}:",
    "pl": "Dnia {date} {name} napisał(a):",
    "pt": "Em {date}, {name} escreveu:",
    "sv": "Den {date} skrev {name}:",
    "da": "Den {date} skrev {name}:",
    "no": "Den {date} skrev {name}:",
    "nb": "Den {date} skrev {name}:",
    "fi": "{name} kirjoitti {date}:",
    "cs": "Dne {date} {name} napsal(a):",
    "sk": "Dňa {date} {name} napísal(a):",
    "hu": "{name} ezt írta ({date}):",
    "ro": "În {date}, {name} a scris:",
    "tr": "{name} şunu yazdı ({date}):",
    "ru": "{date}, {name} пишет:",
    "uk": "{date}, {name} пише:",
    "ja": "{date} {name} のメール:",
    "zh": "{date},{name} 写道:",
}
_UTF8 = Charset("utf-8")
_UTF8.body_encoding = QP
_POLICY = compat32.clone(linesep="\r\n", cte_type="7bit")
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[^\s@<>()\[\],;:\\\"\x00-\x20\x7f]{1,255}")
_ID = re.compile(r"[!-;=?-~]{1,250}")


@dataclass(frozen=True)
class Reply:
    """A composed mail: what is stored beside its bytes. `body` has the plain text without the quote."""

    recipient: str
    subject: str
    body: str
    mime: bytes


def compose(*, mailbox: Mailbox, message: Message, body: str, message_id: str, date: datetime, is_automatic: bool = False) -> Reply:
    """The reply to a message: `body` under our letterhead, the original quoted below. Raises Refused where it cannot be answered."""
    text = _under_signature(_clean_text(body), mailbox)
    recipient, subject = recipient_of(message), reply_subject(message.subject)
    mime = _mime(text, message, language=message.language or mailbox.language)
    headers = {
        "From": formataddr((_clean_line(mailbox.display_name), mailbox.address), charset=_UTF8),
        "To": recipient,
        "Subject": subject if subject.isascii() else Header(subject, _UTF8, header_name="Subject").encode(),
        "Date": format_datetime(date),
        "Message-ID": f"<{message_id}>",
        **_threading(message),
        # RFC 3834, 5; the second is what Exchange heeds.
        **({"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"} if is_automatic else {}),
    }
    for name, value in headers.items():
        mime[name] = value
    return Reply(recipient=recipient, subject=subject, body=text, mime=mime.as_bytes(policy=_POLICY))


def recipient_of(message: Message) -> str:
    """Who gets the answer: the address that the message is from, and nobody else. Raises Refused where there is none to write to.

    Reply-To is what the sender claims and is not followed: whoever forges one would get another person's answer.
    """
    if message.kind in {Message.Kind.BOUNCE, Message.Kind.OWN}:
        raise Refused("Nobody would read an answer to this mail: it is a bounce or our own.")
    local, _, domain = message.from_address.rpartition("@")
    try:
        address = f"{local}@{domain if domain.isascii() else domain.encode('idna').decode()}"
    except UnicodeError:
        address = ""
    if not _ADDRESS.fullmatch(address):
        raise Refused(f"This mail names no sender that can be written to ({message.from_address or 'no address'}).")
    return address


def reply_subject(subject: str) -> str:
    """One "Re: " before the subject, whatever marks and line breaks it had."""
    return f"Re: {_clean_line(base_subject(_clean_line(subject)))[:300]}".strip()


def _threading(message: Message) -> dict[str, str]:
    """RFC 5322, 3.6.4. Of a very long thread the first and the last ids."""
    if not _ID.fullmatch(message.message_id):
        return {}
    ids = [one for one in message.references if _ID.fullmatch(one) and one != message.message_id]
    if len(ids) >= MOST_REFERENCES:
        ids = [ids[0], *ids[2 - MOST_REFERENCES :]]
    own = f"<{message.message_id}>"
    return {"In-Reply-To": own, "References": " ".join([*(f"<{one}>" for one in ids), own])}


def _under_signature(body: str, mailbox: Mailbox) -> str:
    signature = _clean_text(mailbox.signature)
    if not body:
        raise Refused("The reply is empty; write something first.")
    return body if not signature or body.endswith(signature) else f"{body}\n\n{signature}"


def _mime(text: str, message: Message, *, language: str) -> MIMEMultipart:
    mime = MIMEMultipart("alternative")
    attribution, quote = _quote(message, language)
    plain = "\n".join([text, "", attribution, *(f"> {line}".rstrip() for line in quote), ""]) if quote else text + "\n"
    mime.attach(MIMEText(plain, "plain", _UTF8))  # type: ignore[arg-type]
    mime.attach(MIMEText(_html(text, attribution, quote, language), "html", _UTF8))  # type: ignore[arg-type]
    return mime


def _quote(message: Message, language: str) -> tuple[str, list[str]]:
    """The line above the quote, in the customer's language, and the lines of the original, cut where it is very long."""
    original = _clean_text(message.text)
    if not original:
        return "", []
    moment = message.date or message.received_at
    template = _ATTRIBUTIONS.get(language.lower().split("-")[0], _ATTRIBUTIONS["en"])
    attribution = template.format(date=f"{moment:%Y-%m-%d %H:%M}", name=_clean_line(message.from_name) or message.from_address)
    cut = original if len(original) <= QUOTED_CHARS else original[:QUOTED_CHARS].rstrip() + "\n[…]"
    return attribution, cut.split("\n")


def _html(text: str, attribution: str, quote: Sequence[str], language: str) -> str:
    paragraphs = "\n".join(f"<p>{escape(part).replace(chr(10), '<br>' + chr(10))}</p>" for part in re.split(r"\n{2,}", text))
    quoted = "<br>\n".join(escape(line) for line in quote)
    below = f'\n<p>{escape(attribution)}</p>\n<blockquote type="cite">{quoted}</blockquote>' if quote else ""
    lang = language if re.fullmatch(r"[A-Za-z-]{2,8}", language) else "en"
    return f'<!DOCTYPE html>\n<html lang="{lang}"><body dir="auto">\n{paragraphs}{below}\n</body></html>\n'


def _clean_text(text: str) -> str:
    """Plain text with single line ends and without control characters or lone surrogates."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode()
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", text).strip()


def _clean_line(text: str) -> str:
    """One line: what came out of a header may hold line breaks, which would start headers of their own."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f\u2028\u2029]", " ", text.encode("utf-8", "replace").decode()).split())
