"""A connection to an IMAP server, signed in."""

import imaplib
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from typing import Any

from imapclient import IMAPClient, SocketTimeout, tls

from inbox import oauth
from inbox.errors import Unavailable, unreachable
from inbox.models import Mailbox, Security, SignIn

TIMEOUT = SocketTimeout(connect=20, read=60)
DEADLINE = 180.0
"""Seconds for work that is not fetching. A mail that could be sent in the time for that (inbox/smtp/client.py) can be filed in this."""


@contextmanager
def connect(mailbox: Mailbox, *, within: float = 0) -> Iterator[IMAPClient]:
    """A line, signed in. `within`: seconds after which it is cut off, from the greeting to the goodbye. Raises Unavailable."""
    host, port = mailbox.imap_host, mailbox.imap_port
    with step("greeting", f"{host} does not answer as an IMAP server on port {port}", host=host, port=port):
        client = IMAPClient(host, port, ssl=mailbox.imap_security == Security.TLS, ssl_context=_context(mailbox), timeout=TIMEOUT)
    with cut_off(client, within) if within else nullcontext(), client:
        # The library turns imaplib's log on, which writes out each mail twice, for a logger that nobody reads.
        client._imap.debug = 0
        client.normalise_times = False
        if mailbox.imap_security == Security.STARTTLS:
            with step("TLS", f"{host} does not offer STARTTLS on port {port}", host=host, port=port):
                client.starttls(_context(mailbox))
        _sign_in(client, mailbox)
        yield client


@contextmanager
def cut_off(client: IMAPClient, seconds: float) -> Iterator[None]:
    """Shut the line after so long, as a server that sends a byte now and then is never silent. What is at work then fails."""
    theirs = client.socket()
    # Another handle of the line: STARTTLS replaces theirs, and an encrypted one is not made to be shut while another thread reads.
    with socket.fromfd(theirs.fileno(), theirs.family, theirs.type) as ours:
        timer = threading.Timer(seconds, _shut, [ours])
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


def _shut(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


def _sign_in(client: IMAPClient, mailbox: Mailbox) -> None:
    host, user = mailbox.imap_host, mailbox.imap_username
    if mailbox.sign_in == SignIn.PASSWORD:
        with step("login", f"{host} refused the login as {user!r}; check user name and password"):
            client.login(user, mailbox.imap_password)
        return
    token = oauth.access_token(mailbox)
    try:
        with step("login", f"{host} refused the token for {user!r}; connect that very account, and allow IMAP in it"):
            # To a challenge after the first, which tells an error, XOAUTH2 wants an empty answer.
            client.sasl_login("XOAUTH2", lambda challenge: b"" if challenge else oauth.initial_response(user, token))
    except Unavailable:
        oauth.distrust(mailbox)
        raise


def _context(mailbox: Mailbox) -> Any:
    return None if mailbox.imap_security == Security.NONE else tls.create_default_context()


@contextmanager
def step(step: str, sentence: str, *, host: str = "", port: int = 0) -> Iterator[None]:
    """Turn whatever the IMAP library raises into Unavailable with the name of this step. `host` and `port` where the step connects."""
    try:
        yield
    except OSError as error:
        if host:
            raise unreachable(error, host=host, port=port) from error
        raise Unavailable(step, f"{sentence} (the connection broke: {_words(error)}).") from error
    except imaplib.IMAP4.error as error:
        raise Unavailable(step, f"{sentence} ({_words(error)}).") from error
    except ValueError as error:
        if host and isinstance(error, UnicodeError) and not isinstance(error, UnicodeDecodeError):
            raise unreachable(error, host=host, port=port) from error
        raise Unavailable(step, f"{sentence} (an answer that makes no sense: {_words(error)}).") from error


def _words(error: Exception) -> str:
    last = error.args[-1] if error.args else ""
    said = last.decode("utf-8", "replace") if isinstance(last, bytes) else str(last or type(error).__name__)
    # The library makes some errors of the server's bytes as Python writes them.
    return re.sub(r"^b(['\"])(.*)\1$", r"\2", said, flags=re.DOTALL)[:300]
