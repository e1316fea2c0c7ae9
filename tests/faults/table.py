"""Rows of the fault tables, and what every test of mail that leaves needs. `pytest tests/faults -v` prints the tables."""

from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

from django.utils import timezone

from inbox import outbox
from inbox.models import OutgoingMail
from tests.mailservers import SmtpServer

State = OutgoingMail.State


class Row(NamedTuple):
    """What the server does at which step, and what follows: the state of the mail, and how many the server took."""

    faults: dict[str, str]
    state: State
    accepted: int

    @property
    def end(self) -> tuple[State, int]:
        """State and number once the server is well again and days have passed."""
        return (State.SENT, 1) if self.state == State.RETRY else (self.state, self.accepted)


def ids(table: Mapping[str, Row]) -> list[str]:
    """The rows in words."""
    return [line(point, (row.state, row.accepted), row.end) for point, row in table.items()]


def line(point: str, first: tuple[State, int], end: tuple[State, int]) -> str:
    """A point of failure, and the state and number accepted after it and in the end."""
    return f"{point} -> {first[0]}, {first[1]} accepted; in the end {end[0]}, {end[1]} accepted, nobody twice"


def send_due() -> None:
    """What a sweep and its bells do."""
    for pk in outbox.release_due():
        outbox.send(mail_id=pk)


def work_for_days() -> None:
    """Everything that the workers would do if all pauses and leases ended."""
    for _ in range(3):
        past = timezone.now() - timedelta(seconds=1)
        OutgoingMail.objects.update(due_at=past)
        OutgoingMail.objects.filter(lease_until__isnull=False).update(lease_until=past)
        send_due()


def see(mail: OutgoingMail, server: SmtpServer) -> tuple[State, int]:
    """The state of the mail, and how many of it the server took."""
    mail.refresh_from_db()
    assert len(server.recipients) == len(server.accepted)
    assert len(set(server.recipients)) == len(server.recipients), "somebody was written to twice"
    return State(mail.state), server.recipients.count(mail.recipient)


def outgrow_the_buffers(mail: OutgoingMail) -> None:
    """Make the mail so large that the server breaks off while we still write."""
    padding = b"padding " * 100 + b"\r\n"
    OutgoingMail.objects.filter(pk=mail.pk).update(mime=bytes(mail.mime) + padding * 7_500)
