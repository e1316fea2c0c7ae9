"""A process that sends is killed with SIGKILL at each edge between two states: what becomes of the mail, and how many the server took."""

from typing import NamedTuple

import pytest

from inbox import outbox
from inbox.models import OutgoingMail
from tests.faults.mortals import Edge, Mortals, mortals
from tests.faults.table import State, line, see, work_for_days
from tests.faults.workers import wait_until
from tests.mailservers import SmtpServer

__all__ = ["mortals"]
pytestmark = pytest.mark.django_db(transaction=True)
SENDING, CLIENT = "inbox.outbox.sending", "inbox.smtp.client"


class Killed(NamedTuple):
    """Where the sender dies, what is known of the mail then, and what becomes of it."""

    edge: Edge
    first: tuple[State, int]
    end: tuple[State, int]
    faults: dict[str, str] = {}


EDGES = {
    "before it claims the mail": Killed(Edge(SENDING, "_claim"), (State.READY, 0), (State.SENT, 1)),
    "after it claimed the mail": Killed(Edge(SENDING, "_claim", True), (State.CLAIMED, 0), (State.SENT, 1)),
    "between 4xx at MAIL and retry": Killed(Edge(SENDING, "_put_off"), (State.CLAIMED, 0), (State.SENT, 1), {"mail": "451 later"}),
    "after retry is written": Killed(Edge(SENDING, "_put_off", True), (State.RETRY, 0), (State.SENT, 1), {"mail": "451 later"}),
    "between 5xx at RCPT and failed": Killed(Edge(SENDING, "_fail"), (State.CLAIMED, 0), (State.SENT, 1), {"rcpt": "550 nobody here"}),
    "after failed is written": Killed(Edge(SENDING, "_fail", True), (State.FAILED, 0), (State.FAILED, 0), {"rcpt": "550 nobody here"}),
    "before dot_sent is written": Killed(Edge(SENDING, "_mark_dot_sent"), (State.CLAIMED, 0), (State.SENT, 1)),
    "between dot_sent and the dot": Killed(Edge(SENDING, "_mark_dot_sent", True), (State.DOT_SENT, 0), (State.MAYBE_SENT, 0)),
    "between the dot and the answer": Killed(Edge(CLIENT, "Client._write_dot", True), (State.DOT_SENT, 1), (State.MAYBE_SENT, 1)),
    "between 4xx after the dot and retry": Killed(
        Edge(SENDING, "_put_off"), (State.DOT_SENT, 0), (State.MAYBE_SENT, 0), {"dot": "451 later"}
    ),
    "between 5xx after the dot and failed": Killed(
        Edge(SENDING, "_fail"), (State.DOT_SENT, 0), (State.MAYBE_SENT, 0), {"dot": "554 looks like spam"}
    ),
    "between the broken line and maybe_sent": Killed(
        Edge(SENDING, "_doubt"), (State.DOT_SENT, 1), (State.MAYBE_SENT, 1), {"answer": "drop"}
    ),
    "between the answer and sent": Killed(Edge(SENDING, "mark_sent"), (State.DOT_SENT, 1), (State.MAYBE_SENT, 1)),
    "after sent is written": Killed(Edge(SENDING, "mark_sent", True), (State.SENT, 1), (State.SENT, 1)),
}


@pytest.mark.parametrize("killed", EDGES.values(), ids=[line(f"kill -9 {point}", one.first, one.end) for point, one in EDGES.items()])
def test_the_sender_is_killed(smtp_server: SmtpServer, mail: OutgoingMail, mortals: Mortals, killed: Killed) -> None:
    smtp_server.faults.update(killed.faults)
    [pk] = outbox.release_due()
    mortals.die("send", killed.edge, pk)
    wait_until(lambda: smtp_server.open_lines == 0, what="the server has read what was written before the end")
    assert see(mail, smtp_server) == killed.first
    smtp_server.faults.clear()
    work_for_days()
    assert see(mail, smtp_server) == killed.end
