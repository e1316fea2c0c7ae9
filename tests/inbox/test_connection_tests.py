"""A connection test names the step that fails, and does nothing."""

from typing import Any

import pytest

from inbox import connection_tests
from tests.inbox.factories import make_mail, make_mailbox
from tests.mailservers import PASSWORD, ImapAccount, SmtpServer, free_port

pytestmark = pytest.mark.django_db


def marks(tried: connection_tests.Tried) -> dict[str, bool | None]:
    return {step.name: step.passed for step in tried.steps}


def test_servers_that_can_be_used_pass_every_step(imap_account: ImapAccount, smtp_server: SmtpServer) -> None:
    imap_account.deliver(make_mail())
    mailbox = make_mailbox(imap=imap_account, smtp=smtp_server, smtp_username="user", smtp_password=PASSWORD)
    incoming, outgoing = connection_tests.try_incoming(mailbox), connection_tests.try_outgoing(mailbox)
    assert incoming.passed and marks(incoming) == dict.fromkeys(("DNS", "TCP", "greeting", "login", "folder"), True)
    assert outgoing.passed and marks(outgoing) == dict.fromkeys(("DNS", "TCP", "greeting", "login", "sender"), True)
    assert smtp_server.accepted == []
    assert not mailbox.messages.exists()


@pytest.mark.parametrize(
    ("change", "failed", "words"),
    [
        ({"imap_host": "no-such-host.invalid"}, "DNS", "is not known"),
        ({"imap_host": "mail..example"}, "DNS", "is not known"),
        ({"imap_port": 1}, "TCP", "accepts no connections"),
        ({"imap_security": "tls"}, "TLS", "does not speak TLS"),
        ({"imap_password": "wrong"}, "login", "check user name and password"),
        ({"folder": "Nowhere"}, "folder", "cannot be opened"),
    ],
)
def test_the_step_of_mail_in_that_fails_is_named(imap_account: ImapAccount, change: dict[str, Any], failed: str, words: str) -> None:
    tried = connection_tests.try_incoming(make_mailbox(imap=imap_account, **change))
    found = marks(tried)
    names = list(found)
    assert [name for name, passed in found.items() if passed is False] == [failed]
    assert all(found[name] for name in names[: names.index(failed)])
    assert all(found[name] is None for name in names[names.index(failed) + 1 :])
    assert words in next(step.reason for step in tried.steps if step.name == failed)


@pytest.mark.parametrize(
    ("change", "faults", "failed"),
    [
        ({"smtp_host": "mail..example"}, {}, "DNS"),
        ({"smtp_port": 0}, {}, "TCP"),
        ({"smtp_security": "tls"}, {}, "TLS"),
        ({"smtp_security": "starttls"}, {}, "TLS"),
        ({}, {"banner": "554 go away"}, "greeting"),
        ({"smtp_username": "user", "smtp_password": "wrong"}, {}, "login"),
        ({}, {"mail": "550 not your address"}, "sender"),
        ({}, {"mail": "451 later"}, "sender"),
        ({}, {"mail": "drop"}, "sender"),
    ],
)
def test_the_step_of_mail_out_that_fails_is_named(
    smtp_server: SmtpServer, change: dict[str, Any], faults: dict[str, str], failed: str
) -> None:
    smtp_server.faults = faults
    port = {"smtp_port": free_port()} if change.get("smtp_port") == 0 else {}
    tried = connection_tests.try_outgoing(make_mailbox(smtp=smtp_server, **change | port))
    assert [name for name, passed in marks(tried).items() if passed is False] == [failed]
    assert all(step.reason for step in tried.steps if step.passed is False)
