"""Made-up inbound mail as programs really send it: threads, two forms of the text, quotes, transport headers, some files."""

import base64
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from random import Random

from deploy.load.vocabulary import LANGUAGES, SPOKEN, Vocabulary

BEGAN = datetime(2026, 1, 5, 8, tzinfo=UTC)
PART_ANSWERS = 0.4
"""Of all mails, those that go on with an earlier one."""
PART_FILES = 0.08
MACHINES = "mx1.customer.example", "relay.transit.example", "in.company.example"
STYLE = "<style>" + "p.MsoNormal{margin:0;font-family:Calibri,sans-serif;font-size:11pt}" * 30 + "</style>"


def make(*, count: int, seed: int) -> Iterator[bytes]:
    """So many mails, the same for the same seed, with CRLF line ends; about 35 KB in the mean, most of them much smaller."""
    random = Random(seed)  # noqa: S311 - to be made again
    words = Vocabulary(random)
    past: list[tuple[str, tuple[str, ...], str, str]] = []
    for number in range(count):
        before = random.choice(past[-500:]) if past and random.random() < PART_ANSWERS else None
        language = LANGUAGES[random.choice(SPOKEN)]
        sender = before[2] if before else f"{words.word()}{number}@customer{number % 997}.example"
        text = f"{random.choice(language.greetings)}\n\n{_prose(random, words)}\n\n{random.choice(language.closings)}\n{words.name()}"
        subject = f"Re: {before[3]}" if before else f"{words.word()} SO-{100_000 + number}"
        mail = _mail(random, text, quoted=before is not None, wrote=language.wrote.format(date="2 March"))
        thread = (*before[1], before[0]) if before else ()
        message_id = f"{seed}.{number}@customer.example"
        _address(mail, random, sender=sender, subject=subject, message_id=message_id, thread=thread, at=BEGAN + timedelta(minutes=number))
        for depth, part in enumerate(part for part in mail.walk() if part.is_multipart()):
            part.set_boundary(f"=_{number}_{depth}_{random.getrandbits(64):x}")
        past.append((message_id, thread[-20:], sender, subject.removeprefix("Re: ")))
        yield mail.as_bytes(policy=SMTP)


def _prose(random: Random, words: Vocabulary) -> str:
    return " ".join(" ".join(words.word() for _ in range(random.randint(4, 14))).capitalize() + "." for _ in range(random.randint(2, 30)))


def _mail(random: Random, text: str, *, quoted: bool, wrote: str) -> EmailMessage:
    history = "\n> ".join(text.splitlines())
    whole = f"{text}\n\n{wrote}\n> {history}" if quoted else text
    mail = EmailMessage(policy=SMTP)
    mail.set_content(whole)
    if random.random() < 0.7:
        quote = f"<blockquote>{history}</blockquote>" if quoted else ""
        paragraphs = "".join(f"<p class=MsoNormal>{line}</p>" for line in text.splitlines())
        mail.add_alternative(f"<html><head>{STYLE}</head><body>{paragraphs}{quote}</body></html>", subtype="html")
    if random.random() < PART_FILES:
        content = random.randbytes(random.randint(20_000, 500_000))
        mail.add_attachment(content, maintype="application", subtype="pdf", filename="Lieferübersicht.pdf")
    return mail


def _address(
    mail: EmailMessage, random: Random, *, sender: str, subject: str, message_id: str, thread: tuple[str, ...], at: datetime
) -> None:
    mail["From"], mail["To"], mail["Subject"] = f"Zoë Kraus <{sender}>", "service@company.example", subject
    mail["Date"], mail["Message-ID"] = format_datetime(at), f"<{message_id}>"
    if thread:
        mail["In-Reply-To"], mail["References"] = f"<{thread[-1]}>", " ".join(f"<{one}>" for one in thread)
    for machine in MACHINES:
        mail["Received"] = f"from {machine} by in.company.example with ESMTPS id {random.getrandbits(64):x}; {format_datetime(at)}"
    mail["Authentication-Results"] = f"in.company.example; dmarc=pass header.from={sender.rpartition('@')[2]}"
    mail["DKIM-Signature"] = f"v=1; a=rsa-sha256; d=customer.example; b={base64.b64encode(random.randbytes(256)).decode()}"
