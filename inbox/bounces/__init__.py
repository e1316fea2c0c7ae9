"""Bounces: whether a mail is one, whom it could not reach, whether for good, and which of our mails it is about.

1. Delivery status parts (RFC 3464) decide where there are any: a failed or delayed recipient makes a bounce, a success notice does not.
2. Else the sender must look like a mail system, or subject and text must say what can only be said of a mail (parcels, too, are
   returned and not delivered), and the text must name a failure or hold a report; the recipients come from
   X-Failed-Recipients, from flufl.bounce, from addresses in the report above the returned mail, and from the To of that mail.
3. Hard, soft or only a delay follows the action and the class of the status code (RFC 3463), then reply codes, then words.
"""

import email
import logging
import re
from collections.abc import Iterable, Sequence
from email.message import Message
from typing import NamedTuple

from flufl.bounce import all_failures

from inbox import charsets
from inbox.bounces import notices, words
from inbox.bounces.reports import ORIGINALS, Leaf, Recipient, declared_recipients, is_permanent, undeclared_recipients
from inbox.parsing.headers import Headers, read_headers

logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)

__all__ = ["Bounce", "Leaf", "read"]

_GOOD_ACTIONS = frozenset({"delivered", "deliverable", "relayed", "expanded"})
_BAD_ACTIONS = frozenset({"failed", "delayed"})
_MAX = 300_000
_MAX_FOR_FLUFL = 100_000
_OPENING = 4_000
"""Where a report says why."""


class Bounce(NamedTuple):
    """What a mail says about an outgoing mail of ours. `hard` is None when it is no bounce, or does not say. With `is_delay` nothing has
    come back: the server goes on trying."""

    is_bounce: bool = False
    recipients: tuple[str, ...] = ()
    hard: bool | None = None
    original_id: str = ""
    is_report: bool = False
    is_delay: bool = False


def read(*, raw: bytes, headers: Headers, from_addr: str, from_name: str, text: str, leaves: Sequence[Leaf]) -> Bounce:
    """Read a mail as a bounce. `raw` is only looked at when headers or text suggest one. Never raises."""
    reported = declared_recipients(leaves)
    if reported:
        return _from_reports(reported, headers, leaves, text)
    report_type = headers.text("content-type").lower()
    if "feedback-report" in report_type or ("disposition-notification" in report_type and not notices.is_rejection(text, leaves)):
        return Bounce(is_report=True)
    subject = headers.text("subject")
    mail = notices.Suspect(headers, from_addr, from_name, subject, text, report_type)
    if not notices.is_notice(mail, leaves):
        return Bounce()
    reported = undeclared_recipients(leaves)
    if reported:
        return _from_reports(reported, headers, leaves, text)
    notice = _notice(text) or _notice_of(leaves)
    temporary, permanent = (_without_ids(found, text) for found in _ask_flufl(raw))
    own = {addr.casefold() for addr in (from_addr, *words.ADDRESS.findall(headers.text("to")))}
    named = _failed_recipients(headers)
    recipients = named or permanent + temporary or _named_in(notice, own) or _recipients_of_original(leaves, text)
    is_delay = _is_delay(notice, subject)
    hard = not is_delay and _is_hard(notice, subject, only_temporary=bool(temporary and not permanent))
    return Bounce(True, _unique(recipients), hard, _original_id(headers, leaves, text), is_delay=is_delay)


def _from_reports(reported: list[Recipient], headers: Headers, leaves: Sequence[Leaf], text: str) -> Bounce:
    bad = [one for one in reported if not _is_delivered(one)]
    if not bad:
        return Bounce(is_report=True)
    failed = [one for one in bad if one.action != "delayed"]
    named = failed or bad
    explained = any(one.diagnostic for one in failed) or not words.FULL.search(_notice(text))
    hard = explained and any(is_permanent(one) for one in failed)
    recipients = _failed_recipients(headers) if len(named) == 1 and "x-failed-recipients" in headers else ()
    unreached = _unique(recipients or tuple(one.addr for one in named))
    return Bounce(True, unreached, hard, _original_id(headers, leaves, text), is_delay=not failed)


def _is_delivered(one: Recipient) -> bool:
    return one.action in _GOOD_ACTIONS or (one.action not in _BAD_ACTIONS and one.status.startswith("2"))


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


def _without_ids(found: tuple[str, ...], text: str) -> tuple[str, ...]:
    """Without what is the Message-ID of the mail that came back, which looks like an address."""
    ids = {one.casefold() for one in words.MESSAGE_ID.findall(text[:_MAX_FOR_FLUFL])} if found else set()
    return tuple(addr for addr in found if addr.casefold() not in ids)


def _texts(found: Iterable[object]) -> tuple[str, ...]:
    texts = (one.decode("utf-8", "replace") if isinstance(one, bytes) else str(one) for one in found)
    return tuple(sorted(text.strip("<>") for text in texts if "@" in text.strip("<>")[1:]))


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
        if addr.casefold() not in own
        and not words.PROPERTY.match(addr)
        and not re.match(r"(?:postmaster|mailer-daemon|abuse|support|admin)@", addr, re.IGNORECASE)
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
    for leaf in leaves:
        if leaf.content_type in ORIGINALS and leaf.data:
            return read_headers(leaf.data, 0, len(leaf.data), limit=65_536)[0]
    return None


def _original_id(headers: Headers, leaves: Sequence[Leaf], text: str) -> str:
    """The Message-ID of the mail that came back: from its headers, from the report's text, else from what the bounce answers."""
    original = _original_headers(leaves)
    candidates = [original.text("message-id")] if original is not None else []
    candidates.append(headers.text("x-original-message-id"))
    found = words.MESSAGE_ID.search(text)
    candidates += [found[1] if found else "", headers.text("in-reply-to"), headers.text("references").split(" ")[-1]]
    return next((one.strip().strip("<>") for one in candidates if "@" in one), "")


def _is_delay(notice: str, subject: str) -> bool:
    """It says that the server goes on trying, and nowhere that it has given up."""
    goes_on = words.DELAY_WORDS.search(notice) or words.DELAY_SUBJECT.search(subject)
    return bool(goes_on and not words.GIVEN_UP.search(notice))


def _is_hard(notice: str, subject: str, *, only_temporary: bool) -> bool:
    """Hard unless a code, a word or flufl.bounce says that it may work later."""
    if only_temporary or words.SOFT_WORDS.search(notice) or words.DELAY_SUBJECT.search(subject):
        return False
    statuses = list(words.STATUS.finditer(notice))
    if not any(found[2] == "1" for found in statuses) and words.FULL.search(notice[:_OPENING]):
        return False
    codes = [found[1] for found in statuses] or [found[1] for found in words.REPLY_CODE.finditer(notice)]
    judged = [code for code in codes if code in "45"]
    return "5" in judged if judged else words.TIMED_OUT.search(notice) is None


def _unique(addresses: Iterable[str]) -> tuple[str, ...]:
    kept: dict[str, str] = {}
    for addr in addresses:
        bare = charsets.storable(addr).strip().rstrip(".")
        kept.setdefault(bare.casefold(), bare)
    return tuple(addr for addr in kept.values() if addr)
