"""The Sent folder: lay a copy into it, look for a mail in it."""

from datetime import datetime

from imapclient import SEEN, IMAPClient
from imapclient.imapclient import SENT

from inbox.imap.connection import DEADLINE, connect, step
from inbox.models import Mailbox


def file_copy(mailbox: Mailbox, *, message_id: str, mime: bytes, sent_at: datetime) -> bool:
    """Lay a copy into the Sent folder unless one with this Message-ID is there; True if it was laid. Raises Unavailable."""
    with connect(mailbox, within=DEADLINE) as client, step("Sent folder", f"the copy cannot be filed in {mailbox.sent_folder!r}"):
        folder = _sent_folder(client, mailbox.sent_folder)
        client.select_folder(folder, readonly=True)
        if client.search(["HEADER", "Message-ID", message_id]):
            return False
        client.append(folder, mime, flags=[SEEN], msg_time=sent_at)
        return True


def is_in_sent(mailbox: Mailbox, *, message_id: str) -> bool:
    """Whether a mail with this Message-ID lies in the Sent folder. Raises Unavailable."""
    with connect(mailbox, within=DEADLINE) as client, step("Sent folder", "the Sent folder cannot be searched"):
        folder = _known_sent_folder(client, mailbox.sent_folder)
        if folder is None:
            return False
        client.select_folder(folder, readonly=True)
        return bool(client.search(["HEADER", "Message-ID", message_id]))


def _sent_folder(client: IMAPClient, wanted: str) -> str:
    """The Sent folder, made where there is none."""
    if folder := _known_sent_folder(client, wanted):
        return folder
    client.create_folder(wanted)
    return wanted


def _known_sent_folder(client: IMAPClient, wanted: str) -> str | None:
    """The folder of that name, else the one that the server marks as its Sent folder (RFC 6154)."""
    if wanted and client.folder_exists(wanted):
        return wanted
    special = client.find_special_folder(SENT)
    return str(special) if special else None
