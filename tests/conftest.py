"""Fixtures that every test may ask for."""

import pytest

from tests.mailservers import imap_account, imap_server, smtp_server

__all__ = ["imap_account", "imap_server", "smtp_server"]


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """The database goes with its server when the run ends. Dropping it before would wait for each connection that a thread still holds."""
    return True
