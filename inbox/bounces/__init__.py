"""Bounces: whether a mail is one, whom it could not reach, whether for good, and which of our mails it is about.

1. Delivery status parts (RFC 3464) decide where there are any: a failed or delayed recipient makes a bounce, a success notice does not.
2. Else the sender and the subject must look like a mail system's, and the text must name a failure; the recipients come from
   X-Failed-Recipients, from flufl.bounce, from addresses in the report above the returned mail, and from the To of that mail.
3. Hard or soft follows the action and the class of the status code (RFC 3463), then reply codes, then words.
"""

import email
import logging
import re
from collections.abc import Iterable, Sequence
from email.message import Message
from typing import NamedTuple

from flufl.bounce import all_failures

from inbox import charsets
from inbox.bounces import words
from inbox.bounces.reports import Leaf, Recipient, declared_recipients, is_permanent, undeclared_recipients
from inbox.parsing.headers import Headers, read_headers

logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)

__all__ = ["Bounce", "Leaf", "read"]

_GOOD_ACTIONS = frozenset({"delivered", "relayed", "expanded"})
_MAX = 300_000
_MAX_FOR_FLUFL = 100_000


class Bounce(NamedTuple):
    """What a mail says about an outgoing mail of ours. `hard` is None when it is no bounce, or does not say."""

    is_bounce: bool = False
    recipients: tuple[str, ...] = ()
    hard: bool | None = None
    original_id: str = ""
    is_report: bool = False


def read(*, raw: bytes, headers: Headers, from_addr: str, from_name: str, text: str, leaves: Sequence[Leaf]) -> Bounce:
    """Read a mail as a bounce. `raw` is only looked at when headers or text suggest one. Never raises."""
    subject = headers.text("subject")
    reported = declared_recipients(leaves)
    report_type = headers.text("content-type").lower()
    if reported:
        return _from_reports(reported, headers, leaves, text)
    if "feedback-report" in report_type or ("disposition-notification" in report_type and not _is_rejection(text, leaves)):
        return Bounce(is_report=True)
    if not _looks_like_bounce(headers, from_addr=from_addr, from_name=from_name, subject=subject, text=text, report_type=report_type):
        return Bounce()
    reported = undeclared_recipients(leaves)
    if reported:
        return _from_reports(reported, headers, leaves, text)
    notice = _notice(text) or _notice_of(leaves)
    temporary, permanent = _ask_flufl(raw)
    own = {addr.casefold() for addr in (from_addr, *words.ADDRESS.findall(headers.text("to")))}
    named = _failed_recipients(headers)
    recipients = named or permanent + temporary or _named_in(notice, own) or _recipients_of_original(leaves, text)
    hard = _hardness(notice, only_temporary=bool(temporary and not permanent), subject=subject)
    return Bounce(True, _unique(recipients), hard, _original_id(headers, leaves, text))


def _looks_like_bounce(headers: Headers, *, from_addr: str, from_name: str, subject: str, text: str, report_type: str) -> bool:
    if words.RE.match(subject) and not words.DAEMON.search(from_addr):
        return _is_plain_notice(headers, subject, text)
    if "x-failed-recipients" in headers:
        return True
    submitted = headers.text("auto-submitted").lower()
    sender = bool(words.DAEMON.search(from_addr) or words.DAEMON_NAME.search(from_name)) or "delivery-status" in report_type
    return_path = headers.raw("return-path").replace(b" ", b"") == b"<>"
    failure = bool(words.FAILURE_WORDS.search(text[:20_000]) or words.STRONG_NOTICE.search(text[:1_500]))
    titled = bool(words.SUBJECT.search(subject))
    if sender:
        return (titled or failure) and not submitted.startswith("auto-replied; vacation")
    if titled:
        return failure and (return_path or not from_addr or _reads_like_a_machine(text, headers))
    if _is_plain_notice(headers, subject, text):
        return True
    return not from_addr and failure and bool(words.STATUS.search(text[:20_000]) or words.ORIGINAL_BEGINS.search(text[:20_000]))


def _is_plain_notice(headers: Headers, subject: str, text: str) -> bool:
    """A short notice from a gateway that names itself after nobody: it opens with the failure, and the subject says so too."""
    opening = text[:1_500]
    return "in-reply-to" not in headers and bool(
        words.SUBJECT_ANYWHERE.search(subject) and words.STRONG_NOTICE.search(opening) and words.ADDRESS.search(opening)
    )


def _is_rejection(text: str, leaves: Sequence[Leaf]) -> bool:
    """A disposition notification by which a server, not a reader, refuses the mail (Dovecot's LDA does so when a mailbox is full)."""
    dispositions = [leaf.data[:5_000].lower() for leaf in leaves if leaf.content_type == "message/disposition-notification"]
    deleted = any(b"automatic-action" in one and (b"deleted" in one or b"denied" in one or b"failed" in one) for one in dispositions)
    return deleted and bool(words.STRONG_NOTICE.search(text[:1_500]))


def _reads_like_a_machine(text: str, headers: Headers) -> bool:
    """A notice, not a person who tells of a bounce: an address and a code, or the returned mail, or no thread to belong to."""
    notice = text[:20_000]
    coded = bool(words.STATUS.search(notice) or words.REPLY_CODE.search(notice)) and bool(words.ADDRESS.search(notice))
    return coded or bool(words.ORIGINAL_BEGINS.search(notice)) or ("in-reply-to" not in headers and bool(words.ADDRESS.search(notice)))


def _from_reports(reported: list[Recipient], headers: Headers, leaves: Sequence[Leaf], text: str) -> Bounce:
    bad = [one for one in reported if one.action not in _GOOD_ACTIONS and not (not one.action and one.status.startswith("2"))]
    if not bad:
        return Bounce(is_report=True)
    failed = [one for one in bad if one.action != "delayed"]
    named = failed or bad
    hard = bool(failed) and any(is_permanent(one) for one in failed)
    recipients = _failed_recipients(headers) if len(named) == 1 and "x-failed-recipients" in headers else ()
    return Bounce(True, _unique(recipients or tuple(one.addr for one in named)), hard, _original_id(headers, leaves, text))


def _failed_recipients(headers: Headers) -> tuple[str, ...]:
    return tuple(words.ADDRESS.findall(headers.text("x-failed-recipients")))


def _ask_flufl(raw: bytes) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Temporary and permanent failures as flufl.bounce sees them; one of its detectors raises on some mails."""
    try:
        message: Message = email.message_from_bytes(raw[:_MAX_FOR_FLUFL])
        temporary, permanent = all_failures(message)
    except Exception:  # noqa: BLE001 - a library's answer is a help, its failure is no news
        return (), ()
    return _texts(temporary), _texts(permanent)


def _texts(found: Iterable[object]) -> tuple[str, ...]:
    texts = (one.decode("utf-8", "replace") if isinstance(one, bytes) else str(one) for one in found)
    return tuple(sorted(text.strip("<>") for text in texts if "@" in text))


def _notice(text: str) -> str:
    """The report itself: what stands above the returned mail."""
    head = text[:30_000]
    found = words.ORIGINAL_BEGINS.search(head)
    return head[: found.start()] if found and found.start() > 40 else head


def _notice_of(leaves: Sequence[Leaf]) -> str:
    return next((charsets.decode(leaf.data[:30_000]) for leaf in leaves if leaf.content_type == "text/plain"), "")


def _named_in(notice: str, own: set[str]) -> tuple[str, ...]:
    """Addresses in the report that are neither the reader's nor a mail system's; those on lines of their own or in brackets first."""
    usable = [
        addr
        for addr in words.ADDRESS.findall(notice)[:50]
        if addr.casefold() not in own and not re.match(r"(?:postmaster|mailer-daemon|abuse|support|admin)@", addr, re.IGNORECASE)
    ]
    marked = [
        addr
        for addr in usable
        if re.search(
            rf"(?:^[ \t>*]*<?|<|\brecipient\w*\W{{1,6}}|\bto\W{{1,4}}){re.escape(addr)}", notice[:20_000], re.MULTILINE | re.IGNORECASE
        )
    ]
    return tuple((marked or usable)[:20])


def _recipients_of_original(leaves: Sequence[Leaf], text: str) -> tuple[str, ...]:
    original = _original_headers(leaves)
    if original is not None:
        return tuple(words.ADDRESS.findall(original.text("to")))[:20]
    found = re.search(r"^to:[ \t]*(.{3,300})$", text, re.IGNORECASE | re.MULTILINE)
    return tuple(words.ADDRESS.findall(found[1]))[:20] if found else ()


def _original_headers(leaves: Sequence[Leaf]) -> Headers | None:
    kinds = {"message/rfc822", "text/rfc822-headers", "text/rfc822", "message/rfc822-headers", "message/global", "message/global-headers"}
    for leaf in leaves:
        if leaf.content_type in kinds and leaf.data:
            return read_headers(leaf.data, 0, len(leaf.data), limit=65_536)[0]
    return None


def _original_id(headers: Headers, leaves: Sequence[Leaf], text: str) -> str:
    """The Message-ID of the mail that came back: from its headers, from the report's text, else from what the bounce answers."""
    original = _original_headers(leaves)
    candidates = [original.text("message-id")] if original is not None else []
    candidates.append(headers.text("x-original-message-id"))
    found = re.search(r"^[ \t>]*message-id:\s*(<[^<>\s]{3,500}>)", text, re.IGNORECASE | re.MULTILINE)
    candidates += [found[1] if found else "", headers.text("in-reply-to"), headers.text("references").split(" ")[-1]]
    return next((one.strip().strip("<>") for one in candidates if "@" in one), "")


def _hardness(notice: str, *, only_temporary: bool, subject: str) -> bool | None:
    """Hard unless a code, a warning or flufl.bounce says that the server goes on trying."""
    if only_temporary or words.SOFT_WORDS.search(notice) or words.SOFT_SUBJECT.search(subject):
        return False
    codes = [found[1] for found in words.STATUS.finditer(notice)] or [found[1] for found in words.REPLY_CODE.finditer(notice)]
    judged = [code for code in codes if code in "45"]
    return "5" in judged if judged else True


def _unique(addresses: Iterable[str]) -> tuple[str, ...]:
    kept: dict[str, str] = {}
    for addr in addresses:
        bare = charsets.storable(addr).strip().rstrip(".")
        kept.setdefault(bare.casefold(), bare)
    return tuple(addr for addr in kept.values() if addr)
