"""A line that listens (IDLE, RFC 2177)."""

import re
import ssl
import time

from imapclient import IMAPClient

from inbox.errors import Unavailable
from inbox.imap.connection import step

MOST_SILENCES = 5
LONGEST_LINE = 65_536


class Idling:
    """A line on which the server tells of new mail."""

    def __init__(self, client: IMAPClient) -> None:
        self._client = client
        self._begun = b""
        self._silences = 0

    def hears(self, *, seconds: float) -> bool:
        """Whether the server tells of new mail within so many seconds. Raises Unavailable where the line is closed."""
        started = time.monotonic()
        with step("IDLE", "the server stopped telling of new mail"):
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
        line, file, parts = self._client.socket(), self._client._imap.file, list[bytes]()
        if not self._client._poll_socket(line, seconds):
            return b""
        line.setblocking(False)
        try:
            while part := file.read1(LONGEST_LINE):
                parts.append(part)
        except (BlockingIOError, ssl.SSLWantReadError):
            pass
        finally:
            line.setblocking(True)
            self._client._set_read_timeout()
        return b"".join(parts)

    def _expect_open(self, is_open: bool) -> None:
        """A closed line is always ready and never says anything; an open one may be so once, for what belongs to its encryption."""
        self._silences = 0 if is_open else self._silences + 1
        if self._silences > MOST_SILENCES or len(self._begun) > LONGEST_LINE:
            raise Unavailable("IDLE", "the server closed the line.")
        if self._silences:
            time.sleep(0.1)
