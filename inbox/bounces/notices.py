"""Whether a mail without a delivery status part is a mail system's notice that something could not be delivered."""

from collections.abc import Sequence
from typing import NamedTuple

from inbox.bounces import words
from inbox.bounces.reports import ORIGINALS, Leaf
from inbox.parsing.headers import Headers

_OPENING = 1_500
_NOTICE = 20_000


class Suspect(NamedTuple):
    """What is looked at of a mail. `report_type` is its content type in lower case."""

    headers: Headers
    from_addr: str
    from_name: str
    subject: str
    text: str
    report_type: str

    @property
    def opening(self) -> str:
        """Where a notice says what it is about."""
        return self.text[:_OPENING]

    @property
    def notice(self) -> str:
        """As much of the text as is searched."""
        return self.text[:_NOTICE]

    @property
    def is_of_nobody(self) -> bool:
        """Sent with an empty return path, as bounces must be (RFC 5321 §4.5.5)."""
        return self.headers.raw("return-path").replace(b" ", b"") == b"<>"


def is_notice(mail: Suspect, leaves: Sequence[Leaf]) -> bool:
    """True if sender, subject and text together tell of a mail that could not be delivered."""
    if words.REPLY.match(mail.subject) and not words.DAEMON.search(mail.from_addr):
        return _is_plain(mail)
    if "x-failed-recipients" in mail.headers:
        return True
    titled = bool(words.SUBJECT.search(mail.subject))
    if _is_from_a_mail_system(mail):
        return (titled or _tells_of_failure(mail)) and not mail.headers.text("auto-submitted").lower().startswith("auto-replied; vacation")
    if titled and (not mail.from_addr or mail.is_of_nobody):
        return _tells_of_failure(mail)
    return _names_a_failure(mail, titled=titled) or _encloses_what_came_back(mail, leaves)


def is_rejection(text: str, leaves: Sequence[Leaf]) -> bool:
    """A disposition notification by which a server, not a reader, refuses the mail (Dovecot's LDA does so when a mailbox is full)."""
    dispositions = [leaf.data[:5_000].lower() for leaf in leaves if leaf.content_type == "message/disposition-notification"]
    deleted = any(b"automatic-action" in one and (b"deleted" in one or b"denied" in one or b"failed" in one) for one in dispositions)
    return deleted and bool(words.STRONG_NOTICE.search(text[:_OPENING]))


def _names_a_failure(mail: Suspect, *, titled: bool) -> bool:
    """By the text, where subject or the missing sender raise the question."""
    suspect = titled or not mail.from_addr or words.SUBJECT_ANYWHERE.search(mail.subject)
    if not suspect or not words.MAIL_FAILURE.search(mail.notice):
        return False
    if not mail.from_addr and mail.is_of_nobody and _names_another(mail.opening, ""):
        return True
    return _is_plain(mail) or ((titled or not mail.from_addr) and _holds_a_report(mail))


def _encloses_what_came_back(mail: Suspect, leaves: Sequence[Leaf]) -> bool:
    """A robot's notice of failure with the mail that came back enclosed, whatever its subject is."""
    if not words.NOBODY.match(mail.from_addr) or not any(leaf.content_type in ORIGINALS for leaf in leaves):
        return False
    return bool(words.STRONG_NOTICE.search(mail.opening)) and _names_another(mail.opening, mail.from_addr)


def _tells_of_failure(mail: Suspect) -> bool:
    return bool(words.FAILURE_WORDS.search(mail.notice) or words.STRONG_NOTICE.search(mail.opening))


def _is_from_a_mail_system(mail: Suspect) -> bool:
    """By its address, or by what kind of report it says it is; a name alone may be that of a person who runs one."""
    if words.DAEMON.search(mail.from_addr) or "delivery-status" in mail.report_type:
        return True
    return bool(words.DAEMON_NAME.search(mail.from_name) and words.MAIL_FAILURE.search(mail.notice))


def _is_plain(mail: Suspect) -> bool:
    """A short notice from a gateway that names itself after nobody: it opens with the failure, and the subject says so too."""
    titled = words.SUBJECT_ANYWHERE.search(mail.subject) or words.SUBJECT.search(mail.subject)
    if not titled or "in-reply-to" in mail.headers:
        return False
    return bool(words.STRONG_NOTICE.search(mail.opening)) and _names_another(mail.opening, mail.from_addr)


def _names_another(notice: str, from_addr: str) -> bool:
    """An address that is not the writer's own, as it would stand in a signature."""
    return any(found.casefold() != from_addr.casefold() for found in words.ADDRESS.findall(notice)[:50])


def _holds_a_report(mail: Suspect) -> bool:
    """A notice, not a person who tells of one: somebody else's address with a code, or the mail that came back."""
    if words.ORIGINAL_BEGINS.search(mail.notice):
        return True
    return bool(words.STATUS.search(mail.notice) or words.REPLY_CODE.search(mail.notice)) and _names_another(mail.notice, mail.from_addr)
