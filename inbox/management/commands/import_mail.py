"""`manage.py import_mail PATH… --mailbox NAME [--past [--sent PATH…]]`: take in mail that lies in files."""

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from inbox import ingest, mailfiles
from inbox.errors import Unavailable
from inbox.models import Mailbox, Message
from inbox.replies import OWN


class Command(BaseCommand):
    """Stores and reads every mail of the given files. Can be repeated: a mail that is there already is left alone."""

    help = "Take in mail from .eml files, mbox files, Maildirs, or folders of these. Can be repeated without doubles."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The paths and the mailbox."""
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="an .eml or mbox file, a Maildir, or a folder of these")
        parser.add_argument(
            "--past", action="store_true", help="the mail was dealt with before: keep it as history, write no drafts and reopen nothing"
        )
        parser.add_argument(
            "--sent",
            nargs="+",
            type=Path,
            default=[],
            metavar="PATH",
            help="with --past: what people sent then (the Sent folder); it joins the conversations, and its replies count as theirs",
        )
        parser.add_argument("--mailbox", required=True, metavar="NAME", help="name or address of the mailbox that the mail belongs to")

    def handle(self, *, paths: list[Path], sent: list[Path], mailbox: str, past: bool, **options: Any) -> None:
        """Import with progress, then say what became of the mails: first what came in, so that what was sent finds it."""
        if sent and not past:
            raise CommandError("Only past mail can come with what was sent; add --past.")
        target = find_mailbox(mailbox)
        came_in, went_out = find_files(paths), find_files(sent) if sent else []
        missed = self.take_all(came_in, partial(take_in, mailbox=target, is_past=past), what="mails")
        if went_out:
            missed += self.take_all(went_out, partial(take_in_sent, mailbox=target), what="mails that were sent")
            self.stdout.write(f"{answered_mails(target)} past mails now have the reply that was sent to them.")
        if missed:
            raise CommandError(f"{missed} files could not be opened; they are named above. Repeat when they can be.")

    def take_all(self, files: list[Path], take: Callable[[bytes], str], *, what: str) -> int:
        """Import all files and say what became of them; returns how many could not be opened."""
        outcomes: Counter[str] = Counter()
        opened = [self.take(file, take, outcomes, where=f"file {number} of {len(files)}") for number, file in enumerate(files, 1)]
        stored, unreadable, known = outcomes["stored"] + outcomes["unreadable"], outcomes["unreadable"], outcomes["known"]
        self.stdout.write(f"{stored} {what} stored, {unreadable} of them unreadable and shown so; {known} were there already.")
        return opened.count(False)

    def take(self, file: Path, take: Callable[[bytes], str], outcomes: Counter[str], *, where: str) -> bool:
        """Import one file; False where it cannot be opened. Raises CommandError where the storage takes nothing."""
        try:
            for content in mailfiles.read(file):
                outcomes[take(content)] += 1
                if outcomes.total() % 100 == 0:
                    self.stdout.write(f"{outcomes.total()} mails, {where}")
        except OSError as error:
            self.stderr.write(f"{file} cannot be opened: {error.strerror}.")
            return False
        except Unavailable as error:
            raise CommandError(f"{error} Then repeat the import: what is here already is left alone.") from error
        return True


def take_in(content: bytes, *, mailbox: Mailbox, is_past: bool = False, is_sent: bool = False) -> str:
    """Store and read one mail; what became of it in a word: stored, known or unreadable."""
    received_at = mailfiles.arrived_at(content)
    message = ingest.store_message(mailbox=mailbox, raw=content, received_at=received_at, is_past=is_past, is_sent=is_sent)
    if message.state != Message.State.RECEIVED:
        return "known"
    ingest.read_message(message=message)
    message.refresh_from_db()
    return "unreadable" if message.state == Message.State.UNREADABLE else "stored"


def take_in_sent(content: bytes, *, mailbox: Mailbox) -> str:
    """As `take_in`, for a mail that we sent; what went out from here is known."""
    return "known" if ingest.went_out_from_here(content) else take_in(content, mailbox=mailbox, is_past=True, is_sent=True)


def answered_mails(mailbox: Mailbox) -> int:
    """How many mails of `mailbox` some imported reply names as the one that it answers."""
    own = Message.objects.filter(OWN, mailbox=mailbox).values_list("references", flat=True)
    ids = {references[-1] for references in own.iterator() if references}
    return Message.objects.filter(mailbox=mailbox, kind=Message.Kind.PERSON, message_id__in=ids).count()


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
