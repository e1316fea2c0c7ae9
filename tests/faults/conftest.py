"""What tests of mail that leaves may ask for."""

import pytest

from inbox.models import Mailbox, OutgoingMail
from inbox.smtp import client, connection, opening
from tests.inbox.factories import make_mailbox, queue_reply, receive
from tests.mailservers import PASSWORD, SmtpServer


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for servers no longer than half a second."""
    for module, name in ((client, "TIMEOUT"), (client, "DOT_TIMEOUT"), (connection, "USED_PATIENCE")):
        monkeypatch.setattr(module, name, 0.5)
    monkeypatch.setattr(opening, "GOODBYE_TIMEOUT", 0.2)
    monkeypatch.setattr(client, "SLOWEST", 20_000_000)


@pytest.fixture
def mailbox(smtp_server: SmtpServer, hurry: None) -> Mailbox:
    """A mailbox that sends by the server."""
    return make_mailbox(smtp=smtp_server, smtp_username="user", smtp_password=PASSWORD)


@pytest.fixture
def mail(mailbox: Mailbox) -> OutgoingMail:
    """A reply that is due."""
    return queue_reply(receive(mailbox))


def pytest_addoption(parser: pytest.Parser) -> None:
    """The long run of test_any_byte."""
    parser.addoption("--every-byte", action="store_true", help="cut lines after every single byte, not only after some")
