"""Words and codes in a text: what lookups search by."""

import re

CODE = re.compile(r"(?<![\w@.])(?:[A-Za-z]{1,5}[ #]{1,2}(?=\d{3}))?[A-Za-z0-9](?:[A-Za-z0-9/_.-]*[A-Za-z0-9])?(?![\w@])")
WORD = re.compile(r"[^\W\d_]{3,}|\w*\d\w*")


def codes(text: str) -> list[str]:
    """What could be a number of an order, an invoice or a product: has a digit and at least four characters. In order, each once."""
    found = (match.group() for match in CODE.finditer(text))
    pieces = (piece for code in found for piece in (code, *code.split(" ")[1:]))
    return list(dict.fromkeys(piece for piece in pieces if len(bare(piece)) >= 4 and any(map(str.isdigit, piece))))[:200]


def bare(code: str) -> str:
    """A code without case and punctuation, so that "so 10234" and "SO-10234" are the same."""
    return "".join(filter(str.isalnum, code)).upper()


def shape(code: str) -> str:
    """How a code looks: "SO-10234" is "AA99999"."""
    return "".join("9" if character.isdigit() else "A" for character in bare(code))


def words(text: str) -> list[str]:
    """The words of a text in lower case, each once, at most 60."""
    return list(dict.fromkeys(WORD.findall(text.lower())))[:60]


def any_word(terms: list[str]) -> str:
    """What PostgreSQL's to_tsquery takes to match where any of `terms`, as `words` finds them, does. `terms` must not be empty."""
    # Letters, digits and _ only: nothing in a term can end its quotes.
    return " | ".join(f"'{term}'" for term in terms)
