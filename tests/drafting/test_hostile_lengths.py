"""Long hostile texts cost time in proportion to their length: no pattern here can be made to backtrack without end.

HOSTILE_LENGTHS=all runs every function over 200 kB of every piece (some minutes); the suite takes 3 and 6 kB, and 200 kB of the worst.
"""

import os
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from drafting import slots
from drafting.agent import answers
from drafting.checking import foreign
from drafting.gate import find_flags, find_instructions, find_promises
from drafting.gate.asides import find_asides, find_other_recipients
from drafting.gate.checks import draft
from drafting.gate.disguise import find_disguises
from drafting.gate.wording import folded
from drafting.grounding import Source, atoms, trace
from drafting.tools import words

READERS: dict[str, Callable[[str], Any]] = {
    "atoms": atoms,
    "atoms in German": lambda text: atoms(text, language="de"),
    "atoms in French": lambda text: atoms(text, language="fr"),
    "a mail as source": lambda text: trace(atoms("SO-10423"), [Source("mail", text, is_claim=True)], language="en"),
    "evidence as source": lambda text: trace(atoms("SO-10423"), [Source("evidence:1", {"note": text})], language="en", text="SO-10423"),
    "flags": find_flags,
    "instructions": find_instructions,
    "promises": lambda text: find_promises(text, allowed_texts=["We refund {sum:amount} for {order}. Free of {x} charge {y}."]),
    "asides": find_asides,
    "other recipients": find_other_recipients,
    "disguises": find_disguises,
    "markup": lambda text: draft._MARKUP.search(folded(text)),
    "questions": draft._questions,
    "sentences": draft._sentences_said,
    "slots": lambda text: (slots.parse(text), slots.problems(text)),
    "codes": words.codes,
    "words": words.words,
    "fence": answers.FENCE.match,
    "storable": answers.storable,
    "foreign numbers": lambda text: dict(foreign._numbers(foreign._readable(text))),
    "foreign names": lambda text: dict(foreign._names(foreign._readable(text))),
}
PIECES = (
    *("1", "1 111 ", "1.", "1,111,", "a@", "a.", "a-", "http://", "+1 2 3 4 5 ", "(0", " ", "\n", "4 may ", "1-", "a1-", "4/4/", "1:2"),
    *("DE99 9999 ", "1.\n", "€1 ", "dreizehn", "dreizehn ", "quatre vingt ", "treinta y ", "1/2 ", "½", "3 bis ", "5 working ", "7.30 - "),
    *(
        "ignore ",
        "[",
        "](",
        "<a ",
        "<",
        "&#",
        "refund ",
        "zahlen ",
        "to: ",
        "\ncc:",
        "?",
        '?"',
        "```\n",
        "{a}",
        "{",
        "SO ",
        "#",
        "ß",
        "\u200b",
    ),
)
WORST = ("+1 2 3 4 5 ", "½", "(0", "dreizehn", "a.", "zahlen ", "<a ", '?"', "ignore ", "```\n", "{a}")
EVERYTHING = os.environ.get("HOSTILE_LENGTHS") == "all"


def seconds(reader: Callable[[str], Any], piece: str, length: int, *, tries: int = 1) -> float:
    """Processor time for `length` characters of `piece`, the best of `tries`."""
    text = (piece * (length // len(piece) + 1))[:length]

    def once() -> float:
        started = time.process_time()
        reader(text)
        return time.process_time() - started

    return min(once() for _ in range(tries))


def is_slow(reader: Callable[[str], Any], piece: str, *, tries: int) -> bool:
    """Whether twice the text takes clearly more than twice as long. What takes next to no time is not judged: it is noise."""
    short, long = (seconds(reader, piece, length, tries=tries) for length in (3_000, 6_000))
    return long > max(3 * short, 0.03)


def slow() -> Iterator[str]:
    """What is slow, and stays so when it is looked at again."""
    for name, reader in READERS.items():
        reader("warm up, please")
        yield from (f"{name} of {piece!r}" for piece in PIECES if is_slow(reader, piece, tries=1) and is_slow(reader, piece, tries=5))


def test_twice_the_text_takes_about_twice_the_time() -> None:
    assert list(slow()) == []


@pytest.mark.parametrize("name", READERS)
def test_two_hundred_kilobytes_are_read_in_seconds(name: str) -> None:
    for piece in PIECES if EVERYTHING else WORST[hash_of(name) % 5 :: 5]:
        text = (piece * (200_000 // len(piece) + 1))[:200_000]
        started = time.process_time()
        READERS[name](text)
        assert time.process_time() - started < 12, piece


def hash_of(name: str) -> int:
    """Spreads the worst pieces over the readers, alike each time."""
    return sum(map(ord, name))
