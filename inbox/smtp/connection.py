"""Handing over one mail, and knowing exactly what happened."""

import smtplib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from inbox.errors import NoAnswer, Refused, Unavailable
from inbox.models import Mailbox
from inbox.smtp import client, idle
from inbox.smtp.client import Client
from inbox.smtp.opening import leave, open_line

USED_PATIENCE = 10.0
"""Seconds that the server has to answer on a line which waited; it may have forgotten it."""


class Connection:
    """A line to a mailbox's SMTP server, signed in, for one mail. `is_used`: it carried others before."""

    def __init__(self, mailbox: Mailbox, line: Client, *, is_used: bool) -> None:
        self._mailbox, self._host = mailbox, mailbox.smtp_host
        self.line, self._is_used = line, is_used

    def send(self, *, sender: str, recipient: str, mime: bytes, before_dot: Callable[[], None]) -> str:
        """Hand over the mail to one recipient and return the server's answer.

        `before_dot` is called when all is written but the final dot; if it raises, and the line is closed then, the server has no mail.
        Raises Unavailable, Refused or NoAnswer.
        """
        assert not self.line.dot_allowed
        self._begin(sender, size=len(mime))
        with self._step("RCPT"):
            self._expect_yes("the recipient", *self.line.rcpt(recipient))
        self.line.before_dot = before_dot
        with self._step("DATA"):
            code, answer = self.line.data(mime)
            self._expect_yes("the mail", code, answer)
        self.line.taken += 1
        return _words(answer)

    def try_sender(self, sender: str) -> None:
        """Ask whether the server would take mail from `sender`, and take the question back. Raises Unavailable or Refused."""
        self._say_mail(sender, size=0)
        with self._step("MAIL"):
            self.line.rset()

    def _begin(self, sender: str, *, size: int) -> None:
        """What the server does not agree to on a line that waited, it is asked once more on a fresh one, whatever the reason."""
        if self._is_used:
            self.line.patience = USED_PATIENCE
            try:
                self._say_mail(sender, size=size)
            except (Unavailable, Refused):
                self.line.close()
                self.line, self._is_used = open_line(self._mailbox), False
            else:
                self.line.patience = client.TIMEOUT
                return
        self._say_mail(sender, size=size)

    def _say_mail(self, sender: str, *, size: int) -> None:
        with self._step("MAIL"):
            options = [f"size={size}"] if size and self.line.has_extn("size") else []
            self._expect_yes("the sender", *self.line.mail(sender, options))

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
        except (smtplib.SMTPException, OSError) as error:
            if self.line.dot_allowed:
                raise NoAnswer(f"The line to {self._host} broke after the whole mail was written, before it answered: {error}") from error
            raise Unavailable(step, f"the line to {self._host} broke: {error}") from error


@contextmanager
def connect(mailbox: Mailbox, *, anew: bool = False) -> Iterator[Connection]:
    """A line to the SMTP server of a mailbox, signed in: one that waits, or a fresh one, which then waits for the next mail.

    With `anew` it is opened for this alone. After an error it is closed. Raises Unavailable where none can be opened.
    """
    waiting = None if anew else idle.take(mailbox)
    connection = Connection(mailbox, waiting or open_line(mailbox), is_used=waiting is not None)
    try:
        yield connection
    except BaseException:
        connection.line.close()
        raise
    if anew:
        leave(connection.line)
    else:
        idle.keep(mailbox, connection.line)


def _words(answer: bytes) -> str:
    return " ".join(answer.decode("utf-8", "replace").split())[:300]
