"""Real mail servers for tests: IMAP by pymap in a process of its own, SMTP by a server that fails wherever it is told to."""

from deploy.launch import free_ports
from tests.mailservers.imap import PASSWORD, ImapAccount, ImapServer, imap_account, imap_server
from tests.mailservers.smtp import SmtpServer, serving, smtp_server

__all__ = ["PASSWORD", "ImapAccount", "ImapServer", "SmtpServer", "free_port", "imap_account", "imap_server", "serving", "smtp_server"]


def free_port() -> int:
    """A port of the loopback interface that nobody listens on."""
    return free_ports(1)
