"""The whole mail: bytes in, `ParsedMail` out. Nothing a mail contains makes this raise."""

import logging
import re
import time
from dataclasses import replace
from typing import NamedTuple

from inbox import automation, bounces, charsets, languages, quoting
from inbox.html import Rendering
from inbox.parsing import body as bodies
from inbox.parsing import smime
from inbox.parsing.addresses import Address, read_addresses
from inbox.parsing.attachments import decoded_attachment, read_attachments
from inbox.parsing.headers import Headers
from inbox.parsing.invisible import remove_invisible
from inbox.parsing.mime import Part, read_tree
from inbox.parsing.model import DEFAULT_LIMITS, Kind, Limits, ParsedMail
from inbox.parsing.values import read_date, read_id, read_ids

log = logging.getLogger(__name__)

_PROBLEMS = {
    "too_many_parts": "The mail has more parts than are read; the rest was left out.",
    "too_deep": "The mail is nested more deeply than is read; the innermost parts were left unopened.",
    "long_header": "A header block is longer than is read; the rest of it was left out.",
    "truncated": "The body is longer than is read; it was cut.",
    "attachments_too_large": "The attachments are larger than is read; some were left undecoded.",
    "out_of_time": "Reading the mail took too long; some of it was left out.",
    "several_from": "The mail names several senders in From.",
    "no_from": "The mail has no From address.",
    "no_date": "The mail has no readable date.",
    "no_text": "There is no readable text; look at the attachments.",
    "unreadable": "Nothing in the mail could be read.",
}
_VISIBLE = re.compile(r"\w")
_HEADER_SHARE = {
    "from",
    "to",
    "subject",
    "date",
    "message-id",
    "received",
    "content-type",
    "return-path",
    "sender",
    "mime-version",
    "delivered-to",
    "x-failed-recipients",
}


class _Text(NamedTuple):
    text: str
    reply_text: str
    html: str
    hidden: str
    flags: tuple[str, ...]


def parse(raw: bytes, *, limits: Limits = DEFAULT_LIMITS, own_addresses: frozenset[str] = frozenset()) -> ParsedMail:
    """Read a mail. `own_addresses` (lower case) are those we send from; a mail from one of them is of kind "own".

    Never raises: what could not be done is named in `problems`, and a mail of which nothing could be read has `readable=False`.
    """
    try:
        return _parse(raw, limits, own_addresses)
    except Exception:  # a mail must never stop intake; the fault is ours, so it is logged with its place
        log.exception("parsing a mail of %d bytes failed", len(raw))
        return ParsedMail(
            problems=("The mail could not be read because of a fault in the parser; it was stored unread.",),
            flags=("parser_fault",),
            readable=False,
        )


def read_attachment(raw: bytes, index: int, *, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """The decoded bytes of the attachment with this index of `parse(raw).attachments`. Raises IndexError if there is none."""
    return open_attachment(raw, index, limits=limits)[0]


def open_attachment(raw: bytes, index: int, *, limits: Limits = DEFAULT_LIMITS) -> tuple[bytes, str]:
    """As `read_attachment`, with the charset that the mail says the bytes are in, "" where it says nothing."""
    usable = _usable(raw, limits)
    tree = read_tree(usable, limits=limits, deadline=time.monotonic() + limits.seconds)
    body = bodies.read_body(usable, tree.root, limits=replace(limits, text_chars=1, html_chars=1), deadline=0.0)
    part = body.attached[index]
    return decoded_attachment(usable, part), part.parameters.get("charset", "")


def _parse(raw: bytes, limits: Limits, own_addresses: frozenset[str]) -> ParsedMail:
    deadline = time.monotonic() + limits.seconds
    raw = _usable(raw, limits)
    tree = read_tree(raw, limits=limits, deadline=deadline)
    headers = tree.root.headers
    headers.charset_hint = _charset_hint(tree.root)
    body = bodies.read_body(raw, tree.root, limits=limits, deadline=deadline)
    text = _text(body, limits, deadline)
    attachments = read_attachments(raw, body.attached, html=text.html, limits=limits, flags=body.flags)
    senders = _senders(headers)
    mail = _with_headers(
        ParsedMail(text=text.text, reply_text=text.reply_text, html=text.html, hidden_text=text.hidden, attachments=attachments),
        headers,
        senders,
    )
    mail = _judged(mail, raw=raw, headers=headers, body=body, own_addresses=own_addresses)
    return _with_problems(mail, [*tree.flags, *body.flags, *text.flags], headers)


def _usable(raw: bytes, limits: Limits) -> bytes:
    """The mail without byte order mark, with line feeds if it has only carriage returns, and out of a signature that holds it."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raw = charsets.decode(raw).encode("utf-8")
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    raw = raw.replace(b"\r", b"\n") if b"\n" not in raw and b"\r" in raw else raw
    return smime.unwrap(raw, limit=limits.header_bytes) if b"pkcs7-mime" in raw[: limits.header_bytes] else raw


def _charset_hint(root: Part) -> str:
    """The charset of the first text: raw 8-bit headers are mostly written in the same."""
    waiting = [root]
    while waiting:
        part = waiting.pop()
        if part.content_type.startswith("text/") and part.parameters.get("charset"):
            return part.parameters["charset"]
        waiting.extend(reversed(part.children))
    return ""


def _text(body: bodies.Body, limits: Limits, deadline: float) -> _Text:
    """All pieces joined, invisible characters removed, new text told apart piece by piece as long as there is time."""
    texts, replies, hidden, flags = [], [], [], []
    for piece in body.pieces:
        hidden += piece.rendering.hidden if piece.rendering else []
        shown = piece.rendering.text if bodies.shows_html(piece) and piece.rendering else piece.plain or ""
        clean, secret, overridden = remove_invisible(charsets.storable(shown))
        hidden += [secret] if secret else []
        flags += ["direction_override"] if overridden else []
        texts.append(clean.strip("\n"))
        in_time = time.monotonic() < deadline
        flags += [] if in_time else ["out_of_time"]
        replies.append(_new_text(piece, clean, deadline) if in_time else quoting.Split(clean, has_quote=False))
    html = "\n".join(piece.html for piece in body.pieces if piece.html is not None)
    flags += ["hidden_text"] if hidden else []
    text = "\n\n".join(text for text in texts if text.strip())[: limits.text_chars]
    return _Text(text, _joined_replies(texts, replies), charsets.storable(html), "\n".join(hidden)[: limits.text_chars], tuple(flags))


def _new_text(piece: bodies.Piece, shown: str, deadline: float) -> quoting.Split:
    """From the form that is shown; where its words tell no quote apart but the markup of the HTML form does, from that."""
    by_markup = piece.rendering is not None and bodies.shows_html(piece)
    if not by_markup:
        split = quoting.split_text(shown, deadline=deadline)
        if split.has_quote or piece.rendering is None or not _tells_apart(piece.rendering):
            return split
    lines = piece.rendering.lines if piece.rendering is not None else []
    split = quoting.split_lines(((remove_invisible(line.text)[0], line.quoted) for line in lines), deadline=deadline)
    return split if split.reply or by_markup else quoting.split_text(shown, deadline=deadline)


def _tells_apart(rendering: Rendering) -> bool:
    """The markup shows both: lines that are quoted and lines that are not."""
    return len({line.quoted for line in rendering.lines if line.text.strip()}) > 1


def _joined_replies(texts: list[str], replies: list[quoting.Split]) -> str:
    """The new text of all pieces; a piece after one that ended in a quote is new text only if it is one by itself."""
    joined = "\n\n".join(split.reply for split in replies if split.reply.strip())
    return joined.strip()


def _senders(headers: Headers) -> list[Address]:
    """All addresses of all From headers."""
    return [address for value in headers.raw_all("from")[:50] for address in read_addresses(headers.characters(value))]


def _with_headers(mail: ParsedMail, headers: Headers, senders: list[Address]) -> ParsedMail:
    sender = senders[0] if senders else next(iter(_addresses(headers, "sender")), Address(_bare_name(headers), ""))
    return replace(
        mail,
        message_id=read_id(headers.unfolded("message-id")),
        in_reply_to=read_id(headers.unfolded("in-reply-to")),
        references=read_ids(headers.unfolded("references")),
        from_addr=charsets.storable(sender.addr),
        from_name=remove_invisible(sender.name)[0],
        sender_addrs=tuple(dict.fromkeys(address.addr for address in senders)),
        reply_to=_bare(headers, "reply-to"),
        to=_bare(headers, "to"),
        cc=_bare(headers, "cc"),
        subject=remove_invisible(headers.text("subject"))[0],
        date=read_date(headers.unfolded("date")),
        return_path=next(iter(_bare(headers, "return-path")), ""),
        authentication_results=tuple(
            tuple(headers.characters(value) for value in run[:20])
            for run in headers.runs("authentication-results", parted_by="received")[:20]
        ),
    )


def _bare_name(headers: Headers) -> str:
    """The name in a From that holds no address that one could write to, as of a local user."""
    return headers.text("from").strip('<>" ').partition("<")[0].strip('" ') if "from" in headers else ""


def _addresses(headers: Headers, name: str) -> list[Address]:
    return [address for value in headers.raw_all(name)[:50] for address in read_addresses(headers.characters(value))]


def _bare(headers: Headers, name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(address.addr for address in _addresses(headers, name)))


def _judged(mail: ParsedMail, *, raw: bytes, headers: Headers, body: bodies.Body, own_addresses: frozenset[str]) -> ParsedMail:
    """What kind of mail it is."""
    leaves = [
        bounces.Leaf(part.content_type, part.decoded(raw)[:300_000])
        for part in body.attached
        if part.content_type.startswith(("message/", "text/"))
    ]
    leaves += [bounces.Leaf("text/plain", piece.plain.encode()) for piece in body.pieces if piece.plain]
    bounce = bounces.read(raw=raw, headers=headers, from_addr=mail.from_addr, from_name=mail.from_name, text=mail.text, leaves=leaves)
    machine = automation.judge(headers, from_addr=mail.from_addr)
    return replace(
        mail,
        kind=_kind(mail, bounce, machine, own_addresses),
        is_bounce=bounce.is_bounce,
        bounce_recipients=bounce.recipients,
        bounce_hard=bounce.hard,
        bounce_is_delay=bounce.is_delay,
        bounce_original_id=bounce.original_id,
        is_auto_reply=machine.is_auto_reply and not bounce.is_bounce,
        suppress_auto_reply=machine.suppress or bounce.is_bounce or bounce.is_report,
        is_list=machine.is_list,
        language=languages.detect(mail.reply_text or mail.text),
    )


def _kind(mail: ParsedMail, bounce: bounces.Bounce, machine: automation.Automation, own_addresses: frozenset[str]) -> Kind:
    if own_addresses and mail.from_addr.casefold() in own_addresses:
        return "own"
    if bounce.is_bounce:
        return "bounce"
    if machine.is_auto_reply or bounce.is_report:
        return "automatic"
    if machine.is_list:
        return "list"
    return "automatic" if machine.is_automatic else "person"


def _with_problems(mail: ParsedMail, flags: list[str], headers: Headers) -> ParsedMail:
    if len({addr.casefold() for addr in mail.sender_addrs}) > 1:
        flags.append("several_from")
    flags += ["no_from"] if not mail.sender_addrs else []
    flags += ["no_date"] if mail.date is None else []
    flags += ["no_text"] if mail.attachments and not mail.text.strip() else []
    known = any(name in _HEADER_SHARE for name, _ in headers.fields)
    readable = (known and (bool(mail.subject or mail.from_addr) or bool(_VISIBLE.search(mail.text)))) or bool(mail.attachments and known)
    flags += [] if readable else ["unreadable"]
    unique = tuple(dict.fromkeys(flags))
    return replace(mail, flags=unique, problems=tuple(_PROBLEMS[flag] for flag in unique if flag in _PROBLEMS), readable=readable)
