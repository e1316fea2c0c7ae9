"""Errors of mail in and mail out, named for what the caller can do about them."""

import socket
import ssl
from collections.abc import Sequence


class MailError(Exception):
    """What went wrong, in a sentence for a person."""


class Unavailable(MailError):
    """A mail server cannot be used now, and nothing has happened: try later. `step` says where: DNS, TCP, TLS, login, folder …"""

    def __init__(self, step: str, reason: str) -> None:
        self.step, self.reason = step, reason
        super().__init__(f"{step}: {reason}")


class Withheld(Unavailable):
    """The server lists the mails with these `uids` and did not hand out at least one of them: ask for them one by one."""

    def __init__(self, step: str, reason: str, *, uids: Sequence[int]) -> None:
        self.uids = uids
        super().__init__(step, reason)


class Refused(MailError):
    """A definite no, which trying again will not change: a person must decide."""


class NoAnswer(MailError):
    """The server may have taken the mail: nobody can know, so it must not be sent again without a person."""


class TooLate(MailError):
    """The mail is on its way, or its fate is decided, and the change asked for is not possible any more."""


class LeaseLost(MailError):
    """Somebody else owns the work now: stop, and leave no trace."""


def unreachable(error: OSError | UnicodeError, *, host: str, port: int) -> Unavailable:
    """A failed connection as the step that failed, with what to check. A UnicodeError: the host cannot be a name at all (RFC 3490)."""
    if isinstance(error, socket.gaierror | UnicodeError):
        return Unavailable("DNS", f"the name {host!r} is not known; check the server's name.")
    if isinstance(error, ssl.SSLCertVerificationError):
        return Unavailable("TLS", f"the certificate of {host} is not valid ({error.verify_message}).")
    if isinstance(error, ssl.SSLError):
        return Unavailable("TLS", f"{host} does not speak TLS on port {port} ({error.reason}); check port and security.")
    if isinstance(error, TimeoutError):
        return Unavailable("TCP", f"{host} did not answer on port {port} in time.")
    if isinstance(error, ConnectionRefusedError):
        return Unavailable("TCP", f"{host} accepts no connections on port {port}; check the port, and that the server runs.")
    return Unavailable("TCP", f"the connection to {host} on port {port} broke ({error.strerror or error}).")
