"""The MIME tree of a mail, read top down from raw bytes (RFC 2045, 2046), without copying and without recursion limits.

Each part knows its offsets in the raw mail. An outer boundary ends every inner part, so unclosed parts need no repair.
"""

import re
import time
from binascii import Error as BinasciiError
from binascii import a2b_base64, a2b_qp, a2b_uu
from dataclasses import dataclass, field
from itertools import islice, takewhile

from inbox.parsing.headers import Headers, lenient_base64, read_headers
from inbox.parsing.model import Limits
from inbox.parsing.parameters import read_parameters

_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,127}/[a-z0-9!#$&^_.+-]{1,127}")
_CLEAN_BASE64 = re.compile(rb"[A-Za-z0-9+/\s]*+=*+\s*+")
_BASE64_LINE = re.compile(rb"[A-Za-z0-9+/]+={0,2}")
_SOFT_BREAK_SPACE = re.compile(rb"=[ \t]+(\r?\n)")
_UU_BEGIN = re.compile(rb"^begin [0-7]{3,4} ([^\r\n]{1,200})\r?\n", re.MULTILINE)
_UU_LINE = re.compile(rb"[!-`][ -`]{1,90}\r?\n")
_UU_END = re.compile(rb"^end[ \t]*\r?$", re.MULTILINE)
_LINE_BREAK = re.compile(rb"[\r\n]")
_FIRST_DELIMITER = re.compile(rb"^--(\S[^\r\n]{0,198}?)[ \t]*\r?\n(?=content-)", re.MULTILINE | re.IGNORECASE)

MOST_FALSE_ENDS = 100


@dataclass(slots=True)
class Part:
    """One entity: its headers, where its body lies, what it says it is, and its children (multiparts only)."""

    headers: Headers
    start: int
    end: int
    depth: int
    content_type: str
    parameters: dict[str, str]
    disposition: str
    disposition_parameters: dict[str, str]
    children: list["Part"] = field(default_factory=list)
    packed: bytes | None = None
    """What a file inside another part holds: it stands nowhere in the mail as it is."""

    @property
    def is_multipart(self) -> bool:
        return self.content_type.startswith("multipart/") and bool(self.children)

    def encoded(self, raw: bytes) -> bytes:
        """The body as it stands in the mail."""
        return self.packed if self.packed is not None else raw[self.start : self.end]

    def decoded(self, raw: bytes) -> bytes:
        """The body with its transfer encoding undone."""
        return self.packed if self.packed is not None else undo_transfer_encoding(self.encoded(raw), self.transfer_encoding)

    @property
    def transfer_encoding(self) -> str:
        found = re.search(rb"[A-Za-z0-9-]+", self.headers.raw("content-transfer-encoding"))
        return found[0].decode("ascii").lower() if found else ""


@dataclass(slots=True)
class Tree:
    """The root part, and the codes of what was left out on the way."""

    root: Part
    flags: list[str]


def read_tree(raw: bytes, *, limits: Limits, deadline: float) -> Tree:
    """The parts of a mail. Over a limit, what is left stays inside its parent as one unread leaf and the tree is flagged."""
    flags: list[str] = []
    root = _read_part(raw, 0, len(raw), depth=0, limits=limits, flags=flags, default="text/plain")
    waiting, count = [root], 1
    while waiting:
        part = waiting.pop()
        if not part.content_type.startswith("multipart/"):
            continue
        if part.depth >= limits.depth:
            flags.append("too_deep")
            continue
        if time.monotonic() > deadline:
            flags.append("out_of_time")
            break
        spans = _spans(raw, part, limits.parts - count)
        if len(spans) > limits.parts - count:
            flags.append("too_many_parts")
            spans = spans[: limits.parts - count]
        default = "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"
        part.children = [_read_part(raw, a, b, depth=part.depth + 1, limits=limits, flags=flags, default=default) for a, b in spans]
        count += len(spans)
        waiting.extend(reversed(part.children))
    return Tree(root, list(dict.fromkeys(flags)))


def _read_part(raw: bytes, start: int, end: int, *, depth: int, limits: Limits, flags: list[str], default: str) -> Part:
    headers, body, cut = read_headers(raw, start, end, limit=limits.header_bytes, may_be_absent=depth > 0)
    if cut:
        flags.append("long_header")
    head, parameters = read_parameters(headers.unfolded("content-type"))
    disposition, disposition_parameters = read_parameters(headers.unfolded("content-disposition"))
    content_type = _content_type(head, default, bool(parameters.get("boundary")), "content-type" in headers)
    return Part(headers, body, end, depth, content_type, parameters, disposition, disposition_parameters)


def _content_type(head: str, default: str, has_boundary: bool, stated: bool) -> str:
    """A usable type/subtype; RFC 2045 §5.2 says that what is unreadable is plain text."""
    head = re.sub(r"\([^()]*\)", "", head).strip() if "(" in head else head
    found = _TYPE.match(re.sub(r"\s*/\s*", "/", head))
    if found:
        return found[0]
    if has_boundary:
        return "multipart/mixed"
    if head in {"html", "text html"}:
        return "text/html"
    if head.startswith(("application", "image", "audio", "video")):
        return "application/octet-stream"
    return "text/plain" if stated else default


def _spans(raw: bytes, part: Part, room: int) -> list[tuple[int, int]]:
    """Where the children of a multipart begin and end; at most `room` + 1 of them."""
    boundary = part.parameters.get("boundary", "").rstrip()
    spans = _spans_between(raw, part, boundary.encode("utf-8", "surrogateescape"), room) if boundary else []
    if spans:
        return spans
    found = _FIRST_DELIMITER.search(raw, part.start, min(part.end, part.start + 20_000))
    return _spans_between(raw, part, found[1], room) if found else []


def _spans_between(raw: bytes, part: Part, boundary: bytes, room: int) -> list[tuple[int, int]]:
    marker = b"--" + boundary
    spans: list[tuple[int, int]] = []
    opened, position = -1, part.start
    while len(spans) <= room:
        found = raw.find(marker, position, part.end)
        if found < 0:
            break
        position = found + len(marker)
        if found > part.start and raw[found - 1] not in b"\r\n":
            continue
        line_end = _line_end(raw, found, part.end)
        tail = raw[position : min(line_end, position + 200)].strip()
        if tail and tail not in {b"--", b"-"} and not tail.startswith(b"-- "):
            continue
        if opened >= 0:
            spans.append((opened, _before_line_end(raw, opened, found)))
        if tail.startswith(b"--"):
            if len(spans) > MOST_FALSE_ENDS or not _goes_on(raw, part, marker, line_end):
                return spans
            opened = -1
            continue
        opened = min(line_end + (2 if raw[line_end : line_end + 2] == b"\r\n" else 1), part.end)
    else:
        return spans
    if opened >= 0:
        spans.append((opened, part.end))
    return spans


def _goes_on(raw: bytes, part: Part, marker: bytes, position: int) -> bool:
    """A closing delimiter is the end, unless another ordinary delimiter follows: some programs write `--x--` between parts."""
    again = raw.find(b"\n" + marker, position, part.end)
    return again >= 0 and not raw[again + 1 + len(marker) : _line_end(raw, again + 1, part.end)].strip()


def _line_end(raw: bytes, start: int, end: int) -> int:
    found = _LINE_BREAK.search(raw, start, end)
    return found.start() if found else end


def _before_line_end(raw: bytes, start: int, position: int) -> int:
    """The line break before a delimiter belongs to the delimiter."""
    if position > start and raw[position - 1 : position] == b"\n":
        position -= 1
    if position > start and raw[position - 1 : position] == b"\r":
        position -= 1
    return max(position, start)


def undo_transfer_encoding(data: bytes, encoding: str) -> bytes:
    """The decoded body. An unknown encoding is left as it is; damaged base64 gives what can be read of it."""
    if encoding == "base64":
        return _from_base64(data)
    if encoding in {"quoted-printable", "quotedprintable", "qp"}:
        return a2b_qp(_SOFT_BREAK_SPACE.sub(rb"=\1", data))
    if encoding in {"x-uuencode", "uuencode", "x-uue", "uue"}:
        return from_uuencode(data)
    return data


def _from_base64(data: bytes) -> bytes:
    if _CLEAN_BASE64.fullmatch(data):
        if _is_prose(data):
            return data
        try:
            return a2b_base64(data)
        except BinasciiError:
            return lenient_base64(data)
    lines = [line.strip() for line in data.splitlines()]
    leading = list(takewhile(_BASE64_LINE.fullmatch, filter(None, lines)))
    if leading and leading[-1].endswith(b"="):
        return lenient_base64(b"".join(leading))
    good = [line for line in lines if _BASE64_LINE.fullmatch(line)]
    if len(good) * 2 < sum(bool(line) for line in lines):
        return data
    return lenient_base64(b"".join(good))


def _is_prose(data: bytes) -> bool:
    """Words and spaces could be base64 as well, but no program writes spaces inside its lines."""
    lines = [line.strip() for line in data[:1_000].splitlines()] if b" " in data[:1_000] else []
    return sum(b" " in line for line in lines) * 2 > sum(bool(line) for line in lines)


def uuencoded_files(raw: bytes, part: Part) -> list[Part]:
    """Files that stand uuencoded within a text, as old mail programs send them; each as a part of its own."""
    if part.transfer_encoding not in {"", "7bit", "8bit", "binary"} or raw.find(b"\nbegin ", part.start, part.end) < 0:
        return []
    found = []
    for begin in islice(_UU_BEGIN.finditer(raw, part.start, part.end), 50):
        end = _UU_END.search(raw, begin.end(), part.end)
        if end and _UU_LINE.match(raw, begin.end()):
            name = begin[1].decode("utf-8", "replace").strip()
            headers = Headers([("content-transfer-encoding", b"x-uuencode")])
            parameters = {"filename": name}
            found.append(Part(headers, begin.start(), end.end(), part.depth, "application/octet-stream", {}, "attachment", parameters))
    return found


def from_uuencode(data: bytes) -> bytes:
    """The bytes between `begin` and `end`; a line that is no uuencode is passed over."""
    out: list[bytes] = []
    for line in data.splitlines():
        if line.startswith((b"begin ", b"end")) or not line.strip():
            continue
        try:
            out.append(a2b_uu(line))
        except BinasciiError:
            length = (((line[0] - 32) & 63) * 4 + 5) // 3
            try:
                out.append(a2b_uu(line[:length]))
            except BinasciiError:
                continue
    return b"".join(out)
