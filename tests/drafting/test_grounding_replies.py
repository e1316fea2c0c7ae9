"""How well grounding tells right from wrong on whole replies: false alarms on correct ones, and single wrong digits."""

import random
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache

from drafting.grounding import Atom, Kind, TracedAtom, atoms, trace
from tests.drafting.replies import REPLIES, Reply


def traced(reply: Reply, text: str) -> list[TracedAtom]:
    return trace(atoms(text, language=reply.language), reply.sources, language=reply.language)


def kind_of(atom: Atom) -> str:
    if atom.kind is not Kind.NUMBER:
        return atom.kind.value
    return "long number" if sum(character.isdigit() for character in atom.text) >= 4 else "short number"


def corrupted(reply: Reply) -> Iterator[tuple[Atom, int, str]]:
    """Every digit of every atom made another digit, one at a time."""
    chance = random.Random(reply.text)
    for atom in atoms(reply.text, language=reply.language):
        for position in range(atom.start, atom.end):
            if reply.text[position].isdigit():
                digit = chance.choice([other for other in "0123456789" if other != reply.text[position]])
                yield atom, position, reply.text[:position] + digit + reply.text[position + 1 :]


@cache
def catch_rates() -> dict[str, tuple[int, int]]:
    """Kind of atom → (caught, corrupted): caught if what holds the wrong digit is not traced."""
    caught, total = Counter[str](), Counter[str]()
    for reply in REPLIES:
        for atom, position, text in corrupted(reply):
            total[kind_of(atom)] += 1
            caught[kind_of(atom)] += any(one.atom.start <= position < one.atom.end and not one.is_traced for one in traced(reply, text))
    return {kind: (caught[kind], total[kind]) for kind in sorted(total)}


def test_correct_replies_raise_next_to_no_false_alarm() -> None:
    results = [one for reply in REPLIES for one in traced(reply, reply.text)]
    alarms = [one.atom.text for one in results if not one.is_traced]
    sys.stdout.write(f"\nfalse alarms: {len(alarms)} of {len(results)} atoms in {len(REPLIES)} replies: {alarms}\n")
    assert len(REPLIES) >= 30
    assert len({reply.language for reply in REPLIES}) == 6
    assert len(alarms) <= 0.02 * len(results)


def test_one_wrong_digit_is_caught() -> None:
    rates = catch_rates()
    for kind, (caught, total) in rates.items():
        sys.stdout.write(f"\none wrong digit in {kind}: {caught} of {total} caught ({caught / total:.1%})")
    assert rates["id"][0] == rates["id"][1] > 0
    assert rates["long number"][0] == rates["long number"][1] > 0
    assert rates["amount"][0] >= 0.99 * rates["amount"][1] > 0
    assert rates["date"][0] >= 0.9 * rates["date"][1] > 0
