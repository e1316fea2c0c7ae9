"""The text of what we write, as plain text and as HTML, with the mail that it answers quoted below."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.charset import QP, Charset
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

from django.utils.html import escape

from inbox.composing.headers import clean_line
from inbox.errors import Refused

QUOTED_CHARS = 8_000
UTF8 = Charset("utf-8")
UTF8.body_encoding = QP
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


@dataclass(frozen=True)
class Original:
    """The mail that is answered, as it is quoted: who wrote it, when, and its plain text."""

    name: str
    at: datetime
    text: str


def alternative(text: str, *, language: str, original: Original | None) -> MIMEMultipart:
    """`text` as plain text and as HTML (RFC 2046, 5.1.4)."""
    mime = MIMEMultipart("alternative")
    attribution, quote = _quote(original, language) if original else ("", [])
    plain = "\n".join([text, "", attribution, *(f"> {line}".rstrip() for line in quote), ""]) if quote else text + "\n"
    mime.attach(MIMEText(plain, "plain", UTF8))  # type: ignore[arg-type]
    mime.attach(MIMEText(_html(text, attribution, quote, language), "html", UTF8))  # type: ignore[arg-type]
    return mime


def under_signature(body: str, signature: str) -> str:
    """`body`, cleaned, with the mailbox's signature below it once. Raises Refused where nothing is written."""
    body, signature = _clean_text(body), _clean_text(signature)
    if not body:
        raise Refused("The reply is empty; write something first.")
    return body if not signature or body.endswith(signature) else f"{body}\n\n{signature}"


def _quote(original: Original, language: str) -> tuple[str, list[str]]:
    """The line above the quote, in the customer's language, and the lines of the original, cut where it is very long."""
    text = _clean_text(original.text)
    if not text:
        return "", []
    template = _ATTRIBUTIONS.get(language.lower().split("-")[0], _ATTRIBUTIONS["en"])
    attribution = template.format(date=f"{original.at:%Y-%m-%d %H:%M}", name=clean_line(original.name))
    cut = text if len(text) <= QUOTED_CHARS else text[:QUOTED_CHARS].rstrip() + "\n[…]"
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
