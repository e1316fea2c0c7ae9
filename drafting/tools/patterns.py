"""Patterns: which words of a mail a connector's tool is asked about in advance.

A pattern describes a whole word ("PW\\d{9}"), or up to three words in a row ("PC \\d{3} \\d{3}"), whatever their case. Anybody may write
a mail, so matching must take time linear in its length: the engine is Rust's `regex` (as pydantic brings it), which never backtracks.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic_core import SchemaValidator

LONGEST_PATTERN = 200
LONGEST_HIT = 80
MOST_TEXT = 200_000
"""Characters of a text that are searched."""
MOST_WORDS = 3
SEPARATORS = re.compile(r"[\s,;:()<>\[\]{}\"“”„«»|=]+")
ENDS = ".!?'’‘`*"


def find(pattern: str, text: str, *, most: int = 4) -> list[str]:
    """The first `most` different things in `text` that match `pattern`, as they are written there."""
    if not pattern:
        return []
    matches, found = _compiled(pattern), dict[str, str]()
    for candidate in _candidates(text):
        if matches.isinstance_python(candidate):
            found.setdefault(candidate.casefold(), candidate)
            if len(found) == most:
                break
    return list(found.values())


def fault(pattern: str) -> str:
    """What is wrong with a pattern, in words, or ""."""
    from pydantic_core import SchemaError

    if len(pattern) > LONGEST_PATTERN:
        return f"The pattern is longer than {LONGEST_PATTERN} characters."
    try:
        _validator(pattern)  # alone first, so that no bracket of it closes one of ours
        if _compiled(pattern).isinstance_python(""):
            return "The pattern also matches nothing at all; write what has to be there, such as PW\\d{9}."
    except SchemaError as error:
        why = [line.partition("error: ")[2] for line in str(error).splitlines() if "error: " in line.lower()]
        return f"The pattern cannot be used: {(why or ['it is too large'])[-1] or 'it is too large'}."
    return ""


def _candidates(text: str) -> Iterator[str]:
    words = [word for part in SEPARATORS.split(text[:MOST_TEXT]) if (word := part.strip(ENDS))]
    for start in range(len(words)):
        for end in range(start + 1, min(start + MOST_WORDS, len(words)) + 1):
            candidate = " ".join(words[start:end])
            if len(candidate) > LONGEST_HIT:
                break
            yield candidate


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> "SchemaValidator":
    return _validator(f"(?i)^(?:{pattern})$")


def _validator(pattern: str) -> "SchemaValidator":
    from pydantic_core import SchemaValidator, core_schema

    return SchemaValidator(core_schema.str_schema(pattern=pattern, regex_engine="rust-regex"))
