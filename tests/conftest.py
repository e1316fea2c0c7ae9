"""Fixtures that every test may ask for."""

from tests.mailservers import imap_account, imap_server, smtp_server

__all__ = ["imap_account", "imap_server", "smtp_server"]
