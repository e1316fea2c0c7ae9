"""Hearing of new mail at once: a line that idles (RFC 2177) for each mailbox, beside the poll, which goes on as if there were none.

A process takes mailboxes by a lease of their own, so that they spread over all processes and those of one that died are taken over. Each
line is a thread that touches no database; the one that does looks every second at what the lines say and at what people changed.
"""

import logging
import os
import socket
import threading
import time
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import Error, connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from inbox import imap, ingest
from inbox.errors import Unavailable
from inbox.models import Mailbox

log = logging.getLogger(__name__)

MOST = 200
"""So many mailboxes one process watches."""
AT_ONCE = 20
"""So many lines are opened in one turn, so that a process that starts leaves some to the others."""
TURN = 1.0
LEASE = timedelta(seconds=45)
RENEW_LEASE = 15.0
RENEW_IDLE = 9 * 60.0
"""Servers may end a line that has been silent for half an hour (RFC 2177), and firewalls do so sooner."""
STEADY = timedelta(minutes=1)
"""A line that held for so long was a good one; what breaks sooner is tried less and less often."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=5)
NO_IDLE_PAUSE = timedelta(days=1)
NO_IDLE = "The server does not tell of new mail by itself (it has no IDLE), so it is asked."


class Line(threading.Thread):
    """One mailbox's line. `has_news` is for whoever rings; `since` says from when on it has listened, `problem` why it ended."""

    def __init__(self, mailbox: Mailbox, *, wake: threading.Event) -> None:
        super().__init__(name=f"watches {mailbox}", daemon=True)
        self.mailbox, self._wake = mailbox, wake
        self.has_news = threading.Event()
        self.is_over = threading.Event()
        self.has_idle = True
        self.since: datetime | None = None
        self.rung = 0.0
        self.problem = "What watched this mailbox stopped without a word."

    def run(self) -> None:
        """Listen until `is_over`, or until the server ends it."""
        try:
            with imap.open_folder(self.mailbox) as folder:
                # Opening it may have asked the database for a token.
                connection.close()
                self.has_idle = folder.can_idle
                while self.has_idle and not self.is_over.is_set():
                    self._listen(folder)
            self.problem = ""
        except Unavailable as error:
            self.problem = str(error)
        finally:
            connection.close()
            self._wake.set()

    def _listen(self, folder: imap.Folder) -> None:
        until = time.monotonic() + RENEW_IDLE
        with folder.idling() as idling:
            self.since = self.since or timezone.now()
            # What came before the server began to tell.
            self._tell()
            while not self.is_over.is_set() and time.monotonic() < until:
                if idling.hears(seconds=TURN):
                    self._tell()

    def _tell(self) -> None:
        self.has_news.set()
        self._wake.set()


class Watcher:
    """What one process watches. `run` lasts until `is_stopping` is set, which a signal's handler may do."""

    def __init__(self, *, most: int = MOST) -> None:
        self.name = f"{socket.gethostname()[:60]}:{os.getpid()}:{uuid4().hex[:8]}"
        self.most = most
        self.is_stopping = False
        self.lines: dict[int, Line] = {}
        self._wake = threading.Event()
        self._renewed = 0.0

    def run(self) -> None:
        """Watch until told to stop; a database that is away is waited for."""
        try:
            while not self.is_stopping:
                try:
                    self.turn()
                except Error as error:
                    log.warning("The database cannot be used: %s", str(error).partition("\n")[0])
                    connection.close()
                    time.sleep(TURN)
                self._wake.wait(TURN)
                self._wake.clear()
        finally:
            self.stop()

    def turn(self) -> None:
        """Ring for what was heard, let go what is not ours any more, settle what ended, and take what is free."""
        self._ring()
        self._keep()
        for pk, line in list(self.lines.items()):
            if not line.is_alive():
                self._settle(self.lines.pop(pk))
        self._take()

    def stop(self) -> None:
        """End all lines and give their mailboxes up. Lines that hang in a server's silence end with the process."""
        for line in self.lines.values():
            line.is_over.set()
        with suppress(Error):
            self._mine().update(watcher="", watch_lease_until=None, watching_since=None)
        until = time.monotonic() + 2 * TURN
        for line in self.lines.values():
            line.join(max(0.0, until - time.monotonic()))
        self.lines.clear()

    def _mine(self) -> QuerySet[Mailbox]:
        return Mailbox.objects.filter(watcher=self.name)

    def _ring(self) -> None:
        now = time.monotonic()
        for pk, line in self.lines.items():
            if line.has_news.is_set() and now - line.rung >= TURN:
                line.has_news.clear()
                line.rung = now
                try:
                    ingest.ring(mailbox_id=pk)
                except Error:
                    line.has_news.set()
                    raise

    def _keep(self) -> None:
        """Renew the lease, say which lines listen, and let go of mailboxes that were paused, changed or taken."""
        if time.monotonic() - self._renewed >= RENEW_LEASE:
            self._mine().filter(is_active=True).update(watch_lease_until=timezone.now() + LEASE)
            self._renewed = time.monotonic()
        kept = dict(self._mine().filter(is_active=True).values_list("pk", "watching_since")) if self.lines else {}
        for pk in self.lines.keys() - kept.keys():
            self.lines.pop(pk).is_over.set()
            self._mine().filter(pk=pk).update(watcher="", watch_lease_until=None, watching_since=None)
        for pk, line in self.lines.items():
            if line.since and not kept[pk]:
                self._mine().filter(pk=pk).update(watching_since=line.since, watch_note="")

    def _settle(self, line: Line) -> None:
        """Give up a mailbox whose line ended, for a while."""
        now = timezone.now()
        was_steady = line.since is not None and now - line.since >= STEADY
        failures = 0 if was_steady or not line.has_idle else min(line.mailbox.watch_failures + 1, 100)
        pause = FIRST_PAUSE * 2 ** min(failures, 10) if line.has_idle else NO_IDLE_PAUSE
        self._mine().filter(pk=line.mailbox.pk).update(
            watcher="",
            watch_lease_until=None,
            watching_since=None,
            watch_failures=failures,
            watch_note=line.problem if line.has_idle else NO_IDLE,
            watch_due_at=now + (min(pause, LONGEST_PAUSE) if line.has_idle else pause),
        )

    def _take(self) -> None:
        """Take mailboxes that nobody watches. One that cannot be fetched is left alone until it can."""
        room = min(self.most - len(self.lines), AT_ONCE)
        now = timezone.now()
        if room <= 0:
            return
        with transaction.atomic():
            free = Q(watch_lease_until=None) | Q(watch_lease_until__lte=now)
            found = Mailbox.objects.filter(free, is_active=True, fetch_error="", watch_due_at__lte=now).order_by("watch_due_at")
            taken = list(found.select_for_update(skip_locked=True)[:room])
            pks = [mailbox.pk for mailbox in taken]
            Mailbox.objects.filter(pk__in=pks).update(watcher=self.name, watch_lease_until=now + LEASE, watching_since=None)
        for mailbox in taken:
            self.lines[mailbox.pk] = Line(mailbox, wake=self._wake)
            self.lines[mailbox.pk].start()
