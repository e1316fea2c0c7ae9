"""What intake does, it does with every IMAP server."""

import pytest

from tests.mailservers import ImapAccount


@pytest.fixture(params=["pymap", "dovecot"])
def imap_account(request: pytest.FixtureRequest) -> ImapAccount:
    """A fresh account, on one server and then on the other."""
    server = request.getfixturevalue("imap_server" if request.param == "pymap" else "dovecot_server")
    account: ImapAccount = server.add_account()
    return account
