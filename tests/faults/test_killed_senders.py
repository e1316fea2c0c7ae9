"""A process that sends is killed with SIGKILL at each edge between two states: what becomes of the mail, and how many the server took."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from inbox import outbox
from inbox.models import OutgoingMail
from tests.faults.sender import EDGES
from tests.faults.test_sending import work_for_days
from tests.inbox.factories import make_mailbox, queue_reply, receive
from tests.mailservers import PASSWORD, SmtpServer

State = OutgoingMail.State
pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).parents[2]
ENDS = {
    "before it claims the mail": (State.READY, State.SENT, 1),
    "after it claimed the mail": (State.CLAIMED, State.SENT, 1),
    "before dot_sent is written": (State.CLAIMED, State.SENT, 1),
    "after dot_sent is written, before the dot": (State.DOT_SENT, State.MAYBE_SENT, 0),
    "after the server's answer, before sent is written": (State.DOT_SENT, State.MAYBE_SENT, 1),
    "after sent is written": (State.SENT, State.SENT, 1),
}


def address_of_the_database() -> str:
    """The test database, for another process."""
    chosen = connection.settings_dict
    base = os.environ["DATABASE_URL"]
    head, question, query = base.partition("?")
    return f"{head.rpartition('/')[0]}/{chosen['NAME']}{question}{query}"


def kill_while_sending(mail_id: int, edge: str) -> int:
    known = os.environ | {"DATABASE_URL": address_of_the_database(), "DJANGO_SETTINGS_MODULE": "deploy.settings"}
    command = [sys.executable, "-m", "tests.faults.sender", str(mail_id), edge]
    return subprocess.run(command, cwd=ROOT, env=known, timeout=60, check=False).returncode


def test_every_edge_is_tried() -> None:
    assert ENDS.keys() == EDGES.keys()


@pytest.mark.parametrize("edge", ENDS)
def test_the_sender_is_killed(smtp_server: SmtpServer, edge: str) -> None:
    left, end, accepted = ENDS[edge]
    mail = queue_reply(receive(make_mailbox(smtp=smtp_server, smtp_username="user", smtp_password=PASSWORD)))
    [pk] = outbox.release_due()
    assert kill_while_sending(pk, edge) == -signal.SIGKILL
    mail.refresh_from_db()
    assert mail.state == left
    work_for_days()
    mail.refresh_from_db()
    assert (mail.state, len(smtp_server.accepted)) == (end, accepted)
