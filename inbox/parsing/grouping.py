"""Which of a handful of parsed mails belong to one conversation, by ids alone (the database's own threading is `inbox.threads`)."""

from collections.abc import Sequence

from inbox.parsing.model import ParsedMail
from inbox.subjects import topic


def label_threads(mails: Sequence[ParsedMail | None]) -> list[int | None]:
    """A label for each mail, equal for the mails of one conversation.

    Mails are joined by In-Reply-To and References, also through a mail that is not among them, never by the subject alone. A mail whose
    subject differs from that of the mail it answers begins a new conversation. Without a subject it has not changed it; nor has a
    machine that answers: out-of-office notes and receipts write subjects of their own. A mail with the same Message-ID is the same mail.
    """
    groups = _Groups(len(mails))
    by_id: dict[str, int] = {}
    for number, mail in enumerate(mails):
        if mail is not None and mail.message_id:
            groups.join(by_id.setdefault(mail.message_id, number), number)
    missing: dict[tuple[str, str], int] = {}
    for number, mail in _people_first(mails):
        about = "" if mail.kind == "automatic" else topic(mail.subject)
        for parent_id in filter(None, dict.fromkeys((mail.in_reply_to, *mail.references))):
            parent = by_id.get(parent_id)
            if parent is None:
                first = missing.setdefault((parent_id, ""), number)
                groups.join(missing.setdefault((parent_id, about), number) if about else first, number)
            elif not about or _is_about(mails[parent], about):
                groups.join(parent, number)
    return [None if mail is None else groups.root(number) for number, mail in enumerate(mails)]


def _people_first(mails: Sequence[ParsedMail | None]) -> list[tuple[int, ParsedMail]]:
    """Machines last: they belong wherever people have said what it is about."""
    read = [(number, mail) for number, mail in enumerate(mails) if mail is not None]
    return sorted(read, key=lambda one: one[1].kind == "automatic")


def _is_about(mail: ParsedMail | None, about: str) -> bool:
    return mail is not None and topic(mail.subject) == about


class _Groups:
    """Union-find over positions."""

    def __init__(self, size: int) -> None:
        self.parents = list(range(size))

    def root(self, one: int) -> int:
        while self.parents[one] != one:
            self.parents[one] = self.parents[self.parents[one]]
            one = self.parents[one]
        return one

    def join(self, one: int, other: int) -> None:
        first, second = sorted((self.root(one), self.root(other)))
        self.parents[second] = first
