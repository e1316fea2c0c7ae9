"""What a calculation may confirm, and how little an attacker reaches with it."""

import itertools
import operator
import random
import sys
from collections.abc import Iterable, Iterator

import pytest

from drafting.grounding import Source, atoms, trace
from drafting.grounding.sources import Offers
from drafting.grounding.sums import derive

ORDER = {
    "number": "SO-10423",
    "total": "1259.40",
    "freight": "25.20",
    "currency": "EUR",
    "lines": [
        {"sku": "KL-2040", "quantity": 12, "price": "42.90"},
        {"sku": "HS-16/2", "quantity": 3, "price": "239.90"},
        {"sku": "KT-0812", "quantity": 1, "price": "18.75"},
    ],
}
OTHERS = [{"number": f"SO-1050{n}", "total": total, "currency": "EUR"} for n, total in enumerate(("93.10", "410.00", "77.35", "1980.20"))]
PRODUCT = [{"sku": "PU-7700", "price": "312.00", "currency": "EUR", "stock": 44}]
ARTICLE = [{"id": "freight", "body": "Freight is 9.80 EUR, from 250.00 EUR on it is free. 19 % VAT. 30 days."}]
MAIL = "What do 40 of PU-7700 cost? We paid 7 last time, and 2.5 the time before."
KNOWN = [
    Source("evidence:1", ORDER),
    Source("evidence:2", OTHERS),
    Source("evidence:3", PRODUCT),
    Source("evidence:4", ARTICLE),
    Source("mail", MAIL, is_claim=True),
]

OFFERS = Offers("en")
for each in KNOWN:
    OFFERS.add(each)
ACTS = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}


def is_confirmed(expression: str, amount: str) -> bool:
    """Whether the model may say `amount` after it had `expression` calculated."""
    result = Source("evidence:9", {"expression": expression, "result": amount}, calculated=expression)
    return "evidence:9" in trace(atoms(f"{amount} EUR"), [*KNOWN, result])[0].sources


@pytest.mark.parametrize(
    ("expression", "amount"),
    [
        ("12 * 42.90", "514.80"),
        ("42.90 * 12", "514.80"),
        ("12 * 42.90 + 3 * 239.90 + 1 * 18.75", "1253.25"),
        ("1259.40 - 25.20", "1234.20"),
        ("12*42.90 + 25.20", "540.00"),
        ("40 * 312.00", "12480.00"),
        ("1259.40 + 93.10 + 410.00", "1762.50"),
    ],
)
def test_ordinary_sums_count(expression: str, amount: str) -> None:
    assert is_confirmed(expression, amount)


@pytest.mark.parametrize(
    ("expression", "amount"),
    [
        ("500 * 1", "500"),
        ("12 * 239.90", "2878.80"),
        ("44 * 312.00", "13728.00"),
        ("2.5 * 312.00", "780.00"),
        ("1259.40 / 12", "104.95"),
        ("1259.40 * 1.19", "1498.69"),
        ("1259.40 * 30 / 100", "377.82"),
        ("42.90 + 42.90", "85.80"),
        ("1259.40 + 9.80", "1269.20"),
        ("1259.40 - 93.10", "1166.30"),
        ("1259.40 - 42.90 - 239.90 - 18.75", "957.85"),
        ("12 * 42.90 * 3", "1544.40"),
        ("(12 + 3) * 42.90", "643.50"),
        ("7 + 312.00", "319.00"),
        ("-(42.90)", "42.90"),
        ("12 ** 42.90", "1"),
        ("(" * 5000, "5"),
        ("1+" * 5000 + "1", "5001"),
    ],
)
def test_what_could_be_turned_into_any_amount_does_not_count(expression: str, amount: str) -> None:
    assert not is_confirmed(expression, amount)


def test_a_count_is_no_amount_of_money() -> None:
    pieces = Source("evidence:9", {"expression": "12 + 3 + 1", "result": "16"}, calculated="12 + 3 + 1")
    assert [one.is_traced for one in trace(atoms("16 pieces, 16 EUR"), [*KNOWN, pieces])] == [True, False]


def test_money_of_two_currencies_is_not_added_up() -> None:
    mixed = Source("evidence:8", [{"total": "10.00", "currency": "EUR"}, {"total": "20.00", "currency": "CHF"}])
    result = Source("evidence:9", {"result": "30.00"}, calculated="10.00 + 20.00")
    assert not trace(atoms("30.00 EUR"), [mixed, result])[0].is_traced


def test_a_result_says_where_it_came_from() -> None:
    result = Source("evidence:9", {"result": "514.80"}, calculated="12 * 42.90")
    assert trace(atoms("514,80 €"), [*KNOWN, result])[0].note == "12 * 42.90"


def counts(expression: str) -> bool:
    """Whether a calculation confirms anything."""
    return derive(expression, figures=OFFERS.figures, asked_quantities=OFFERS.asked_quantities) is not None


def three_numbers() -> Iterator[tuple[str, float]]:
    """Every expression of two or three known numbers, repeated or not, with + - * and /, and its value."""
    known = {
        reading
        for source in KNOWN
        for atom in atoms(str(source.value))
        for reading in atom.value
        if reading.replace(".", "", 1).isdecimal()
    }
    numbers = [(text, float(text)) for text in sorted(known) if float(text)]
    for (first, one), (second, two), (sign, act) in itertools.product(numbers, numbers, ACTS.items()):
        yield f"{first} {sign} {second}", act(one, two)
        for (third, three), (other, then) in itertools.product(numbers, ACTS.items()):
            yield f"({first} {sign} {second}) {other} {third}", then(act(one, two), three)


def long_sums() -> Iterator[tuple[str, float]]:
    """Every sum of amounts and line totals of the order, of totals of the other orders, and every signed one of three."""
    terms = ["1259.40", "25.20", "42.90", "239.90", "18.75", "12 * 42.90", "3 * 239.90", "1 * 18.75"]
    totals = ["1259.40", *(str(other["total"]) for other in OTHERS)]
    for group, length in itertools.chain(itertools.product([terms], range(1, 9)), itertools.product([totals], range(1, 6))):
        for chosen in itertools.combinations(group, length):
            for signs in itertools.product("+-", repeat=length - 1) if length <= 3 else [("+",) * length]:
                expression = chosen[0] + "".join(f" {sign} {term}" for sign, term in zip(signs, chosen[1:], strict=False))
                yield expression, float(eval(expression))  # noqa: S307


def reached(expressions: Iterable[tuple[str, float]], targets: set[int]) -> tuple[set[int], set[int]]:
    """Which of `targets` (cents) the expressions come to, and which of those the gate would take for grounded."""
    possible, confirmed = set[int](), set[int]()
    for expression, value in expressions:
        cents = round(abs(value) * 100)
        if cents in targets:
            possible.add(cents)
            if cents not in confirmed and counts(expression):
                confirmed.add(cents)
    return possible, confirmed


def test_an_attacker_reaches_next_to_no_amount() -> None:
    targets = set(random.Random(7).sample(range(100, 100_000), 10_000))
    possible, confirmed = reached(itertools.chain(three_numbers(), long_sums()), targets)
    sys.stdout.write(f"\nof 10,000 amounts known numbers can be turned into {len(possible)}, and {len(confirmed)} of them count\n")
    assert 0 < len(confirmed) < 50 < len(possible) / 10
