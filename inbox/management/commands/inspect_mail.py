"""`manage.py inspect_mail`: what intake makes of mails, for a person who asks "what do you see in this mail?"."""

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from inbox.parsing import ParsedMail, parse
from inbox.parsing.grouping import label_threads

Answer = dict[str, Any]


class Command(BaseCommand):
    """Reads paths of mails on standard input, one a line; prints one JSON object a line in the same order."""

    help = "Read file paths on standard input, one a line, and print what intake makes of each as one JSON object a line."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Read every mail, then print: which mails are one conversation is only known at the end."""
        paths = [line.rstrip(b"\r\n").decode("utf-8", "surrogateescape") for line in sys.stdin.buffer if line.strip()]
        answers, mails = [], []
        for path in paths:
            answer, mail = inspect(path)
            answers.append(answer)
            mails.append(mail)
        for answer, label in zip(answers, label_threads(mails), strict=True):
            self.stdout.write(json.dumps(answer if label is None else answer | {"thread": f"t{label + 1}"}, ensure_ascii=False))


def inspect(path: str) -> tuple[Answer, ParsedMail | None]:
    """The answer for one path and the mail without its bulk; a path that cannot be read gives `{"error": …}` and no mail."""
    shown = path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    try:
        raw = Path(path).read_bytes()
    except (OSError, ValueError) as problem:
        return {"id": shown, "error": f"The file cannot be read: {problem}"}, None
    mail = parse(raw)
    return {"id": shown} | describe(mail), replace(mail, text="", reply_text="", html="", hidden_text="", attachments=())


def describe(mail: ParsedMail) -> Answer:
    """The fields of a mail as intake keeps them, ready for JSON."""
    return {
        "from_addr": mail.from_addr,
        "from_name": mail.from_name,
        "to": list(mail.to),
        "subject": mail.subject,
        "date": mail.date.isoformat() if mail.date else None,
        "message_id": mail.message_id,
        "in_reply_to": mail.in_reply_to,
        "references": list(mail.references),
        "text": mail.text,
        "reply_text": mail.reply_text,
        "n_attachments": sum(not one.is_packed for one in mail.attachments),
        "attachment_names": [one.name for one in mail.attachments if one.name and not one.is_packed],
        "packed_names": [one.name for one in mail.attachments if one.is_packed],
        "is_bounce": mail.is_bounce,
        "bounce_recipient": mail.bounce_recipient,
        "bounce_recipients": list(mail.bounce_recipients),
        "bounce_hard": mail.bounce_hard,
        "is_auto_reply": mail.is_auto_reply,
        "suppress_auto_reply": mail.suppress_auto_reply,
        "is_list": mail.is_list,
        "language": mail.language,
        "kind": mail.kind,
        "readable": mail.readable,
        "flags": list(mail.flags),
        "problems": list(mail.problems),
    }
