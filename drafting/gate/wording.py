"""How the gate recognises wordings by itself, without the model.

The lists only ever add doubt: what they see too much of goes to a person.
"""

import re
import unicodedata
from collections.abc import Iterable

LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pl", "pt")
"""Those that the lists know (ISO 639-1)."""
LONGEST_QUOTE = 120
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\U000e0000-\U000e007f]")


def folded(text: str) -> str:
    """`text` for comparing: one spelling of each letter, lower case, single spaces, nothing invisible, straight apostrophes."""
    visible = INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).replace("’", "'")
    return "\n".join(" ".join(line.split()) for line in visible.casefold().splitlines())


def wording(lists: str, *patterns: str) -> re.Pattern[str]:
    """Any of the beginnings of words or phrases in `lists`, and of `patterns`, in folded text.

    `lists` has a language a line, "en: refund, money back, sue!, ~rabatt": a beginning takes every ending unless it ends in "!",
    and stands at the beginning of a word unless it begins with "~".
    """
    beginnings = [part.strip() for part in re.sub(r"(?m)^[a-z]{2}:", ",", lists).replace("\n", " ").split(",") if part.strip()]
    at_the_beginning = "|".join(_pattern(beginning) for beginning in beginnings if not beginning.startswith("~"))
    anywhere = [_pattern(beginning[1:]) for beginning in beginnings if beginning.startswith("~")]
    return re.compile("|".join([rf"(?<!\w)(?:{at_the_beginning})", *anywhere, *patterns]))


def _pattern(beginning: str) -> str:
    words = r"\s".join(map(re.escape, beginning.removesuffix("!").split()))
    return words + (r"(?!\w)" if beginning.endswith("!") else r"\w*")


def hits(pattern: re.Pattern[str], text: str) -> list[str]:
    """What `pattern` finds in `text`, folded, each once, in order."""
    return list(dict.fromkeys(match[0].strip() for match in pattern.finditer(folded(text)) if match[0].strip()))


def quoted(items: Iterable[str], *, at_most: int = 5) -> str:
    """For a reason in words: “one”, “two” and 3 more. Long ones end after a whole word."""
    listed = list(items)
    shown = ", ".join(f"“{_shortened(item)}”" for item in listed[:at_most])
    return shown if len(listed) <= at_most else f"{shown} and {len(listed) - at_most} more"


def _shortened(text: str) -> str:
    if len(text) <= LONGEST_QUOTE:
        return text
    cut = text[:LONGEST_QUOTE]
    return f"{cut.rpartition(' ')[0] if ' ' in cut and text[LONGEST_QUOTE] != ' ' else cut} …"
