"""SMTP, seen from us: hand over one mail, and know exactly what happened.

`Unavailable`: the server has not taken the mail. `Refused`: it never will. `NoAnswer`: it may have.
"""

import re
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from inbox import oauth
from inbox.errors import NoAnswer, Refused, Unavailable, unreachable
from inbox.models import Mailbox, Security, SignIn

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

TIMEOUT = 30.0
DOT_TIMEOUT = 120.0
"""Seconds to wait after the final dot; servers scan the mail then, and an answer missed leaves a mail that was maybe sent."""
GOODBYE_TIMEOUT = 2.0
SLOWEST = 100 * 1024
"""Bytes a second of the slowest line that a mail is written to."""


class Client(smtplib.SMTP):
    """Writes the final dot of a mail (RFC 5321, 4.1.1.4) only once `before_dot` has returned.

    A server must not deliver what was not ended by the dot, so up to there everything can be taken back by closing the line.
    """

    before_dot: Callable[[], None]
    dot_allowed = False

    def data(self, msg: "ReadableBuffer | str") -> tuple[int, bytes]:
        """The DATA command of a mail in bytes; see the class."""
        assert not isinstance(msg, str)
        self.putcmd("data")
        code, answer = self.getreply()
        if code != 354:
            raise smtplib.SMTPDataError(code, answer)
        lines = _dotted(bytes(msg))
        # The timeout of sendall is for all of it, not for each packet.
        self._line.settimeout(TIMEOUT + len(lines) / SLOWEST)
        self.send(lines)
        self._raise_if_it_spoke()
        self.before_dot()
        self.dot_allowed = True
        self._line.settimeout(DOT_TIMEOUT)
        self.send(b".\r\n")
        return self.getreply()

    @property
    def _line(self) -> socket.socket:
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("the line is closed")
        return self.sock

    def _raise_if_it_spoke(self) -> None:
        """A server that talks or closes the line before the dot has given up on this mail."""
        self._line.settimeout(0)
        try:
            self._line.recv(1)
        except (BlockingIOError, ssl.SSLWantReadError):
            self._line.settimeout(TIMEOUT)
            return
        raise smtplib.SMTPServerDisconnected("the server broke off while the mail was written")


class _TLSClient(Client, smtplib.SMTP_SSL):
    pass


def _dotted(mime: bytes) -> bytes:
    """Lines ended by CRLF, those that begin with a dot given a second one (RFC 5321, 4.5.2), without the final dot."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", mime)
    lines = re.sub(rb"(?m)^\.", b"..", lines)
    return lines if lines.endswith(b"\r\n") else lines + b"\r\n"


class Connection:
    """A line to a mailbox's SMTP server, logged in."""

    def __init__(self, client: Client, host: str, port: int) -> None:
        self._client, self._host, self._port = client, host, port

    def send(self, *, sender: str, recipient: str, mime: bytes, before_dot: Callable[[], None]) -> str:
        """Hand over one mail to one recipient and return the server's answer.

        `before_dot` is called when all is written but the final dot; if it raises, the line is closed and the server has no mail.
        Raises Unavailable, Refused or NoAnswer.
        """
        with self._step("MAIL"):
            self._expect_yes("the sender", *self._client.mail(sender, [f"size={len(mime)}"] if self._client.has_extn("size") else []))
        with self._step("RCPT"):
            self._expect_yes("the recipient", *self._client.rcpt(recipient))
        self._client.before_dot, self._client.dot_allowed = before_dot, False
        try:
            with self._step("DATA"):
                self._expect_yes("the mail", *(answer := self._client.data(mime)))
        except BaseException:
            self._client.close()
            raise
        return _words(answer[1])

    def try_sender(self, sender: str) -> None:
        """Ask whether the server would take mail from `sender`, and take the question back. Raises Unavailable or Refused."""
        with self._step("MAIL"):
            self._expect_yes("the sender", *self._client.mail(sender))
            self._client.rset()

    def _expect_yes(self, what: str, code: int, answer: bytes) -> None:
        if 200 <= code < 300:
            return
        if 400 <= code < 500:
            raise Unavailable("answer", f"{self._host} does not take {what} now: {code} {_words(answer)}")
        if 500 <= code < 600:
            raise Refused(f"{self._host} refused {what}: {code} {_words(answer)}")
        raise smtplib.SMTPServerDisconnected(f"the server answered {code} {_words(answer)}, which has no meaning here")

    @contextmanager
    def _step(self, step: str) -> Iterator[None]:
        try:
            yield
        except smtplib.SMTPDataError as error:
            self._expect_yes("the mail", error.smtp_code, _bytes(error.smtp_error))
            raise Unavailable(step, f"{self._host} answered {error.smtp_code}, which has no meaning here") from error
        except (smtplib.SMTPException, OSError) as error:
            if self._client.dot_allowed:
                raise NoAnswer(f"The line to {self._host} broke after the whole mail was written, before it answered: {error}") from error
            raise Unavailable(step, f"the line to {self._host} broke: {error}") from error


@contextmanager
def connect(mailbox: Mailbox) -> Iterator[Connection]:
    """A line to the SMTP server of a mailbox, logged in where it has a user name. Raises Unavailable: what fails here concerns no mail."""
    client = _open(mailbox)
    try:
        _greet(client, mailbox)
        yield Connection(client, mailbox.smtp_host, mailbox.smtp_port)
        _leave(client)
    finally:
        client.close()


def _open(mailbox: Mailbox) -> Client:
    host, port, name = mailbox.smtp_host, mailbox.smtp_port, mailbox.address.rpartition("@")[2]
    try:
        if mailbox.smtp_security == Security.TLS:
            return _TLSClient(host, port, local_hostname=name, timeout=TIMEOUT, context=ssl.create_default_context())
        return Client(host, port, local_hostname=name, timeout=TIMEOUT)
    except smtplib.SMTPException as error:
        raise Unavailable("greeting", f"{host} does not welcome us as an SMTP server on port {port}: {error}") from error
    except OSError as error:
        raise unreachable(error, host=host, port=port) from error


def _greet(client: Client, mailbox: Mailbox) -> None:
    host, port, step = mailbox.smtp_host, mailbox.smtp_port, "greeting"
    try:
        client.ehlo_or_helo_if_needed()
        if mailbox.smtp_security == Security.STARTTLS:
            step = "TLS"
            client.starttls(context=ssl.create_default_context())
        step = "login"
        _sign_in(client, mailbox)
    except smtplib.SMTPException as error:
        raise Unavailable(step, f"{host} said: {error}") from error
    except OSError as error:
        raise unreachable(error, host=host, port=port) from error


def _sign_in(client: Client, mailbox: Mailbox) -> None:
    if mailbox.sign_in == SignIn.PASSWORD:
        if mailbox.smtp_username:
            client.login(mailbox.smtp_username, mailbox.smtp_password)
        return
    said = oauth.initial_response(mailbox.smtp_username or mailbox.imap_username, oauth.access_token(mailbox))
    try:
        # A challenge tells an error, to which XOAUTH2 wants an empty answer.
        client.auth("XOAUTH2", lambda challenge=None: said if challenge is None else "")
    except smtplib.SMTPAuthenticationError:
        oauth.distrust(mailbox)
        raise


def _leave(client: Client) -> None:
    """Say goodbye; the mail is settled, so whatever happens now is of no interest."""
    if client.sock is None:
        return
    client.sock.settimeout(GOODBYE_TIMEOUT)
    with suppress(smtplib.SMTPException, OSError):
        client.quit()


def _bytes(answer: bytes | str) -> bytes:
    return answer.encode() if isinstance(answer, str) else answer


def _words(answer: bytes) -> str:
    return " ".join(answer.decode("utf-8", "replace").split())[:300]
