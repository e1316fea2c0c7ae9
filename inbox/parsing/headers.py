"""The header block of a mail or part: found in raw bytes, unfolded once, decoded on demand."""

import re
from binascii import Error as BinasciiError
from binascii import a2b_base64, a2b_qp
from collections.abc import Iterator

from inbox import charsets

_NAME = rb"[!-9;-~]{1,200}"
_HEADER_LINE = re.compile(rb"(" + _NAME + rb")[ \t]*:(.*)", re.DOTALL)
_LOOKS_LIKE_HEADER = re.compile(_NAME + rb":")
_LINE_END = re.compile(rb"\r*\n|\r")
_MIME_HEADER = re.compile(rb"(?:content-type|content-transfer-encoding|mime-version|from|to|subject|date|message-id)[ \t]*:", re.IGNORECASE)
_CONTENT_FIELD = re.compile(rb"^(?:content-(?:type|transfer-encoding|disposition|id)|mime-version)[ \t]*:", re.IGNORECASE | re.MULTILINE)
_WORD = re.compile(r"=\?([^?\s]{0,60})\?([bBqQ])\?(.{0,5000}?)\?=", re.DOTALL)
_USUAL_HEADER = re.compile(
    rb"(?:from|to|b?cc|subject|date|sender|reply-to|message-id|in-reply-to|references|received|return-path|delivered-to|mime-version"
    rb"|content-[a-z-]+|x-[a-z0-9_-]+|list-[a-z-]+|dkim-signature|authentication-results|user-agent|precedence|auto-submitted)[ \t]*:",
    re.IGNORECASE,
)
_MAX_VALUE = 32_768
_MAX_LINES = 20_000


class Headers:
    """Header fields in order, names in lower case, values as unfolded bytes."""

    __slots__ = ("_decoded", "_names", "charset_hint", "fields")

    def __init__(self, fields: list[tuple[str, bytes]]) -> None:
        self.fields = fields
        self.charset_hint = ""
        self._decoded: dict[str, str] = {}
        self._names = frozenset(name for name, _ in fields)

    def raw(self, name: str) -> bytes:
        """The first value of a field, undecoded; b"" if there is none."""
        if name not in self._names:
            return b""
        return next(value for field, value in self.fields if field == name)

    def raw_all(self, name: str) -> list[bytes]:
        """All values of a field, topmost first."""
        return [value for field, value in self.fields if field == name]

    def runs(self, name: str, *, parted_by: str) -> list[list[bytes]]:
        """All values of a field, topmost first, in runs between which a field `parted_by` stands."""
        if name not in self._names:
            return []
        found: list[list[bytes]] = [[]]
        for field, value in self.fields:
            if field == parted_by:
                found.append([])
            elif field == name:
                found[-1].append(value)
        return [run for run in found if run]

    def text(self, name: str) -> str:
        """The first value of a field with encoded words and 8-bit characters decoded; "" if there is none."""
        known = self._decoded.get(name)
        if known is None:
            known = self._decoded[name] = decode_words(self.unfolded(name))
        return known

    def unfolded(self, name: str) -> str:
        """The first value of a field as characters, encoded words untouched (for structured fields)."""
        return charsets.decode_header(self.raw(name)[:_MAX_VALUE], self.charset_hint)

    def characters(self, value: bytes) -> str:
        """Any raw value as characters, encoded words untouched."""
        return charsets.decode_header(value[:_MAX_VALUE], self.charset_hint)

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def __bool__(self) -> bool:
        return bool(self.fields)


def read_headers(raw: bytes, start: int, end: int, *, limit: int, may_be_absent: bool = False) -> tuple[Headers, int, bool]:
    """The header fields that begin at `start`, the offset where the body begins, and whether the block was cut at `limit` bytes.

    Forgives what mail programs and gateways do: a leading mbox line, blank lines before the block, lines that lost their leading space,
    lines of white space inside a folded field, one blank line in the middle of the block, a field that lost its name. A line that cannot
    belong to a header begins the body. A part, other than a mail, may have
    no header (RFC 2046 §5.1): then a blank line stands first, and what follows is the body unless MIME fields follow.
    """
    fields: list[tuple[str, list[bytes]]] = []
    stop = min(end, start + limit)
    body = start
    for count, (line, offset, after) in enumerate(_lines(raw, start, stop)):
        if not line.strip():
            if not fields and count < 20 and not (may_be_absent and not _CONTENT_FIELD.match(raw, after, stop)):
                body = after
                continue
            if (line and fields and _fold_goes_on(raw, after, stop)) or _block_goes_on(raw, after, stop, fields):
                continue
            return _finished(fields), after, False
        found = None if line[:1] in b" \t" else _HEADER_LINE.match(line)
        if found:
            fields.append((found[1].decode("ascii").lower(), [found[2]]))
        elif fields and (line[:1] in b" \t" or _is_lost_fold(raw, after, stop)):
            fields[-1][1].append(line if line[:1] in b" \t" else b" " + line)
        elif not line.startswith((b"From ", b">From ", b":") if fields else (b"From ", b">From ")):
            return _finished(fields), offset, False
        body = after
        if count > _MAX_LINES:
            return _finished(fields), _end_of_block(raw, after, end), True
    if stop < end:
        return _finished(fields), _end_of_block(raw, body, end), True
    return _finished(fields), body, False


def _lines(raw: bytes, start: int, stop: int) -> Iterator[tuple[bytes, int, int]]:
    """Lines with their offset and the offset of the next one, whichever line ends are used."""
    while start < stop:
        found = _LINE_END.search(raw, start, stop)
        if found is None:
            yield raw[start:stop], start, stop
            return
        yield raw[start : found.start()], start, found.end()
        start = found.end()


def _fold_goes_on(raw: bytes, after: int, stop: int) -> bool:
    """A line of white space only is no end of the block but part of a folded field (RFC 5322 §4.2), as long as one of these follows."""
    return raw[after : after + 1] in (b" ", b"\t") or _USUAL_HEADER.match(raw, after, stop) is not None


def _block_goes_on(raw: bytes, after: int, stop: int, fields: list[tuple[str, list[bytes]]]) -> bool:
    """A stray blank line inside the header block: the block had no From, Subject or Content-Type yet, and MIME headers follow."""
    names = {name for name, _ in fields}
    if names & {"content-type", "mime-version"} or ("from" in names and "subject" in names and "date" in names and "to" in names):
        return raw[after : after + 13].lower().startswith(b"mime-version:") and "content-type" not in names
    if not ("received" in names or "from" in names):
        return False
    block = raw[after : min(stop, after + 2_000)]
    return bool(_MIME_HEADER.match(block)) and _CONTENT_FIELD.search(block, 0, _end_of_block(block, 0, len(block))) is not None


def _is_lost_fold(raw: bytes, after: int, stop: int) -> bool:
    """A line without a colon in the middle of headers: the next line is a header again."""
    return bool(_LOOKS_LIKE_HEADER.match(raw, after, stop))


def _end_of_block(raw: bytes, start: int, end: int) -> int:
    found = re.compile(rb"\n\r?\n|\r\r").search(raw, start, end)
    return found.end() if found else end


def _finished(fields: list[tuple[str, list[bytes]]]) -> Headers:
    return Headers([(name, (pieces[0] if len(pieces) == 1 else b"".join(pieces)).strip()) for name, pieces in fields])


def decode_words(value: str) -> str:
    """RFC 2047 encoded words in a header value, also where they are broken across lines, split inside a character or stand inside quotes.

    Runs of words in one charset are joined as bytes first, because some programs cut between the bytes of one character.
    """
    if "=?" not in value:
        return _one_line(value)
    out: list[str] = []
    position, pending, charset = 0, b"", ""
    for found in _WORD.finditer(value):
        between = value[position : found.start()]
        payload = _word_bytes(found[2], found[3])
        name = found[1].partition("*")[0]
        if pending and not between.strip() and name.lower() == charset.lower():
            pending += payload
        else:
            out.append(charsets.decode(pending, charset))
            out.append(between if between.strip() or not pending else "")
            pending, charset = payload, name
        position = found.end()
    out.append(charsets.decode(pending, charset))
    out.append(value[position:])
    return _one_line("".join(out))


def _word_bytes(encoding: str, payload: str) -> bytes:
    raw = payload.encode("utf-8", "surrogateescape")
    if encoding in "bB":
        return lenient_base64(raw)
    return a2b_qp(raw, header=True)


def lenient_base64(data: bytes) -> bytes:
    """Base64 as far as it can be read: wrong padding, line noise and a missing end are forgiven."""
    packed = re.sub(rb"[^A-Za-z0-9+/=]", b"", data)
    out = b""
    for run in re.findall(rb"[^=]+", packed):
        whole = run if len(run) % 4 != 1 else run[:-1]
        try:
            out += a2b_base64(whole + b"=" * (-len(whole) % 4))
        except BinasciiError:
            continue
    return out


_BREAKS = re.compile(r"[\r\n\t\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1b\x1f\x7f]")


def _one_line(value: str) -> str:
    """Header text never spans lines: no injection into what is built from it."""
    if value.isascii() and value.isprintable():
        return value.strip()
    return _CONTROLS.sub("", _BREAKS.sub(" ", value)).strip()
