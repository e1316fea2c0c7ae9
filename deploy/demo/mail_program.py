"""The mail program of the people in the demo: sends over SMTP, keeps a copy in Sent, reads the Maildir."""

import smtplib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from email.utils import parseaddr
from pathlib import Path

from deploy.demo import maildir, places
from deploy.demo.accounts import Account


class CannotSend(Exception):
    """The mail server did not take the mail; the words say why. Nothing was kept."""


@dataclass(frozen=True)
class Mail:
    """One mail in somebody's mailbox. `is_own` tells what they wrote from what they received."""

    key: str
    is_own: bool
    message: EmailMessage
    at: datetime
    is_seen: bool = True

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or "").strip() or "(no subject)"

    @property
    def sender(self) -> str:
        name, address = parseaddr(str(self.message["From"] or ""))
        return name or address

    @property
    def lines(self) -> list[tuple[bool, str]]:
        """The text's lines, each with whether it is a quote."""
        return [(line.startswith(">"), line) for line in self.text.strip().splitlines()]

    @property
    def glimpse(self) -> str:
        """The first words that are no quote."""
        return " ".join(line for is_quote, line in self.lines if not is_quote)[:120]

    @property
    def headers(self) -> list[tuple[str, str]]:
        """All headers, for those who want to see them."""
        return [(name, str(value)) for name, value in self.message.items()]

    @property
    def attachments(self) -> list[str]:
        """The names of the files that came along."""
        return [part.get_filename() or "(no name)" for part in self.message.iter_attachments()]

    @property
    def text(self) -> str:
        """The plain text; of a mail without any, a word about that."""
        body = self.message.get_body(("plain",))
        return str(body.get_content()) if body is not None else "(This mail has no plain text.)"


@contextmanager
def signed_in(account: Account | None) -> Iterator[smtplib.SMTP]:
    """A connection to the demo's mail server, signed in or, without an account, as a stranger's server. Raises CannotSend."""
    try:
        with smtplib.SMTP(places.HOST, places.smtp_port(), timeout=20) as server:
            if account:
                server.login(account.address, account.password)
            yield server
    except (OSError, smtplib.SMTPException) as error:
        raise CannotSend(f"The demo's mail server did not take the mail: {error}") from error


def send(raw: bytes, *, account: Account | None, sender: str, recipient: str = places.COMPANY_ADDRESS) -> None:
    """Send one mail and keep a copy in the account's Sent folder. Raises CannotSend."""
    with signed_in(account) as server:
        server.sendmail(sender, [recipient], raw)
    if account:
        maildir.create(account.folder, subfolders=("Sent",))
        maildir.deliver(account.folder / ".Sent", raw, is_seen=True)


def mails(account: Account) -> list[Mail]:
    """What the person received and wrote, the newest first."""
    found = [*_read(account.folder, is_own=False), *_read(account.folder / ".Sent", is_own=True)]
    return sorted(found, key=lambda mail: mail.at, reverse=True)


def mark_seen(account: Account, mail: Mail) -> None:
    """Note in the Maildir that the person has read the mail."""
    if not mail.is_seen:
        maildir.mark_seen(account.folder, mail.key)


def _read(folder: Path, *, is_own: bool) -> Iterable[Mail]:
    for key, path in maildir.listing(folder):
        try:
            content = path.read_bytes()
            at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        except FileNotFoundError:
            continue  # The IMAP server has just renamed it; the next look finds it.
        yield Mail(key, is_own, BytesParser(policy=default).parsebytes(content), at, is_seen=maildir.is_seen(path))
