"""From the tree of parts to body text and attachments."""

import re
import time
from dataclasses import dataclass, field

from inbox import charsets, html
from inbox.html import Line, Rendering
from inbox.parsing import rtf, tnef
from inbox.parsing.attachments import file_name
from inbox.parsing.calendar import read_calendar
from inbox.parsing.flowed import unflow
from inbox.parsing.headers import Headers
from inbox.parsing.mime import Part, uuencoded_files
from inbox.parsing.model import Limits

_READ_AS_TEXT = frozenset(
    {
        "text/plain",
        "text/html",
        "text/enriched",
        "text/richtext",
        "text/markdown",
        "text/x-markdown",
        "text/x-amp-html",
        "text/watch-html",
        "text/text",
        "text/xhtml",
        "application/xhtml+xml",
    }
)
_READ_AS_HTML = frozenset(
    {
        "text/html",
        "text/x-amp-html",
        "text/watch-html",
        "text/enriched",
        "text/richtext",
        "text/xhtml",
        "application/xhtml+xml",
    }
)
_UUENCODED = re.compile(r"^begin [0-7]{3,4} [^\n]{1,200}\n[!-`][ -`]{1,90}\n(?:[ -`]{0,90}\n)*?end[ \t]*$", re.MULTILINE)
_MOST_PACKED = 500
_HTML_START = re.compile(r"\s*(?:<!doctype html|<html[\s>])", re.IGNORECASE)
_STUB = re.compile(
    r"(?:view|read|see|display).{0,60}(?:html|browser|web version)|html.{0,40}(?:e-?mail|message|viewer|client|support|compatible)"
    r"|(?:multi-?part|mime) (?:message|format)|does not support html|plain text version|"
    r"kein(?:e)? html|html-?(?:fähig|ansicht|format)|im browser|navigateur|navegador",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Piece:
    """One stretch of body text, in one or both of its forms."""

    plain: str | None = None
    html: str | None = None
    rendering: Rendering | None = None


@dataclass(slots=True)
class Body:
    """What the walk over the tree collects."""

    pieces: list[Piece] = field(default_factory=list)
    attached: list[Part] = field(default_factory=list)
    named_texts: list[Part] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)


def read_body(raw: bytes, root: Part, *, limits: Limits, deadline: float) -> Body:
    """Body text in reading order, and every other leaf as an attachment, also in reading order."""
    body = Body()
    body.pieces = _pieces(raw, root, body, limits, in_alternative=False)
    _promote_named_text(raw, root, body, limits)
    _unpack(raw, body, limits)
    for piece in body.pieces:
        if piece.html is not None and time.monotonic() < deadline:
            piece.rendering = html.render(piece.html, deadline=deadline)
            body.flags += ["out_of_time"] if piece.rendering.is_cut else []
        elif piece.html is not None:
            body.flags.append("out_of_time")
            piece.rendering = Rendering([Line(line) for line in re.sub(r"<[^<>]{0,5000}>", " ", piece.html).split("\n")])
    body.pieces = _without_twins(body.pieces)
    return body


def _pieces(raw: bytes, part: Part, body: Body, limits: Limits, *, in_alternative: bool) -> list[Piece]:
    """Text of one part; recursion is bounded by the depth limit of the tree."""
    if part.is_multipart:
        if part.content_type == "multipart/alternative":
            return _alternative(raw, part, body, limits)
        first = part.children[0]
        return [
            piece
            for child in part.children
            for piece in _pieces(raw, child, body, limits, in_alternative=in_alternative and child is first)
        ]
    if not _is_text(part):
        body.attached.append(part)
        return []
    if _is_attached_text(part, in_alternative):
        (body.named_texts if part.disposition != "attachment" else []).append(part)
        body.attached.append(part)
        return []
    return [_piece(raw, part, body, limits)]


def _alternative(raw: bytes, part: Part, body: Body, limits: Limits) -> list[Piece]:
    """The forms of one text. Different plain forms are all kept: some programs write `alternative` and mean `mixed`."""
    pieces = [piece for child in part.children for piece in _pieces(raw, child, body, limits, in_alternative=True)]
    plains = list(dict.fromkeys(piece.plain for piece in pieces if piece.plain is not None and piece.plain.strip()))
    htmls = list(dict.fromkeys(piece.html for piece in pieces if piece.html is not None and piece.html.strip()))
    if not plains and not htmls:
        return pieces[:1]
    return [Piece("\n".join(plains) if plains else None, "\n".join(htmls) if htmls else None)]


def _is_text(part: Part) -> bool:
    return part.content_type in _READ_AS_TEXT or part.content_type.startswith("multipart/")


def _is_attached_text(part: Part, in_alternative: bool) -> bool:
    if part.disposition == "attachment":
        return not (in_alternative and not file_name(part))
    return bool(file_name(part)) and not in_alternative


def _promote_named_text(raw: bytes, root: Part, body: Body, limits: Limits) -> None:
    """A mail whose only text has a file name and is shown inline: that text is the body."""
    if any((piece.plain or piece.html or "").strip() for piece in body.pieces):
        return
    candidate = next((part for part in body.named_texts if part is root or part.depth <= 2), None)
    if candidate is not None and (candidate is root or candidate.disposition == "inline" or not candidate.disposition):
        text = _piece(raw, candidate, body, limits)
        if candidate is root or len(body.attached) == 1:
            body.pieces.append(text)
            body.attached.remove(candidate)


def _unpack(raw: bytes, body: Body, limits: Limits) -> None:
    """Files inside a winmail.dat become attachments; its text, or that of an invitation, is the body where there is no other."""
    has_text = any((piece.plain or piece.html or "").strip() for piece in body.pieces)
    for part in body.attached[:_MOST_PACKED]:
        if part.content_type in {"application/ms-tnef", "application/vnd.ms-tnef"} or file_name(part).lower() == "winmail.dat":
            packed = tnef.unpack(part.decoded(raw))
            body.attached += [_packed_part(one, part) for one in packed.files]
            said = packed if has_text or packed.text.strip() or packed.html else rtf.read_rtf(rtf.decompress(packed.rtf))
            found = Piece(said.text[: limits.text_chars] or None, said.html[: limits.html_chars] or None)
        elif part.content_type == "text/calendar":
            found = Piece(plain=read_calendar(part_text(raw, part))[: limits.text_chars] or None)
        else:
            continue
        if not has_text and (found.plain or found.html):
            body.pieces.append(found)
            has_text = True


def _packed_part(file: tnef.File, part: Part) -> Part:
    parameters = {"filename": file.name}
    content_type = "application/octet-stream"
    return Part(Headers([]), 0, len(file.content), part.depth + 1, content_type, {}, "attachment", parameters, packed=file.content)


def _piece(raw: bytes, part: Part, body: Body, limits: Limits) -> Piece:
    text = part_text(raw, part)
    files = uuencoded_files(raw, part) if part.content_type == "text/plain" else []
    if files:
        body.attached.extend(files)
        text = _UUENCODED.sub("", text)
    is_html = part.content_type in _READ_AS_HTML or _HTML_START.match(text) is not None
    room = limits.html_chars if is_html else limits.text_chars
    text = html.shorten(text, room) if is_html else text
    if len(text) > room:
        body.flags.append("truncated")
        text = text[:room]
    return Piece(html=text) if is_html else Piece(plain=unflow(text, part.parameters))


def part_text(raw: bytes, part: Part) -> str:
    """The text of a part in one kind of line ends; HTML may name its charset itself."""
    data = part.decoded(raw)
    declared = part.parameters.get("charset", "")
    if not declared and part.content_type == "text/html":
        found = re.search(rb"charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{2,40})", data[:2_048])
        declared = found[1].decode("ascii") if found else ""
    return charsets.decode(data, declared).replace("\r\n", "\n").replace("\r", "\n")


def _without_twins(pieces: list[Piece]) -> list[Piece]:
    """Plain text followed by the same text as HTML in `mixed` is one text in two forms."""
    kept: list[Piece] = []
    for piece in pieces:
        last = kept[-1] if kept else None
        if (
            last is not None
            and last.html is None
            and piece.plain is None
            and piece.rendering
            and _same(last.plain or "", piece.rendering.text)
        ):
            last.html, last.rendering = piece.html, piece.rendering
        else:
            kept.append(piece)
    return kept


def _same(one: str, other: str) -> bool:
    packed, twin = (re.sub(r"[\W_]+", "", text).casefold() for text in (one, other))
    return bool(packed) and packed == twin


def shows_html(piece: Piece) -> bool:
    """True where the HTML form is the one to read: there is no plain text, or it only says that there is HTML."""
    plain = (piece.plain or "").strip()
    if piece.rendering is None:
        return False
    if not plain:
        return True
    shown = piece.rendering.text.strip()
    if len(plain) < 400 and len(shown) > 3 * len(plain) and _STUB.search(plain):
        return True
    return bool(_HTML_START.match(plain)) or (len(plain) * 20 < len(shown) and len(plain) < 60)
