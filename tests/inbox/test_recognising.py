"""Mails that come a second time, from a server or a file, in other bytes."""

import hashlib
import mailbox as mailboxes
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from inbox import ingest, raw
from inbox.models import Mailbox, Message
from tests.inbox.factories import make_mail, make_mailbox, receive

pytestmark = pytest.mark.django_db
TEXT = "Hello,\n\nwhere is it?\nFrom here I cannot see.\n"


@pytest.fixture
def mailbox() -> Mailbox:
    return make_mailbox(name="Service")


def fetched(mailbox: Mailbox, content: bytes, *, uid: int = 1, uidvalidity: int = 1) -> Message:
    """A mail as a server hands it out: with its lines ended, and a line of its own on top."""
    content = (b"Received: by the server\n" + content).replace(b"\n", b"\r\n")
    message = ingest.store_message(mailbox=mailbox, raw=content, received_at=timezone.now(), uid=uid, uidvalidity=uidvalidity)
    ingest.read_message(message=message)
    return message


def imported(path: Path) -> None:
    call_command("import_mail", str(path), mailbox="Service", past=True, verbosity=0)


def test_a_mail_that_was_imported_is_the_same_when_it_is_fetched(mailbox: Mailbox, tmp_path: Path) -> None:
    content = make_mail(TEXT)
    (tmp_path / "one.eml").write_bytes(content)
    imported(tmp_path)
    fetched(mailbox, content, uid=7)
    assert list(Message.objects.values_list("uid", "uidvalidity")) == [(7, 1)]


def test_a_mail_that_was_fetched_is_the_same_when_it_is_imported(mailbox: Mailbox, tmp_path: Path) -> None:
    content = make_mail(TEXT)
    fetched(mailbox, content, uid=7)
    (tmp_path / "one.eml").write_bytes(content)
    imported(tmp_path)
    assert list(Message.objects.values_list("uid", "uidvalidity")) == [(7, 1)]


def test_a_mail_is_imported_once_though_an_mbox_writes_it_otherwise(mailbox: Mailbox, tmp_path: Path) -> None:
    content = make_mail(TEXT)
    (tmp_path / "one.eml").write_bytes(content.replace(b"\n", b"\r\n"))
    archive = mailboxes.mbox(tmp_path / "all.mbox")
    archive.add(b"X-Labels: Inbox\n" + content)
    archive.close()
    assert b"\n>From here" in (tmp_path / "all.mbox").read_bytes()
    imported(tmp_path)
    imported(tmp_path)
    assert Message.objects.count() == 1


@pytest.mark.parametrize("change", [(b"where is it?", b"where is it??"), (b"Date: ", b"Date: Mon, "), (b"From: ana", b"From: bea")])
def test_mails_that_say_something_else_under_the_same_id_are_two(mailbox: Mailbox, change: tuple[bytes, bytes]) -> None:
    content = make_mail(TEXT)
    receive(mailbox, content)
    assert change[0] in content
    fetched(mailbox, content.replace(*change, 1))
    assert Message.objects.count() == 2


def test_copies_of_an_imported_mail_in_one_folder_are_two(mailbox: Mailbox) -> None:
    content = make_mail(TEXT)
    receive(mailbox, content)
    fetched(mailbox, content, uid=1)
    fetched(mailbox, b"Received: by another way\n" + content, uid=2)
    assert set(Message.objects.values_list("uid", flat=True)) == {1, 2}


def test_what_a_program_brought_does_not_stand_for_what_a_server_took_in(mailbox: Mailbox) -> None:
    content = make_mail(TEXT)
    ingest.read_message(message=ingest.post_message(mailbox=mailbox, raw=content).message)
    fetched(mailbox, content)
    assert Message.objects.count() == 2


def test_of_a_mail_that_is_here_already_no_second_bytes_are_kept(mailbox: Mailbox, django_capture_on_commit_callbacks: Any) -> None:
    content = make_mail(TEXT)
    kept = receive(mailbox, content).raw_sha256
    moved = b"X-Moved: yes\n" + content
    with django_capture_on_commit_callbacks(execute=True):
        receive(mailbox, moved)
    assert raw.read(kept) == content
    with pytest.raises(FileNotFoundError):
        raw.read(hashlib.sha256(moved).hexdigest())


def test_bytes_that_another_mailbox_needs_are_kept(mailbox: Mailbox, django_capture_on_commit_callbacks: Any) -> None:
    content = make_mail(TEXT)
    receive(mailbox, content)
    moved = b"X-Moved: yes\n" + content
    needed = receive(make_mailbox(), moved).raw_sha256
    with django_capture_on_commit_callbacks(execute=True):
        receive(mailbox, moved)
    assert raw.read(needed) == moved
