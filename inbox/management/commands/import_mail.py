"""`manage.py import_mail PATH… --mailbox NAME`: take in mail that lies in files."""

from argparse import ArgumentParser
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from inbox import ingest, mailfiles
from inbox.models import Mailbox, Message


class Command(BaseCommand):
    """Stores and reads every mail of the given files. Can be repeated: a mail that is there already is left alone."""

    help = "Take in mail from .eml files, mbox files, Maildirs, or folders of these. Can be repeated without doubles."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The paths and the mailbox."""
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="an .eml or mbox file, a Maildir, or a folder of these")
        parser.add_argument(
            "--past", action="store_true", help="the mail was dealt with before: keep it as history, write no drafts and reopen nothing"
        )
        parser.add_argument("--mailbox", required=True, metavar="NAME", help="name or address of the mailbox that the mail belongs to")

    def handle(self, *, paths: list[Path], mailbox: str, past: bool, **options: Any) -> None:
        """Import with progress, then say what became of the mails."""
        target = find_mailbox(mailbox)
        files = find_files(paths)
        outcomes: Counter[str] = Counter()
        numbered = enumerate(files, 1)
        take = partial(self.take, mailbox=target, outcomes=outcomes, is_past=past)
        missed = [file for number, file in numbered if not take(file, where=f"file {number} of {len(files)}")]
        stored, unreadable = outcomes["stored"] + outcomes["unreadable"], outcomes["unreadable"]
        self.stdout.write(f"{stored} mails stored, {unreadable} of them unreadable and shown so; {outcomes['known']} were there already.")
        if missed:
            raise CommandError(f"{len(missed)} files could not be opened; they are named above. Repeat when they can be.")

    def take(self, file: Path, *, mailbox: Mailbox, outcomes: Counter[str], where: str, is_past: bool) -> bool:
        """Import one file; False where it cannot be opened."""
        try:
            for content in mailfiles.read(file):
                outcomes[take_in(content, mailbox, is_past=is_past)] += 1
                if outcomes.total() % 100 == 0:
                    self.stdout.write(f"{outcomes.total()} mails, {where}")
        except OSError as error:
            self.stderr.write(f"{file} cannot be opened: {error.strerror}.")
            return False
        return True


def take_in(content: bytes, mailbox: Mailbox, *, is_past: bool = False) -> str:
    """Store and read one mail; what became of it in a word: stored, known or unreadable."""
    message = ingest.store_message(mailbox=mailbox, raw=content, received_at=mailfiles.arrived_at(content), is_past=is_past)
    if message.state != Message.State.RECEIVED:
        return "known"
    ingest.read_message(message=message)
    message.refresh_from_db()
    return "unreadable" if message.state == Message.State.UNREADABLE else "stored"


def find_mailbox(name: str) -> Mailbox:
    """The mailbox of that name or address. Raises CommandError with those that there are."""
    found = Mailbox.objects.filter(name=name).first() or Mailbox.objects.filter(address__iexact=name).first()
    if found is None:
        known = ", ".join(repr(one) for one in Mailbox.objects.order_by("name").values_list("name", flat=True))
        raise CommandError(f"There is no mailbox {name!r}; choose one of: {known or 'none yet, add one in the admin first'}.")
    return found


def find_files(paths: list[Path]) -> list[Path]:
    """All files to import. Raises CommandError where a path does not exist or holds no mail."""
    for path in paths:
        if not path.exists():
            raise CommandError(f"{path} does not exist; name an .eml or mbox file, a Maildir, or a folder of these.")
    files = [file for path in paths for file in mailfiles.find(path)]
    if not files:
        raise CommandError("No mail was found there; files in folders are taken by their names (.eml, .mbox) or from Maildirs.")
    return files
