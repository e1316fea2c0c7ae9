"""New mail is heard of at once, by one process of many, and whatever a server does costs no more than that."""

import os
import signal
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from imapclient import SocketTimeout

from inbox import imap, ingest, mailboxes, tasks, watching
from inbox.models import Mailbox, Message
from tests.inbox.factories import make_mail, make_mailbox
from tests.mailservers import ImapAccount, free_port

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def rung_at_once(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What is rung for is fetched within the call; the ids of the mailboxes that were rung for."""
    rung: list[int] = []

    def fetch(pk: int) -> None:
        rung.append(pk)
        tasks.fetch_mailbox.run(pk)

    monkeypatch.setattr(tasks.fetch_mailbox, "delay", fetch)
    monkeypatch.setattr(tasks.parse_message, "delay", lambda pk: None)
    return rung


@contextmanager
def watched(*, most: int = watching.MOST) -> Iterator[watching.Watcher]:
    """A process that watches, in a thread."""
    watcher = watching.Watcher(most=most)

    def run() -> None:
        watcher.run()
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield watcher
    finally:
        watcher.is_stopping = True
        thread.join(30)
        assert not thread.is_alive()


def wait_for(what: Callable[[], object], *, seconds: float = 20) -> float:
    """How long it took until `what` was true."""
    started = time.monotonic()
    while not what():
        assert time.monotonic() - started < seconds, "it did not come about"
        time.sleep(0.05)
    return time.monotonic() - started


@contextmanager
def answering_idle(answer: bytes) -> Iterator[int]:
    """An IMAP server that answers IDLE with these lines and hangs up; its port."""
    answers = {b"CAPABILITY": b"* CAPABILITY IMAP4rev1 IDLE\r\n", b"EXAMINE": b"* OK [UIDVALIDITY 1] fine\r\n"}

    class Talk(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"* OK welcome\r\n")
            while line := self.rfile.readline():
                tag, verb = line.split()[:2]
                if verb == b"IDLE":
                    self.wfile.write(answer.replace(b"{tag}", tag))
                    return
                self.wfile.write(answers.get(verb, b"") + tag + b" OK done\r\n")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield int(server.server_address[1])
        server.shutdown()
        thread.join()


def is_watched(mailbox: Mailbox) -> bool:
    return Mailbox.objects.filter(pk=mailbox.pk, watching_since__isnull=False).exclude(watcher="").exists()


def test_a_delivered_mail_is_stored_though_the_next_poll_is_an_hour_away(imap_account: ImapAccount) -> None:
    mailbox = make_mailbox(imap=imap_account, poll_seconds=3600)
    with watched():
        wait_for(lambda: is_watched(mailbox))
        wait_for(lambda: Mailbox.objects.get().fetched_at)
        for number in range(1, 4):
            imap_account.deliver(make_mail(f"Mail {number}"))
            wait_for(lambda n=number: Message.objects.count() == n)  # type: ignore[misc]


def test_mail_that_came_before_the_line_listened_is_fetched_as_it_begins(imap_account: ImapAccount) -> None:
    imap_account.deliver(make_mail())
    make_mailbox(imap=imap_account, poll_seconds=3600)
    with watched():
        wait_for(Message.objects.exists)


def test_the_line_is_renewed_and_goes_on_hearing(imap_account: ImapAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "RENEW_IDLE", 1.0)
    mailbox = make_mailbox(imap=imap_account, poll_seconds=3600)
    with watched() as watcher:
        wait_for(lambda: is_watched(mailbox))
        line = watcher.lines[mailbox.pk]
        time.sleep(3)
        imap_account.deliver(make_mail())
        wait_for(Message.objects.exists)
        assert watcher.lines[mailbox.pk] is line
        assert line.is_alive()


def test_a_fetch_that_is_rung_for_while_it_runs_is_followed_by_another(imap_account: ImapAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    mailbox = make_mailbox(imap=imap_account, poll_seconds=3600)
    genuine = imap.Folder.uids_above

    def list_too_early(self: imap.Folder, watermark: int) -> Any:
        found = list(genuine(self, watermark))
        imap_account.deliver(make_mail())
        ingest.ring(mailbox_id=mailbox.pk)
        return iter(found)

    with monkeypatch.context() as patch:
        patch.setattr(imap.Folder, "uids_above", list_too_early)
        ingest.fetch_mailbox(mailbox=mailbox)
    assert not Message.objects.exists()
    assert ingest.due_mailboxes() == [mailbox.pk]
    ingest.fetch_mailbox(mailbox=mailbox)
    assert Message.objects.exists()
    assert ingest.due_mailboxes() == []


def test_two_processes_never_watch_one_mailbox_and_share_many(imap_account: ImapAccount) -> None:
    made = [make_mailbox(imap=imap_account) for _ in range(4)]
    with watched(most=2) as one, watched(most=2) as another:
        wait_for(lambda: all(map(is_watched, made)))
        assert len(one.lines) == len(another.lines) == 2
        assert not one.lines.keys() & another.lines.keys()


def test_the_mailboxes_of_a_process_that_died_are_taken_over(imap_account: ImapAccount) -> None:
    mailbox = make_mailbox(imap=imap_account)
    Mailbox.objects.update(watcher="dead", watch_lease_until=timezone.now() + timedelta(seconds=2), watching_since=timezone.now())
    with watched() as watcher:
        time.sleep(1)
        assert not watcher.lines
        wait_for(lambda: Mailbox.objects.filter(watcher=watcher.name).exists())
        wait_for(lambda: is_watched(mailbox))


def test_a_lease_is_renewed_while_the_process_lives(imap_account: ImapAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "RENEW_LEASE", 0.5)
    mailbox = make_mailbox(imap=imap_account)
    with watched():
        wait_for(lambda: is_watched(mailbox))
        first = Mailbox.objects.get().watch_lease_until
        assert first
        wait_for(lambda: Mailbox.objects.filter(watch_lease_until__gt=first + timedelta(seconds=1)).exists())


def test_a_process_whose_lease_was_lost_lets_go(imap_account: ImapAccount) -> None:
    mailbox = make_mailbox(imap=imap_account)
    with watched() as watcher:
        wait_for(lambda: is_watched(mailbox))
        Mailbox.objects.update(watcher="another", watch_lease_until=timezone.now() + timedelta(minutes=1))
        wait_for(lambda: not watcher.lines)
    assert Mailbox.objects.get().watcher == "another"


def test_a_paused_mailbox_is_let_go_within_seconds(imap_account: ImapAccount) -> None:
    mailbox = make_mailbox(imap=imap_account)
    with watched() as watcher:
        wait_for(lambda: is_watched(mailbox))
        line = watcher.lines[mailbox.pk]
        mailboxes.pause(mailbox=mailbox)
        wait_for(lambda: not line.is_alive())
        assert (Mailbox.objects.get().watcher, Mailbox.objects.get().watching_since) == ("", None)
        mailboxes.resume(mailbox=mailbox)
        wait_for(lambda: is_watched(mailbox))


def test_a_changed_mailbox_is_watched_as_it_is_now(imap_account: ImapAccount) -> None:
    mailbox = make_mailbox(imap=imap_account, folder="INBOX")
    with watched() as watcher:
        wait_for(lambda: is_watched(mailbox))
        line = watcher.lines[mailbox.pk]
        typed = Mailbox.objects.get()
        typed.imap_host = "localhost"
        mailboxes.save(mailbox=typed)
        wait_for(lambda: not line.is_alive())
        wait_for(lambda: is_watched(mailbox))
        assert watcher.lines[mailbox.pk].mailbox.imap_host == "localhost"


def test_a_server_without_idle_is_left_to_the_poll(imap_account: ImapAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap.Folder, "can_idle", False)
    make_mailbox(imap=imap_account)
    with watched() as watcher:
        wait_for(lambda: Mailbox.objects.get().watch_note)
        assert not watcher.lines
    mailbox = Mailbox.objects.get()
    assert mailbox.watch_note == watching.NO_IDLE
    assert mailbox.watch_due_at > timezone.now() + timedelta(hours=20)
    assert mailbox.fetch_error == ""


def test_a_mailbox_that_cannot_be_reached_is_tried_less_and_less_often(imap_account: ImapAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    make_mailbox(imap=imap_account, imap_port=free_port())
    pauses = []
    for _ in range(8):
        Mailbox.objects.update(watch_due_at=timezone.now())
        watcher = watching.Watcher()
        watcher.turn()
        for line in watcher.lines.values():
            line.join(20)
        watcher.turn()
        mailbox = Mailbox.objects.get()
        pauses.append(round((mailbox.watch_due_at - timezone.now()).total_seconds()))
    assert pauses == [10, 20, 40, 80, 160, 300, 300, 300]
    assert mailbox.watch_note.startswith("TCP: 127.0.0.1 accepts no connections")
    assert (mailbox.watcher, mailbox.watch_lease_until) == ("", None)


def test_a_mailbox_that_cannot_be_fetched_is_not_watched(imap_account: ImapAccount) -> None:
    make_mailbox(imap=imap_account, fetch_error="login: no")
    watcher = watching.Watcher()
    watcher.turn()
    assert not watcher.lines


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"", "IDLE: the server does not tell of new mail"),
        (b"{tag} NO not today\r\n", "IDLE: the server does not tell of new mail"),
        (b"+ idling\r\n", "IDLE: the server closed the line"),
        (b"+ idling\r\n* BYE restarting\r\n", "IDLE: "),
        (b"+ idling\r\nrubbish\r\n", "IDLE: "),
    ],
    ids=["hangs up", "refuses", "hangs up later", "says goodbye", "talks nonsense"],
)
def test_a_server_that_ends_a_line_is_left_alone_for_a_while(answer: bytes, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inbox.imap.connection.TIMEOUT", SocketTimeout(connect=1, read=1))
    with answering_idle(answer) as port:
        make_mailbox(imap_port=port, imap_username="user")
        with watched():
            wait_for(lambda: Mailbox.objects.get().watch_note)
    mailbox = Mailbox.objects.get()
    assert mailbox.watch_note.startswith(words)
    assert mailbox.watch_due_at > timezone.now() + timedelta(seconds=2)
    assert mailbox.watching_since is None


def test_it_ends_within_seconds_of_being_told_and_gives_its_mailboxes_up(imap_account: ImapAccount) -> None:
    mailbox = make_mailbox(imap=imap_account)
    settings = connection.settings_dict
    environment = os.environ | {"DATABASE_URL": os.environ["DATABASE_URL"].replace("/countersign?", f"/{settings['NAME']}?")}
    command = [sys.executable, "manage.py", "watch_mailboxes"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE)
    try:
        wait_for(lambda: is_watched(mailbox), seconds=40)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.communicate()
    assert (Mailbox.objects.get().watcher, Mailbox.objects.get().watch_lease_until) == ("", None)
