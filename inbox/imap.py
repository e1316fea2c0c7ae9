"""IMAP, seen from us: list and fetch a folder, file a copy. Whatever fails is `Unavailable` and names the step."""

import imaplib
import re
import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from imapclient import SEEN, IMAPClient, SocketTimeout, tls
from imapclient.imapclient import SENT

from inbox import oauth
from inbox.errors import Unavailable, Withheld, unreachable
from inbox.models import Mailbox, Security, SignIn

TIMEOUT = SocketTimeout(connect=20, read=60)
MOST_SILENCES = 5
LONGEST_LINE = 65_536
WINDOW = 20_000
"""UIDs asked for at once: the answer is one line, and imaplib takes lines of up to a million bytes."""


@dataclass(frozen=True)
class Listed:
    """A mail as the server lists it; `size` in bytes."""

    uid: int
    size: int
    received_at: datetime | None


class Folder:
    """The opened folder of a mailbox. It is never written to, so that nothing is marked as seen."""

    def __init__(self, client: IMAPClient, name: str) -> None:
        self._client = client
        with _step("folder", f"the folder {name!r} cannot be opened"):
            status = client.select_folder(name, readonly=True)
        self.uidvalidity = int(status.get(b"UIDVALIDITY", 0))
        self._next = int(status.get(b"UIDNEXT", 0))

    def uids_above(self, watermark: int) -> Iterator[int]:
        """The UIDs above the watermark, ascending."""
        low = watermark + 1
        while low + WINDOW < self._next:
            yield from self._search(low, f"{low}:{low + WINDOW - 1}")
            low += WINDOW
        yield from self._search(low, f"{low}:*")

    def _search(self, low: int, window: str) -> list[int]:
        with _step("listing", "the server did not list its mails"):
            found = self._client.search(["UID", window])
        # RFC 3501, 6.4.8: a range n:* always contains the last message, even where its UID is below n.
        return sorted(uid for uid in found if uid >= low)

    def describe(self, uids: Sequence[int]) -> list[Listed]:
        """Sizes and arrival times, ascending by UID; mails that were removed meanwhile are left out."""
        with _step("listing", "the server did not say how large its mails are"):
            found = self._client.fetch(uids, ["RFC822.SIZE", "INTERNALDATE"])
        return [
            Listed(uid=uid, size=int(data.get(b"RFC822.SIZE", 0)), received_at=data.get(b"INTERNALDATE"))
            for uid, data in sorted(found.items())
        ]

    def fetch(self, uids: Sequence[int]) -> dict[int, bytes]:
        """The raw bytes of these mails. One that was removed meanwhile is missing from the answer. Raises Withheld."""
        return self._bodies(uids, "BODY.PEEK[]") if uids else {}

    def fetch_start(self, uid: int, *, size: int) -> bytes | None:
        """The first `size` bytes of a mail, or None if it was removed. Raises Withheld."""
        return self._bodies([uid], f"BODY.PEEK[]<0.{size}>").get(uid)

    def fetch_header(self, uid: int) -> bytes | None:
        """The header of a mail, or None if it was removed. Raises Withheld."""
        return self._bodies([uid], "BODY.PEEK[HEADER]").get(uid)

    @property
    def can_idle(self) -> bool:
        """Whether the server tells of new mail by itself (RFC 2177). Raises Unavailable."""
        with _step("IDLE", "the server does not say what it can"):
            return bool(self._client.has_capability("IDLE"))

    @contextmanager
    def idling(self) -> Iterator["Idling"]:
        """Have the server tell of new mail while the block lasts; mail that came before it is not told of. Raises Unavailable."""
        with _step("IDLE", "the server does not tell of new mail, though it says that it can"):
            self._client.idle()
        idling = Idling(self._client)
        yield idling
        with _step("IDLE", "the server does not stop telling of new mail"):
            idling.end_line()
            self._client.idle_done()

    def _bodies(self, uids: Sequence[int], item: str) -> dict[int, bytes]:
        try:
            with _step("fetching", "the server did not hand out a mail that it lists"):
                found = self._client.fetch(uids, [item])
        except Unavailable as error:
            raise Withheld(error.step, error.reason, uids=uids) from error
        return {uid: body for uid, data in found.items() if (body := _body(data)) is not None}


class Idling:
    """A line on which the server tells of new mail."""

    def __init__(self, client: IMAPClient) -> None:
        self._client = client
        self._begun = b""
        self._silences = 0

    def hears(self, *, seconds: float) -> bool:
        """Whether the server tells of new mail within so many seconds. Raises Unavailable where the line is closed."""
        started = time.monotonic()
        with _step("IDLE", "the server stopped telling of new mail"):
            told = self._read(seconds)
        *lines, self._begun = (self._begun + told).split(b"\n")
        if any(line.upper().startswith(b"* BYE") for line in lines):
            raise Unavailable("IDLE", "the server said goodbye.")
        self._expect_open(bool(told) or time.monotonic() - started > seconds / 2)
        return any(re.match(rb"\* \d+ EXISTS", line, re.IGNORECASE) for line in lines)

    def end_line(self) -> None:
        """Read the rest of a line that has come in part, as what follows belongs to the library."""
        if self._begun:
            self._client._imap.file.readline(LONGEST_LINE)

    def _read(self, seconds: float) -> bytes:
        """What the server has said by now. Half a line is kept; the library would take it for the end of the connection."""
        socket, file, parts = self._client.socket(), self._client._imap.file, list[bytes]()
        if not self._client._poll_socket(socket, seconds):
            return b""
        socket.setblocking(False)
        try:
            while part := file.read1(LONGEST_LINE):
                parts.append(part)
        except (BlockingIOError, ssl.SSLWantReadError):
            pass
        finally:
            socket.setblocking(True)
            self._client._set_read_timeout()
        return b"".join(parts)

    def _expect_open(self, is_open: bool) -> None:
        """A closed line is always ready and never says anything; an open one may be so once, for what belongs to its encryption."""
        self._silences = 0 if is_open else self._silences + 1
        if self._silences > MOST_SILENCES or len(self._begun) > LONGEST_LINE:
            raise Unavailable("IDLE", "the server closed the line.")
        if self._silences:
            time.sleep(0.1)


def _body(data: dict[bytes, Any]) -> bytes | None:
    return next((value for key, value in data.items() if key.startswith(b"BODY[") and value is not None), None)


@contextmanager
def open_folder(mailbox: Mailbox) -> Iterator[Folder]:
    """The watched folder of a mailbox, logged in and opened. Raises Unavailable."""
    with _connect(mailbox) as client:
        yield Folder(client, mailbox.folder)


def file_copy(mailbox: Mailbox, *, message_id: str, mime: bytes, sent_at: datetime) -> bool:
    """Lay a copy into the Sent folder unless one with this Message-ID is there; True if it was laid. Raises Unavailable."""
    with _connect(mailbox) as client, _step("Sent folder", f"the copy cannot be filed in {mailbox.sent_folder!r}"):
        folder = _sent_folder(client, mailbox.sent_folder)
        client.select_folder(folder, readonly=True)
        if client.search(["HEADER", "Message-ID", message_id]):
            return False
        client.append(folder, mime, flags=[SEEN], msg_time=sent_at)
        return True


def is_in_sent(mailbox: Mailbox, *, message_id: str) -> bool:
    """Whether a mail with this Message-ID lies in the Sent folder. Raises Unavailable."""
    with _connect(mailbox) as client, _step("Sent folder", "the Sent folder cannot be searched"):
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


@contextmanager
def _connect(mailbox: Mailbox) -> Iterator[IMAPClient]:
    host, port = mailbox.imap_host, mailbox.imap_port
    with _step("greeting", f"{host} does not answer as an IMAP server on port {port}", host=host, port=port):
        client = IMAPClient(host, port, ssl=mailbox.imap_security == Security.TLS, ssl_context=_context(mailbox), timeout=TIMEOUT)
    with client:
        client.normalise_times = False
        if mailbox.imap_security == Security.STARTTLS:
            with _step("TLS", f"{host} does not offer STARTTLS on port {port}", host=host, port=port):
                client.starttls(_context(mailbox))
        _sign_in(client, mailbox)
        yield client


def _sign_in(client: IMAPClient, mailbox: Mailbox) -> None:
    host, user = mailbox.imap_host, mailbox.imap_username
    if mailbox.sign_in == SignIn.PASSWORD:
        with _step("login", f"{host} refused the login as {user!r}; check user name and password"):
            client.login(user, mailbox.imap_password)
        return
    token = oauth.access_token(mailbox)
    try:
        with _step("login", f"{host} refused the token for {user!r}; connect that very account, and allow IMAP in it"):
            # To a challenge after the first, which tells an error, XOAUTH2 wants an empty answer.
            client.sasl_login("XOAUTH2", lambda challenge: b"" if challenge else oauth.initial_response(user, token))
    except Unavailable:
        oauth.distrust(mailbox)
        raise


def _context(mailbox: Mailbox) -> Any:
    return None if mailbox.imap_security == Security.NONE else tls.create_default_context()


@contextmanager
def _step(step: str, sentence: str, *, host: str = "", port: int = 0) -> Iterator[None]:
    """Turn whatever the IMAP library raises into Unavailable with the name of this step. `host` and `port` where the step connects."""
    try:
        yield
    except OSError as error:
        if host:
            raise unreachable(error, host=host, port=port) from error
        raise Unavailable(step, f"{sentence} (the connection broke: {_words(error)}).") from error
    except imaplib.IMAP4.error as error:
        raise Unavailable(step, f"{sentence} ({_words(error)}).") from error
    except ValueError as error:
        raise Unavailable(step, f"{sentence} (an answer that makes no sense: {_words(error)}).") from error


def _words(error: Exception) -> str:
    last = error.args[-1] if error.args else ""
    said = last.decode("utf-8", "replace") if isinstance(last, bytes) else str(last or type(error).__name__)
    # The library makes some errors of the server's bytes as Python writes them.
    return re.sub(r"^b(['\"])(.*)\1$", r"\2", said, flags=re.DOTALL)[:300]
