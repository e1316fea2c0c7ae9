"""Try a mailbox's servers step by step, and say which step fails and why. Nothing is fetched, changed or sent."""

from dataclasses import dataclass

from inbox import smtp
from inbox.errors import MailError, Unavailable
from inbox.models import Mailbox, Security, SignIn

STEPS = {
    "DNS": "The server's name is known",
    "TCP": "The server accepts connections on this port",
    "TLS": "The line is encrypted, with a valid certificate",
    "greeting": "The server speaks the protocol",
    "token": "The provider gives a token for this mailbox",
    "login": "The server accepts the sign-in",
    "folder": "The folder can be opened",
    "sender": "The server takes mail from this address",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of reaching a server. `passed` is None where it was not reached; `reason` says what went wrong, and what to check."""

    name: str
    words: str
    passed: bool | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Tried:
    """How far one server could be used."""

    server: str
    steps: list[Step]

    @property
    def passed(self) -> bool:
        """Whether all of it worked."""
        return all(step.passed for step in self.steps)


def try_incoming(mailbox: Mailbox) -> Tried:
    """Whether mail can be fetched."""
    # The web side loads the IMAP library only where an admin asks for a test.
    from inbox import imap

    names = [*_line(Security(mailbox.imap_security)), *_sign_in(mailbox), "folder"]
    try:
        with imap.open_folder(mailbox):
            return _all_passed(mailbox.imap_host, names)
    except Unavailable as error:
        return _failed(mailbox.imap_host, names, error.step, error.reason)


def try_outgoing(mailbox: Mailbox) -> Tried:
    """Whether replies can be sent: up to the server's yes to the sender's address."""
    has_login = mailbox.smtp_username or mailbox.sign_in != SignIn.PASSWORD
    names = [*_line(Security(mailbox.smtp_security)), *(_sign_in(mailbox) if has_login else []), "sender"]
    try:
        with smtp.connect(mailbox, anew=True) as line:
            line.try_sender(mailbox.address)
        return _all_passed(mailbox.smtp_host, names)
    except Unavailable as error:
        return _failed(mailbox.smtp_host, names, "sender" if error.step in {"MAIL", "answer"} else error.step, error.reason)
    except MailError as error:
        return _failed(mailbox.smtp_host, names, "sender", str(error))


def _line(security: Security) -> list[str]:
    """The steps of a connection in their order: STARTTLS begins in the clear."""
    order = {
        Security.TLS: ["DNS", "TCP", "TLS", "greeting"],
        Security.STARTTLS: ["DNS", "TCP", "greeting", "TLS"],
        Security.NONE: ["DNS", "TCP", "greeting"],
    }
    return order[security]


def _sign_in(mailbox: Mailbox) -> list[str]:
    return ["login"] if mailbox.sign_in == SignIn.PASSWORD else ["token", "login"]


def _all_passed(server: str, names: list[str]) -> Tried:
    return Tried(server, [Step(name, STEPS[name], True) for name in names])


def _failed(server: str, names: list[str], failed: str, reason: str) -> Tried:
    """A step that has no place of its own in the list failed while the server was greeted."""
    place = names.index(failed) if failed in names else names.index("greeting")
    reached = {name: True if n < place else False if n == place else None for n, name in enumerate(names)}
    return Tried(server, [Step(name, STEPS[name], passed, reason if passed is False else "") for name, passed in reached.items()])
