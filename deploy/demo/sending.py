"""Sends the demo's mails to the company over SMTP, as the people who wrote them would."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime

from deploy.demo import accounts, mail_program, mails, places, secret_files


def send_mails(*, again: bool = False, say: Callable[[str], None] = lambda line: None) -> int:
    """Send those that were not sent yet, or all of them once more. Returns how many; raises CannotSend.

    Which were sent is noted after each, so that an interrupted run goes on where it stopped.
    """
    known = accounts.load()
    with secret_files.changing(places.state() / "sent.json") as note:
        if again or "batch" not in note:
            note.update(batch=secrets.token_hex(4), names=[])
        waiting = [mail for mail in mails.load() if mail.name not in note["names"]]
        for count, mail in enumerate(waiting, 1):
            raw = mails.render(mail, batch=note["batch"], now=datetime.now(UTC))
            account = None if mail.is_from_outside else known[mail.sender]
            mail_program.send(raw, account=account, sender=envelope_sender(mail))
            note["names"].append(mail.name)
            say(f"{count} of {len(waiting)}: {mail.name}")
    return len(waiting)


def envelope_sender(mail: mails.WrittenMail) -> str:
    """Whom the mail server would return it to: nobody, where it is itself a report (RFC 5321, 4.5.5)."""
    return "" if mail.form[0] == "bounce" or mail.headers.get("Auto-Submitted", "no") != "no" else mail.sender
