"""Opening a line to a mailbox's SMTP server, and leaving it."""

import smtplib
import ssl
from contextlib import suppress

from inbox import oauth
from inbox.errors import Unavailable, unreachable
from inbox.models import Mailbox, Security, SignIn
from inbox.smtp.client import Client, TLSClient

GOODBYE_TIMEOUT = 2.0


def open_line(mailbox: Mailbox) -> Client:
    """A fresh line, signed in where the mailbox has a user name.

    Raises Unavailable whatever the server says, a 5xx too: up to here it speaks of the line or the account, and of no mail.
    """
    line = _connect(mailbox)
    try:
        _greet(line, mailbox)
    except BaseException:
        line.close()
        raise
    return line


def leave(line: Client) -> None:
    """Say goodbye and close; all mails are settled, so whatever happens now is of no interest."""
    if line.sock is not None:
        line.begin()
        line.patience = GOODBYE_TIMEOUT
        with suppress(smtplib.SMTPException, OSError):
            line.quit()
    line.close()


def _connect(mailbox: Mailbox) -> Client:
    host, port, name = mailbox.smtp_host, mailbox.smtp_port, mailbox.address.rpartition("@")[2]
    try:
        if mailbox.smtp_security == Security.TLS:
            return TLSClient(host, port, local_hostname=name, context=ssl.create_default_context())
        return Client(host, port, local_hostname=name)
    except smtplib.SMTPException as error:
        raise Unavailable("greeting", f"{host} does not welcome us as an SMTP server on port {port}: {error}") from error
    except (OSError, UnicodeError) as error:
        raise unreachable(error, host=host, port=port) from error


def _greet(line: Client, mailbox: Mailbox) -> None:
    host, port, step = mailbox.smtp_host, mailbox.smtp_port, "greeting"
    try:
        line.ehlo_or_helo_if_needed()
        if mailbox.smtp_security == Security.STARTTLS:
            step = "TLS"
            line.starttls(context=ssl.create_default_context())
        step = "login"
        _sign_in(line, mailbox)
    except smtplib.SMTPException as error:
        raise Unavailable(step, f"{host} said: {error}") from error
    except OSError as error:
        raise unreachable(error, host=host, port=port) from error


def _sign_in(line: Client, mailbox: Mailbox) -> None:
    if mailbox.sign_in == SignIn.PASSWORD:
        if mailbox.smtp_username:
            line.login(mailbox.smtp_username, mailbox.smtp_password)
        return
    said = oauth.initial_response(mailbox.smtp_username or mailbox.imap_username, oauth.access_token(mailbox))
    try:
        # A challenge tells an error, to which XOAUTH2 wants an empty answer.
        line.auth("XOAUTH2", lambda challenge=None: said if challenge is None else "")
    except smtplib.SMTPAuthenticationError:
        oauth.distrust(mailbox)
        raise
