"""What a person newly wrote, told from quotes and signature. When unsure, text is kept: a customer's words are never lost.

1. Lines that begin with `>`, or that the markup says are quoted, are quotes; what stands between them are inline answers.
2. The attribution above a quote belongs to it. Where the quote is not marked, it reaches from a certain attribution, a header block
   or an "original message" line to the end, provided that something stands above it.
3. Each run of new text loses its signature, the first one a gateway's warning above it.
4. If nothing is left although something was cut that no `>` marks, or of what is marked so the beginning says that it was forwarded (a
   forwarded mail without comment), the whole text counts as new.
"""

import re
import time
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from inbox.quoting import attributions, banners, headers
from inbox.quoting.devices import is_of_a_device
from inbox.quoting.signatures import cut_signature

_QUOTED = re.compile(r"^\s{0,3}>(?![:;.]?[()D/|\\](?:\s|$)|\s*[:：]\s*$)")
_BARRED = re.compile(r"^\s{0,3}\|(?!\|)")
_ASKS = re.compile(r"[?:!？：！]\s*$")
_ESCAPED_FROM = re.compile(r"^>From ")
_ENDED = re.compile(r"[.?!:;…。？！)\]>\"”»]\s*$")
_MAX_LINES = 20_000
_MOST_ATTRIBUTIONS = 500
"""Lines looked at closely; a thread of years has fewer, and a hostile mail has no end of them."""


class Split(NamedTuple):
    """The new text, and whether anything was found to be quoted."""

    reply: str
    has_quote: bool


def split_text(text: str, *, deadline: float = float("inf")) -> Split:
    """The new text of a plain body."""
    return split_lines([(line, False) for line in text.split("\n")], deadline=deadline)


def split_lines(lines: Iterable[tuple[str, bool]], *, deadline: float = float("inf")) -> Split:
    """The new text of a body given as lines with what their markup says: (text, is certainly quoted).

    What could not be looked at by `deadline` (of `time.monotonic`) counts as new.
    """
    marked = list(lines)
    texts = [text.replace("\xa0", " ").rstrip("\r") for text, _ in marked]
    quoted = _quote_marks(texts, [mark for _, mark in marked])
    cut = _cut_line(texts, quoted, deadline)
    begun = banners.after_banner(texts[:cut])
    reply = _join(_without_signatures(texts[begun:cut], quoted[begun:cut]))
    if not reply and (cut < len(texts) or any(mark for _, mark in marked) or _is_forwarded(texts)):
        return Split(_join(texts), False)
    return Split(reply, any(quoted) or cut < len(texts))


def _is_forwarded(texts: Sequence[str]) -> bool:
    """The quote begins as programs begin what they forward, not what they answer."""
    begun = next((number for number, line in enumerate(texts) if line.strip(" \t>")), len(texts))
    bare = [line.lstrip(" \t>") for line in texts[begun : begun + 16]]
    return bool(bare) and (headers.is_separator(bare[0]) or headers.is_forward_line(bare[0]) or headers.is_header_block(bare, 0))


def _quote_marks(texts: Sequence[str], marks: list[bool]) -> list[bool]:
    quoted = [mark or _is_quoted(texts, number) for number, mark in enumerate(marks)]
    for number in range(1, len(texts)):
        if not quoted[number] and quoted[number - 1] and texts[number].strip() and _is_overflow(texts, quoted, number):
            quoted[number] = True
    return quoted


def _is_quoted(texts: Sequence[str], number: int) -> bool:
    line = texts[number]
    if not _QUOTED.match(line) or _is_banner(line.strip()) or (number and attributions.closes_address(line, texts[number - 1])):
        return False
    return not (
        _ESCAPED_FROM.match(line) and not any(one.startswith(">") for one in texts[max(0, number - 1) : number + 2] if one is not line)
    )


def _is_banner(bare: str) -> bool:
    """A line that somebody decorated on both sides."""
    return bare.startswith(">>") and bare.endswith("<<") and bare.strip("<> ") != ""


def _is_overflow(texts: Sequence[str], quoted: list[bool], number: int) -> bool:
    """The end of a long quoted line that some program wrapped without a `>`: in lower case, and the quote goes on or ends below."""
    above, line = texts[number - 1], texts[number].strip()
    if len(above) < 60 or not line[0].islower() or not above.lstrip().startswith(">"):
        return False
    following = number + 1
    if following < len(texts) and quoted[following]:
        return not _ASKS.search(above)
    return not _ENDED.search(above) and len(line) < 200 and not any(text.strip() for text in texts[following : following + 20])


def _cut_line(texts: list[str], quoted: list[bool], deadline: float) -> int:
    """The line from which all is quoted; attributions of marked quotes on the way become quotes themselves.

    Where a person wrote into the line of an attribution, the line keeps what stands before it.
    """
    after_rule = False
    worded = -1
    block_end = tries = 0
    for number, line in enumerate(texts[:_MAX_LINES]):
        if not line.strip() or quoted[number]:
            block_end = number + 1 if quoted[number] else block_end
            continue
        if number % 100 == 99 and time.monotonic() > deadline:
            break
        if headers.is_rule(line):
            after_rule = True
            continue
        if _begins_unmarked_quote(texts, number, after_rule):
            return worded if worded >= 0 else number
        introduces = headers.is_forward_line(line)
        worded = number if introduces or headers.is_worded_rule(line) else -1
        first, strength = number, int(introduces)
        if not introduces and attributions.may_end(line) and tries < _MOST_ATTRIBUTIONS:
            tries += 1
            first, strength = _find_attribution(texts, number, block_end)
        if strength and _quote_follows(texts, quoted, number):
            first = _keep_beginning(texts, first, number)
            quoted[first : number + 1] = [True] * (number + 1 - first)
            block_end = number + 1
            continue
        if (strength == 2 or (strength and _is_below_device(texts, first))) and _something_above(texts, quoted, first):
            return _keep_beginning(texts, first, number)
        after_rule = False
    return len(texts)


def _something_above(texts: Sequence[str], quoted: Sequence[bool], first: int) -> bool:
    if any(text.strip() and not mark for text, mark in zip(texts[:first], quoted[:first], strict=True)):
        return True
    return bool(attributions.begin_in_line(texts[first]))


def _keep_beginning(texts: list[str], first: int, last: int) -> int:
    """The line in which the quote begins; what a person wrote in the attribution's first line remains in a line of its own."""
    written = attributions.begin_in_line(texts[first])
    if not written:
        return first
    texts[first] = written
    return first + 1


def _is_below_device(texts: Sequence[str], first: int) -> bool:
    """The line of a phone ends what it was used to write."""
    above = next((text for text in reversed(texts[max(0, first - 4) : first]) if text.strip()), "")
    return is_of_a_device(above)


def _find_attribution(texts: Sequence[str], number: int, floor: int) -> tuple[int, int]:
    """Where the attribution begins that ends in line `number`, not above line `floor`, and its strength."""
    top = max(0, number - 6)
    first, strength = attributions.find(list(texts[top : number + 1]), number - top, max(0, floor - top))
    return first + top, strength


def _begins_unmarked_quote(texts: Sequence[str], number: int, after_rule: bool) -> bool:
    line = texts[number]
    if headers.is_separator(line) or headers.is_reply_marker(line):
        return True
    block = list(texts[number : number + 16])
    return headers.is_header_block(block, 0, after_separator=after_rule) or (line[:1].isalpha() and headers.is_notes_block(block))


def _quote_follows(texts: Sequence[str], quoted: list[bool], number: int) -> bool:
    for following in range(number + 1, min(number + 8, len(texts))):
        if texts[following].strip():
            if _BARRED.match(texts[following]):
                _mark_barred(texts, quoted, following)
            return quoted[following]
    return False


def _mark_barred(texts: Sequence[str], quoted: list[bool], first: int) -> None:
    """Lines below an attribution that begin with a bar are marked as others are with `>`."""
    for number in range(first, len(texts)):
        if not _BARRED.match(texts[number]):
            return
        quoted[number] = True


def _without_signatures(texts: Sequence[str], quoted: list[bool]) -> list[str]:
    """The new lines, each run between quotes without its signature."""
    out: list[str] = []
    run: list[str] = []
    for text, mark in zip(texts, quoted, strict=True):
        if not mark:
            run.append(text)
            continue
        out.extend(cut_signature(run, begun=bool(out)) if run else [])
        run = []
        if out and out[-1].strip():
            out.append("")
    out.extend(cut_signature(run, begun=bool(out)))
    return out


def _join(lines: Sequence[str]) -> str:
    """Lines as text, without more than one blank line in a row and without rules at the end."""
    text = re.sub(r"\n[ \t]*(?:\n[ \t]*)+\n", "\n\n", "\n".join(line.rstrip() for line in lines)).strip("\n")
    return text.strip()
