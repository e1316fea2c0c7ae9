"""What a person newly wrote, told from quotes and signature. When unsure, text is kept: a customer's words are never lost.

1. Lines that begin with `>`, or that the markup says are quoted, are quotes; what stands between them are inline answers.
2. The attribution above a quote belongs to it. Where the quote is not marked, it reaches from a certain attribution, a header block
   or an "original message" line to the end, provided that something stands above it.
3. Each run of new text loses its signature.
4. If nothing is left although something was cut that no `>` marks (a forwarded mail without comment), the whole text counts as new.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from inbox.quoting import attributions, headers
from inbox.quoting.signatures import cut_signature

_QUOTED = re.compile(r"^\s{0,3}>(?![:;.]?[()D/|\\](?:\s|$)|\s*[:：]\s*$)")
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


def split_text(text: str) -> Split:
    """The new text of a plain body."""
    return split_lines([(line, False) for line in text.split("\n")])


def split_lines(lines: Iterable[tuple[str, bool]]) -> Split:
    """The new text of a body given as lines with what their markup says: (text, is certainly quoted)."""
    marked = list(lines)
    texts = [text.replace("\xa0", " ").rstrip("\r") for text, _ in marked]
    quoted = _quote_marks(texts, [mark for _, mark in marked])
    certain = any(quoted)
    cut = _cut_line(texts, quoted)
    reply = _join(_without_signatures(texts[:cut], quoted[:cut]))
    if not reply and (cut < len(texts) or any(mark for _, mark in marked)):
        return Split(_join(texts), False)
    return Split(reply, certain or cut < len(texts))


def _quote_marks(texts: Sequence[str], marks: list[bool]) -> list[bool]:
    quoted = [mark or _is_quoted(texts, number) for number, mark in enumerate(marks)]
    for number in range(1, len(texts)):
        if not quoted[number] and quoted[number - 1] and texts[number].strip() and _is_overflow(texts, quoted, number):
            quoted[number] = True
    return quoted


def _is_quoted(texts: Sequence[str], number: int) -> bool:
    line = texts[number]
    if not _QUOTED.match(line):
        return False
    return not (
        _ESCAPED_FROM.match(line) and not any(one.startswith(">") for one in texts[max(0, number - 1) : number + 2] if one is not line)
    )


def _is_overflow(texts: Sequence[str], quoted: list[bool], number: int) -> bool:
    """The end of a long quoted line that some program wrapped without a `>`: in lower case, and the quote goes on or ends below."""
    above, line = texts[number - 1], texts[number].strip()
    if len(above) < 60 or not line[0].islower() or not above.lstrip().startswith(">"):
        return False
    following = number + 1
    if following < len(texts) and quoted[following]:
        return not _ASKS.search(above)
    return not _ENDED.search(above) and len(line) < 200 and not any(text.strip() for text in texts[following : following + 20])


def _cut_line(texts: Sequence[str], quoted: list[bool]) -> int:
    """The line from which all is quoted; attributions of marked quotes on the way become quotes themselves."""
    after_rule = False
    block_end = tries = 0
    for number, line in enumerate(texts[:_MAX_LINES]):
        if not line.strip() or quoted[number]:
            block_end = number + 1 if quoted[number] else block_end
            continue
        if headers.is_rule(line):
            after_rule = True
            continue
        if _begins_unmarked_quote(texts, number, after_rule):
            return number
        first, strength = number, 0
        if attributions.may_end(line) and tries < _MOST_ATTRIBUTIONS:
            tries += 1
            first, strength = _find_attribution(texts, number, block_end)
        if strength and _quote_follows(texts, quoted, number):
            quoted[first : number + 1] = [True] * (number + 1 - first)
            block_end = number + 1
            continue
        if strength == 2 and any(text.strip() and not mark for text, mark in zip(texts[:first], quoted[:first], strict=True)):
            return first
        after_rule = False
    return len(texts)


def _find_attribution(texts: Sequence[str], number: int, floor: int) -> tuple[int, int]:
    """Where the attribution begins that ends in line `number`, not above line `floor`, and its strength."""
    top = max(0, number - 6)
    first, strength = attributions.find(list(texts[top : number + 1]), number - top, max(0, floor - top))
    return first + top, strength


def _begins_unmarked_quote(texts: Sequence[str], number: int, after_rule: bool) -> bool:
    line = texts[number]
    if headers.is_separator(line) or headers.is_reply_marker(line):
        return True
    return headers.is_header_block(list(texts[number : number + 16]), 0, after_separator=after_rule)


def _quote_follows(texts: Sequence[str], quoted: list[bool], number: int) -> bool:
    for following in range(number + 1, min(number + 8, len(texts))):
        if texts[following].strip():
            return quoted[following]
    return False


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
